"""App Home: what waits for somebody and what they can do, on a page that only they see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.slack.render import Json, render
from bot.talk.message import Message

MOST = 100
"""Blocks on the page."""


def home_view(messages: Sequence[Message]) -> Json:
    """The page with these messages, one under the other."""
    blocks = [block for message in messages for part in render(message) for block in part]
    return {"type": "home", "blocks": blocks[:MOST]}
