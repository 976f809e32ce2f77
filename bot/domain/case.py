"""A case: what was reported and all that was done about it, as entries that are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Role, School
from bot.domain.routing import recipients

Rung = tuple[Role, ...]


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    CLOSED = "closed"
    REOPENED = "reopened"
    DELETED = "deleted"


class Relation(StrEnum):
    """How a person stands to a case; `subject` wins over all others."""

    SUBJECT = "subject"
    REPORTER = "reporter"
    RECIPIENT = "recipient"
    MEMBER = "member"
    SECOND = "second"
    """Someone on its ladder who is not told yet: may confirm a new member, and sees no content."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history. `facts` are codes and ids in the clear; what people wrote is sealed beside it.

    `by` is a person's id, or empty for the system and for the reporter, whose name is sealed.
    """

    seq: int
    at: datetime
    kind: str
    by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    written: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands now.

    `reached` is how many rungs of `ladder` have been told; `barred`, `subject` and `reporter` are keyed names,
    `members` ids of people added by name. `subject` is the keyed name of a picked person, `barred` also holds that of
    their delegates and of people who stood down.
    """

    ref: str
    school: str
    kind: str
    state: State
    opened: datetime
    ladder: tuple[Rung, ...]
    reached: int
    reporter: str
    subject: str = ""
    barred: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    level: str = ""
    outcome: str = ""
    urgent: bool = False
    unsure: bool = False
    theme: str = ""
    route: str = ""
    guidance: str = ""
    hold: bool = False
    retention: str = ""
    review_on: str = ""
    period: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def told(self) -> tuple[Role, ...]:
        """The roles of all rungs that have been told."""
        return tuple(role for rung in self.ladder[: self.reached] for role in rung)

    @property
    def proposed(self) -> Mapping[int, str]:
        """Who has been proposed as a member and waits for a second person, by the entry's number."""
        settled = {entry.facts.get("proposal") for entry in self.entries if entry.kind == "confirm-member"}
        return {
            entry.seq: entry.facts["person"]
            for entry in self.entries
            if entry.kind == "propose-member" and str(entry.seq) not in settled
        }

    @property
    def concerns_an_adult(self) -> bool:
        """Whether it is about an adult who works with children, so that the LADO may have to hear of it."""
        return self.kind == "adult-concern" or self.level == "harm-threshold" or bool(self.subject)

    def happened(self, kind: str) -> tuple[Entry, ...]:
        """All entries of a kind, oldest first."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def grown(self, entry: Entry, **changed: object) -> Case:
        """The case with one more entry, and what it changed."""
        return replace(self, entries=(*self.entries, entry), **changed)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Keyed:
    """The keyed names of a school's people by id: a stored case shows nobody whom it is about or who reported it."""

    names: Mapping[str, str]

    def of(self, person: str) -> str:
        """The keyed name of a person, empty for one that is not known."""
        return self.names.get(person, "")


def relation(case: Case, school: School, person: str, keyed: Keyed) -> Relation:
    """How somebody stands to a case now: worked out from the person, never from what was granted once."""
    name = keyed.of(person)
    if not name or name in kept_out(case, school, keyed):
        return Relation.SUBJECT if name else Relation.NONE
    if person in team(case, school, keyed):
        return Relation.RECIPIENT
    if person in case.members:
        return Relation.MEMBER
    if name == case.reporter:
        return Relation.REPORTER
    if any(person in _left(case, school, rung, keyed) for rung in case.ladder[case.reached :]):
        return Relation.SECOND
    return Relation.NONE


def relations(case: Case, school: School, person: str, keyed: Keyed) -> frozenset[Relation]:
    """All the ways somebody stands to a case: who receives what they reported themselves is its reporter as well."""
    stands = relation(case, school, person, keyed)
    reported = stands is not Relation.SUBJECT and bool(case.reporter) and keyed.of(person) == case.reporter
    return frozenset({stands, Relation.REPORTER}) if reported else frozenset({stands})


def kept_out(case: Case, school: School, keyed: Keyed) -> frozenset[str]:
    """The keyed names of all whom a case is hidden from, also of those who became the subject's delegates since."""
    subjects = (person for person in school.people if case.subject and keyed.of(person.id) == case.subject)
    return case.barred | {keyed.of(delegate) for person in subjects for delegate in person.delegates}


def team(case: Case, school: School, keyed: Keyed) -> tuple[str, ...]:
    """The ids of all who receive a case now: holders of the roles that were told, without anyone kept out."""
    return _left(case, school, case.told, keyed)


def _left(case: Case, school: School, rung: Rung, keyed: Keyed) -> tuple[str, ...]:
    barred = kept_out(case, school, keyed)
    return tuple(person for person in recipients(school, rung, frozenset()) if keyed.of(person) not in barred)


def next_rung(case: Case, school: School, keyed: Keyed) -> int:
    """How many rungs will have been told once the next that has anybody left is; as now where there is none."""
    for number in range(case.reached, len(case.ladder)):
        if _left(case, school, case.ladder[number], keyed):
            return number + 1
    return case.reached
