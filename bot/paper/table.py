"""Rows as CSV that a spreadsheet shows as text and never runs as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_RUNS = re.compile("[\\s\x00-\x1f\u200b-\u200f\u2060\ufeff']*[=+\\-@\t\r\n\x00＝＋－＠]")
"""What a spreadsheet may take for a formula, also behind spaces and signs that cannot be seen.

An apostrophe may stand in front as well, so that one of ours is always told from one that was typed.
"""


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front where it could be taken for a formula (OWASP; ASVS 5.0, 1.2.10)."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell, 1) else cell


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark; all cells are quoted, so that no other separator begins a new one."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")
