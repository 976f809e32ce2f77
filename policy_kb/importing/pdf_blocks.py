"""Join the lines of a PDF into paragraphs, items and headings again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from policy_kb.importing.blocks import Block, Kind, finished, words
from policy_kb.importing.markers import part
from policy_kb.importing.pdf_lines import Line, without_running_lines

_KEEPS_HYPHEN = {"anti", "co", "cyber", "e", "ex", "inter", "mid", "multi", "non", "off", "on", "pre", "self", "well"}
_NOTE = re.compile(r"\d{1,2}\s*\S")


@dataclass(frozen=True)
class _Look:
    """What is usual in this document: type size, line spacing, right edge; all in points."""

    size: float
    spacing: float
    right: float
    headings: tuple[float, ...] = ()
    vocabulary: frozenset[str] = field(default_factory=frozenset)


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """The blocks of a PDF's lines; running headers and footers are left out, footnotes come last."""
    kept = without_running_lines(lines)
    look = _look(kept)
    notes = [line for line in kept if _is_note(line, look)]
    body = [line for line in kept if not _is_note(line, look)]
    blocks = list(_blocks(body, look))
    if notes:
        blocks += [Block(Kind.HEADING, "Footnotes", level=1, sure=True), *_blocks(notes, look)]
    return blocks


def _look(lines: Sequence[Line]) -> _Look:
    texts = [line for line in lines if not line.cells]
    sizes = Counter[float]()
    for line in texts:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    pairs = [(one, two) for one, two in zip(texts, texts[1:], strict=False) if one.page == two.page]
    gaps = [two.bottom - one.bottom for one, two in pairs if 0 < two.bottom - one.bottom < 2 * size]
    larger = sorted({line.size for line in texts if line.size > size * 1.08}, reverse=True)
    known = Counter(word.casefold() for line in texts for word in words(line.text))
    right = max((line.right for line in texts if line.size == size), default=500.0)
    return _Look(size, median(gaps) if gaps else 1.2 * size, right, tuple(larger), frozenset(known))


def _is_note(line: Line, look: _Look) -> bool:
    small = not line.cells and line.size < 0.88 * look.size
    return small and line.top > 0.6 * line.height and bool(_NOTE.match(line.text))


def _blocks(lines: Sequence[Line], look: _Look) -> Iterator[Block]:
    """Lines gathered as long as each carries on the one before."""
    gathered: list[Line] = []
    indents: list[float] = []
    for line in lines:
        if gathered and not _carries_on(gathered, line, look):
            yield _block(gathered, indents, look)
            gathered = []
        gathered.append(line)
    if gathered:
        yield _block(gathered, indents, look)


def _carries_on(gathered: Sequence[Line], line: Line, look: _Look) -> bool:
    last = gathered[-1]
    if (
        line.cells
        or last.cells
        or abs(line.size - last.size) > 0.6
        or line.bold != last.bold
        and not _mixed(gathered, line)
    ):
        return False
    marked = part(line.text)
    if marked.bullet or marked.number:
        return False
    if line.page != last.page:
        return not finished(last.text) and (line.text[0].islower() or _full(last, look)) and not last.bold
    if line.left < gathered[0].left - 5:
        return False
    gap = line.bottom - last.bottom
    return gap <= 1.3 * max(look.spacing, 1.15 * line.size) and not (finished(last.text) and not _full(last, look))


def _mixed(gathered: Sequence[Line], line: Line) -> bool:
    """Whether bold only starts or ends within a paragraph, rather than setting a heading off."""
    return not finished(gathered[-1].text) and (line.text[0].islower() or len(gathered) > 1)


def _full(line: Line, look: _Look) -> bool:
    """Whether the line ran to the right edge, so that its end is no sign of a paragraph's end."""
    return line.right > look.right - 9 * look.size


def _block(gathered: Sequence[Line], indents: list[float], look: _Look) -> Block:
    first = gathered[0]
    if first.cells:
        return Block(Kind.ROW, first.text, cells=first.cells)
    text = _joined([line.text for line in gathered], look.vocabulary)
    strong = all(line.bold for line in gathered)
    marked = part(text)
    if first.size in look.headings and len(words(text)) <= 16:
        indents.clear()
        return Block(Kind.HEADING, text, level=look.headings.index(first.size) + 1, sure=True, strong=True)
    if not (marked.bullet or marked.number) or strong:
        return Block(Kind.PARAGRAPH, text, strong=strong)
    while indents and first.left < indents[-1] - 5:
        indents.pop()
    if not indents or first.left > indents[-1] + 5:
        indents.append(first.left)
    return Block(Kind.ITEM, marked.text, level=len(indents), number=marked.number)


def _joined(texts: Sequence[str], vocabulary: frozenset[str]) -> str:
    """Lines in one; a word broken at a hyphen is whole again, a word that has a hyphen keeps it."""
    text = texts[0]
    for line in texts[1:]:
        broken = re.search(r"([^\W\d_]+)-$", text)
        if not broken or not line[:1].islower():
            text = f"{text} {line}"
            continue
        tail = re.match(r"[^\W\d_]+", line)
        whole = f"{broken[1]}{tail[0] if tail else ''}".casefold()
        hyphened = f"{broken[1]}-{tail[0] if tail else ''}".casefold()
        keeps = whole not in vocabulary and (hyphened in vocabulary or broken[1].casefold() in _KEEPS_HYPHEN)
        text = text + line if keeps else text[:-1] + line
    return text
