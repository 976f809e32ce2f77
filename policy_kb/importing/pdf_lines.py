"""The lines of a PDF, and which of them are the page's and not the policy's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MARGIN = 0.13
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–|\s]*\d{1,3}\s*(?:(?:of|/)\s*\d{1,3})?[-–|\s]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, or one row of a table where it has `cells`; places in points from the page's top left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    page: int
    height: float
    cells: tuple[str, ...] = ()


def without_running_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines without headers, footers and page numbers: what recurs at the edge of pages, whatever its digits."""
    pages = len({line.page for line in lines})
    seen = Counter(key for key, _ in {(_key(line), line.page) for line in lines if _at_edge(line)})
    least = 2 if pages < 5 else 3
    running = {key for key, count in seen.items() if count >= least}
    return [
        line for line in lines if not _at_edge(line) or _key(line) not in running and not _PAGE_NUMBER.match(line.text)
    ]


def _at_edge(line: Line) -> bool:
    return line.top < _MARGIN * line.height or line.bottom > (1 - _MARGIN) * line.height


def _key(line: Line) -> tuple[str, int]:
    """The text without digits, and roughly where it stands: a heading at a page's top is not a running header."""
    return re.sub(r"\d+", "0", line.text.casefold()), round(line.top / 12)
