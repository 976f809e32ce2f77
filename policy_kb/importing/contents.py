"""Leave out what stands before the policy: contents lists, title pages, tables of who approved it when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_kb.importing import headings
from policy_kb.importing.blocks import Block, Kind, key, words

_CONTENTS = re.compile(r"(?:table of )?contents(?: page| list)?:?$|index$", re.IGNORECASE)
_LEADERS = re.compile(r".{0,200}?(?:[.…·_]\s?){4,}\s*\d{1,3}$")
_SHORT = 20


def without_contents(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks without lists of contents, and a note where one was left out."""
    kept: list[Block] = []
    listed: list[Block] | None = None
    for block in blocks:
        if listed is not None and _lists(block, listed):
            listed.append(block)
            continue
        if listed:
            kept += [listed[-1]] if listed[-1].kind is Kind.HEADING and not _entry(block) else []
        listed = None
        if _CONTENTS.match(block.text) and block.kind is not Kind.ROW:
            listed = []
        else:
            kept.append(block)
    return kept, "left out: the list of contents" if len(kept) < len(blocks) else ""


def _lists(block: Block, listed: Sequence[Block]) -> bool:
    """Whether a block goes on listing what the document holds, rather than being the first part itself."""
    seen = {re.sub(r" \d{1,3}$", "", key(entry.text)) for entry in listed} | {key(entry.text) for entry in listed}
    return _entry(block) and key(block.text) not in seen


def leads_to_page(text: str) -> bool:
    """Whether a line is an entry of a list of contents by its dots and page number."""
    return bool(_LEADERS.match(text))


def without_front(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks without the facts on the title page, and a note that names them; headings stay."""
    first = next((index for index, block in enumerate(blocks) if _speaks(block)), None)
    if first is None:
        return list(blocks), ""
    front = [block for block in blocks[:first] if _fact(block)]
    kept = [block for block in blocks[:first] if not _fact(block)] + list(blocks[first:])
    facts = "; ".join(block.text for block in front)
    return kept, f"left out, from the title page: {facts[:400]}" if front else ""


def _entry(block: Block) -> bool:
    """Whether a block can stand in a list of contents."""
    most = 8 if block.kind is Kind.ITEM and not block.number else _SHORT
    return len(words(block.text)) <= most and not block.text.endswith((".", ";"))


def _fact(block: Block) -> bool:
    """Whether a line before the policy begins is a fact about it or a name, rather than text."""
    line = block.kind is Kind.PARAGRAPH and (len(words(block.text)) <= 6 or headings.states_fact(block.text))
    return block.kind is Kind.ROW or line


def _speaks(block: Block) -> bool:
    """Whether the policy itself begins here."""
    if block.kind is Kind.HEADING:
        return False
    if block.kind is Kind.ROW:
        return len(words(block.text)) > 30
    return (
        block.kind is Kind.ITEM
        or bool(block.number)
        or len(words(block.text)) >= 12
        or block.text.endswith((".", "?", ":"))
    )
