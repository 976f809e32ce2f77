"""How the register looks: its lists, one account whole, the accounts of one person, and what came in from a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import register_wording as say
from bot.conversation.buttons import press
from bot.conversation.register_forms import Options
from bot.conversation.request_wording import OPEN
from bot.domain.case import Entry as Line
from bot.domain.people import Person, School
from bot.domain.register import (
    KEEPERS,
    LEAST,
    READERS,
    Duty,
    Entry,
    Problem,
    Status,
    accounts_of,
    at_school,
    may_change,
    search,
)
from bot.domain.reminders import Coming, applying, coming
from bot.talk.message import Block, Choice, Choices, Facts, Message, Note, Para, Points
from policy_kb.model import Policy

LISTED = 10
"""Accounts in one list; a search finds the others."""
SAID = 20
"""Problems of a list that are said one by one."""
_QUOTED = 60
"""Characters of a cell that are repeated where it is wrong."""
_BY_HAND = ("year", "day")
"""Duties that somebody notes as done; the others are done once the account is closed or has its administrators."""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Draws the register of one school for one person, at one moment."""

    school: School
    policy: Policy
    duties: tuple[Duty, ...]
    now: datetime
    viewer: str

    @property
    def person(self) -> Person | None:
        """Who looks at it."""
        return self.school.person(self.viewer)

    @property
    def reads_all(self) -> bool:
        """Whether they see every account."""
        return self.person is not None and bool(self.person.roles & READERS)

    @property
    def keeps_all(self) -> bool:
        """Whether they may change every account, and take in those of before."""
        return self.person is not None and bool(self.person.roles & KEEPERS)

    # --- lists -------------------------------------------------------------------------------------------------------
    def found(self, entries: Sequence[Entry], words: str) -> Message:
        """The accounts, in use or not, in which every word is found."""
        none = say.REGISTER_NONE_FOUND if entries else say.REGISTER_EMPTY
        return self._list(say.FOUND, none, search(entries, words), "")

    def listed(self, entries: Sequence[Entry], status: Status = Status.LIVE) -> Message:
        """All accounts in use, or all that are closed."""
        none = say.NONE_OF_THESE[status] if entries else say.REGISTER_EMPTY
        return self._list(say.REGISTER_INTRO[status], none, search(entries, "", status), status)

    def _list(self, intro: str, none: str, found: Sequence[Entry], status: str) -> Message:
        blocks: tuple[Block, ...] = (Para(none),)
        if found:
            more = (Note(say.MORE.format(most=LISTED, count=len(found))),) if len(found) > LISTED else ()
            rows = tuple((entry.ref, self._line(entry)) for entry in found[:LISTED])
            blocks = (Para(intro), Facts(rows), *more, _opens(found))
        return Message(say.REGISTER, (*blocks, Choices("", tuple(self._ways(status)))))

    def _ways(self, status: str) -> Iterator[Choice]:
        yield Choice(say.SEARCH, press("register-search"))
        if status == Status.LIVE:
            yield Choice(say.CLOSED, press("register", status=Status.CLOSED))
        else:
            yield Choice(say.IN_USE, press("register"))
        if self.reads_all:
            yield Choice(say.LEAVER, press("register-leaver"))
            yield Choice(say.DOWNLOAD, press("register-file"))
        if self.keeps_all:
            yield Choice(say.IMPORT, press("register-import"))

    def _line(self, entry: Entry) -> str:
        who = ", ".join(map(self.name, entry.administrators)) or say.NO_ONE
        return say.ENTRY_LINE.format(name=_called(entry), status=say.STATUS[entry.status], who=who)

    # --- the accounts of one person ----------------------------------------------------------------------------------
    def leaver(self, entries: Sequence[Entry], person: str) -> Message:
        """Every account in use that somebody runs, in one list however many there are."""
        found, who = accounts_of(entries, person), self.name(person)
        if not found:
            return Message(say.LEAVER_TITLE.format(who=who), (Para(_capital(say.LEAVER_NONE.format(who=who))),))
        rows = Facts(tuple((entry.ref, self._left_line(entry, person)) for entry in found))
        return Message(say.LEAVER_TITLE.format(who=who), (Para(say.LEAVER_INTRO.format(who=who)), rows, _opens(found)))

    def _left_line(self, entry: Entry, person: str) -> str:
        role = "administrators" if person in entry.administrators else "moderators"
        left = [one for one in at_school(entry.administrators, self.school) if one != person]
        few = role == "administrators" and len(left) < LEAST
        line = say.LEAVES_TOO_FEW if few else say.LEAVER_LINE
        return line.format(name=_called(entry), role=say.ROLE_OF_ONE[role])

    def leavers(self, entries: Sequence[Entry]) -> Options:
        """Who can be asked about: whoever is on an account in use and has left, then everybody at the school."""
        live = (self.running(entry) for entry in search(entries, "", Status.LIVE))
        gone = dict(one for people in live for one in people if self.school.person(one[0]) is None)
        return (*gone.items(), *self.staff)

    @property
    def staff(self) -> Options:
        """Everybody at the school, by id and name."""
        return tuple((one.id, one.name) for one in self.school.people)

    # --- one account -------------------------------------------------------------------------------------------------
    def entry(self, entry: Entry) -> Message:
        """One account with all that is known of it, what comes up, what was done about it, and what may be done."""
        return Message(entry.ref, tuple(self._blocks(entry)), press("entry", ref=entry.ref))

    def _blocks(self, entry: Entry) -> Iterator[Block]:
        if entry.status is Status.LIVE and len(at_school(entry.administrators, self.school)) < LEAST:
            yield Para(say.TOO_FEW.format(least=LEAST))
        rows = ((label, self._value(entry, name)) for name, label in say.FIELDS.items())
        yield Facts(tuple((label, value) for label, value in rows if value))
        if ahead := coming(entry, self.school, self.duties, self.now):
            yield Para(say.COMING_UP)
            yield Points(tuple(self._comes(one) for one in ahead))
        if entry.history:
            yield Para(say.HISTORY)
            yield Points(tuple(map(self.happened, entry.history)))
        if acts := tuple(self._acts(entry)):
            yield Choices(say.WHAT_NEXT, acts)
        opened = (Choice(OPEN.format(ref=entry.request), press("request", ref=entry.request)),)
        yield Choices("", (*(opened if entry.request else ()), Choice(say.REGISTER, press("register"))))

    def _comes(self, one: Coming) -> tuple[str, str]:
        clause = self.policy.clause(one.duty.clause)
        duty = _capital(say.DUTIES[one.duty.id])
        what = say.RULE.format(duty=duty, rule=self.policy.cite(clause)) if clause else duty
        day = f"{one.day:%d/%m/%Y}"
        if not one.due:
            return say.DUE_ON.format(day=day), what
        today = one.day == self.school.calendar.local(self.now).date()
        return (say.DUE_NOW if today else say.DUE_SINCE.format(day=day)), what

    def _acts(self, entry: Entry) -> Iterator[Choice]:
        """What this person may do; each button carries what was seen, so that a stale one does nothing."""
        if not self.may_act(entry):
            return
        yield Choice(say.HAND_OVER, press("register-form", act="hand-over", ref=entry.ref))
        yield Choice(say.CLOSE, press("register-form", act="close", ref=entry.ref))
        for duty in self.noted:
            label = say.MARK_DONE.format(duty=say.DUTIES[duty])
            yield Choice(label, press("register-done", ref=entry.ref, duty=duty, seen=mark(entry)))

    def may_act(self, entry: Entry) -> bool:
        """Whether this person may do anything to an account."""
        return self.person is not None and may_change(entry, self.person) and entry.status is Status.LIVE

    def changed_since(self, entry: Entry) -> str:
        """What happened to an account while somebody had it open."""
        if not entry.history:
            return say.NOT_NOW
        day, what = self.happened(entry.history[-1])
        return say.CHANGED_SINCE.format(day=day, what=what)

    @property
    def noted(self) -> tuple[str, ...]:
        """The duties that can be noted as done at this school."""
        return tuple(one.id for one in applying(self.duties, self.school) if one.every in _BY_HAND)

    def running(self, entry: Entry) -> Options:
        """Who runs an account, in either role."""
        people = dict.fromkeys((*entry.administrators, *entry.moderators))
        return tuple((one, self.name(one)) for one in people)

    def _value(self, entry: Entry, name: str) -> str:
        value = getattr(entry, name)
        if isinstance(value, tuple):
            return ", ".join(map(self.name, value))
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return say.STATUS[value] if name == "status" else str(value or "")

    def happened(self, line: Line) -> tuple[str, str]:
        """A line of an account's history: the day, and who did what."""
        duty = say.DUTIES.get(line.facts.get("duty", ""), "")
        what = say.ENTRY_EVENTS[line.kind].format(duty=duty, role=line.facts.get("role", ""))
        moves = [text.format(who=self.name(line.facts[one])) for one, text in say.MOVES.items() if line.facts.get(one)]
        who = self.name(line.by) if line.by else say.SIGNPOST
        said = f"{who} {what}" + (f": {', '.join(moves)}" if moves else "")
        return f"{self.school.calendar.local(line.at):%d/%m/%Y}", said

    def name(self, person_id: str) -> str:
        """Somebody by name, or by id where they have left."""
        person = self.school.person(person_id)
        return person.name if person else say.GONE.format(id=person_id)


def mark(entry: Entry) -> str:
    """What somebody has seen of an account: the number its next line will have."""
    return str(len(entry.history) + 1)


def taken_in(entries: Sequence[Entry], problems: Sequence[Problem], ignored: Sequence[str]) -> Message:
    """What came in from a list, what was there before, and what is wrong, line by line."""
    wrong = [one for one in problems if one.code != "already-there"]
    blocks: list[Block] = [Para(say.TAKEN_IN.format(count=_accounts(len(entries))))]
    if there := len(problems) - len(wrong):
        blocks.append(Para(say.THERE_BEFORE.format(count=_accounts(there))))
    if wrong:
        blocks.append(Para(say.LEFT_OUT.format(count=len({one.line for one in wrong}))))
        blocks.append(Points(tuple(map(_problem, wrong[:SAID]))))
    if len(wrong) > SAID:
        blocks.append(Note(say.AND_MORE.format(count=len(wrong) - SAID)))
    if ignored:
        blocks.append(Note(say.IGNORED.format(columns=", ".join(ignored))))
    return Message(say.IMPORT_TITLE, tuple(blocks), press("register"))


def _accounts(count: int) -> str:
    return say.ONE_ACCOUNT if count == 1 else say.ACCOUNTS.format(count=count)


def _problem(one: Problem) -> tuple[str, str]:
    where = (say.CELL if one.column else say.LINE).format(line=one.line, column=one.column)
    return where, say.WRONG[one.code].format(said=_short(one.said))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


def _opens(found: Sequence[Entry]) -> Block:
    return Choices("", tuple(open_entry(entry.ref) for entry in found[:LISTED]))


def open_entry(ref: str) -> Choice:
    """The button that opens an account."""
    return Choice(OPEN.format(ref=ref), press("entry", ref=ref))


def _called(entry: Entry) -> str:
    return ": ".join(part for part in (entry.platform, entry.handle) if part) or entry.ref


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
