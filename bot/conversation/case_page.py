"""How a case looks: its head, what may be done to it, and its history; words only for those who may read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import case_wording as say
from bot.conversation.buttons import press
from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.report_wording import screen
from bot.conversation.written import lines
from bot.domain.case import Case, Entry, State
from bot.domain.casework import Casework, Opened, Seen
from bot.domain.people import School
from bot.domain.retention import reviews_due
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points

ACTS = ("acknowledge", *CASE_FORMS)
"""What can be done to a case, in the order of its buttons."""

FIRST = {"acknowledge", "confirm-member"}
MAIN = {"triage", "action", "note", "close", "reopen"}
"""What waits for somebody, and what is done every day; everything else stands apart."""

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Draws the cases of one school."""

    casework: Casework
    school: School

    def without_words(self, seen: Seen, private: bool) -> Message:
        """A case as it may be shown in chat: reference, state, deadlines, and what may be done there."""
        return Message(seen.case.ref, (*self._head(seen), *self._buttons(seen, private), Note(say.ON_PAGES)))

    def whole(self, found: Opened) -> Iterator[Message]:
        """A case with every word of it, oldest entry first."""
        seen = found.seen
        kind = (say.ROW_KIND, say.KINDS[seen.case.kind])
        yield Message(seen.case.ref, (*self._head(seen, kind), *self._advice(seen), *self._buttons(seen, True)))
        yield Message(say.CHRONOLOGY, (Note(say.NEVER_CHANGED),))
        for entry in seen.case.entries:
            yield Message(entry_title(entry, self.school), tuple(self._entry(entry, found)))
        if found.earlier:
            buttons = tuple(Choice(say.OPEN.format(ref=ref), press("case", ref=ref)) for ref in found.earlier)
            yield Message(say.EARLIER, (Para(say.EARLIER_TEXT), Choices("", buttons)))

    def line(self, seen: Seen) -> str:
        """A case in one line of a list."""
        now = self.casework.clock()
        parts = [say.STATES[seen.case.state], say.RECEIVED_ON.format(when=self._local(seen.case.opened))]
        if late := [each for each in self.casework.deadlines(seen.case) if each.at < now]:
            parts.append(say.LATE[late[0].timer])
        if reviews_due([seen.case], now.date()):
            parts.append(say.REVIEW_DUE)
        return ". ".join(parts) + "."

    def _head(self, seen: Seen, *first: tuple[str, str]) -> Iterator[Block]:
        case = seen.case
        if case.urgent and not case.happened("acknowledge"):
            yield Alert(say.URGENT_CASE)
        rows = [
            (say.ROW_STATE, say.STATES[case.state]),
            (say.ROW_OPENED, self._local(case.opened)),
            (say.ROW_TEAM, ", ".join(self._team(seen)) or say.NOBODY),
        ]
        yield Facts((*first, *rows, *(self._standing(case) if "read" in seen.may else ())))
        if case.unsure:
            yield Para(say.UNSURE_CASE)
        if seen.screen:
            yield self._points(say.NOBODY_LEFT, *map(self._screen, seen.screen))

    def _standing(self, case: Case) -> Iterator[tuple[str, str]]:
        """What was decided, and until when something must be done: not for those who only confirm a colleague."""
        if case.level:
            yield say.ROW_LEVEL, say.LEVELS[case.level]
        if case.outcome:
            yield say.ROW_OUTCOME, say.OUTCOMES[case.outcome]
        for each in self.casework.deadlines(case):
            yield say.TIMERS[each.timer], self._local(each.at)
        if case.review_on:
            yield say.ROW_REVIEW, f"{date.fromisoformat(case.review_on):%d/%m/%Y}"
        if case.hold:
            yield say.ROW_HOLD, say.HELD

    def _team(self, seen: Seen) -> Iterator[str]:
        ids = self.casework.team(seen.case)
        return (person.name for person in self.school.people if person.id in ids)

    def _advice(self, seen: Seen) -> Iterator[Block]:
        """What the guidance expects next: recorded and told here, decided by people."""
        if seen.case.concerns_an_adult:
            contact = say.ADVICE_LADO_CONTACT.format(contact=self.school.contacts.get("lado", say.NO_LADO))
            yield self._points(say.ADVICE_LADO, say.ADVICE_NO_INQUIRY, contact)
        if seen.case.kind == "radicalisation":
            yield self._points(say.ADVICE_PREVENT, self._screen("prevent"))

    def _screen(self, name: str) -> str:
        return screen(name, self.school.contacts.get(name, ""))

    def _points(self, *texts: str) -> Points:
        return Points(tuple(("", text) for text in texts))

    def _buttons(self, seen: Seen, private: bool) -> Iterator[Block]:
        ref = seen.case.ref
        content = {act for act, row in self.casework.rules.access.items() if row.content and not private}
        acts = [act for act in ACTS if act in seen.may and act not in content | self._pointless(seen)]
        first = FIRST | ({"name-subject"} if seen.case.unsure else set())
        first |= {"triage"} if seen.case.state is State.ACKNOWLEDGED else set()
        other = set(ACTS) - first - MAIN
        for question, group in ((say.FIRST, first), (say.WHAT_NEXT, MAIN - first), (say.WHAT_ELSE, other)):
            if buttons := tuple(_button(act, seen.case) for act in acts if act in group):
                yield Choices(question, buttons)
        if private and "export" in seen.may:
            files = (("pdf", say.FILE_PDF), ("csv", say.FILE_CSV))
            yield Choices("", tuple(Choice(label, press("case-file", ref=ref, form=form)) for form, label in files))

    def _pointless(self, seen: Seen) -> set[str]:
        """Acts that are allowed and would change nothing."""
        case, today = seen.case, self.casework.clock().date().isoformat()
        idle = {"hold" if case.hold else "release"}
        idle |= set() if case.proposed else {"confirm-member"}
        return idle | (set() if case.review_on and case.review_on <= today else {"keep", "delete"})

    def _entry(self, entry: Entry, found: Opened) -> Iterator[Block]:
        yield Note(self._local(entry.at))
        rows = [*fact_lines(entry, self.school), *word_lines(entry, found)]
        if entry.written and entry.seq not in found.words:
            rows.append((say.ROW_TEXT, say.SHREDDED))
        if rows:
            yield Facts(tuple(rows))

    def _local(self, at: datetime) -> str:
        return f"{self.school.calendar.local(at):%d/%m/%Y %H:%M}"


def _button(act: str, case: Case) -> Choice:
    """The button of an act: what takes no form carries what was seen, so that nobody acts on a case that moved on."""
    if act == "acknowledge":
        return Choice(say.ACTS[act], press("case-do", ref=case.ref, act=act, seen=str(len(case.entries))))
    return Choice(say.ACTS[act], press("case-form", ref=case.ref, act=act))


def entry_title(entry: Entry, school: School) -> str:
    """The heading of an entry: its number, what happened, and by whom."""
    who = name_of(school, entry.by) if entry.by else say.BY_NOBODY.get(entry.kind, "")
    what = f"{entry.seq}. {say.ENTRIES[entry.kind]}"
    return f"{what} ({who})" if who else what


def fact_lines(entry: Entry, school: School) -> Iterator[tuple[str, str]]:
    """The codes of an entry in words."""
    tables: Mapping[str, Mapping[str, str]] = {"level": say.LEVELS, "sort": say.SORTS, "outcome": say.OUTCOMES}
    for name, code in entry.facts.items():
        if name in tables:
            yield say.FACTS[name], tables[name].get(code, code)
        elif name in say.FACTS:
            yield say.FACTS[name], name_of(school, code) if name == "person" else code


def word_lines(entry: Entry, found: Opened) -> Lines:
    """What was written in an entry, each answer with its question."""
    words = found.words.get(entry.seq)
    return [(label, answer) for _, label, answer in lines(words)] if words else []


def labelled(found: Opened, school: School) -> Mapping[int, Lines]:
    """Every entry's answers in words, for a file that goes out."""
    return {entry.seq: [*fact_lines(entry, school), *word_lines(entry, found)] for entry in found.seen.case.entries}


def name_of(school: School, person_id: str) -> str:
    """The name of somebody at a school, or that they have left."""
    person = school.person(person_id)
    return person.name if person else say.SOMEONE_GONE
