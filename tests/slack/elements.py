"""What may stand in a block of Slack's Block Kit, with its limits: texts, options, buttons and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.slack.rules import Rule, flag, kinds, many, number, one_of, pattern, shape, string, typed

TEXT = 3000
"""The most characters of a text, and of what is typed into a field."""

INPUTS = (
    "checkboxes datepicker datetimepicker email_text_input external_select multi_external_select multi_static_select "
    "multi_users_select number_input plain_text_input radio_buttons static_select timepicker url_text_input "
    "users_select"
).split()
SELECTS = (
    "static_select external_select users_select multi_static_select multi_external_select multi_users_select".split()
)
CLICKED = ["button", "checkboxes", "datepicker", "datetimepicker", "overflow", "radio_buttons", "timepicker", *SELECTS]

_DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_ID = string(255)
_URL = string(3000)


def plain(most: int) -> Rule:
    """A text that is shown as it is."""
    return shape({**typed("plain_text"), "text": string(most)}, {"emoji": flag})


def text(most: int) -> Rule:
    """A text that may be marked up."""
    marked = shape({**typed("mrkdwn"), "text": string(most)}, {"verbatim": flag})
    return kinds({"plain_text": plain(most), "mrkdwn": marked})


_CONFIRM = shape(
    {"text": text(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": one_of("primary", "danger")},
)
_OPTION = shape({"text": plain(75), "value": string(75)}, {"description": plain(75)})
_MARKED_OPTION = shape({"text": text(75), "value": string(75)}, {"description": text(75)})
_OVERFLOW_OPTION = shape({"text": plain(75), "value": string(75)}, {"description": plain(75), "url": _URL})
_GROUP = shape({"label": plain(75), "options": many(_OPTION, 1, 100)})
_LISTS: dict[str, Rule] = {"options": many(_OPTION, 1, 100), "option_groups": many(_GROUP, 1, 100)}
OPTIONS = shape({}, {"options": many(_OPTION, 0, 100), "option_groups": many(_GROUP, 0, 100)})
"""What answers a search in an external select."""

_HELD: dict[str, Rule] = {"action_id": _ID}
_FOCUSED: dict[str, Rule] = {**_HELD, "focus_on_load": flag}
_CHOSEN: dict[str, Rule] = {**_FOCUSED, "confirm": _CONFIRM}
_PICKED: dict[str, Rule] = {**_CHOSEN, "placeholder": plain(150)}
_SEVERAL: dict[str, Rule] = {**_PICKED, "max_selected_items": number(1, 100)}
_DISPATCH = shape({"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})
_WRITTEN: dict[str, Rule] = {**_FOCUSED, "placeholder": plain(150), "dispatch_action_config": _DISPATCH}
_LOOK: dict[str, Rule] = {"value": string(2000, 0), "accessibility_label": string(75)}


def _offered(element: dict[str, Any]) -> list[Any]:
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(each for group in groups for each in group.get("options") or [])]


def _one_list(element: dict[str, Any], path: str) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield f"{path}: needs either options or option_groups"
    yield from _within(element, path)


def _within(element: dict[str, Any], path: str) -> Iterator[str]:
    offered = _offered(element)
    values = [each.get("value") for each in offered if isinstance(each, dict)]
    if len(set(values)) < len(values):
        yield f"{path}.options: two have the same value"
    if "initial_option" in element and element["initial_option"] not in offered:
        yield f"{path}.initial_option: not among the options"
    if any(each not in offered for each in element.get("initial_options") or []):
        yield f"{path}.initial_options: not among the options"


def _lengths(element: dict[str, Any], path: str) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length", TEXT)
    if least > most:
        yield f"{path}.min_length: over max_length"
    if len(element.get("initial_value", "")) > most:
        yield f"{path}.initial_value: over max_length"


def _range(element: dict[str, Any], path: str) -> Iterator[str]:
    found = []
    for key in ("min_value", "initial_value", "max_value"):
        try:
            found += [float(element[key])] if key in element else []
        except (TypeError, ValueError):
            yield f"{path}.{key}: not a number"
    if found != sorted(found):
        yield f"{path}: min_value, initial_value and max_value are not in order"


def _writing(name: str, **more: Rule) -> Rule:
    return shape(typed(name), {**_WRITTEN, "initial_value": string(TEXT, 0), **more}, _lengths)


_THUMB = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

ELEMENTS: dict[str, Rule] = {
    "button": shape(
        {**typed("button"), "text": plain(75)},
        {**_HELD, **_LOOK, "url": _URL, "style": one_of("primary", "danger"), "confirm": _CONFIRM},
    ),
    "image": shape({**typed("image"), "image_url": _URL, "alt_text": string(2000)}),
    "overflow": shape(
        {**typed("overflow"), "options": many(_OVERFLOW_OPTION, 1, 5)}, {**_HELD, "confirm": _CONFIRM}, _within
    ),
    "radio_buttons": shape(
        {**typed("radio_buttons"), "options": many(_MARKED_OPTION, 1, 10)},
        {**_CHOSEN, "initial_option": _MARKED_OPTION},
        _within,
    ),
    "checkboxes": shape(
        {**typed("checkboxes"), "options": many(_MARKED_OPTION, 1, 10)},
        {**_CHOSEN, "initial_options": many(_MARKED_OPTION, 1, 10)},
        _within,
    ),
    "static_select": shape(typed("static_select"), {**_PICKED, **_LISTS, "initial_option": _OPTION}, _one_list),
    "multi_static_select": shape(
        typed("multi_static_select"), {**_SEVERAL, **_LISTS, "initial_options": many(_OPTION, 1, 100)}, _one_list
    ),
    "external_select": shape(
        typed("external_select"), {**_PICKED, "min_query_length": number(0, TEXT), "initial_option": _OPTION}
    ),
    "multi_external_select": shape(
        typed("multi_external_select"),
        {**_SEVERAL, "min_query_length": number(0, TEXT), "initial_options": many(_OPTION, 1, 100)},
    ),
    "users_select": shape(typed("users_select"), {**_PICKED, "initial_user": _ID}),
    "multi_users_select": shape(typed("multi_users_select"), {**_SEVERAL, "initial_users": many(_ID, 1, 100)}),
    "datepicker": shape(typed("datepicker"), {**_PICKED, "initial_date": _DATE}),
    "timepicker": shape(
        typed("timepicker"), {**_PICKED, "initial_time": pattern(r"([01]\d|2[0-3]):[0-5]\d"), "timezone": _ID}
    ),
    "datetimepicker": shape(
        typed("datetimepicker"), {**_CHOSEN, "initial_date_time": number(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": _writing(
        "plain_text_input", multiline=flag, min_length=number(0, TEXT), max_length=number(1, TEXT)
    ),
    "email_text_input": _writing("email_text_input"),
    "url_text_input": _writing("url_text_input"),
    "number_input": shape(
        {**typed("number_input"), "is_decimal_allowed": flag},
        {**_WRITTEN, "initial_value": string(TEXT), "min_value": string(TEXT), "max_value": string(TEXT)},
        _range,
    ),
    "feedback_buttons": shape(
        {**typed("feedback_buttons"), "positive_button": _THUMB, "negative_button": _THUMB}, _HELD
    ),
    "icon_button": shape({**typed("icon_button"), "icon": one_of("trash"), "text": plain(75)}, {**_HELD, **_LOOK}),
}
