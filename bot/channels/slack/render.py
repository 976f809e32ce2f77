"""From meaning to Slack's blocks: all text stands where Slack reads no markup, as rich text or as plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, assert_never

from bot.channels.slack import labels
from bot.talk import limits
from bot.talk.message import (
    Action,
    Alert,
    Block,
    Choice,
    Choices,
    Facts,
    Link,
    Message,
    Note,
    Para,
    Points,
    Quote,
    Ruling,
)
from bot.talk.shown import shown

Json = dict[str, Any]

DO = "do:"
"""Stands before the number of a button that asks for something."""

ONCE = "once:"
"""Stands before the number of the first button of a row that is answered once, in the id of its block."""

LINK = "link:"
"""Stands before the number of a button that only leads elsewhere: Slack tells of it all the same."""

HEADER = 150
"""Characters of a header."""

VALUE = 2000
"""Characters that a button can carry."""

SIZE = 12_000
"""Characters of one message as JSON: Slack says of more than about 13,200 that its blocks are too long."""

SIGNS = {"no": "⛔", "yes": "✅", "approval": "✋", "depends": "⚖️", "action": "➡️", "info": "ℹ️", "none": "❔"}
"""The sign of each kind of ruling; any other kind is drawn as `none`."""

ALERT_SIGN = "🚨"


def render(message: Message) -> list[list[Json]]:
    """The blocks of a message that stays where it is posted, as many Slack messages as it takes.

    Where it holds what people wrote there stands only the button that opens it.
    """
    if message.opened_by:
        message = Message(message.title, (Choices("", (Choice(labels.OPEN, message.opened_by),)),))
    return _parted(draw([message]))


def fallback(message: Message) -> str:
    """What a notification says: the same of every message, since anybody may see it come in."""
    return labels.FALLBACK


def draw(messages: Sequence[Message], titled: bool = True) -> list[Json]:
    """The blocks of some messages, whole; their buttons are numbered right through."""
    numbers = count(1)
    return [block for message in messages for block in _message(message, numbers, titled)]


def plain(text: str, most: int) -> Json:
    """A label in one line; a longer one ends in dots."""
    line = " ".join(shown(text).split()) or "-"
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    # With `emoji` a code such as :smile: in what people typed would become a picture.
    return {"type": "plain_text", "text": line, "emoji": False}


def rich(text: str, style: str = "") -> list[Json]:
    """A body as one block of rich text, or more where it is long."""
    return [_rich(_section([part])) for part in _texts(text, style)]


def heading(sign: str, text: str) -> list[Json]:
    """A line that is larger than what follows; what is too long for it follows below."""
    first, *rest = limits.split(" ".join(f"{sign} {shown(text)}".split()), HEADER)
    return [{"type": "header", "text": plain(first, HEADER)}, *rich("".join(rest), "bold")]


def alert(text: str) -> list[Json]:
    """What must be seen first."""
    return [*heading(ALERT_SIGN, labels.ALERT), *rich(text, "bold")]


def _message(message: Message, numbers: Iterator[int], titled: bool) -> Iterator[Json]:
    for block in message.blocks:
        yield from alert(block.text) if isinstance(block, Alert) else ()
    yield from _context(message.title) if titled else ()
    for block in message.blocks:
        yield from _draw(block, numbers) if not isinstance(block, Alert) else ()


def _draw(block: Block, numbers: Iterator[int]) -> list[Json]:
    match block:
        case Para(text):
            return rich(text)
        case Alert(text):
            return alert(text)
        case Ruling(kind, label, text):
            return [*heading(SIGNS.get(kind, SIGNS["none"]), label), *rich(text)]
        case Quote(text, source, ref):
            return _quote(text, source, ref)
        case Facts(rows):
            return [_rich(*part) for part in _packed(rows)]
        case Points(items):
            return [_rich({"type": "rich_text_list", "style": "bullet", "elements": part}) for part in _packed(items)]
        case Note(text):
            return _context(text)
        case Choices(question, options, once):
            buttons = _actions(_button(option, numbers) for option in options)
            return [*rich(question, "bold"), *(map(_once, buttons) if once else buttons)]
        case Link(label, address):
            to = {"action_id": f"{LINK}{next(numbers)}", "url": address.reveal()}
            return list(_actions([{"type": "button", "text": plain(label, limits.LABEL), **to}]))
        case _:
            assert_never(block)


def _texts(text: str, style: str = "") -> list[Json]:
    """A body as texts that are not too long, with nothing lost but empty space around it."""
    parts = [part for part in limits.split(shown(text).strip(), limits.BODY) if part]
    styled = {"style": {style: True}} if style else {}
    return [{"type": "text", "text": part, **styled} for part in parts]


def _section(texts: Iterable[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(texts)}


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _quote(text: str, source: str, ref: str) -> list[Json]:
    quotes = [_rich({"type": "rich_text_quote", "elements": [part]}) for part in _texts(text)]
    named = _texts(" ".join(part for part in (source, f"({ref})" if ref else "") if part), "italic")
    if quotes and named:
        # In the block of the words themselves, so that no message ends between them.
        quotes[-1]["elements"].append(_section(named))
    return quotes or [_rich(_section([part])) for part in named]


def _named(name: str, text: str) -> Iterator[list[Json]]:
    """A name in bold and what stands under it: beside it where that is short, else on a line of its own."""
    head, body = _texts(name, "bold"), _texts(text)
    if head and body:
        head[-1]["text"] += "" if head[-1]["text"].endswith((":", ".", "?", "!")) else ":"
        short = len(body[0]["text"]) <= HEADER and "\n" not in body[0]["text"]
        head.append({"type": "text", "text": " " if short else "\n"})
    yield [*head, *body[:1]]
    yield from ([part] for part in body[1:])


def _packed(named: Iterable[tuple[str, str]]) -> Iterator[list[Json]]:
    """Names and texts as sections, in parts that are hardly longer than a body; empty ones go."""
    part: list[Json] = []
    size = 0
    for texts in (texts for each in named for texts in _named(*each) if texts):
        length = sum(len(each["text"]) for each in texts)
        if part and size + length > limits.BODY:
            yield part
            part, size = [], 0
        part.append(_section(texts))
        size += length
    if part:
        yield part


def _context(text: str) -> list[Json]:
    parts = [part["text"] for part in _texts(text)]
    return [{"type": "context", "elements": [{"type": "plain_text", "text": part, "emoji": False}]} for part in parts]


def _actions(buttons: Iterable[Json]) -> Iterator[Json]:
    every = list(buttons)
    for first in range(0, len(every), limits.BUTTONS):
        yield {"type": "actions", "elements": every[first : first + limits.BUTTONS]}


def _once(row: Json) -> Json:
    return {**row, "block_id": row["elements"][0]["action_id"].replace(DO, ONCE)}


def _button(choice: Choice, numbers: Iterator[int]) -> Json:
    text = plain(choice.label, limits.LABEL)
    return {"type": "button", "action_id": f"{DO}{next(numbers)}", "text": text, "value": _value(choice.action)}


def _value(action: Action) -> str:
    value = compact([action.name, dict(action.values)])
    if len(value) > VALUE:
        raise ValueError("an action is too long for a button")
    return value


def _parted(blocks: Sequence[Json]) -> list[list[Json]]:
    parts: list[list[Json]] = [[]]
    size = 0
    for block in blocks:
        length = len(compact(block)) + 1
        if parts[-1] and (len(parts[-1]) == limits.BLOCKS or size + length > SIZE):
            parts.append([])
            size = 0
        parts[-1].append(block)
        size += length
    return [part for part in parts if part]


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))
