"""The register: what was approved and is live, who runs it, and all that was done about it since."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import case, disclosure
from bot.domain.calendar import Calendar
from bot.domain.orders import Unfit
from bot.domain.people import Person, Role, School
from bot.domain.request import Request, State

LEAST = 2
"""How many administrators an account must have left."""
KEEPERS = frozenset({Role.HEAD, Role.POLICY_LEAD, Role.IT_ADMIN})
"""Who may change any entry, and take in those of before."""
READERS = KEEPERS | {Role.AUDITOR, Role.OFFICER, Role.DSL, Role.DEPUTY, Role.CHAIR}


class Status(StrEnum):
    """Whether an account is in use."""

    LIVE = "live"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An account as it stands now; `history` is what was done about it, only ever added, and `opens` where it began.

    `request` is the request that approved it, empty for one that was there before; people are ids.
    """

    ref: str
    school: str
    kind: str
    platform: str
    handle: str
    added: datetime
    request: str = ""
    purpose: str = field(default="", repr=False)
    audience: str = field(default="", repr=False)
    administrators: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    opens: date | None = None
    closes: date | None = None
    conditions: str = field(default="", repr=False)
    status: Status = Status.LIVE
    history: tuple[case.Entry, ...] = ()

    def run_by(self, person: str) -> bool:
        """Whether somebody administers or moderates it."""
        return person in (*self.administrators, *self.moderators)

    def happened(self, kind: str, duty: str = "") -> tuple[case.Entry, ...]:
        """What was done of a kind, about one duty or all, oldest first."""
        return tuple(one for one in self.history if one.kind == kind and duty in ("", one.facts.get("duty")))

    def then(self, at: datetime, kind: str, by: str = "", **facts: str) -> Entry:
        """The entry with one more line of its history, and what that changed."""
        return self.grown(case.Entry(len(self.history) + 1, at, kind, by, facts))

    def grown(self, line: case.Entry) -> Entry:
        """The entry with a line that was kept, and what it changed."""
        grown = replace(self, history=(*self.history, line))
        if line.kind == "closed":
            return replace(grown, status=Status.CLOSED)
        if line.kind == "handed-over":
            role, new = line.facts["role"], _swapped(getattr(self, line.facts["role"]), line.facts)
            return replace(grown, moderators=new) if role == "moderators" else replace(grown, administrators=new)
        return grown


def _swapped(people: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    left = (one for one in people if one != facts.get("from"))
    return tuple(dict.fromkeys((*left, *([facts["to"]] if facts.get("to") else []))))


Fields = Mapping[str, str]
"""What a request's answers say of an account, by the entry's names: people as ids with spaces between, days as ISO."""


def entered(request: Request, fields: Fields, now: datetime) -> Entry:
    """The entry that an approved request becomes. Raises ValueError for a request that is not."""
    if request.state is not State.APPROVED or not request.register:
        raise ValueError("only what was approved for the register goes into it")
    return _entry("E" + request.ref[1:], request.school, request.register, fields, now, request.ref)


def _entry(ref: str, school: str, kind: str, fields: Fields, now: datetime, request: str = "") -> Entry:
    text = {name: fields.get(name, "") for name in ("platform", "handle", "purpose", "audience", "conditions")}
    people = {name: tuple(fields.get(name, "").split()) for name in ("administrators", "moderators")}
    days = {name: date.fromisoformat(fields[name]) if fields.get(name) else None for name in ("opens", "closes")}
    return Entry(ref, school, kind, added=now, request=request, **text, **people, **days)  # type: ignore[arg-type]


def may_change(entry: Entry, person: Person) -> bool:
    """Whether somebody may hand it over, close it or note a duty done."""
    return person.id in entry.administrators or bool(person.roles & KEEPERS)


def may_see(entry: Entry, person: Person) -> bool:
    """Whether somebody finds it in the register."""
    return entry.run_by(person.id) or bool(person.roles & READERS)


def changed(entry: Entry, action: str, facts: Mapping[str, str], by: str, school: School, now: datetime) -> Entry:
    """Hand over, close, or note a duty as done. Raises Unfit where what it names does not fit."""
    if entry.status is Status.CLOSED:
        raise Unfit("closed")
    match action:
        case "close":
            return entry.then(now, "closed", by)
        case "done":
            return entry.then(now, "done", by, duty=facts["duty"])
        case "hand-over":
            return _handed_over(entry, facts, by, school, now)
        case _:
            raise Unfit("no-such-action")


def _handed_over(entry: Entry, facts: Mapping[str, str], by: str, school: School, now: datetime) -> Entry:
    role, new, old = facts.get("role", "administrators"), facts.get("to", ""), facts.get("from", "")
    if role not in ("administrators", "moderators") or not (new or old):
        raise Unfit("no-such-role")
    people = getattr(entry, role)
    if new and (school.person(new) is None or new in people):
        raise Unfit("cannot-take-over")
    if old and old not in people:
        raise Unfit("not-among-them")
    return entry.then(now, "handed-over", by, **{"role": role, "from": old, "to": new})


def search(entries: Iterable[Entry], words: str, status: Status | None = None) -> tuple[Entry, ...]:
    """The entries in which every word is found, of one status or all."""
    wanted = words.casefold().split()
    return tuple(
        one
        for one in entries
        if status in (None, one.status) and all(word in _searched(one).casefold() for word in wanted)
    )


def _searched(entry: Entry) -> str:
    return " ".join((entry.ref, entry.request, entry.platform, entry.handle, entry.purpose, entry.audience))


def accounts_of(entries: Iterable[Entry], person: str) -> tuple[Entry, ...]:
    """What somebody runs and leaves behind: every live account they administer or moderate."""
    return tuple(one for one in entries if one.status is Status.LIVE and one.run_by(person))


def at_school(people: Iterable[str], school: School) -> tuple[str, ...]:
    """Those of these people who are still there."""
    return tuple(person for person in people if school.person(person))


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done about every account: how often, at which policies' schools, and by which clause."""

    id: str
    every: str
    policies: frozenset[str] = frozenset()
    clause: str = ""


def read_duties(data: Mapping[str, Any]) -> tuple[Duty, ...]:
    """The duties from their data file; raises ValueError for a word it does not know."""
    duties = tuple(Duty(**{**row, "policies": frozenset(row.get("policies", ()))}) for row in data["duty"])
    if not {duty.every for duty in duties} <= {"year", "day", "closing", "too-few"}:
        raise ValueError("a duty comes every year or day, about the closing date, or with too few administrators")
    return duties


def answer_by(received: datetime, calendar: Calendar) -> datetime:
    """Until when a comment must be answered: 24 hours, or the end of the next working day after a day off."""
    zone = ZoneInfo(calendar.zone)
    day = received.astimezone(zone).date()
    works = calendar.after_days(received - timedelta(days=1), 1).astimezone(zone).date() == day
    if works:
        return received + timedelta(days=1)
    next_day = calendar.after_days(received, 1).astimezone(zone).date()
    return datetime.combine(next_day, calendar.closes, zone).astimezone(received.tzinfo)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell of a list of accounts: its line with the heading as 1, its column, and a code."""

    line: int
    column: str
    code: str


Row = Mapping[str, str | None]
COLUMNS = ("platform", "handle", "purpose", "audience", "administrators", "moderators", "opens", "closes", "conditions")
_NEEDED = ("platform", "handle", "administrators")


def taken_in(
    rows: Iterable[Row], school: School, known: Sequence[Entry], now: datetime, random: Callable[[], int]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Accounts that are in use already, from a list; a line with any problem is left out, and all its problems said."""
    entries, problems = list[Entry](), list[Problem]()
    there = {_account(one.platform, one.handle) for one in known}
    for line, row in enumerate(rows, 2):
        fields, wrong = _read(row, school)
        account = _account(fields.get("platform", ""), fields.get("handle", ""))
        if not wrong and account in there:
            wrong = [("handle", "already-there")]
        problems += [Problem(line, column, code) for column, code in wrong]
        if not wrong:
            there.add(account)
            ref = "E" + disclosure.reference(random())[1:]
            entries.append(_entry(ref, school.id, "account", fields, now))
    return tuple(entries), tuple(problems)


def _account(platform: str, handle: str) -> tuple[str, str]:
    return platform.casefold(), handle.casefold().removeprefix("@")


def _read(row: Row, school: School) -> tuple[dict[str, str], list[tuple[str, str]]]:
    fields = {name: " ".join((row.get(name) or "").split()) for name in COLUMNS}
    wrong = [(name, "missing") for name in _NEEDED if not fields[name]]
    for name in ("administrators", "moderators"):
        found = [_found(text, school) for text in re.split(r"\s*;\s*", fields[name]) if text]
        wrong += [(name, code) for _, code in found if code]
        fields[name] = " ".join(dict.fromkeys(person for person, _ in found))
    for name in ("opens", "closes"):
        day = _day(fields[name])
        wrong += [(name, "not-a-date")] if fields[name] and not day else []
        fields[name] = day
    if fields["opens"] and fields["closes"] and fields["closes"] <= fields["opens"]:
        wrong.append(("closes", "closes-before-it-opens"))
    return fields, wrong


def _found(text: str, school: School) -> tuple[str, str]:
    """Somebody by id or by name, and what is wrong with that."""
    if school.person(text):
        return text, ""
    named = [one.id for one in school.people if one.name.casefold() == text.casefold()]
    return (named[0], "") if len(named) == 1 else ("", "two-of-that-name" if named else "unknown-person")


def _day(text: str) -> str:
    """A day as ISO, written so or as day/month/year; empty where it is neither."""
    british = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text, re.ASCII)
    try:
        if british:
            day, month, year = map(int, british.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def days_from(first: date) -> Iterator[date]:
    """A day and all that follow."""
    while True:
        yield first
        first += timedelta(1)
