"""Which dialog takes a turn. Nothing here remembers a turn: a button carries the ids that it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.conversation import first_step, look_up, policy, welcome, wording
from bot.conversation.forms import LOOK_UP
from bot.domain.school import School
from bot.talk import limits
from bot.talk.check import check
from bot.talk.message import Action, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Pressed, Reply, Said, Submitted, Turn, Typed
from intents.model import Intent, Route
from intents.normalise import normalise
from intents.urgent import cues
from policy_kb.answer import Answer, about, answer, settle
from policy_kb.fact import missing
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy

_SEARCH = re.compile(r"(?:policy|search|look up|find)\s*:?\s+(\S+(?:\s+\S+){0,3})", re.IGNORECASE)
_HELLO = re.compile(r"(?:hello|hi|hiya|hey|morning|good (?:morning|afternoon|evening))[\s!.]*", re.IGNORECASE)
_THANKS = re.compile(r"(?:thanks?|thank you|cheers|ok|okay|great)(?: (?:a lot|so much))?[\s!.]*", re.IGNORECASE)
_BYE = re.compile(r"(?:good ?bye|bye(?: bye)?(?: for now)?|see you|night)[\s!.]*", re.IGNORECASE)
_BARE = re.compile(r"(?:yes|no|yeah|nope|y|n|maybe|not sure|it depends|\d{1,2})[\s!.]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Router:
    """What the dialogs need: the policies, the schools by id, and what day it is."""

    knowledge: Knowledge
    schools: Mapping[str, School]
    today: Callable[[], date]

    def take(self, turn: Turn) -> Reply:
        """Hand a turn to its dialog; raises KeyError for a school that is not known."""
        policy_id = self.schools[turn.school].policy
        match turn.act:
            case Said(text):
                return self._said(policy_id, text)
            case Pressed(action):
                return self._pressed(policy_id, action)
            case Submitted(form, typed):
                return self._submitted(policy_id, form, typed)
            case _:
                assert_never(turn.act)

    def _said(self, policy_id: str, text: Sealed) -> Reply:
        said = text.reveal().strip()
        if len(said) > limits.SAID:
            return _one(welcome.too_long(_dangerous(said)))
        known = self._known(policy_id, said)
        if known and not _dangerous(said):
            return _one(known)
        return _one(self.say(answer(self.knowledge, policy_id, said)))

    def _known(self, policy_id: str, said: str) -> Message | None:
        """The reply to a word that is a command or a courtesy; None for everything else."""
        word = said.casefold().strip(" ?!./")
        if not said:
            return welcome.line(wording.EMPTY)
        if word in ("help", ""):
            return welcome.help_page()
        if word in ("topics", "menu", "policy"):
            return look_up.topics(self.knowledge, policy_id)
        if searched := _SEARCH.fullmatch(said):
            return look_up.find(self.knowledge, policy_id, searched.group(1))
        courtesies = ((_HELLO, wording.HELLO), (_THANKS, wording.THANKS), (_BYE, wording.BYE), (_BARE, wording.BARE))
        return next((welcome.line(reply) for pattern, reply in courtesies if pattern.fullmatch(said)), None)

    def say(self, found: Answer) -> Message:
        """An answer as its route's dialog says it."""
        match found.route:
            case Route.ANSWER:
                return policy.say(found, self.today())
            case Route.DISCLOSURE:
                return first_step.report(found)
            case Route.APPROVAL:
                return first_step.request(found)
            case Route.NONE:
                return policy.none(found)
            case _:
                assert_never(found.route)

    def _pressed(self, policy_id: str, action: Action) -> Reply:
        values = action.values
        match action.name:
            case "ask":
                return self._said(policy_id, Sealed(_example(values)))
            case "topics":
                start = values.get("start", "0")
                return _one(look_up.topics(self.knowledge, policy_id, int(start) if start.isdecimal() else 0))
            case "topic":
                return _one(self._topic(policy_id, values))
            case "look-up":
                return Reply(form=FormReply(LOOK_UP))
            case "not-meant":
                return _one(look_up.meant(self._intents(values), wording.MEANT))
            case "start":
                return _one(self._start(values))
            case "section" | "helpful" | "not-helpful" | "settle":
                return _one(self._on_clause(policy_id, action))
            case _:
                return _one(welcome.line(wording.STALE))

    def _on_clause(self, policy_id: str, action: Action) -> Message:
        of = self.knowledge.policy(policy_id)
        clause = of.clause(action.values.get("clause", ""))
        if clause is None:
            return welcome.line(wording.OTHER_SCHOOL)
        match action.name:
            case "section":
                return look_up.section(of, clause)
            case "settle":
                return self._settle(of, clause, action.values)
            case "helpful":
                self.knowledge.store.note(of, clause.id, helpful=True)
                return welcome.line(wording.THANKS_HELPFUL)
            case _:
                self.knowledge.store.note(of, clause.id, helpful=False)
                return look_up.meant(self._intents(action.values), wording.THANKS_NOT_HELPFUL)

    def _settle(self, of: Policy, clause: Clause, values: Mapping[str, str]) -> Message:
        intent, number = values.get("intent", ""), values.get("option", "")
        fact = missing(of, clause, intent)
        if fact is None or not number.isdecimal() or int(number) >= len(fact.options):
            return welcome.line(wording.STALE)
        found = about(self.knowledge, of.id, intent)
        return policy.say(settle(self.knowledge, found, fact.options[int(number)]), self.today())

    def _topic(self, policy_id: str, values: Mapping[str, str]) -> Message:
        intent = self.knowledge.shared.intents.get(values.get("intent", ""))
        if intent is None:
            return welcome.line(wording.STALE)
        return self.say(about(self.knowledge, policy_id, intent.id))

    def _start(self, values: Mapping[str, str]) -> Message:
        kind = self.knowledge.shared.kinds.get(values.get("kind", ""))
        to = values.get("to", "")
        if kind is None or to not in wording.ROLES:
            return welcome.line(wording.STALE)
        return first_step.start(kind, to)

    def _submitted(self, policy_id: str, form_id: str, typed: Typed) -> Reply:
        if form_id != LOOK_UP.id:
            return _one(welcome.line(wording.STALE))
        checked = check(LOOK_UP, typed)
        words = checked.values.get("words")
        if not isinstance(words, Sealed):
            return Reply(form=FormReply(LOOK_UP, typed, checked.problems))
        if _dangerous(words.reveal()):
            return self._said(policy_id, words)
        return _one(look_up.find(self.knowledge, policy_id, words.reveal()))

    def _intents(self, values: Mapping[str, str]) -> list[Intent]:
        named = values.get("others", "").split(",")
        return [self.knowledge.shared.intents[name] for name in named if name in self.knowledge.shared.intents]


def _dangerous(said: str) -> bool:
    return bool(cues(normalise(said)))


def _example(values: Mapping[str, str]) -> str:
    number = values.get("number", "")
    known = number.isdecimal() and int(number) < len(wording.EXAMPLES)
    return wording.EXAMPLES[int(number)] if known else ""


def _one(message: Message) -> Reply:
    return Reply((message,))
