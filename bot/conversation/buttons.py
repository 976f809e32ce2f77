"""What a button carries: names and ids, never a word that was typed."""

from __future__ import annotations

from bot.talk.message import Action


def press(name: str, **values: str) -> Action:
    """The action of a button."""
    return Action(name, values)
