"""An answer in words: each route has its dialog."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from bot.conversation import first_step, policy
from bot.talk.message import Message
from intents.model import Route
from policy_kb.answer import Answer


def in_words(found: Answer, today: date) -> Message:
    """An answer as its route's dialog says it."""
    match found.route:
        case Route.ANSWER:
            return policy.say(found, today)
        case Route.DISCLOSURE:
            return first_step.report(found)
        case Route.APPROVAL:
            return first_step.request(found)
        case Route.NONE:
            return policy.none(found)
        case _:
            assert_never(found.route)
