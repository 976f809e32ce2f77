"""Whether Slack would take a message or a view: the shapes and limits of Block Kit, over plain JSON.

The limits are those of Slack's reference pages and of `@slack/types`. Not documented is how long all blocks of a
message may be together: reports say that Slack refuses about 13,200 characters, boxes counted (bolt-js #2509, #2867).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.slack.elements import CLICKED, ELEMENTS, INPUTS, OPTIONS, TEXT, plain, text
from tests.slack.rules import Rule, both, flag, kinds, many, number, one_of, shape, string, typed

MESSAGE = "actions context context_actions divider header image input markdown rich_text section table".split()
VIEW = "actions context divider header image input rich_text section".split()
MARKDOWN = 12_000
"""Characters of all markdown blocks of a message."""
TOGETHER = 13_200
"""Characters of all blocks of a message, as compact JSON."""
LARGEST = 250_000
"""Bytes of a view."""

_HELD: dict[str, Rule] = {"block_id": string(255)}
_STYLE = shape({}, dict.fromkeys(("bold", "code", "italic", "strike", "underline"), flag))
_STYLED: dict[str, Rule] = {"style": _STYLE}
_ANY = string(40_000)
_WORDS: dict[str, Rule] = {
    "text": shape({**typed("text"), "text": _ANY}, _STYLED),
    "link": shape({**typed("link"), "url": string(3000)}, {**_STYLED, "text": _ANY, "unsafe": flag}),
    "user": shape({**typed("user"), "user_id": string(255)}, _STYLED),
    "channel": shape({**typed("channel"), "channel_id": string(255)}, _STYLED),
    "usergroup": shape({**typed("usergroup"), "usergroup_id": string(255)}, _STYLED),
    "broadcast": shape({**typed("broadcast"), "range": one_of("here", "channel", "everyone")}, _STYLED),
    "emoji": shape({**typed("emoji"), "name": string(255)}, {**_STYLED, "unicode": string(255), "url": string(3000)}),
}
_BORDER: dict[str, Rule] = {"border": number(0, 1)}
_SECTION = shape({**typed("rich_text_section"), "elements": many(kinds(_WORDS), 0, 1000)})
_RICH: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": shape({**typed("rich_text_quote"), "elements": many(kinds(_WORDS), 0, 1000)}, _BORDER),
    "rich_text_preformatted": shape(
        {**typed("rich_text_preformatted"), "elements": many(kinds(_WORDS, "text", "link"), 0, 1000)}, _BORDER
    ),
    "rich_text_list": shape(
        {**typed("rich_text_list"), "style": one_of("bullet", "ordered"), "elements": many(_SECTION, 0, 1000)},
        {**_BORDER, "indent": number(0, 8), "offset": number(0, 100_000)},
    ),
}
_RICH_TEXT = shape({**typed("rich_text"), "elements": many(kinds(_RICH), 1, 1000)}, _HELD)
_CELL = kinds({"raw_text": shape({**typed("raw_text"), "text": string(TEXT)}), "rich_text": _RICH_TEXT})
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _says_something(block: dict[str, Any], path: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{path}: a section needs text or fields"


def _own_actions(block: dict[str, Any], path: str) -> Iterator[str]:
    given = [each["action_id"] for each in elements(block) if isinstance(each.get("action_id"), str)]
    yield from (f"{path}: action_id {name!r} twice" for name, count in Counter(given).items() if count > 1)


BLOCKS: dict[str, Rule] = {
    "actions": shape({**typed("actions"), "elements": many(kinds(ELEMENTS, *CLICKED), 1, 25)}, _HELD, _own_actions),
    "context": shape(
        {
            **typed("context"),
            "elements": many(
                kinds({"image": ELEMENTS["image"], "plain_text": text(TEXT), "mrkdwn": text(TEXT)}), 1, 10
            ),
        },
        _HELD,
    ),
    "context_actions": shape(
        {**typed("context_actions"), "elements": many(kinds(ELEMENTS, "feedback_buttons", "icon_button"), 1, 5)},
        _HELD,
        _own_actions,
    ),
    "divider": shape(typed("divider"), _HELD),
    "header": shape({**typed("header"), "text": plain(150)}, _HELD),
    "image": shape(
        {**typed("image"), "image_url": string(3000), "alt_text": string(2000)}, {**_HELD, "title": plain(2000)}
    ),
    "input": shape(
        {**typed("input"), "label": plain(2000), "element": kinds(ELEMENTS, *INPUTS)},
        {**_HELD, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": shape({**typed("markdown"), "text": string(MARKDOWN)}, _HELD),
    "rich_text": _RICH_TEXT,
    "section": shape(
        typed("section"),
        {
            **_HELD,
            "text": text(TEXT),
            "fields": many(text(2000), 1, 10),
            "accessory": kinds(ELEMENTS, "image", *CLICKED),
            "expand": flag,
        },
        _says_something,
    ),
    "table": shape(
        {**typed("table"), "rows": many(many(_CELL, 1, 20), 1, 100)},
        {**_HELD, "column_settings": many(_COLUMN, 0, 20)},
    ),
}


def elements(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements of a block that can be clicked or filled."""
    several = block.get("elements") if block.get("type") in ("actions", "context_actions") else None
    found = [*(several or []), block.get("element"), block.get("accessory")]
    return [each for each in found if isinstance(each, dict) and each.get("type") != "image"]


def _together(blocks: Any, path: str) -> Iterator[str]:
    known = [each for each in blocks if isinstance(each, dict)] if isinstance(blocks, list) else []
    names = Counter(each["block_id"] for each in known if isinstance(each.get("block_id"), str))
    yield from (f"{path}: block_id {name!r} twice" for name, count in names.items() if count > 1)
    if sum(each.get("focus_on_load") is True for block in known for each in elements(block)) > 1:
        yield f"{path}: focus_on_load twice"
    if sum(len(str(each.get("text"))) for each in known if each.get("type") == "markdown") > MARKDOWN:
        yield f"{path}: over {MARKDOWN} characters of markdown"


def _asks(view: dict[str, Any], path: str) -> Iterator[str]:
    blocks = view.get("blocks")
    inputs = [each for each in blocks if isinstance(each, dict)] if isinstance(blocks, list) else []
    if any(each.get("type") == "input" for each in inputs) and "submit" not in view:
        yield f"{path}.submit: missing where there is an input"


_VIEW: dict[str, Rule] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEW_BLOCKS: dict[str, Rule] = {"blocks": both(many(kinds(BLOCKS, *VIEW), 0, 100), _together)}
_MODAL = shape(
    {**typed("modal"), "title": plain(24), **_VIEW_BLOCKS},
    {**_VIEW, "close": plain(24), "submit": plain(24), "clear_on_close": flag, "notify_on_close": flag},
    _asks,
)
_HOME = shape({**typed("home"), **_VIEW_BLOCKS}, _VIEW)
_MESSAGE = both(many(kinds(BLOCKS, *MESSAGE), 0, 50), _together)


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def check_message(blocks: object) -> Sequence[str]:
    """What is wrong with the blocks of a message."""
    return list(_MESSAGE(blocks, "blocks"))


def too_long(blocks: object) -> bool:
    """Whether the blocks of a message are too long together."""
    return len(compact(blocks)) > TOGETHER


def check_view(view: object) -> Sequence[str]:
    """What is wrong with a modal or a home."""
    found = list(kinds({"modal": _MODAL, "home": _HOME})(view, "view"))
    size = len(compact(view).encode())
    return [*found, *([f"view: {size} bytes, over {LARGEST}"] if size > LARGEST else [])]


def check_options(reply: object) -> Sequence[str]:
    """What is wrong with the options that answer a search."""
    return list(OPTIONS(reply, "reply"))
