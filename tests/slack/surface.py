"""What holds blocks: how Slack keeps them, and what a person has chosen and typed in them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.slack.check_blocks import elements

JSON = dict[str, Any]
State = dict[str, dict[str, JSON]]
"""Block id, action id, value."""

_EMPTY: Mapping[str, Mapping[str, object]] = {
    "plain_text_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "number_input": {"value": None},
    "radio_buttons": {"selected_option": None},
    "static_select": {"selected_option": None},
    "external_select": {"selected_option": None},
    "checkboxes": {"selected_options": []},
    "multi_static_select": {"selected_options": []},
    "multi_external_select": {"selected_options": []},
    "users_select": {"selected_user": None},
    "multi_users_select": {"selected_users": []},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "datetimepicker": {"selected_date_time": None},
}
_EXTERNAL = ("external_select", "multi_external_select")


def stored(value: Any) -> Any:
    """Blocks as Slack keeps them: with ids, and with what is so unless it is said."""
    if isinstance(value, list):
        return [stored(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: stored(each) for key, each in value.items()}
    if kept.get("type") == "plain_text":
        kept.setdefault("emoji", True)
    if kept.get("type") == "mrkdwn":
        kept.setdefault("verbatim", False)
    return kept


def with_ids(blocks: Sequence[JSON]) -> list[JSON]:
    """Blocks as Slack keeps them; an id that was not given is a new one each time."""
    kept: list[JSON] = stored(list(blocks))
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(3))
        for element in elements(block):
            element.setdefault("action_id", secrets.token_urlsafe(3))
    return kept


def fields(blocks: Sequence[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Each block with each of its elements that holds a value."""
    for block in blocks:
        yield from ((block, each) for each in elements(block) if each["type"] in _EMPTY)


def offered(element: JSON) -> list[JSON]:
    """The options of an element."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(each for group in groups for each in group["options"])]


def value_key(element: JSON) -> str:
    """Where the value of an element stands."""
    return next(iter(_EMPTY[element["type"]]))


def empty(element: JSON) -> JSON:
    """The value of an element that nobody has touched, as it was sent."""
    key = value_key(element)
    initial = element.get(key.replace("selected_", "initial_") if key != "value" else "initial_value")
    return {"type": element["type"], **_EMPTY[element["type"]], **({key: initial} if initial else {})}


def _still(held: JSON | None, element: JSON) -> bool:
    if held is None or held["type"] != element["type"]:
        return False
    if element["type"] in _EXTERNAL:
        return True
    chosen = [held.get("selected_option"), *(held.get("selected_options") or [])]
    return all(each in offered(element) for each in chosen if each)


def carried(before: State, blocks: Sequence[JSON]) -> State:
    """What stands in the elements of new blocks: what was there under the same ids, else what was sent."""
    state: State = {}
    for block, element in fields(blocks):
        held = before.get(block["block_id"], {}).get(element["action_id"])
        value = held if held is not None and _still(held, element) else empty(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def amiss(block: JSON, element: JSON, value: JSON) -> str:
    """What the Slack client says of one input before anything is sent; empty where it is content."""
    held = value[value_key(element)]
    if not held and held != 0:
        return "" if block.get("optional") else "Please complete this required field."
    text = held if isinstance(held, str) else ""
    match element["type"]:
        case "plain_text_input":
            return _length(text, element.get("min_length", 0), element.get("max_length", 3000))
        case "number_input":
            return _numeric(text, element)
        case "datepicker" if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return "Please choose a date."
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
            return "Please enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"https?://\S+", text):
            return "Please enter a valid URL."
        case _:
            most = element.get("max_selected_items", 1000)
            return f"Please choose at most {most}." if isinstance(held, list) and len(held) > most else ""


def _length(text: str, least: int, most: int) -> str:
    if len(text) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(text) > most else ""


def _numeric(text: str, element: JSON) -> str:
    whole = not element["is_decimal_allowed"]
    if not re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?", text):
        return "Please enter a whole number." if whole else "Please enter a number."
    if float(text) < float(element.get("min_value", "-inf")):
        return f"Please enter a number of at least {element['min_value']}."
    above = float(text) > float(element.get("max_value", "inf"))
    return f"Please enter a number of at most {element['max_value']}." if above else ""


@dataclass(slots=True, eq=False)
class Message:
    """A message in a channel; `to` is who alone sees it, `user` who wrote it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[JSON]
    to: str = ""
    bot: str = ""
    thread: str = ""
    edits: int = 0
    gone: bool = False
    state: State = field(default_factory=dict)

    def show(self, text: str, blocks: Sequence[JSON]) -> None:
        """Say this from now on."""
        self.text, self.blocks = text, with_ids(blocks)
        self.state = carried(self.state, self.blocks)


@dataclass(slots=True, eq=False)
class View:
    """A modal or a home that is open; `errors` are those shown at its inputs, by block id.

    `sending`: it was sent in, and what comes of that is not shown yet.
    """

    id: str
    user: str
    sent: JSON
    root: str
    previous: str | None = None
    blocks: list[JSON] = field(default_factory=list)
    state: State = field(default_factory=dict)
    hash: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    sending: bool = False

    def show(self, sent: JSON, hash: str) -> None:
        """Show this from now on; what was typed stays where its ids are the same."""
        self.sent, self.hash, self.errors = sent, hash, {}
        self.blocks = with_ids(sent["blocks"])
        self.state = carried(self.state, self.blocks)
