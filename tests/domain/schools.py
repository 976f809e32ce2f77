"""Schools with their people, and an office: casework on records in memory, with a clock that a test moves."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import bot.domain
from bot.domain.access import read_access
from bot.domain.calendar import Calendar
from bot.domain.case import Case
from bot.domain.casework import Casework, Opened, Rules, Seen
from bot.domain.disclosure import DisclosureFiled, FileDisclosure
from bot.domain.orders import Order
from bot.domain.people import Person, Role, School
from bot.domain.ports import Opener
from bot.domain.retention import read_retentions
from bot.domain.routing import NOBODY_HERE, Reported, Subject, read_guidance
from bot.talk.sealed import Sealed
from tests.fake_records import FakeRecords
from tests.fake_seal import FakeOpener, FakeSealer


def _data(name: str) -> dict[str, object]:
    return tomllib.loads((Path(bot.domain.__file__).parent / name).read_text(encoding="utf-8"))


RULES = Rules(
    read_guidance(_data("routing.toml")), read_access(_data("access.toml")), read_retentions(_data("retention.toml"))
)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def person(
    person_id: str, *roles: Role, delegates: Collection[str] = (), manager: str = "", department: str = ""
) -> Person:
    """Somebody whose name is their id."""
    held = frozenset({Role.STAFF, *roles})
    return Person(person_id, person_id.title(), held, frozenset(delegates), manager, department)


PEOPLE = (
    person("teacher"),
    person("dsl", Role.DSL),
    person("deputy", Role.DEPUTY),
    person("head", Role.HEAD, delegates=["pa"]),
    person("pa"),
    person("chair", Role.CHAIR),
    person("vice", Role.VICE_CHAIR),
    person("independent", Role.INDEPENDENT),
    person("officer", Role.OFFICER),
    person("it", Role.IT_ADMIN),
    person("auditor", Role.AUDITOR),
)


def school(*people: Person, policy: str = "milford") -> School:
    """A school with these people; with none named, one where every role has its own."""
    return School("milford", "Milford", policy, people or PEOPLE, {"lado": "0300 000 0000"}, Calendar())


def without(*gone: str, **changed: Person) -> School:
    """The usual school without some of its people, and with others in place of those with their ids."""
    return school(*(changed.get(one.id, one) for one in PEOPLE if one.id not in gone))


@dataclass
class Office:
    """All that is needed to work on cases; `here` and `now` may be changed between two acts."""

    here: School = field(default_factory=school)
    now: datetime = MONDAY
    sealer: FakeSealer = field(default_factory=FakeSealer)
    opener: FakeOpener = field(default_factory=FakeOpener)

    def __post_init__(self) -> None:
        numbers = count(1)
        self.records = FakeRecords(lambda: self.now)
        self.casework = Casework(
            self.records, self.sealer, lambda _: self.here, RULES, lambda: self.now, lambda: next(numbers) * 7919**3
        )

    def file(
        self,
        kind: str = "child-concern",
        subject: Subject = NOBODY_HERE,
        by: str = "teacher",
        key: str = "",
        theme: str = "",
        conflict: bool = False,
        urgent: bool = False,
    ) -> DisclosureFiled:
        """Record a report; without a key it is one of its own."""
        order = FileDisclosure(
            key or f"key-{len(self.records.shelf.cases)}",
            self.here.id,
            by,
            Reported(kind, subject, theme, conflict),
            Sealed("what was reported"),
            urgent,
        )
        return self.casework.file(order)

    def do(self, ref: str, by: str, action: str, text: str = "", **facts: str) -> Seen:
        """Carry out an order with the case key opened."""
        order = Order(action, ref, by, facts, Sealed(text) if text else None)
        return self.casework.do(self.here.id, order, self.opener)

    def open(self, ref: str, by: str, action: str = "read", opener: Opener | None = None) -> Opened:
        """Open a case."""
        return self.casework.open(self.here.id, by, ref, opener or self.opener, action)

    def case(self, ref: str) -> Case:
        """The case as it is kept."""
        with self.records.work(self.here.id) as work:
            found = work.case(ref)
        assert found is not None
        return found

    def team(self, ref: str) -> tuple[str, ...]:
        """Who receives it now, and who was added."""
        return self.casework.team(self.case(ref))

    def told(self, state: str = "waiting") -> list[tuple[str, str]]:
        """Who is told with which notice, oldest first."""
        queue = self.records.shelf.queue
        return [(one.notice.to, one.notice.template) for one in queue if one.state == state]

    def trail(self, ref: str = "") -> list[tuple[str, str, str]]:
        """The audit trail: what, about which case, by whom."""
        with self.records.work(self.here.id) as work:
            return [(link.action, link.ref, link.by) for link in work.trail(ref)]

    def change(self, *people: Person) -> None:
        """Put people in place of those with their ids."""
        new = {one.id: one for one in people}
        self.here = replace(self.here, people=tuple(new.get(one.id, one) for one in self.here.people))

    def wait(self, days: float) -> None:
        """Let time pass."""
        self.now += timedelta(days=days)
