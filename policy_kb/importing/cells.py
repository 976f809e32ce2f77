"""The rows and cells of an HTML table, whatever end tags were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from policy_kb.importing.tags import Tag

_MOST_ROWS = 200


@dataclass
class Cell:
    """What stands in a cell, and over how many rows it reaches."""

    tokens: list[Tag | str] = field(default_factory=list)
    rows: int = 1
    heads: bool = False


def rows_of(tokens: Sequence[Tag | str]) -> list[list[Cell]]:
    """The cells by row, from what stands between a table's tags; a cell over several rows is repeated in each."""
    rows: list[list[Cell]] = [[]]
    depth = 0
    for token in tokens:
        tag = token if isinstance(token, Tag) else None
        if tag and depth == 0 and tag.name == "tr":
            rows.append([])
        elif tag and depth == 0 and tag.name in ("td", "th"):
            if not tag.closes:
                rows[-1].append(Cell(rows=_span(tag), heads=tag.name == "th"))
        elif rows[-1]:
            rows[-1][-1].tokens.append(token)
        if tag and tag.name == "table":
            depth = max(0, depth + (-1 if tag.closes else 1))
    return _spread([row for row in rows if row])


def _span(tag: Tag) -> int:
    written = tag.get("rowspan")
    return min(int(written), _MOST_ROWS) if written.isascii() and written.isdigit() and len(written) < 5 else 1


def _spread(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """Rows in which a cell that reaches down stands again in every row it reaches."""
    spread: list[list[Cell]] = []
    reaching: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        cells, waiting = list[Cell](), list(row)
        while waiting or len(cells) in reaching:
            place = len(cells)
            if place in reaching:
                cell, left = reaching.pop(place)
            else:
                cell = waiting.pop(0)
                left = cell.rows
            if left > 1:
                reaching[place] = (cell, left - 1)
            cells.append(cell)
        spread.append(cells)
    return spread
