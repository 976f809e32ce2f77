"""Keyboard and screen: one typed line at a time, and text that any output can take."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console

from bot.channels.terminal import labels
from bot.channels.terminal.render import WIDEST, render_line
from bot.channels.terminal.wrap import shown
from bot.talk.sealed import Sealed


class Gone(Exception):
    """Nobody is at the keyboard any more: the input has ended, or they asked to leave."""


class Desk:
    """Where a person types and reads; what comes from a file is written out as if it had been typed."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._echo = not stdin.isatty()
        self._gap = self._prompt_gap = ""
        self.colour = _takes_colour(stdout)

    @property
    def width(self) -> int:
        """Columns, as wide as the window is now."""
        try:
            return os.get_terminal_size(self._stdout.fileno()).columns or WIDEST
        except OSError:  # not a terminal, or nothing of the system's at all
            return WIDEST

    def show(self, text: str) -> None:
        """Text that has been drawn, as a paragraph of its own."""
        self._write(f"{self._gap}{text}\n")
        self._gap = self._prompt_gap = "\n"

    def tell(self, text: str) -> None:
        """A line of the channel's own."""
        self.show(render_line(text, self.width))

    def line(self) -> Sealed:
        """One typed line. Raises Gone at the end of the input."""
        while True:
            self._write(self._prompt_gap + labels.PROMPT)
            # Lines of one text stand close together.
            self._gap, self._prompt_gap = "\n", ""
            try:
                typed = self._typed()
            except UnicodeError:
                self._end_line("")
                self.tell(labels.NOT_UTF8)
                continue
            except (Gone, KeyboardInterrupt):
                self._write("\n")
                raise Gone from None
            self._end_line(typed)
            return Sealed(typed)

    def _typed(self) -> str:
        # Bytes where there are any: a line that is not UTF-8 then spoils no other line.
        buffer = getattr(self._stdin, "buffer", None)
        line = self._stdin.readline() if buffer is None else buffer.readline().decode("utf-8")
        if not line:
            raise Gone
        line.encode("utf-8")  # letters that could not be read may have come in as lone surrogates
        return line.removesuffix("\n").removesuffix("\r")

    def _end_line(self, typed: str) -> None:
        # At a keyboard, what was typed and Enter are on the screen already.
        if self._echo:
            self._write(shown(typed).replace("\n", " ") + "\n")

    def _write(self, text: str) -> None:
        encoding = getattr(self._stdout, "encoding", None) or "utf-8"
        self._stdout.write(text.encode(encoding, "replace").decode(encoding))
        self._stdout.flush()

    def abandon(self) -> None:
        """Nobody reads any more: let what is still buffered go nowhere, so that no error follows at exit."""
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stdout.fileno())
        except OSError:
            pass


def _takes_colour(stdout: TextIO) -> bool:
    if not stdout.isatty() or os.environ.get("NO_COLOR"):
        return False
    console = Console(file=stdout)
    return not console.is_dumb_terminal and not console.legacy_windows
