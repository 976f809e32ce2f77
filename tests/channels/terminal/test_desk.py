"""Keyboards and screens of every sort."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import NoReturn, TextIO

import pytest

from bot.channels.terminal import labels
from bot.channels.terminal.app import chat
from bot.channels.terminal.desk import Desk, Gone
from bot.talk.turn import Said, Turn
from tests.channels.terminal.fake_assistant import PRACTICE, FakeAssistant


class Screen(io.StringIO):
    """A terminal's screen."""

    def isatty(self) -> bool:
        return True


class Pressing(io.StringIO):
    """A keyboard where Ctrl-C is pressed at once."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> NoReturn:  # type: ignore[override]
        raise KeyboardInterrupt


def heard(stdin: TextIO, stdout: io.StringIO | None = None) -> list[str]:
    """What the assistant was told, line by line."""
    assistant = FakeAssistant()
    chat(assistant, PRACTICE, "oak", "teacher", stdin, stdout or io.StringIO())
    return [turn.act.text.reveal() for turn in assistant.turns if isinstance(turn.act, Said)]


def test_a_line_that_is_not_utf_8_gets_one_sentence_and_spoils_no_other_line() -> None:
    out = io.StringIO()
    typed = io.TextIOWrapper(io.BytesIO(b"caf\xc3\xa9\ncaf\xe9\nhello\r\n"), encoding="ascii")

    assert (heard(typed, out), out.getvalue().count(labels.NOT_UTF8)) == (["café", "hello"], 1)


def test_letters_that_came_in_half_read_are_not_taken() -> None:
    assert heard(io.StringIO("caf\udce9\nhello\n")) == ["hello"]


def test_a_last_line_without_enter_counts() -> None:
    assert heard(io.StringIO("hello")) == ["hello"]


def test_ctrl_c_leaves_politely() -> None:
    out = io.StringIO()

    assert chat(FakeAssistant(), PRACTICE, "oak", "teacher", Pressing(), out) == 0
    assert out.getvalue().endswith("> \n\nGoodbye.\n")


def test_ctrl_c_while_the_assistant_thinks_leaves_politely() -> None:
    class Slow(FakeAssistant):
        def reply(self, turn: Turn) -> NoReturn:
            raise KeyboardInterrupt

    out = io.StringIO()

    assert chat(Slow(), PRACTICE, "oak", "teacher", io.StringIO("hello\n"), out) == 0
    assert out.getvalue().endswith("> hello\n\nGoodbye.\n")


def test_a_broken_pipe_is_quiet_and_stays_quiet_at_exit() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as broken:
        # Leaving this block flushes, as the end of the program does: it must not fail a second time.
        assert chat(FakeAssistant(), PRACTICE, "oak", "teacher", io.StringIO("hello\n"), broken) == 1


def test_what_an_old_screen_cannot_show_becomes_a_question_mark() -> None:
    written = io.BytesIO()
    old = io.TextIOWrapper(written, encoding="ascii")
    Desk(io.StringIO(), old).show("✘ No")

    assert written.getvalue() == b"? No\n"


def test_only_what_does_not_come_from_a_keyboard_is_written_out() -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(stdin: Callable[[str], io.StringIO]) -> str:
        out = io.StringIO()
        with pytest.raises(Gone):
            desk = Desk(stdin("a\x1b[31m\n"), out)
            desk.line()
            desk.line()
        return out.getvalue()

    assert (shown(io.StringIO), shown(Keyboard)) == ("> a[31m\n> \n", "> > \n")


@pytest.mark.parametrize(
    ("screen", "environment", "coloured"),
    [
        (Screen, {"TERM": "xterm"}, True),
        (Screen, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Screen, {"TERM": "dumb"}, False),
        (io.StringIO, {"TERM": "xterm", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, screen: type[io.StringIO], environment: dict[str, str], coloured: bool
) -> None:
    for name in ("TERM", "NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert Desk(io.StringIO(), screen()).colour is coloured
