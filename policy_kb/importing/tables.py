"""Rows of a table, each as a text that can be read without the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_kb.importing.blocks import Block, words

_SAYS_SOMETHING = 6


def rows_read(rows: Sequence[Block]) -> Iterator[str]:
    """The rows as texts, with the names of their columns where there is a header; empty form fields are left out."""
    header: tuple[str, ...] = ()
    for row in rows:
        if row.strong:
            header = row.cells
        elif text := _row(row.cells, header):
            yield text


def _row(cells: Sequence[str], header: Sequence[str]) -> str:
    filled = [(index, cell) for index, cell in enumerate(cells) if cell]
    distinct = [pair for place, pair in enumerate(filled) if place == 0 or pair[1] != filled[place - 1][1]]
    if len(distinct) == 1:
        return distinct[0][1] if len(words(distinct[0][1])) >= _SAYS_SOMETHING else ""
    if len(header) == len(cells) > 1 and all(header):
        return "; ".join(f"{header[index].rstrip(':')}: {cell}" for index, cell in distinct)
    texts = [cell for _, cell in distinct]
    if len(texts) == 2 and len(words(texts[0])) <= 8:
        return f"{texts[0].rstrip(':')}: {texts[1]}"
    return " | ".join(texts)
