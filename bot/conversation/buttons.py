"""What a button carries: names and ids, never a word that was typed."""

from __future__ import annotations

from dataclasses import replace

from bot.talk.message import Action
from bot.talk.turn import Reply


def press(name: str, **values: str) -> Action:
    """The action of a button."""
    return Action(name, values)


def by_button(reply: Reply | None, action: Action) -> Reply | None:
    """A reply to words that stand for a button: a form in it says which."""
    if reply is None or reply.form is None:
        return reply
    return replace(reply, form=replace(reply.form, opened_by=action))
