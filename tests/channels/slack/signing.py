"""Requests as Slack signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from bot.talk.sealed import Sealed

SECRET = "0123456789abcdef0123456789abcdef"
SECRETS = (Sealed(SECRET),)
NOW = 1_800_000_000.0

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Signed = tuple[str, dict[str, str], bytes]
"""A path, headers and a body."""


def signature(body: bytes, at: float | str = NOW, secret: str = SECRET) -> str:
    """What Slack writes in its header."""
    sent = at if isinstance(at, str) else str(int(at))
    return "v0=" + hmac.new(secret.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256).hexdigest()


def signed(body: bytes, sort: str, at: float | str = NOW, secret: str = SECRET) -> dict[str, str]:
    """The headers of a body."""
    sent = at if isinstance(at, str) else str(int(at))
    return {
        "content-type": sort,
        "x-slack-request-timestamp": sent,
        "x-slack-signature": signature(body, at, secret),
    }


def event(number: int, text: str = "hello", at: float = NOW) -> Signed:
    """A direct message."""
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text, "ts": f"{number}.1"}
    body = json.dumps(
        {
            "type": "event_callback",
            "event_id": f"Ev{number}",
            "team_id": "T1",
            "api_app_id": "A1",
            "event": said,
            "event_time": number,
        }
    ).encode()
    return "/slack/events", signed(body, JSON, at), body


def command(number: int, text: str = "hello", at: float = NOW) -> Signed:
    """A slash command."""
    fields = {
        "command": "/policy",
        "text": text,
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": f"{number}.2",
    }
    body = urlencode(fields).encode()
    return "/slack/commands", signed(body, FORM, at), body


def action(number: int, at: float = NOW, **more: Any) -> Signed:
    """A button, or anything else that comes as a payload."""
    payload = {
        "type": "block_actions",
        "trigger_id": f"{number}.3",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "actions": [{"type": "button", "action_id": "do:1", "block_id": "b", "value": "[]"}],
        **more,
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return "/slack/actions", signed(body, FORM, at), body


def submission(view: str = "V1", mark: str = "1.a", typed: str = "words", number: int = 1) -> dict[str, Any]:
    """A form that is sent in."""
    answer = {"type": "plain_text_input", "value": typed}
    return {
        "type": "view_submission",
        "trigger_id": f"{number}.4",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "view": {
            "id": view,
            "hash": mark,
            "callback_id": "form",
            "type": "modal",
            "state": {"values": {"q": {"answer": answer}}},
        },
    }
