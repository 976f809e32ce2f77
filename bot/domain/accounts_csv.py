"""A list of accounts as a spreadsheet saves it or as it is pasted: a line of columns, then one account a line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest

from bot.domain.register import COLUMNS, NEEDED, Row

_DELIMITERS = ",;\t"
_GUARD = re.compile(r"^'(?=[\s']*[=+\-@＝＋－＠])")
"""The apostrophe by which an export keeps a spreadsheet from running a cell as a formula."""


class NoList(Exception):
    """A text that is no list of accounts: the code of a sentence, and which columns or which line it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


@dataclass(frozen=True, slots=True)
class Accounts:
    """The lines of a list from its second on, the empty ones too, and the columns that nothing is taken from."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


def read_accounts(text: str) -> Accounts:
    """The lines of a list, by column, whichever of comma, semicolon and tab stands between cells. Raises NoList."""
    lines = list(_lines(text.removeprefix("\ufeff")))
    above = next((at for at, line in enumerate(lines) if any(line)), None)
    if above is None:
        raise NoList("empty")
    heading = lines[above]
    columns = [cell.casefold() for cell in heading]
    twice = [name for name, count in Counter(columns).items() if count > 1 and name in COLUMNS]
    missing = [name for name in NEEDED if name not in columns]
    if missing or twice:
        raise NoList("columns-missing" if missing else "columns-twice", ", ".join(missing or twice))
    ignored = tuple(cell for cell, column in zip(heading, columns, strict=True) if cell and column not in COLUMNS)
    # Lines left empty above the columns are kept as empty ones, so that every line keeps its number.
    return Accounts((*({} for _ in range(above)), *(_row(columns, line) for line in lines[above + 1 :])), ignored)


def _lines(text: str) -> Iterator[list[str]]:
    """The cells of each line; strict, since after a quotation mark that is never closed every cell would be wrong."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    read = 0
    try:
        for line in reader:
            read += 1
            yield [_GUARD.sub("", cell.strip()) for cell in line]
    except csv.Error:
        raise NoList("quotes", str(read + 1)) from None


def _row(columns: Sequence[str], line: Sequence[str]) -> Row:
    """The cells by column; what stands under no column has no name."""
    cells = tuple(zip_longest(columns, line, fillvalue=""))
    beyond = " ".join(cell for column, cell in cells if not column)
    return {**dict(cells), "": beyond.strip()}
