"""The register: what was approved and is live, who runs it, and all that was done about it since."""

from __future__ import annotations

import re
from collections import defaultdict
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
from bot.talk import limits
from bot.talk.day import read_day

LEAST = 2
"""How many administrators an account must have left."""
KEEPERS = frozenset({Role.HEAD, Role.POLICY_LEAD, Role.IT_ADMIN})
"""Who may change any entry, and take in those of before."""
READERS = KEEPERS | {Role.AUDITOR, Role.OFFICER, Role.DSL, Role.DEPUTY, Role.CHAIR, Role.APPROVER}


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
    platform: str = field(repr=False)
    handle: str = field(repr=False)
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
    """What is wrong with one cell of a list of accounts: its line with the heading as 1, its column, and a code.

    `said` is what stands there, where that helps to find it.
    """

    line: int
    column: str
    code: str
    said: str = field(default="", repr=False)


Row = Mapping[str, str | None]
"""The cells of one line by column; under an empty name what stands beyond the columns."""
COLUMNS = ("platform", "handle", "purpose", "audience", "administrators", "moderators", "opens", "closes", "conditions")
NEEDED = ("platform", "handle", "administrators")
"""The columns that no line may leave empty."""
Find = Callable[[str], tuple[str, str]]
"""From what somebody is called to their id, and what is wrong with it."""


def taken_in(
    rows: Iterable[Row], school: School, known: Sequence[Entry], now: datetime, random: Callable[[], int]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Accounts that are in use already, from a list; a line with any problem is left out, and all its problems said.

    An account that is in the register, or stands in the list twice, is the problem `already-there`.
    """
    entries, problems = list[Entry](), list[Problem]()
    there, find = {_account(one.platform, one.handle) for one in known}, _finder(school)
    filled = ((line, row) for line, row in enumerate(rows, 2) if any((cell or "").strip() for cell in row.values()))
    for line, row in filled:
        fields, wrong = _read(row, find)
        account = _account(fields["platform"], fields["handle"])
        if not wrong and account in there:
            wrong = [("handle", "already-there", fields["handle"])]
        problems += [Problem(line, *each) for each in wrong]
        if not wrong:
            there.add(account)
            ref = "E" + disclosure.reference(random())[1:]
            entries.append(_entry(ref, school.id, "account", fields, now))
    return tuple(entries), tuple(problems)


def _account(platform: str, handle: str) -> tuple[str, str]:
    return platform.casefold(), handle.casefold().removeprefix("@")


def _read(row: Row, find: Find) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The cells of a line, people as ids and days as ISO, and what is wrong with it: column, code and text."""
    fields = {name: " ".join((row.get(name) or "").split()) for name in COLUMNS}
    wrong = [("", "too-many-cells", "")] if (row.get("") or "").strip() else []
    wrong += [("", "closed", "")] if (row.get("status") or "").strip().casefold() == "closed" else []
    wrong += [(name, "missing", "") for name in NEEDED if not fields[name]]
    wrong += [(name, "too-long", "") for name, text in fields.items() if len(text) > _most(name)]
    for name in ("administrators", "moderators"):
        people = tuple(_people(row.get(name) or "", find))
        wrong += [(name, code, said) for said, _, code in people if code]
        fields[name] = " ".join(dict.fromkeys(person for _, person, _ in people))
    days = dict[str, date]()
    for name in ("opens", "closes"):
        try:
            days |= {name: read_day(fields[name])} if fields[name] else {}
        except ValueError:
            wrong.append((name, "not-a-date", fields[name]))
        fields[name] = days[name].isoformat() if name in days else ""
    if len(days) == 2 and days["closes"] <= days["opens"]:
        wrong.append(("closes", "closes-before-it-opens", ""))
    return fields, wrong


def _most(name: str) -> int:
    return limits.LINE if name in ("platform", "handle") else limits.TEXT


def _people(text: str, find: Find) -> Iterator[tuple[str, str, str]]:
    """Each person named: as written, their id, what is wrong; between them `;`, a new line, or `,` outside a name."""
    for part in (" ".join(each.split()) for each in re.split(r"[;\r\n]", text)):
        names = [part] if find(part)[0] else [each.strip() for each in part.split(",")]
        yield from ((name, *find(name)) for name in names if name)


def _finder(school: School) -> Find:
    ids, named = {one.id for one in school.people}, defaultdict[str, list[str]](list)
    for one in school.people:
        named[one.name.casefold()].append(one.id)

    def find(text: str) -> tuple[str, str]:
        found = [text] if text in ids else named.get(text.casefold(), [])
        return (found[0], "") if len(found) == 1 else ("", "two-of-that-name" if found else "unknown-person")

    return find


def days_from(first: date) -> Iterator[date]:
    """A day and all that follow."""
    while True:
        yield first
        first += timedelta(1)
