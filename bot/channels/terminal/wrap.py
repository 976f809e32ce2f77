"""Text into lines that fit: nothing is cut, and no character can steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from bot.talk.shown import shown as safe


def shown(text: str) -> str:
    """Text as a terminal may show it: a tab is four spaces, and no mark reaches beyond its own text."""
    return safe(text, marks=False).replace("\t", "    ")


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, two at least; only spaces at the end of a line are left out."""
    return [line for row in shown(text).split("\n") for line in _fold(row, width)]


def _fold(row: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for word in re.findall(" *[^ ]+", row):
        cells = cell_len(word)
        if line and used + cells > width:
            yield line
            word = word.lstrip(" ")
            line, used, cells = "", 0, cell_len(word)
        if cells > width:
            *full, word = _chop(word, width)
            yield from (part.rstrip(" ") for part in full)
            cells = cell_len(word)
        line, used = line + word, used + cells
    yield line


def _chop(word: str, width: int) -> list[str]:
    """Parts of a long word; a mark that takes no cell stays with the letter before it."""
    parts, used = [""], 0
    for char in word:
        cells = cell_len(char)
        if used + cells > width:
            parts.append("")
            used = 0
        parts[-1] += char
        used += cells
    return parts
