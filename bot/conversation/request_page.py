"""How a request looks: in a list, and whole with its answers, what may be done to it, and what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import request_wording as say
from bot.conversation.buttons import press
from bot.conversation.policy import quote_clause
from bot.conversation.request_acts import own_clauses
from bot.conversation.request_answers import content_lines
from bot.conversation.request_forms import RequestForm
from bot.conversation.written import lines
from bot.domain.approvals import Moved, Opened, Seen
from bot.domain.case import Entry
from bot.domain.casework import Hidden
from bot.domain.people import School
from bot.domain.request import Request, State
from bot.talk import limits
from bot.talk.message import Block, Choice, Choices, Facts, Message, Para, Points, Ruling
from policy_kb.model import Policy

QUOTED = 3
"""Rules quoted to whoever decides."""

FORMLESS = {"approve"}
"""What is done by a button alone, which carries what was seen."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Draws the requests of one school for one person."""

    school: School
    policy: Policy
    forms: Mapping[str, RequestForm]
    viewer: str

    def title(self, request: Request) -> str:
        """What was asked for, as its form is called."""
        form = self.forms.get(request.form)
        return form.title if form else say.GONE_FORM

    def line(self, seen: Seen) -> str:
        """A request in one line of a list, for its requester or for anybody else."""
        request = seen.request
        state = self.waits(seen) if request.state is State.PENDING else say.STATES[request.state]
        if request.requester == self.viewer:
            return say.LINE.format(title=self.title(request), state=state)
        who, day = self.name(request.requester), f"{self._local(request.entries[0].at):%d/%m/%Y}"
        return say.LINE_FROM.format(title=self.title(request), who=who, day=day, state=state)

    def waits(self, seen: Seen) -> str:
        """Who has the next word, as half a sentence."""
        names = ", ".join(self.name(one.person) for one in seen.signers)
        return say.WAITS_FOR.format(who=names) if names else self._nobody(seen)

    def _nobody(self, seen: Seen) -> str:
        names = ", ".join(map(self.name, seen.ask))
        return say.WAITS_FOR_NOBODY.format(who=capital(names) or say.NOBODY)

    def whole(self, found: Opened, *entries: str) -> Iterator[Message]:
        """A request with every answer, what this person may do to it, and what happened so far.

        `entries` are the accounts in the register that came of it and that they may see.
        """
        seen, request = found.seen, found.seen.request
        answers = tuple((label, words) for _, label, words in content_lines(found.words[request.text]))
        title = say.TITLE.format(title=self.title(request), ref=request.ref)
        head = (Facts(tuple(self._head(seen))), *self.reason(found), *_changes(found))
        blocks, opens = (
            (*head, Facts(answers), *self._rules(seen), self.buttons(seen, *entries)),
            press("request", ref=request.ref),
        )
        yield Message(title, blocks, opens)
        history = Points(tuple(self._happened(entry, found) for entry in request.entries))
        yield Message(say.HISTORY, (history, *_earlier(request)), opens)

    def version(self, found: Opened, number: str) -> Message:
        """An earlier version with its answers and who decided about it. Raises Hidden where there is none."""
        request = found.seen.request
        sent = _versions(request).get(number)
        if sent is None or number == str(request.version):
            raise Hidden
        answers = tuple((label, words) for _, label, words in content_lines(found.words[sent.seq]))
        rows = ((say.ROW_FROM, capital(self.name(request.requester))), (say.ROW_SENT, self.when(sent.at)))
        decided = tuple(self._happened(one, found) for one in request.entries if one.facts.get("version") == number)
        signed = (Para(say.OLD_SIGNED), Points(decided)) if decided else (Para(say.OLD_NOBODY),)
        title = say.OLD_TITLE.format(title=self.title(request), ref=request.ref, number=number)
        warning = Ruling("info", say.OLD_LABEL, say.OLD_VERSION.format(number=number, current=request.version))
        back = Choices("", (open_it(request.ref),))
        opens = press("request-version", ref=request.ref, version=number)
        return Message(title, (warning, Facts(rows), Facts(answers), *signed, back), opens)

    def _head(self, seen: Seen) -> Iterator[tuple[str, str]]:
        request = seen.request
        yield say.ROW_FROM, capital(self.name(request.requester))
        yield say.ROW_SENT, self.when(request.entries[request.text - 1].at)
        yield say.ROW_STATE, say.STATES[request.state]
        if request.state is State.PENDING:
            yield say.ROW_WAITS, capital(", ".join(self.name(one.person) for one in seen.signers)) or self._nobody(seen)
        if request.version > 1:
            yield say.ROW_VERSION, str(request.version)

    def reason(self, found: Opened) -> Iterator[Block]:
        """What somebody wrote who sent it back or refused it last."""
        request = found.seen.request
        sentence = {"sent-back": say.WENT_BACK, "refused": say.REFUSED_FOR}.get(request.moved.kind, "")
        if sentence and (reason := " ".join(_written(request.moved, found))):
            yield Para(sentence.format(reason=reason))
        if clause := self.policy.clause(request.moved.facts.get("clause", "")):
            yield quote_clause(self.policy, clause)

    def _rules(self, seen: Seen) -> Iterator[Block]:
        form = self.forms.get(seen.request.form)
        own = own_clauses(self.policy, form.clauses)[:QUOTED] if form and "approve" in seen.may else ()
        if own:
            yield Para(say.CLAUSES)
            yield from (quote_clause(self.policy, each) for each in own)

    def buttons(self, seen: Seen, *entries: str) -> Choices:
        """What this person may do to it now."""
        acts = tuple(_button(act, seen.request) for act in say.ACTS if act in seen.may)
        accounts = (Choice(say.OPEN.format(ref=each), press("entry", ref=each)) for each in entries)
        pdf = Choice(say.PDF, press("request-file", ref=seen.request.ref))
        return Choices(say.WHAT_NEXT if acts else "", (*acts, *accounts, pdf))

    def _happened(self, entry: Entry, found: Opened) -> tuple[str, str]:
        ended = entry.kind == "delegated" and not entry.facts.get("person")
        what = f"{capital(self._by(entry))} {say.SIGNS_AGAIN if ended else say.EVENTS[entry.kind]}"
        details = [detail for detail in self._details(entry) if detail]
        # What was sent in stands above, and a version of before would be taken for it.
        words = [] if entry.kind in ("submitted", "resubmitted") else _written(entry, found)
        return self.when(entry.at), ". ".join([": ".join([what, *details]), *words])

    def _by(self, entry: Entry) -> str:
        name, role = self.name(entry.by), say.ROLES.get(entry.facts.get("role", ""))
        if role is None:
            return name
        if behalf := entry.facts.get("behalf"):
            return say.ON_BEHALF.format(name=name, role=role, behalf=self.name(behalf))
        return say.AS_ROLE.format(name=name, role=role)

    def _details(self, entry: Entry) -> Iterator[str]:
        people = f"{entry.facts.get('person', '')} {entry.facts.get('people', '')}".split()
        yield ", ".join((*map(self.name, people), *(_days(entry) if people else ())))
        clause = self.policy.clause(entry.facts.get("clause", ""))
        yield self.policy.cite(clause) if clause else ""

    def moved(self, moved: Moved) -> str:
        """What happened instead of what somebody pressed."""
        what = say.EVENTS[moved.what]
        return say.MOVED.format(who=self.name(moved.by), what=what, when=self.when(moved.at))

    def name(self, person_id: str) -> str:
        """Somebody as this person knows them."""
        if person_id in ("", self.viewer):
            return say.YOU if person_id else say.SIGNPOST
        person = self.school.person(person_id)
        return person.name if person else say.SOMEONE_GONE

    def when(self, at: datetime) -> str:
        """A moment on the school's clock."""
        return f"{self._local(at):%d/%m/%Y %H:%M}"

    def _local(self, at: datetime) -> datetime:
        return self.school.calendar.local(at)


def _button(act: str, request: Request) -> Choice:
    if act in FORMLESS:
        return Choice(say.ACTS[act], press("request-do", ref=request.ref, act=act, seen=str(request.mark)))
    if act == "resubmit":
        return Choice(say.ACTS[act], press("request-again", ref=request.ref))
    return Choice(say.ACTS[act], press("request-form", ref=request.ref, act=act))


def _written(entry: Entry, found: Opened) -> list[str]:
    """What somebody wrote beside an act."""
    words = found.words.get(entry.seq)
    return [answer for _, _, answer in lines(words)] if words else []


def _days(entry: Entry) -> Iterator[str]:
    """From when until when somebody signs for another."""
    if {"since", "until"} <= entry.facts.keys():
        since, until = (in_full(date.fromisoformat(entry.facts[name])) for name in ("since", "until"))
        yield say.FROM_UNTIL.format(since=since, until=until)


def _versions(request: Request) -> Mapping[str, Entry]:
    """The entries that hold its versions, by their numbers, oldest first."""
    sent = (entry for entry in request.entries if entry.kind in ("submitted", "resubmitted"))
    return {str(number): entry for number, entry in enumerate(sent, 1)}


def _earlier(request: Request) -> Iterator[Block]:
    """The way to the versions before the current one, newest first."""
    if earlier := list(_versions(request))[-2::-1][: limits.BUTTONS]:
        yield Para(say.VERSIONS)
        yield Choices("", tuple(_version(request.ref, number) for number in earlier))


def _version(ref: str, number: str) -> Choice:
    return Choice(say.VERSION.format(number=number), press("request-version", ref=ref, version=number))


def _changes(found: Opened) -> Iterator[Block]:
    """For whoever decides: which answers are not those of the version before."""
    request = found.seen.request
    if request.version < 2 or "approve" not in found.seen.may:
        return
    before, now = (
        {name: (label, words) for name, label, words in content_lines(found.words[entry.seq])}
        for entry in list(_versions(request).values())[-2:]
    )
    was = {name: words for name, (_, words) in before.items()}
    rows = [(label, was.get(name, say.NOT_ASKED)) for name, (label, words) in now.items() if was.get(name) != words]
    gone = (one for name, one in before.items() if name not in now)
    rows += [(label, say.NO_LONGER_ASKED.format(words=words)) for label, words in gone]
    yield Para((say.CHANGED if rows else say.UNCHANGED).format(number=request.version - 1))
    if rows:
        yield Facts(tuple(rows))


def open_it(ref: str) -> Choice:
    """The button that opens a request."""
    return Choice(say.OPEN.format(ref=ref), press("request", ref=ref))


def in_full(day: date) -> str:
    """A day with the name of its month."""
    return f"{day.day} {day:%B %Y}"


def capital(text: str) -> str:
    """A sentence's first letter."""
    return text[:1].upper() + text[1:]
