"""Read Markdown and plain text; one reader, since schools' text files are a bit of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from policy_kb.importing import inline
from policy_kb.importing.blocks import Block, Kind, tidy_space
from policy_kb.importing.markers import part

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{3,})\s*$")
_RULE = re.compile(r"\s{0,3}(?:[-*_=~]\s*){3,}$")
_SEPARATOR = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-*:?\s*)+$")
_QUOTED = re.compile(r"^\s{0,3}(?:>\s?)+")
_LEANING = re.compile(r"(?:[,–—/&-]|\b(?:a|an|and|as|at|behalf|by|for|from|in|of|on|or|the|to|with))$", re.IGNORECASE)
_WRAPPED = 130
"""A text whose lines are all shorter than this was broken to a width; one with longer lines was not."""


@dataclass
class _Piece:
    """Lines that belong together, and how deep they are indented."""

    lines: list[str] = field(default_factory=list)
    indent: int = 0
    marked: bool = False

    def take(self, line: str, body: str) -> None:
        """Add a line; the first one tells the indent and whether this is a list item."""
        if not self.lines:
            self.indent, self.marked = len(line) - len(line.lstrip()), _marked(body)
        self.lines.append(line)


def read(text: str) -> list[Block]:
    """The blocks of a Markdown or plain text document."""
    lines = _lines(text)
    width = max((len(line) for line in lines if "\t" not in line), default=0)
    return list(_blocks(lines, width if width <= _WRAPPED else 0))


def _lines(text: str) -> list[str]:
    """Lines whose tabs are kept only where they part the cells of a row."""
    lines = []
    for line in _uncommented(text).replace("\f", "\n\n").splitlines():
        body = line.lstrip()
        indent = line[: len(line) - len(body)].expandtabs(4)
        if _marked(body):
            body = body.replace("\t", " ")
        lines.append(indent + body)
    return lines


def _uncommented(text: str) -> str:
    """The text without HTML comments; one that never ends is text."""
    pieces = text.split("<!--")
    kept = [pieces[0]]
    for piece in pieces[1:]:
        _, closed, after = piece.partition("-->")
        kept.append(after if closed else piece)
    return "".join(kept)


def _blocks(lines: list[str], width: int) -> Iterator[Block]:
    depths: list[int] = []
    piece = _Piece()
    for index, raw in enumerate(lines):
        line = _QUOTED.sub("", raw)
        body = line.strip()
        if len(piece.lines) == 1 and not piece.marked and _UNDERLINE.match(line):
            yield Block(Kind.HEADING, _clean(piece.lines), level=1 if "=" in line else 2, sure=True)
            piece = _Piece()
            continue
        parts, whole = _parts(line, body), _whole(line, body)
        if parts or whole or _breaks(piece, body, width):
            yield from _finish(piece, depths)
            piece = _Piece()
        if whole:
            depths.clear()
            headed = whole.kind is Kind.ROW and index + 1 < len(lines) and bool(_SEPARATOR.match(lines[index + 1]))
            yield replace(whole, strong=headed)
        elif not parts:
            piece.take(line, body)
    yield from _finish(piece, depths)


def _parts(line: str, body: str) -> bool:
    """Whether a line only parts others: blank, a rule, a fence, the line under a table's header."""
    return not body or body.startswith("```") or bool(_RULE.match(line)) or "|" in body and bool(_SEPARATOR.match(body))


def _whole(line: str, body: str) -> Block | None:
    """A heading or table row, complete in one line; None for text."""
    if heading := _HEADING.match(line):
        return Block(Kind.HEADING, tidy_space(inline.bare(heading[2])), level=len(heading[1]), sure=True)
    if "\t" in line or body.startswith("|") or body.count(" | ") >= 2:
        cells = body.strip("|").split("|") if "|" in body else line.split("\t")
        clean = tuple(tidy_space(inline.bare(cell)) for cell in cells)
        return Block(Kind.ROW, tidy_space(" ".join(clean)), cells=clean) if any(clean) else None
    return None


def _breaks(piece: _Piece, body: str, width: int) -> bool:
    """Whether this line starts a new block rather than carrying on the one before."""
    if not piece.lines:
        return False
    before = piece.lines[-1].rstrip()
    if _marked(body):
        return True
    if body[0].islower() or _LEANING.search(before) or before.count("**") % 2:
        return False
    return len(before) + len(body.split()[0]) + 1 <= width or not width


def _finish(piece: _Piece, depths: list[int]) -> Iterator[Block]:
    if not piece.lines:
        return
    text = _clean(piece.lines)
    if not piece.marked:
        depths.clear()
        if text:
            yield Block(Kind.PARAGRAPH, text, strong=inline.strong(" ".join(piece.lines)))
        return
    while depths and piece.indent < depths[-1]:
        depths.pop()
    if not depths or piece.indent > depths[-1]:
        depths.append(piece.indent)
    marked = part(text)
    strong = inline.strong(part(" ".join(piece.lines).strip()).text)
    yield Block(Kind.ITEM, marked.text, level=len(depths), number=marked.number, strong=strong)


def _marked(body: str) -> bool:
    marked = part(body[:80])
    return marked.bullet or bool(marked.number)


def _clean(lines: list[str]) -> str:
    return tidy_space(inline.bare(" ".join(line.strip() for line in lines)))
