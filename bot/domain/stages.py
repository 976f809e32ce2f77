"""Who may sign a stage: holders of its role, who acts for them, and stand-ins; never the requester, nobody twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.people import Person, Role, School

LINE_MANAGER = "line-manager-of-requester"
NAMED = "named"
"""In which role somebody signs who was asked to instead of those who hold the stage's own."""
STAND_INS = (Role.HEAD, Role.CHAIR)
"""Who signs, in this order, where the stage's own role and its stand-ins leave nobody."""
HELPERS = (Role.POLICY_LEAD, Role.OFFICER, Role.VICE_CHAIR, Role.PROPRIETOR)
"""Who can be asked to name somebody where nobody at all is left."""
_NO_SIGNERS = frozenset({Role.STAFF, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class StageRule:
    """Who signs at one stage: a role, or the requester's line manager; `instead` stand in, in this order."""

    role: str
    instead: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for role in (self.role, *self.instead):
            if role != LINE_MANAGER:
                Role(role)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody signs for another from one day to another; with nobody in `to` it ends an earlier one."""

    by: str
    to: str
    since: date
    until: date

    def overlaps(self, other: Delegation) -> bool:
        """Whether they have a day in common."""
        return self.since <= other.until and other.since <= self.until

    def runs(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Staffing:
    """A school and who acts for whom there, at one moment."""

    school: School
    delegations: tuple[Delegation, ...]
    now: datetime

    @property
    def today(self) -> date:
        """The day it is at the school."""
        return self.school.calendar.local(self.now).date()

    def acting_for(self, holder: Person) -> Person | None:
        """Who signs for somebody today; their assistant, who only reads their post, never does."""
        runs = [one for one in self.holding if one.by == holder.id and one.runs(self.today)]
        return self.school.person(runs[-1].to) if runs and runs[-1].to not in holder.delegates else None

    @property
    def holding(self) -> tuple[Delegation, ...]:
        """The delegations that none of the same person has replaced since: a later one replaces what it overlaps."""
        every = self.delegations
        return tuple(
            one
            for number, one in enumerate(every)
            if one.to and not any(later.by == one.by and later.overlaps(one) for later in every[number + 1 :])
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stage that waits: `signed` are those who signed this version, `named` is who it was reassigned to.

    `escalated` is how often it went on to the next who could sign.
    """

    rule: StageRule
    requester: str
    signed: frozenset[str] = frozenset()
    named: str = ""
    escalated: int = 0


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may sign, in which role, and for whom where it is not their own."""

    person: str
    role: str
    behalf: str = ""


def signers(waiting: Waiting, staffing: Staffing) -> tuple[Signer, ...]:
    """Everyone who may sign now; with nobody left it is empty, and `helpers` says who can be asked."""
    return tuple(one for level in levels(waiting, staffing)[: waiting.escalated + 1] for one in level)


def barred(waiting: Waiting, school: School) -> frozenset[str]:
    """Who may not sign it, nor anybody for them: who signed before, the requester, and who acts for the requester."""
    return waiting.signed | school.close_to(waiting.requester)


def levels(waiting: Waiting, staffing: Staffing) -> tuple[tuple[Signer, ...], ...]:
    """Who may sign first, who when that is escalated, and so on: each level has somebody, and nobody is in two."""
    known = set(barred(waiting, staffing.school))
    found = []
    for level in _levels(waiting, staffing):
        new = {one.person: one for one in reversed(level) if one.person not in known}
        if new:
            found.append(tuple(reversed(new.values())))
            known |= new.keys()
    return tuple(found)


def _levels(waiting: Waiting, staffing: Staffing) -> Iterator[list[Signer]]:
    named = staffing.school.person(waiting.named)
    if named and trusted(named):
        holds = named in _holders(waiting.rule.role, waiting.requester, staffing)
        yield _signing([named], waiting.rule.role if holds else NAMED, staffing)
    out = barred(waiting, staffing.school)
    for role in dict.fromkeys((waiting.rule.role, *waiting.rule.instead, *STAND_INS)):
        left = [one for one in _holders(role, waiting.requester, staffing) if one.id not in out]
        yield _signing(left, role, staffing)


def _holders(role: str, requester: str, staffing: Staffing) -> tuple[Person, ...]:
    if role != LINE_MANAGER:
        return staffing.school.holders(Role(role))
    manager = staffing.school.manager_of(requester)
    return (manager,) if manager else ()


def _signing(people: Sequence[Person], role: str, staffing: Staffing) -> list[Signer]:
    """These people, and after them who acts for them today."""
    acting = ((staffing.acting_for(holder), holder) for holder in people)
    for_them = (Signer(one.id, role, holder.id) for one, holder in acting if one)
    return [*(Signer(one.id, role) for one in people), *for_them]


def helpers(waiting: Waiting, staffing: Staffing) -> tuple[str, ...]:
    """Who can be asked to name a signer where nobody is left."""
    out = barred(waiting, staffing.school)
    found = (one.id for role in HELPERS for one in staffing.school.holders(role) if one.id not in out)
    return tuple(dict.fromkeys(found))


def can_be_named(person: str, by: str, waiting: Waiting, school: School) -> bool:
    """Whether a stage may be reassigned to somebody: trusted with more than staff are, and not by themselves."""
    known = school.person(person)
    return known is not None and person not in barred(waiting, school) | {by} and trusted(known)


def trusted(person: Person) -> bool:
    """Whether somebody holds any role that signs."""
    return bool(person.roles - _NO_SIGNERS)
