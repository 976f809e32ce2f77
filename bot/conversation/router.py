"""Which dialog takes a turn. Nothing here remembers a turn: a button carries the ids that it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.conversation import case_wording, first_step, look_up, policy, welcome, wording
from bot.conversation.buttons import press
from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.cases import Cases
from bot.conversation.forms import LOOK_UP
from bot.conversation.in_words import in_words
from bot.conversation.report import Reports
from bot.conversation.report_forms import ADD_TO_REPORT, REPORT_FORMS
from bot.conversation.requests import Requests
from bot.domain.casework import Hidden, NotNow
from bot.domain.people import School
from bot.domain.ports import NotRecorded
from bot.talk import limits
from bot.talk.check import check
from bot.talk.message import Action, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Kept, Pressed, Reply, Said, Submitted, Turn, Typed
from intents.model import Intent, Route
from intents.normalise import normalise
from intents.urgent import cues
from policy_kb.answer import about, answer, settle
from policy_kb.fact import missing
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy

_REFERENCE = re.compile(r"(?:case )?(s-[a-z0-9]{4}-[a-z0-9]{4})")
_REPORT = re.compile(
    r"(?:i (?:want|need|would like) to |can i |how do i )?(?:make a )?report(?: something| it| a worry)?"
)
_SEARCH = re.compile(r"(?:policy|search|look up|find)\s*:?\s+(\S+(?:\s+\S+){0,3})", re.IGNORECASE)
_HELLO = re.compile(r"(?:hello|hi|hiya|hey|morning|good (?:morning|afternoon|evening))[\s!.]*", re.IGNORECASE)
_THANKS = re.compile(r"(?:thanks?|thank you|cheers|ok|okay|great)(?: (?:a lot|so much))?[\s!.]*", re.IGNORECASE)
_BYE = re.compile(r"(?:good ?bye|bye(?: bye)?(?: for now)?|see you|night)[\s!.]*", re.IGNORECASE)
_BARE = re.compile(r"(?:yes|no|yeah|nope|y|n|maybe|not sure|it depends|\d{1,2})[\s!.]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Router:
    """What the dialogs need: the policies, a school by its id, what day it is, and the dialogs that keep records."""

    knowledge: Knowledge
    schools: Callable[[str], School]
    today: Callable[[], date]
    reports: Reports
    cases: Cases
    requests: Requests
    sign_in: Callable[[str, str], Sealed | None] | None = None

    def take(self, turn: Turn) -> Reply:
        """Hand a turn to its dialog; raises KeyError for a school that is not known."""
        try:
            return self._take(turn)
        except Hidden:
            return _one(welcome.line(case_wording.HIDDEN))
        except NotNow:
            return _one(welcome.line(case_wording.NOT_NOW))
        except NotRecorded:
            return _one(welcome.line(case_wording.NOT_SAVED))

    def _take(self, turn: Turn) -> Reply:
        policy_id = self.schools(turn.school).policy
        match turn.act:
            case Said(text):
                return self._on_record(turn, text) or self._said(policy_id, text, turn.conversation)
            case Pressed(action, about):
                if about:
                    self.reports.heard.note(turn.conversation, about)
                return self._on_a_record(turn, action) or self._pressed(policy_id, action)
            case Submitted(form, typed):
                return self._submitted(turn, turn.act) or self._looked_up(policy_id, form, typed)
            case Kept():
                return self.requests.kept(turn, turn.act)
            case _:
                assert_never(turn.act)

    def _on_record(self, turn: Turn, text: Sealed) -> Reply | None:
        """The reply to words that ask for one's reports, one's cases or one of them."""
        said = " ".join(text.reveal().split()).casefold().strip(" ?!./")
        if said in ("my reports", "my report", "reports"):
            return self.reports.pressed(turn, press("my-reports"))
        if _REPORT.fullmatch(said):
            return _one(first_step.choose())
        if said in ("sign in", "case pages"):
            return self._signing_in(turn)
        if said in ("cases", "my cases"):
            return self.cases.take(_pressing(turn, press("cases")))
        if found := _REFERENCE.fullmatch(said):
            return self.cases.take(_pressing(turn, press("case", ref=found[1].upper())))
        return self.requests.said(turn, said)

    def _signing_in(self, turn: Turn) -> Reply:
        """A link to the pages on which a case can be read, where this channel is not those pages."""
        address = self.sign_in(turn.school, turn.person) if self.sign_in else None
        return _one(welcome.signing_in(address) if address else welcome.line(wording.NO_SIGN_IN))

    def _on_a_record(self, turn: Turn, action: Action) -> Reply | None:
        if reply := self.requests.pressed(turn, action):
            return reply
        if action.name == "sign-in":
            return self._signing_in(turn)
        if action.name in ("my-reports", "add-to-report"):
            return self.reports.pressed(turn, action)
        if action.name == "start" and action.values.get("kind") in REPORT_FORMS:
            return self.reports.start(turn, action.values["kind"], action.values.get("past", ""))
        return self.cases.take(turn) if action.name in ("cases", "case", "case-form", "case-do") else None

    def _submitted(self, turn: Turn, sent: Submitted) -> Reply | None:
        if sent.form in REPORT_FORMS or sent.form == ADD_TO_REPORT.id:
            return self.reports.submitted(turn, sent)
        if sent.form in CASE_FORMS:
            return self.cases.take(turn)
        return self.requests.submitted(turn, sent)

    def _said(self, policy_id: str, text: Sealed, conversation: str) -> Reply:
        said = text.reveal().strip()
        if len(said) > limits.SAID:
            return _one(welcome.too_long(_dangerous(said)))
        known = self._known(policy_id, said)
        if known and not _dangerous(said):
            return _one(known)
        found = answer(self.knowledge, policy_id, said)
        if found.route is Route.DISCLOSURE:
            self.reports.heard.note(conversation, text)
        else:
            self.reports.heard.forget(conversation)
        self.requests.note(conversation, text if found.route is not Route.DISCLOSURE else None)
        return _one(in_words(found, self.today()))

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

    def _pressed(self, policy_id: str, action: Action) -> Reply:
        values = action.values
        match action.name:
            case "ask":
                return self._said(policy_id, Sealed(_example(values)), "")
            case "home":
                return _one(welcome.home())
            case "report":
                return _one(first_step.choose())
            case "topics":
                start = values.get("start", "0")
                return _one(look_up.topics(self.knowledge, policy_id, int(start) if start.isdecimal() else 0))
            case "topic":
                return _one(self._topic(policy_id, values))
            case "look-up":
                return Reply(form=FormReply(LOOK_UP))
            case "not-meant":
                return _one(look_up.meant(self._intents(values), wording.MEANT))
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
        return in_words(about(self.knowledge, policy_id, intent.id), self.today())

    def _looked_up(self, policy_id: str, form_id: str, typed: Typed) -> Reply:
        if form_id != LOOK_UP.id:
            return _one(welcome.line(wording.STALE))
        checked = check(LOOK_UP, typed)
        words = checked.values.get("words")
        if not isinstance(words, Sealed):
            return Reply(form=FormReply(LOOK_UP, typed, checked.problems))
        if _dangerous(words.reveal()):
            return self._said(policy_id, words, "")
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


def _pressing(turn: Turn, action: Action) -> Turn:
    return Turn(turn.conversation, turn.person, turn.school, Pressed(action))


def _one(message: Message) -> Reply:
    return Reply((message,))
