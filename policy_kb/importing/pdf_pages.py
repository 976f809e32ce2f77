"""Take the pages of a PDF on standard input apart into lines and table rows, as JSON on standard output."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from policy_kb.importing.blocks import tidy_space
from policy_kb.importing.pdf_lines import Line

MAX_PAGES = 300
MEMORY = 3_000_000_000
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


def main() -> int:
    """Write `{"lines": [...], "blank": [pages without text]}` or `{"problem": name}`."""
    _hold_memory()
    logging.disable(logging.CRITICAL)
    try:
        answer = taken_apart(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"problem": "damaged"}
    except Exception as error:  # a hostile file may raise anything; the parent needs an answer, not a traceback
        chain = f"{type(error).__name__} {error.args!r} {type(error.__context__).__name__}"
        answer = {"problem": "encrypted" if "Password" in chain or "Encryption" in chain else "damaged"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _hold_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return


def taken_apart(data: bytes) -> dict[str, Any]:
    import pdfplumber

    lines: list[Line] = []
    blank: list[int] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MAX_PAGES:
            return {"problem": "pages"}
        for number, page in enumerate(document.pages, start=1):
            found = list(_lines(page, number))
            lines += found
            blank += [] if found else [number]
            page.close()
    if not any(line.text for line in lines):
        return {"problem": "scan" if blank else "damaged"}
    return {"lines": [asdict(line) for line in lines], "blank": blank}


def _lines(page: Any, number: int) -> Iterator[Line]:
    """The lines and table rows of a page, from top to bottom."""
    upright = page.filter(lambda thing: thing.get("upright", True)).dedupe_chars()
    tables = [table for table in page.find_tables() if _is_table(table)] if page.lines or page.rects else []
    words = upright.extract_words(extra_attrs=["fontname", "size"], x_tolerance_ratio=0.15, use_text_flow=False)
    free = [word for word in words if not any(_within(word, table.bbox) for table in tables)]
    found = [_line(row, number, page.height) for row in _rows(free)]
    for table in tables:
        found += _table_lines(table, number, page.height)
    yield from sorted((line for line in found if line.text), key=lambda line: (line.top, line.left))


def _rows(words: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Words on one line; a raised number belongs to the line whose foot it overlaps."""
    row: list[dict[str, Any]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if row and word["bottom"] - row[0]["bottom"] > 0.35 * max(word["size"], 4):
            yield sorted(row, key=lambda each: each["x0"])
            row = []
        row.append(word)
    if row:
        yield sorted(row, key=lambda each: each["x0"])


def _line(row: list[dict[str, Any]], number: int, height: float) -> Line:
    texts = [_UNMAPPED.sub("•" if index == 0 else "", word["text"]) for index, word in enumerate(row)]
    sizes = {size: sum(len(word["text"]) for word in group) for size, group in _by_size(row)}
    bold = all(_BOLD.search(word["fontname"]) for word in row if any(letter.isalnum() for letter in word["text"]))
    return Line(
        text=tidy_space(" ".join(texts)),
        left=row[0]["x0"],
        right=max(word["x1"] for word in row),
        top=min(word["top"] for word in row) / 1.0,
        bottom=max(word["bottom"] for word in row),
        size=max(sizes, key=lambda size: sizes[size]),
        bold=bold,
        page=number,
        height=float(height),
    )


def _by_size(row: list[dict[str, Any]]) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    ordered = sorted(row, key=lambda word: round(word["size"], 1))
    for size, group in groupby(ordered, key=lambda word: round(float(word["size"]), 1)):
        yield size, list(group)


def _is_table(table: Any) -> bool:
    """Whether ruled lines make a table: two columns and two rows at least, and more full cells than empty ones."""
    rows = table.extract()
    cells = [cell for row in rows for cell in row]
    return len(rows) > 1 and max(len(row) for row in rows) > 1 and 2 * sum(bool(cell) for cell in cells) >= len(cells)


def _within(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _table_lines(table: Any, number: int, height: float) -> Iterator[Line]:
    for row, cells in zip(table.rows, table.extract(), strict=False):
        texts = tuple(tidy_space(_UNMAPPED.sub("•", cell or "")) for cell in cells)
        left, top, right, bottom = row.bbox
        text = tidy_space(" ".join(texts))
        yield Line(text, left, right, top, bottom, 0.0, False, number, float(height), texts)


if __name__ == "__main__":
    sys.exit(main())
