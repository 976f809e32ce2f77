"""Turn what a reader saw into an outline: numbers parted, sentences rejoined, headings told, furniture out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policy_kb.importing import headings
from policy_kb.importing.blocks import Block, Kind, finished, tidy_space, words
from policy_kb.importing.contents import leads_to_page, without_contents, without_front
from policy_kb.importing.markers import dotted, part

_LIST_WORDS = 15


def outline(blocks: Iterable[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks with headings told from text, and notes on what was left out."""
    parted = [_parted(block) for block in blocks if tidy_space(block.text)]
    kept = [block for block in parted if block.kind is Kind.ROW or _belongs(block)]
    told = list(_told(_unmarked_lists(list(_rejoined(map(headings.demoted, kept))))))
    told, contents = without_contents(told)
    told, front = without_front(told)
    return told, tuple(note for note in (contents, front) if note)


def _belongs(block: Block) -> bool:
    """Whether a line is part of the policy, rather than of the page or of a list of contents."""
    return not leads_to_page(block.text) and (bool(block.number) or not headings.furniture(block.text))


def _parted(block: Block) -> Block:
    """The block with a typed number or bullet moved out of its text; a numbered clause is a paragraph of its own."""
    block = replace(block, text=tidy_space(block.text))
    if block.kind is Kind.ROW:
        return block
    marked = part(block.text)
    number = dotted(block.number) or marked.number
    if block.number and marked.number:
        marked = part("x")
    if marked.number or marked.bullet:
        block = replace(block, text=marked.text)
    if block.kind is Kind.HEADING:
        return replace(block, number="" if number.isalpha() and number.islower() else number)
    if "." in number:
        return replace(block, kind=Kind.PARAGRAPH, level=0, number=number)
    if number or marked.bullet or block.kind is Kind.ITEM:
        return replace(block, kind=Kind.ITEM, level=max(block.level, 1), number=number)
    return block


def _rejoined(blocks: Iterable[Block]) -> Iterator[Block]:
    held: Block | None = None
    for block in blocks:
        if held and headings.rejoins(held, block):
            held = replace(held, text=f"{held.text} {block.text}")
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


def _unmarked_lists(blocks: list[Block]) -> list[Block]:
    """Short lines after a lead-in that ends in a colon, made list items though nobody typed a bullet."""
    done = list(blocks)
    for index, block in enumerate(blocks):
        if block.kind is not Kind.PARAGRAPH or not block.text.endswith((":", ":-")) or len(words(block.text)) < 4:
            continue
        end = index + 1
        while end < len(blocks) and _short_line(blocks[end]):
            end += 1
        after = blocks[end] if end < len(blocks) else None
        if after and (after.kind is Kind.ITEM or _heads(blocks[end - 1])):
            end -= 1
        if end - index >= 3:
            done[index + 1 : end] = [replace(b, kind=Kind.ITEM, level=1) for b in blocks[index + 1 : end]]
    return done


def _short_line(block: Block) -> bool:
    plain = block.kind is Kind.PARAGRAPH and not block.strong and not block.number
    return plain and len(words(block.text)) <= _LIST_WORDS and not block.text.endswith((":", ".", "?"))


def _heads(block: Block) -> bool:
    return headings.capitals(block.text) or len(words(block.text)) <= 2 and headings.looks_like_heading(block)


def _told(blocks: list[Block]) -> Iterator[Block]:
    """Headings guessed: a heading-like line that something follows, and that is no item of a running list."""
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if (
            block.kind is Kind.HEADING
            or not _could_head(block, before, after)
            or not headings.looks_like_heading(block)
        ):
            yield block
        else:
            level = block.number.count(".") + 1 if block.number else 2
            yield Block(Kind.HEADING, block.text, level=level, number=block.number, strong=block.strong)


def _could_head(block: Block, before: Block | None, after: Block | None) -> bool:
    if block.kind is Kind.PARAGRAPH and not block.number:
        return not (block.text.endswith(":") and after and after.kind is Kind.ITEM and after.text[0].islower())
    if block.kind is Kind.ROW or after is None or not block.number or block.number.islower():
        return False
    if block.kind is Kind.PARAGRAPH:
        return _deeper(block, after)
    running = any(b and b.kind is Kind.ITEM and b.number.isdigit() and b.level >= block.level for b in (before, after))
    alone = not running and not (after.kind is Kind.ITEM and after.level > block.level)
    return headings.capitals(block.text) or block.strong or alone and block.level == 1


def _deeper(block: Block, after: Block) -> bool:
    """Whether what follows a numbered line lies under it, so that the line is its heading."""
    if after.kind is Kind.PARAGRAPH and "." in after.number:
        return after.number.startswith(block.number + ".")
    return after.kind is not Kind.HEADING and not finished(block.text)
