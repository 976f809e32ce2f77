"""From Slack's payloads to what a person did: text is sealed at once, and what is malformed is nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.slack.render import DO, VALUE
from bot.channels.slack.view import ANSWER, METADATA, NO_ANSWER
from bot.talk.message import Action
from bot.talk.sealed import Sealed
from bot.talk.turn import Said, Typed

_NAMED = re.compile(r"<(?:([@#!])|(?=https?:|mailto:|tel:))([^<>|]+)(?:\|([^<>]*))?>")
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def said(text: object) -> Said:
    """What was typed into a chat or behind a command, as the person saw it: Slack marks it up before it sends it."""
    seen = _NAMED.sub(_as_seen, text) if isinstance(text, str) else ""
    return Said(_sealed(re.sub("&(?:lt|gt|amp);", lambda found: _ESCAPED[found[0]], seen)))


def pressed(action: object) -> Action:
    """What a button of ours asks for; an action without a name where it is no such button."""
    if not isinstance(action, Mapping) or not str(action.get("action_id")).startswith(DO):
        return Action("")
    match _json(action.get("value"), VALUE):
        case [str(name), dict() as values] if all(isinstance(value, str) for value in values.values()):
            return Action(name, values)
        case _:
            return Action("")


def typed(view: object) -> Typed:
    """What was typed or ticked in a modal, by question name; a question that was left alone has nothing."""
    blocks = _held(_held(view, "state"), "values")
    if not isinstance(blocks, Mapping):
        return {}
    return {str(name): tuple(map(_sealed, _given(_answer(block)))) for name, block in blocks.items()}


def changed(view: object) -> bool:
    """Whether anything in a modal is other than it was when it was shown."""
    values = _held(_held(view, "state"), "values")
    blocks = _held(view, "blocks")
    asked = [block for block in blocks if _held(block, "type") == "input"] if isinstance(blocks, list) else []
    return any(
        _given(_answer(_held(values, block["block_id"]))) != _given(_first(_held(block, "element"))) for block in asked
    )


def form_of(view: object) -> tuple[str, str]:
    """The id of a modal's form, and the key that it was handed out with; both empty where it is not ours."""
    match _json(_held(view, "private_metadata"), METADATA):
        case [str(form), str(key)] | [str(form), str(key), str(), str()]:
            return form, key
        case _:
            return "", ""


def asked_in(view: object) -> tuple[str, str] | None:
    """The conversation and the time of the message that a modal was opened from, where that asked for one thing."""
    match _json(_held(view, "private_metadata"), METADATA):
        case [str(), str(), str(channel), str(at)]:
            return channel, at
        case _:
            return None


def _answer(block: object) -> object:
    """What stands in the input of a question."""
    held = block if isinstance(block, Mapping) else {}
    return next((answer for name, answer in held.items() if str(name).startswith(ANSWER)), None)


def _first(element: object) -> object:
    """What stood in an input at first, written as what stands in it."""
    named = {
        "value": "initial_value",
        "selected_date": "initial_date",
        "selected_option": "initial_option",
        "selected_options": "initial_options",
    }
    return {name: _held(element, first) for name, first in named.items()}


def _given(answer: object) -> list[str]:
    several = _held(answer, "selected_options")
    chosen = [*(several if isinstance(several, list) else ()), _held(answer, "selected_option")]
    picked = [value for option in chosen if (value := _held(option, "value")) != NO_ANSWER]
    given = [_held(answer, "value"), _held(answer, "selected_date"), *picked]
    return [text for text in given if isinstance(text, str)]


def _held(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _json(text: object, most: int) -> object:
    try:
        return json.loads(text) if isinstance(text, str) and len(text) <= most else None
    except (ValueError, RecursionError):
        return None


def _as_seen(found: re.Match[str]) -> str:
    """A mention, a channel or an address as the person saw it."""
    sign, name, label = found.groups()
    if not sign:
        return label or name.removeprefix("mailto:").removeprefix("tel:")
    shown = label or name
    return shown if shown.startswith(("@", "#")) else f"{sign.replace('!', '@')}{shown}"


def _sealed(text: str) -> Sealed:
    # Half of a character can be written in JSON, but nowhere else.
    return Sealed(text.encode(errors="replace").decode())
