"""The dialogs of the register: all accounts that somebody may see, a search in them, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import request_wording as say
from bot.conversation.buttons import press
from bot.domain.approvals import Approvals
from bot.domain.case import Entry as Line
from bot.domain.casework import Hidden
from bot.domain.people import School
from bot.domain.register import Entry, search
from bot.talk.message import Block, Choice, Choices, Facts, Message, Note, Para, Points

LISTED = 10
"""Accounts in one list; a search finds the others."""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Draws the register of one school for one person."""

    approvals: Approvals
    school: School
    viewer: str

    def listed(self, words: str = "") -> Message:
        """The accounts in which every word is found, newest first."""
        entries = self.approvals.registered(self.school.id, self.viewer)
        found = search(entries, words)
        again = Choices("", (Choice(say.SEARCH, press("register-search")),))
        if not found:
            return Message(say.REGISTER, (Para(say.REGISTER_NONE_FOUND if entries else say.REGISTER_EMPTY), again))
        rows = tuple((entry.ref, self._line(entry)) for entry in found[:LISTED])
        opens = tuple(Choice(say.OPEN.format(ref=ref), press("entry", ref=ref)) for ref, _ in rows)
        more = (Note(say.MORE.format(most=LISTED)),) if len(found) > LISTED else ()
        return Message(say.REGISTER, (Para(say.REGISTER_INTRO), Facts(rows), *more, Choices("", opens), again))

    def entry(self, ref: str) -> Message:
        """One account with all that is known of it, and what was done about it. Raises Hidden."""
        entries = self.approvals.registered(self.school.id, self.viewer)
        entry = next((one for one in entries if one.ref == ref), None)
        if entry is None:
            raise Hidden
        return Message(entry.ref, tuple(self._blocks(entry)))

    def _line(self, entry: Entry) -> str:
        who = ", ".join(map(self._name, entry.administrators)) or say.NO_ONE
        return say.ENTRY_LINE.format(name=_called(entry), status=say.STATUS[entry.status], who=who)

    def _blocks(self, entry: Entry) -> Iterator[Block]:
        rows = ((label, self._value(entry, name)) for name, label in say.FIELDS.items())
        yield Facts(tuple((label, value) for label, value in rows if value))
        if entry.history:
            yield Points(tuple(self._happened(line) for line in entry.history))
        opened = (Choice(say.OPEN.format(ref=entry.request), press("request", ref=entry.request)),)
        back = Choice(say.REGISTER, press("register"))
        yield Choices("", (*(opened if entry.request else ()), back))

    def _value(self, entry: Entry, name: str) -> str:
        value = getattr(entry, name)
        if isinstance(value, tuple):
            return ", ".join(map(self._name, value))
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return say.STATUS[value] if name == "status" else str(value or "")

    def _happened(self, line: Line) -> tuple[str, str]:
        duty = say.DUTIES.get(line.facts.get("duty", ""), "")
        what = say.ENTRY_EVENTS[line.kind].format(duty=duty)
        people = [self._name(line.facts[each]) for each in ("from", "to") if line.facts.get(each)]
        who = self._name(line.by) if line.by else say.SIGNPOST
        said = f"{who} {what}" + (f" ({', '.join(people)})" if people else "")
        return f"{self._local(line.at):%d/%m/%Y}", said

    def _name(self, person_id: str) -> str:
        person = self.school.person(person_id)
        return person.name if person else say.SOMEONE_GONE

    def _local(self, at: datetime) -> datetime:
        return self.school.calendar.local(at)


def _called(entry: Entry) -> str:
    return ": ".join(part for part in (entry.platform, entry.handle) if part) or entry.ref
