"""The assistant that every channel talks to: it always answers, and what goes wrong is never silent."""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from dataclasses import replace

from bot.conversation import welcome, wording
from bot.conversation.report_wording import DRAFT_AGAIN, DRAFT_FOUND, DRAFT_OPEN, DRAFT_WAITS, FORM_TITLE
from bot.conversation.router import Router
from bot.domain.ports import Drafts
from bot.logs import log
from bot.talk.message import Action, Choice, Choices, Message, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Kept, Pressed, Reply, Said, Submitted, Turn, Typed

CONVERSATIONS = 1000
"""Conversations whose last question is remembered; the oldest is forgotten first."""

NO_DRAFT = frozenset({"look-up", "register", "stand-in"})
"""Forms of a word or three, which begin empty."""


class StaffAssistant:
    """Greets, takes turns, remembers which question it asked last, and gives back what was typed and not sent."""

    def __init__(self, router: Router, drafts: Drafts) -> None:
        self._router = router
        self._drafts = drafts
        self._asked: OrderedDict[str, Choices] = OrderedDict()
        self._lock = threading.Lock()

    def greet(self, person: str, school: str) -> Reply:
        """What is shown before the first turn."""
        try:
            waiting = welcome.notices(self._router.reports.casework.notices(school, person))
            waiting = (*waiting, *self._router.requests.greeting(school, person))
        except Exception as error:  # the greeting must come all the same
            log("turn_failed", level=logging.ERROR, kind=type(error).__name__)
            waiting = ()
        return Reply((*waiting, welcome.greeting()))

    def reply(self, turn: Turn) -> Reply:
        """Take one turn; a failure is logged by its kind alone and said in a sentence."""
        try:
            reply = self._router.take(self._understood(turn))
        except Exception as error:  # a person must never see a traceback, nor a log what they typed
            log("turn_failed", level=logging.ERROR, kind=type(error).__name__)
            return Reply((Message(wording.SORRY_TITLE, (Para(wording.SORRY),)),))
        self._remember(turn.conversation, reply)
        try:
            return self._with_draft(turn, reply)
        except Exception as error:  # a draft that is lost must never take back what was said
            log("draft_failed", level=logging.ERROR, kind=type(error).__name__)
            return reply

    def _with_draft(self, turn: Turn, reply: Reply) -> Reply:
        """Keep what was typed into a form that was put away, give it back with the form, forget it once it was sent."""
        match turn.act:
            case Kept(form) | Submitted(form) if self._keeps_itself(form):
                pass
            case Kept(form, typed, key):
                self._keep(turn, _draft_of(form, key), typed)
            case Submitted(form, _, key) if reply.form is None or reply.form.form.id != form:
                self._drafts.drop(turn.school, self._keyed(turn), _draft_of(form, key))
        if reply.form is None or reply.form.problems or reply.form.form.id in NO_DRAFT:
            return reply
        if self._keeps_itself(reply.form.form.id):
            return reply
        return self._given(turn, reply, reply.form)

    def _keeps_itself(self, form: str) -> bool:
        """The pages of a request are one draft, which its dialog keeps."""
        return self._router.requests.keeps(form)

    def _keep(self, turn: Turn, name: str, typed: Typed) -> None:
        texts = {question: [text.reveal() for text in given] for question, given in typed.items() if any(given)}
        if texts:
            self._drafts.keep(turn.school, self._keyed(turn), name, Sealed(json.dumps(texts)))

    def _given(self, turn: Turn, reply: Reply, form: FormReply) -> Reply:
        """A form with its draft and a way to start again; where something new was told, the draft is only offered."""
        opened = turn.act.action if isinstance(turn.act, Pressed) else Action("")
        place = (turn.school, self._keyed(turn), _draft_of(form.form.id, form.key))
        wanted = opened.values.get("draft", "new" if form.given else "old")
        if opened.values.get("draft") == "none":
            self._drafts.drop(*place)
        if (kept := self._drafts.kept(*place)) is None:
            return reply
        if wanted == "new":
            return _offering(reply, DRAFT_WAITS, DRAFT_OPEN, opened, "old")
        texts = {name: tuple(map(Sealed, each)) for name, each in json.loads(kept.reveal()).items()}
        return replace(_offering(reply, DRAFT_FOUND, DRAFT_AGAIN, opened, "none"), form=replace(form, given=texts))

    def _keyed(self, turn: Turn) -> str:
        return self._router.reports.casework.keyed(turn.school, turn.person)

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


def _offering(reply: Reply, text: str, label: str, opened: Action, draft: str) -> Reply:
    """The reply with one more message: a draft was found, and the button that does the other thing with it."""
    button = Choice(label, Action(opened.name, {**opened.values, "draft": draft}))
    return replace(reply, messages=(*reply.messages, Message(FORM_TITLE, (Para(text), Choices("", (button,))))))


def _draft_of(form: str, key: str) -> str:
    """A draft's name: a form about a case, a request or an account keeps to that one."""
    ref = key.partition("/")[0]
    return f"{form}/{ref}" if ref.startswith(("S-", "R-", "E-")) else form


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
