"""The assistant that every channel talks to: it always answers, and what goes wrong is never silent."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict

from bot.conversation import welcome, wording
from bot.conversation.router import Router
from bot.logs import log
from bot.talk.message import Action, Choices, Message, Para
from bot.talk.turn import Pressed, Reply, Said, Turn

CONVERSATIONS = 1000
"""Conversations whose last question is remembered; the oldest is forgotten first."""


class StaffAssistant:
    """Greets, takes turns, and remembers only which question it asked last."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._asked: OrderedDict[str, Choices] = OrderedDict()
        self._lock = threading.Lock()

    def greet(self, person: str, school: str) -> Reply:
        """What is shown before the first turn."""
        return Reply((welcome.greeting(),))

    def reply(self, turn: Turn) -> Reply:
        """Take one turn; a failure is logged by its kind alone and said in a sentence."""
        try:
            reply = self._router.take(self._understood(turn))
        except Exception as error:  # a person must never see a traceback, nor a log what they typed
            log("turn_failed", level=logging.ERROR, kind=type(error).__name__)
            return Reply((Message(wording.SORRY_TITLE, (Para(wording.SORRY),)),))
        self._remember(turn.conversation, reply)
        return reply

    def _understood(self, turn: Turn) -> Turn:
        """A typed "yes" after a question of ours is that question's button."""
        with self._lock:
            asked = self._asked.pop(turn.conversation, None)
        if asked is None or not isinstance(turn.act, Said):
            return turn
        action = _chosen(asked, turn.act.text.reveal())
        return Turn(turn.conversation, turn.person, turn.school, Pressed(action)) if action else turn

    def _remember(self, conversation: str, reply: Reply) -> None:
        blocks = [block for message in reply.messages for block in message.blocks]
        asked = [block for block in blocks if isinstance(block, Choices) and block.options[0].action.name == "settle"]
        if asked:
            with self._lock:
                self._asked[conversation] = asked[0]
                while len(self._asked) > CONVERSATIONS:
                    self._asked.popitem(last=False)


def _chosen(asked: Choices, typed: str) -> Action | None:
    """The one option that the typed words are, or begin with; None where that is not clear."""
    words = typed.strip().casefold().rstrip(" .!")
    labels = [(option.label.casefold(), option.action) for option in asked.options]
    exact = [action for label, action in labels if label == words]
    begun = [
        action
        for label, action in labels
        if words and label.replace(",", " ").split()[: len(words.split())] == words.split()
    ]
    found = exact or begun
    return found[0] if len(found) == 1 else None
