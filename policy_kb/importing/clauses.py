"""Turn sections into the texts of clauses: lists parted or joined, questions with their answers, rows read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from policy_kb.importing import headings
from policy_kb.importing.blocks import Block, Kind, words
from policy_kb.importing.infer import decides
from policy_kb.importing.sections import enumerates
from policy_kb.importing.tables import rows_read

_INTRODUCES = re.compile(r":\s*[-–—]?$|\b(?:following|below)\b(?:[^.]|\.$)*$", re.IGNORECASE)
_NAMES_EXAMPLES = re.compile(
    r"\b(?:includ(?:e|es|ing)|such as|e\.?g\.?|not limited to|for example)\b[^.]{0,40}:?$", re.IGNORECASE
)
_JOINED = 250
_NESTED = 150


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a clause before it has an id; `lead` is the lead-in or label it stands under."""

    text: str
    number: str = ""
    lead: str = ""
    part: str = ""


def drafts(blocks: Sequence[Block]) -> Iterator[Draft]:
    """The clauses of one section's blocks, in order."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        run = _run(blocks, index, block.kind)
        if block.kind is Kind.ROW:
            yield from (Draft(text) for text in rows_read(run))
            index += len(run)
        elif block.kind is Kind.ITEM:
            yield from _items(run, "", "")
            index += len(run)
        elif answer := _answer(blocks, index):
            yield Draft(_flat(blocks[index : index + 1 + len(answer)]), number=block.number)
            index += 1 + len(answer)
        else:
            items = _run(blocks, index + 1, Kind.ITEM)
            yield from _led(block, items)
            index += 1 + len(items)


def _led(lead: Block, items: Sequence[Block]) -> Iterator[Draft]:
    """A paragraph and the list under it: one clause where the list enumerates, else each item by itself."""
    introduces = bool(items) and bool(_INTRODUCES.search(lead.text))
    if introduces and _enumerates(lead, items):
        yield Draft(_flat([lead, *items]), number=lead.number)
        return
    if not introduces or lead.number or not lead.text.endswith((":", ":-", ": -")):
        yield Draft(lead.text, number=lead.number)
    yield from _items(items, lead.text if introduces and not lead.text.endswith(".") else "", lead.number)


def _enumerates(lead: Block, items: Sequence[Block]) -> bool:
    total = len(words(lead.text)) + sum(len(words(item.text)) for item in items)
    if any("." in item.number for item in items) or total > _JOINED:
        return False
    if enumerates(items):
        return True
    open_end = lead.text.rstrip(" -–").endswith(":")
    return open_end and (bool(lead.number) and total <= _NESTED or bool(_NAMES_EXAMPLES.search(lead.text)))


def _items(items: Sequence[Block], lead: str, number: str) -> Iterator[Draft]:
    """List items as clauses: an item with items of its own is their label, or is joined with them."""
    index = 0
    while index < len(items):
        item = items[index]
        inner = _inner(items, index)
        if inner and _labels(item):
            yield from (replace(draft, part=item.text.rstrip(" :")) for draft in _items(inner, lead or item.text, ""))
        elif inner and sum(len(words(b.text)) for b in [item, *inner]) > _NESTED:
            yield from _items(inner, item.text, "")
        else:
            yield Draft(_with_lead(lead, _flat([item, *inner])), number=_number(item, number), lead=lead)
        index += 1 + len(inner)


def _run(blocks: Sequence[Block], start: int, kind: Kind) -> list[Block]:
    return list(takewhile(lambda block: block.kind is kind, islice(blocks, start, None)))


def _inner(items: Sequence[Block], index: int) -> list[Block]:
    return list(takewhile(lambda item: item.level > items[index].level, islice(items, index + 1, None)))


def _labels(item: Block) -> bool:
    """Whether an item is only the name of the items under it (`Staff`, `Parents/Carers`)."""
    count = len(words(item.text))
    return count <= 2 or count <= 6 and (item.strong or item.text.endswith(":")) and not headings.statement(item.text)


def _with_lead(lead: str, text: str) -> str:
    """An item keeps a lead-in that forbids, permits or sets a condition: alone it would say something else."""
    return f"{lead} {text}" if lead and decides(lead) else text


def _answer(blocks: Sequence[Block], index: int) -> list[Block]:
    """The blocks that answer the question at `index`, none where it is not a question with an answer."""
    if not _asks(blocks, index):
        return []
    end = index + 1
    while (
        end < len(blocks)
        and blocks[end].kind is not Kind.ROW
        and not _asks(blocks, end)
        and "." not in blocks[end].number
    ):
        end += 1
    return list(blocks[index + 1 : end])


def _asks(blocks: Sequence[Block], index: int) -> bool:
    block = blocks[index]
    if block.kind is not Kind.PARAGRAPH or not headings.question(block.text) or index + 1 == len(blocks):
        return False
    after = blocks[index + 1]
    return after.kind in (Kind.PARAGRAPH, Kind.ITEM) and not headings.question(after.text)


def _number(item: Block, outer: str) -> str:
    """A letter counts under the numbered paragraph it belongs to: `4.2.b`; alone it names nothing."""
    if outer and item.number.isalpha():
        return f"{outer}.{item.number}"
    return "" if item.number.isalpha() else item.number


def _flat(blocks: Sequence[Block]) -> str:
    """The texts in one, list items parted by bullets and with the letter or number printed before them."""
    text = blocks[0].text
    for block in blocks[1:]:
        printed = f"({block.number}) " if block.number else ""
        text += f" • {printed}{block.text}" if block.kind is Kind.ITEM else f" {block.text}"
    return text
