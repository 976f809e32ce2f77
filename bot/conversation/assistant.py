"""The assistant that every channel talks to: it always answers, and what goes wrong is never silent."""

from __future__ import annotations

from bot.conversation import welcome, wording
from bot.conversation.router import Router
from bot.logs import log
from bot.talk.message import Message, Para
from bot.talk.turn import Reply, Turn


class StaffAssistant:
    """Greets, and takes turns."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def greet(self, person: str, school: str) -> Reply:
        """What is shown before the first turn."""
        return Reply((welcome.greeting(),))

    def reply(self, turn: Turn) -> Reply:
        """Take one turn; a failure is logged by its kind alone and said in a sentence."""
        try:
            return self._router.take(turn)
        except Exception as error:  # a person must never see a traceback, nor a log what they typed
            log("turn_failed", kind=type(error).__name__)
            return Reply((Message(wording.SORRY_TITLE, (Para(wording.SORRY),)),))
