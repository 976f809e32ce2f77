"""Who may sign a stage: holders of its role, who acts for them, and stand-ins; never the requester, nobody twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.people import Person, Role, School

LINE_MANAGER = "line-manager-of-requester"
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

    def runs(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Staffing:
    """A school and who acts for whom there, at one moment; the newest delegation of each counts."""

    school: School
    delegations: tuple[Delegation, ...]
    now: datetime

    @property
    def today(self) -> date:
        """The day it is at the school."""
        return self.school.calendar.local(self.now).date()

    def acting_for(self, holder: Person) -> Person | None:
        """Who signs for somebody today; their assistant, who only reads their post, never does."""
        newest = {one.by: one for one in self.delegations}.get(holder.id)
        if newest is None or not newest.runs(self.today) or newest.to in holder.delegates:
            return None
        return self.school.person(newest.to)


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

    @property
    def barred(self) -> frozenset[str]:
        """Who may not sign it, nor anybody for them."""
        return self.signed | {self.requester}


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may sign, in which role, and for whom where it is not their own."""

    person: str
    role: str
    behalf: str = ""


def signers(waiting: Waiting, staffing: Staffing) -> tuple[Signer, ...]:
    """Everyone who may sign now; with nobody left it is empty, and `helpers` says who can be asked."""
    return tuple(one for level in levels(waiting, staffing)[: waiting.escalated + 1] for one in level)


def levels(waiting: Waiting, staffing: Staffing) -> tuple[tuple[Signer, ...], ...]:
    """Who may sign first, who when that is escalated, and so on: each level has somebody, and nobody is in two."""
    known: set[str] = set()
    found = []
    for level in _levels(waiting, staffing):
        new = {one.person: one for one in reversed(level) if one.person not in known | waiting.barred}
        if new:
            found.append(tuple(reversed(new.values())))
            known |= new.keys()
    return tuple(found)


def _levels(waiting: Waiting, staffing: Staffing) -> Iterator[list[Signer]]:
    if staffing.school.person(waiting.named):
        yield [Signer(waiting.named, waiting.rule.role)]
    for role in dict.fromkeys((waiting.rule.role, *waiting.rule.instead, *STAND_INS)):
        left = [one for one in _holders(role, waiting.requester, staffing) if one.id not in waiting.barred]
        yield [*(Signer(one.id, role) for one in left), *_acting(left, role, staffing)]


def _holders(role: str, requester: str, staffing: Staffing) -> tuple[Person, ...]:
    if role != LINE_MANAGER:
        return staffing.school.holders(Role(role))
    manager = staffing.school.manager_of(requester)
    return (manager,) if manager else ()


def _acting(holders: Iterable[Person], role: str, staffing: Staffing) -> Iterator[Signer]:
    for holder in holders:
        if acting := staffing.acting_for(holder):
            yield Signer(acting.id, role, holder.id)


def helpers(waiting: Waiting, staffing: Staffing) -> tuple[str, ...]:
    """Who can be asked to name a signer where nobody is left."""
    found = (one.id for role in HELPERS for one in staffing.school.holders(role) if one.id not in waiting.barred)
    return tuple(dict.fromkeys(found))


def can_be_named(person: str, by: str, waiting: Waiting, staffing: Staffing) -> bool:
    """Whether a stage may be reassigned to somebody: trusted with more than staff are, and not by themselves."""
    known = staffing.school.person(person)
    return known is not None and person not in waiting.barred | {by} and bool(known.roles - _NO_SIGNERS)
