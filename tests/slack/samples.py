"""Messages and views that Slack takes, and the same with one thing wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    """A plain text."""
    return {"type": "plain_text", "text": text}


def option(value: str, label: str = "") -> JSON:
    """An option."""
    return {"text": plain(label or value.capitalize()), "value": value}


def options(count: int) -> list[JSON]:
    """Some options."""
    return [option(f"v{number}") for number in range(count)]


def ask(name: str, element: JSON, **more: Any) -> JSON:
    """An input block."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name),
        "element": {"action_id": "answer", **element},
        **more,
    }


def modal(*blocks: JSON, **more: Any) -> JSON:
    """A modal that can be sent in."""
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": [*blocks], **more}


def button(label: str = "Go on", name: str = "do:1", **more: Any) -> JSON:
    """A button."""
    return {"type": "button", "action_id": name, "text": plain(label), "value": "x", **more}


def words(*texts: str) -> JSON:
    """Rich text, a section for each."""
    each = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "rich_text", "elements": each}


MESSAGE: list[JSON] = [
    {"type": "header", "block_id": "top", "text": plain("Title")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*bold*"}, "accessory": button(name="side")},
    {"type": "section", "fields": [plain("one"), plain("two")]},
    {"type": "divider"},
    {"type": "context", "elements": [plain("small")]},
    words("as it is"),
    {"type": "actions", "elements": [button(), button("Stop", "do:2", style="danger")]},
    {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "a picture"},
]
TEXT = ask("text", {"type": "plain_text_input", "multiline": True, "max_length": 3000, "initial_value": "x"})
VIEW = modal(
    TEXT,
    ask("one", {"type": "radio_buttons", "options": options(3), "initial_option": option("v1")}),
    ask("many", {"type": "checkboxes", "options": options(3), "initial_options": [option("v1")]}, optional=True),
    ask("list", {"type": "static_select", "options": options(100), "placeholder": plain("Choose")}),
    ask("lists", {"type": "multi_static_select", "options": options(100), "max_selected_items": 3}),
    ask("search", {"type": "external_select", "min_query_length": 2}),
    ask("searches", {"type": "multi_external_select"}),
    ask("day", {"type": "datepicker", "initial_date": "2026-09-01"}),
    ask("count", {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "9"}),
    words("to read"),
    private_metadata="{}",
    callback_id="form",
    close=plain("Close"),
    notify_on_close=True,
)
HOME: JSON = {"type": "home", "blocks": [*MESSAGE[:4], {"type": "actions", "elements": [button()]}]}

MARKDOWN: list[JSON] = [{"type": "markdown", "text": "**bold**"}]
TABLE: list[JSON] = [
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}
]


def altered(sample: Any, change: Callable[[Any], object]) -> Any:
    """A copy of a sample with one thing wrong."""
    changed = copy.deepcopy(sample)
    change(changed)
    return changed


def _put(path: Sequence[str | int], value: Any) -> Callable[[Any], object]:
    def change(sample: Any) -> object:
        for key in path[:-1]:
            sample = sample[key]
        if value is ...:
            return sample.pop(path[-1])
        sample[path[-1]] = value
        return sample

    return change


def _field(index: int, key: str, value: Any) -> JSON:
    return dict(altered(VIEW, _put(["blocks", index, "element", key], value)))


def _view(value: Any, *path: str | int) -> JSON:
    return dict(altered(VIEW, _put(path, value)))


def _message(value: Any, *path: str | int) -> list[JSON]:
    return list(altered(MESSAGE, _put(path, value)))


def _confirm(**change: Any) -> list[JSON]:
    asked = {"title": plain("Sure?"), "text": plain("Is it?"), "confirm": plain("Yes"), "deny": plain("No"), **change}
    return _message(asked, 6, "elements", 0, "confirm")


_LONG = {length: "x" * length for length in (25, 31, 76, 101, 151, 256, 301, 2001, 3001, 12_001)}

MESSAGES: dict[str, list[JSON]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "unknown block": [{"type": "paragraph"}],
    "no type": [{"text": plain("x")}],
    "header too long": _message(_LONG[151], 0, "text", "text"),
    "header marked up": _message("mrkdwn", 0, "text", "type"),
    "block_id too long": _message(_LONG[256], 0, "block_id"),
    "block_id twice": _message("top", 1, "block_id"),
    "section too long": _message(_LONG[3001], 1, "text", "text"),
    "section empty": _message("", 1, "text", "text"),
    "section without anything": [{"type": "section"}],
    "section text as a string": _message("words", 1, "text"),
    "field too long": _message(_LONG[2001], 2, "fields", 0, "text"),
    "11 fields": _message([plain("x")] * 11, 2, "fields"),
    "0 fields": _message([], 2, "fields"),
    "0 small": _message([], 4, "elements"),
    "11 small": _message([plain("x")] * 11, 4, "elements"),
    "rich text empty": _message([], 5, "elements"),
    "rich text with mrkdwn": _message("mrkdwn", 5, "elements", 0, "elements", 0, "type"),
    "rich text style": _message({"loud": True}, 5, "elements", 0, "elements", 0, "style"),
    "0 buttons": _message([], 6, "elements"),
    "26 buttons": _message([button(name=f"do:{number}") for number in range(26)], 6, "elements"),
    "action_id twice": _message("do:1", 6, "elements", 1, "action_id"),
    "action_id too long": _message(_LONG[256], 6, "elements", 0, "action_id"),
    "label too long": _message(_LONG[76], 6, "elements", 0, "text", "text"),
    "label marked up": _message("mrkdwn", 6, "elements", 0, "text", "type"),
    "value too long": _message(_LONG[2001], 6, "elements", 0, "value"),
    "url too long": _message(_LONG[3001], 6, "elements", 0, "url"),
    "style unknown": _message("warning", 6, "elements", 0, "style"),
    "key unknown": _message("x", 6, "elements", 0, "valeu"),
    "block key unknown": _message("x", 3, "colour"),
    "input among buttons": _message({"type": "plain_text_input"}, 6, "elements", 0),
    "confirm title": _confirm(title=plain(_LONG[101])),
    "confirm text": _confirm(text=plain(_LONG[301])),
    "confirm button": _confirm(confirm=plain(_LONG[31])),
    "picture without words": _message(..., 7, "alt_text"),
    "6 in an overflow": _message({"type": "overflow", "options": options(6)}, 1, "accessory"),
    "markdown too long": [{"type": "markdown", "text": _LONG[12_001]}],
    "markdown too long together": [{"type": "markdown", "text": "x" * 7000}] * 2,
    "101 rows": [{**TABLE[0], "rows": TABLE[0]["rows"] * 101}],
    "21 cells": [{**TABLE[0], "rows": [TABLE[0]["rows"][0][:1] * 21]}],
}
VIEWS: dict[str, JSON] = {
    "101 blocks": _view([{"type": "divider"}] * 101, "blocks"),
    "view too large": _view([words("x" * 30_000) for _ in range(9)], "blocks"),
    "no title": _view(..., "title"),
    "title too long": _view(_LONG[25], "title", "text"),
    "title marked up": _view("mrkdwn", "title", "type"),
    "submit too long": _view(_LONG[25], "submit", "text"),
    "close too long": _view(_LONG[25], "close", "text"),
    "inputs without submit": _view(..., "submit"),
    "private_metadata too long": _view(_LONG[3001], "private_metadata"),
    "private_metadata not a string": _view({}, "private_metadata"),
    "callback_id too long": _view(_LONG[256], "callback_id"),
    "external_id too long": _view(_LONG[256], "external_id"),
    "view key unknown": _view(True, "notify"),
    "kind unknown": _view("dialog", "type"),
    "home with title": {**HOME, "title": plain("Home")},
    "markdown in a modal": _view(MARKDOWN[0], "blocks", 9),
    "question twice": _view("one", "blocks", 0, "block_id"),
    "question too long": _view(_LONG[2001], "blocks", 0, "label", "text"),
    "question marked up": _view("mrkdwn", "blocks", 0, "label", "type"),
    "question empty": _view("", "blocks", 0, "label", "text"),
    "hint too long": _view(plain(_LONG[2001]), "blocks", 0, "hint"),
    "button as an input": _view(button(), "blocks", 0, "element"),
    "no element": _view(..., "blocks", 0, "element"),
    "max_length over 3000": _field(0, "max_length", 3001),
    "min_length over max_length": _field(0, "min_length", 3001),
    "initial_value over 3000": _field(0, "initial_value", _LONG[3001]),
    "placeholder too long": _field(0, "placeholder", plain(_LONG[151])),
    "multiline not a flag": _field(0, "multiline", "yes"),
    "11 radio buttons": _field(1, "options", options(11)),
    "0 radio buttons": _field(1, "options", []),
    "initial_option not offered": _field(1, "initial_option", option("v9")),
    "initial_option said otherwise": _field(1, "initial_option", option("v1", "Other")),
    "11 checkboxes": _field(2, "options", options(11)),
    "initial_options not offered": _field(2, "initial_options", [option("v9")]),
    "initial_options empty": _field(2, "initial_options", []),
    "option too long": _field(1, "options", [option("v1", _LONG[76]), *options(2)]),
    "option value too long": _field(3, "options", [option(_LONG[76])]),
    "option description too long": _field(3, "options", [{**option("v"), "description": plain(_LONG[76])}]),
    "option marked up": _field(3, "options", [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]),
    "two options alike": _field(3, "options", [option("v"), option("v", "Other")]),
    "101 in a select": _field(3, "options", options(101)),
    "select without options": _field(3, "options", ...),
    "options for a search": _field(5, "options", options(3)),
    "not a day": _field(7, "initial_date", "1 September"),
    "decimals not said": _field(8, "is_decimal_allowed", ...),
    "limit as a number": _field(8, "min_value", 0),
    "limits the wrong way": _field(8, "min_value", "10"),
    "two in focus": modal(
        *(ask(name, {"type": "plain_text_input", "focus_on_load": True}) for name in ("a", "b")),
    ),
}
