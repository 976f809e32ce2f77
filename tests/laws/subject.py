"""A case's whole life about somebody who holds roles: what they and their delegates were told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, combinations

from bot.domain.case import Case
from bot.domain.casework import Hidden, NotNow, Seen
from bot.domain.orders import Unfit
from bot.domain.people import Role, School
from bot.domain.rounds import tick
from bot.domain.routing import LADO, NOBODY_HERE, Subject
from tests.domain.schools import Office, person, school

ROLES = (Role.DSL, Role.DEPUTY, Role.HEAD, Role.CHAIR, Role.VICE_CHAIR, Role.INDEPENDENT, Role.OFFICER)
KINDS = ("reported-contact", "child-concern", "adult-concern", "online-incident", "radicalisation")
NAMED = ("at-once", "late", "unsure", "by-themselves", "by-their-delegate", "in-conflict")
"""How the subject comes to be known: by the report, later, after "not sure", and as or through its reporter."""

_KEPT_OUT = ("subject", "pa")
_LIFE: tuple[tuple[str, dict[str, str]], ...] = (
    ("acknowledge", {}),
    ("note", {}),
    ("triage", {"level": "harm-threshold"}),
    ("action", {"sort": "lado"}),
    ("propose-member", {"person": "colleague"}),
    ("confirm-member", {}),
    ("correct", {}),
    ("hold", {}),
    ("release", {}),
    ("hand-over", {}),
    ("close", {"outcome": "no-further-action"}),
    ("reopen", {}),
)


def subsets() -> Iterator[tuple[Role, ...]]:
    """All the ways in which somebody can hold the workflow roles, none of them first."""
    return chain.from_iterable(combinations(ROLES, number) for number in range(len(ROLES) + 1))


def told(held: tuple[Role, ...], kind: str, named: str) -> list[str]:
    """What was told to the subject, or left without anyone, in the life of one case; empty when the law holds."""
    return _lived(held, kind, named).faults


def lived(held: tuple[Role, ...], kind: str, named: str) -> Case:
    """The case at the end of such a life."""
    life = _lived(held, kind, named)
    return life.office.case(life.ref)


def _lived(held: tuple[Role, ...], kind: str, named: str) -> _Life:
    life = _Life(Office(_school(held)), kind, named)
    life.file()
    life.live()
    life.stand_down()
    return life


def _school(held: tuple[Role, ...]) -> School:
    """The subject holds the roles, and so does whoever reads their post; others have one each."""
    others = (person(role, role) for role in ROLES if role not in held)
    subject = (person("subject", *held, delegates=["pa"]), person("pa", *held))
    return school(person("teacher"), person("colleague"), *subject, *others)


@dataclass
class _Life:
    office: Office
    kind: str
    named: str
    ref: str = ""
    faults: list[str] = field(default_factory=list)

    def file(self) -> None:
        by = {"by-themselves": "subject", "by-their-delegate": "pa"}.get(self.named, "teacher")
        subject = {"late": NOBODY_HERE, "unsure": Subject(unsure=True)}.get(self.named, Subject("subject"))
        filed = self.office.file(self.kind, subject, by, conflict=self.named == "in-conflict")
        self.ref = filed.ref
        if not filed.told and LADO not in filed.routed.screen:
            self.faults.append("file: nobody is told and the LADO is not shown")
        if subject.person:
            self.look("file", force=True)
        else:
            self.name()

    def name(self) -> None:
        """Somebody picks it up first, whoever that is; then the subject is named, by another where there is one."""
        first = next(iter(self.office.team(self.ref)), "")
        if not first:
            return
        self.do("acknowledge", first)
        by = next((who for who in self.office.team(self.ref) if who not in _KEPT_OUT), first)
        self.do("name-subject", by, person="subject")
        self.look("name-subject", force=True)

    def live(self) -> None:
        """Every event of a life, the clock after each; then what only the reporter does."""
        if not self.known:
            return
        for action, facts in _LIFE:
            self.act(action, **facts)
            self.look(action)
        self.try_to_bring_in()
        with suppress(Hidden):
            self.office.do(self.ref, "teacher", "add", "more")
        self.look("add")
        for days in (1, 3, 20):
            self.office.wait(days)
            tick(self.office.casework, self.office.here.id)
        self.look("tick", force=True)

    @property
    def known(self) -> bool:
        return bool(self.office.case(self.ref).subject)

    def act(self, action: str, **facts: str) -> None:
        team = self.office.team(self.ref)
        if not team:
            return
        by = team[0]
        if action == "confirm-member":
            case = self.office.case(self.ref)
            seconds = [who for who in self.office.casework.who_may_second(case.school, case) if who != by]
            if not case.proposed or not seconds:
                return
            by, facts = seconds[0], {"proposal": str(min(case.proposed))}
        if action == "hand-over":
            case = self.office.case(self.ref)
            above = [who for who in self.office.casework.who_may_second(case.school, case) if who != by]
            facts = {"person": above[-1] if above else ""}
        self.do(action, by, **facts)

    def do(self, action: str, by: str, **facts: str) -> None:
        with suppress(Hidden, NotNow, Unfit):
            seen = self.office.do(self.ref, by, action, "words", **facts)
            self.remains(action, seen)

    def remains(self, action: str, seen: Seen) -> None:
        if not self.office.team(self.ref) and LADO not in seen.screen:
            self.faults.append(f"{action}: nobody is left and the LADO is not shown")

    def try_to_bring_in(self) -> None:
        """Nobody can hand the case over to those who are kept out, nor add them."""
        for by in self.office.team(self.ref)[:1]:
            for who in _KEPT_OUT:
                self.do("hand-over", by, person=who)
                self.do("propose-member", by, person=who)
        self.look("bringing them in")

    def stand_down(self) -> None:
        """All who receive it step back one after the other, each the next on its ladder."""
        for _ in range(len(ROLES) + 2):
            team = self.office.team(self.ref)
            if not team or not self.known:
                return
            self.do("recuse", team[0])
            self.look("recuse", force=True)

    def look(self, after: str, force: bool = False) -> None:
        for who in _KEPT_OUT:
            hits = chain(self.hits(who), self.forced(who) if force else ())
            self.faults += [f"{after}: {who} {hit}" for hit in hits]
        self.office.records.deliver()

    def hits(self, who: str) -> Iterator[str]:
        """All that somebody finds of the case, wherever they look."""
        casework, here = self.office.casework, self.office.here.id
        keyed = casework.keyed(here, who)
        case = self.office.case(self.ref)
        if any((one.state, one.keyed) == ("waiting", keyed) for one in self.office.records.shelf.queue):
            yield "waits for a notice"
        if any(notice.ref == self.ref for notice in casework.notices(here, who)):
            yield "has a notice"
        if any(seen.case.ref == self.ref for seen in (*casework.listed(here, who), *casework.own(here, who))):
            yield "has it in a list"
        if who in (*casework.team(case), *casework.who_may_second(here, case)):
            yield "is on its team or ladder"
        with suppress(Hidden):
            if any(counted.ref == self.ref for counted in casework.counted(here, who)):
                yield "has it in the figures"
        with suppress(Hidden):
            casework.see(here, who, self.ref)
            yield "sees it"

    def forced(self, who: str) -> Iterator[str]:
        """What somebody can do with a reference they know."""
        for name, act in (
            ("opens it", lambda: self.office.open(self.ref, who)),
            ("exports it", lambda: self.office.open(self.ref, who, "export")),
            ("writes in it", lambda: self.office.do(self.ref, who, "note", "words")),
            ("adds to it", lambda: self.office.do(self.ref, who, "add", "words")),
        ):
            with suppress(Hidden):
                act()
                yield name
