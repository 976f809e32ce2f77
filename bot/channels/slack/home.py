"""App Home: what waits for somebody and what they can do, on a page that only they see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.slack.render import Json, draw
from bot.talk.message import Message

MOST = 100
"""Blocks on the page."""


def home_view(messages: Sequence[Message]) -> Json:
    """The page with these messages, one under the other."""
    return {"type": "home", "blocks": draw(messages)[:MOST]}
