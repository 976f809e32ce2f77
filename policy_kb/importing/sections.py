"""Cut the outline into sections: which headings open one, which are questions, labels or the title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from policy_kb.importing import headings
from policy_kb.importing.blocks import Block, Kind, key, words

_NAMES_A_POLICY = re.compile(
    r"\b(?:policy|procedures?|code of (?:conduct|practice)|guidance|guidelines|protocol|statement)\b", re.I
)
_ANSWER = 300
"""Words up to which the text under a question is its answer, one clause; beyond, the question heads a section."""
FRAGMENT = 10.0
"""Mean words of list items up to which a list only enumerates, and is read together with its lead-in."""
_CONTINUES = 15.0


@dataclass
class Section:
    """A run of blocks under one heading; `path` names the headings from the outermost, empty before the first."""

    path: tuple[str, ...] = ()
    number: str = ""
    blocks: list[Block] = field(default_factory=list)


def title_of(blocks: Sequence[Block]) -> str:
    """The title the document gives itself, or an empty string."""
    heads = [block for block in blocks[:40] if block.kind is Kind.HEADING and not block.number]
    named = [block for block in heads[:6] if _NAMES_A_POLICY.search(block.text) and len(words(block.text)) <= 14]
    top = [block for block in heads if block.sure and block.level == 1]
    alone = top[:1] if len(top) == 1 and top[0] is blocks[0] and len(heads) > 1 else []
    chosen = [*(block for block in named if block in top), *alone, *named]
    return chosen[0].text if chosen else ""


def cut(blocks: Sequence[Block], titles: Sequence[str]) -> list[Section]:
    """The sections in document order; a heading that repeats a title starts the text before the first section."""
    named = {key(title) for title in titles if title}
    found = [Section()]
    stack: list[Block] = []
    prefix = ""
    for block in _labels_joined(blocks):
        if block.kind is not Kind.HEADING:
            found[-1].blocks.append(replace(block, text=f"{prefix}{block.text}") if prefix else block)
            prefix = ""
        elif headings.aside(block.text):
            prefix = f"{block.text.rstrip('.:')}: "
        elif key(block.text) in named:
            stack = []
            found.append(Section())
        else:
            while stack and stack[-1].level >= block.level:
                stack.pop()
            stack.append(block)
            found.append(Section(tuple(head.text.rstrip(" :") for head in stack), block.number))
    return _questions_moved([section for section in found if section.blocks or section.path])


def _labels_joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Lines that only label short lists within an enumeration (`Contact`, `Conduct`), joined with their lists."""
    index, opened = 0, False
    while index < len(blocks):
        block = blocks[index]
        items = _fragments(blocks, index + 1)
        if opened and items and _label(block):
            yield Block(Kind.PARAGRAPH, " • ".join([block.text, *(item.text for item in items)]))
            index += len(items)
        else:
            opened = block.kind is Kind.PARAGRAPH and block.text.endswith(":")
            yield block
        index += 1


def _label(block: Block) -> bool:
    short = len(words(block.text)) <= 3 and not block.text.endswith(":")
    return block.kind is Kind.HEADING and not block.sure and not block.number and short


def _fragments(blocks: Sequence[Block], start: int) -> list[Block]:
    end = start
    while end < len(blocks) and blocks[end].kind is Kind.ITEM:
        end += 1
    items = list(blocks[start:end])
    return items if len(items) > 1 and enumerates(items) else []


def mean_words(items: Sequence[Block]) -> float:
    """Mean number of words of a run of blocks."""
    return sum(len(words(item.text)) for item in items) / max(len(items), 1)


def enumerates(items: Sequence[Block]) -> bool:
    """Whether list items only fill out a sentence: they are short, or all of them carry it on in small letters."""
    most = _CONTINUES if all(item.text[0].islower() for item in items) else FRAGMENT
    return mean_words(items) <= most


def _questions_moved(found: Sequence[Section]) -> list[Section]:
    """Sections headed by a question and short enough to be its answer, made parts of the section around them."""
    kept: list[Section] = []
    for section in found:
        question = section.path[-1] if section.path else ""
        if not question or not headings.question(question) or not _answers(section.blocks):
            kept.append(section)
            continue
        outer = section.path[:-1] or ("Questions",)
        if not kept or kept[-1].path != outer:
            kept.append(Section(outer))
        kept[-1].blocks += [Block(Kind.PARAGRAPH, question, sure=True), *section.blocks]
    return kept


def _answers(blocks: Sequence[Block]) -> bool:
    items = [block for block in blocks if block.kind is Kind.ITEM]
    told = bool(blocks) and all(
        block.kind in (Kind.PARAGRAPH, Kind.ITEM) and "." not in block.number for block in blocks
    )
    return told and (not items or enumerates(items)) and sum(len(words(block.text)) for block in blocks) <= _ANSWER
