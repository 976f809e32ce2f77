"""From a body to what Slack says in it: strictly, and only what belongs to the address it came to."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any, assert_never
from urllib.parse import parse_qsl

from bot.channels.slack.verify import Headers, Refused, only

Payload = dict[str, Any]

FIELDS = 100
"""Fields of a form, at most."""

_CHARSET = rb"(?i:; *charset=utf-8)?"
_JSON = re.compile(rb"(?i:application/json)" + _CHARSET)
_FORM = re.compile(rb"(?i:application/x-www-form-urlencoded)" + _CHARSET)


class Kind(StrEnum):
    """What comes in, under the names that Socket Mode has for it; each kind has an address of its own."""

    EVENTS = "events_api"
    COMMANDS = "slash_commands"
    ACTIONS = "interactive"


_TYPES = {
    Kind.EVENTS: ("event_callback", "url_verification", "app_rate_limited"),
    Kind.ACTIONS: (
        "block_actions",
        "block_suggestion",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    ),
}


def read(kind: Kind, headers: Headers, body: bytes) -> Payload:
    """What a body says. Raises Refused where it is not of that kind, word for word as Slack writes it."""
    written = _JSON if kind is Kind.EVENTS else _FORM
    if not written.fullmatch(only(headers, b"content-type")):
        raise Refused(400)
    try:
        match kind:
            case Kind.EVENTS:
                found = json.loads(body.decode())
            case Kind.COMMANDS:
                found = _form(body)
            case Kind.ACTIONS:
                found = json.loads(_form(body, ["payload"])["payload"])
            case _:
                assert_never(kind)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    return fitting(kind, found)


def fitting(kind: Kind, found: object) -> Payload:
    """What was found, where it is of that kind: the signature covers no address. Raises Refused."""
    if isinstance(found, dict):
        if kind is Kind.COMMANDS and isinstance(found.get("command"), str) and "payload" not in found:
            return found
        if kind is not Kind.COMMANDS and found.get("type") in _TYPES[kind]:
            return found
    raise Refused(400)


def _form(body: bytes, names: list[str] | None = None) -> dict[str, str]:
    """The fields of a form, each once. Raises ValueError."""
    pairs = parse_qsl(
        body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=FIELDS
    )
    fields = dict(pairs)
    if len(fields) != len(pairs) or (names is not None and list(fields) != names):
        raise ValueError("not the fields that Slack sends")
    return fields
