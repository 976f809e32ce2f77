"""Text into lines that fit: nothing is cut, and no character can steer the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len

_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")

# All of Unicode's Bidi_Control: a terminal has no element that would keep even the weak marks to their own text.
_TURNING = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def shown(text: str) -> str:
    """Text as it may be shown: line breaks stay, a tab is four spaces, other controls and what turns text round go."""
    text = _BREAKS.sub("\n", text).replace("\t", "    ")
    return "".join(char for char in text if char == "\n" or not _hidden(char))


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or ord(char) in _TURNING


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
