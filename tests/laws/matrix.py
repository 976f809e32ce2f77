"""Every cell of the role matrix with what is expected there, and a way to try it on casework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

from bot.domain.case import Case, Entry, Relation, State
from bot.domain.casework import LOOKS, Hidden, NotNow
from bot.domain.disclosure import reference
from bot.domain.people import Person, Role
from tests.domain.schools import MONDAY, Office, person, school

SCHOOL = "school"
REF = reference(1)
LETTERS = "ratcod"
"""The states, as the table writes them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; what belongs to no case has neither relation nor state. `expected` is `yes`, `hidden` or `not-now`."""

    action: str
    role: Role
    relation: Relation | None
    state: State | None
    expected: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    action: str
    relation: str
    states: frozenset[State]
    roles: frozenset[Role]


@cache
def lines() -> tuple[Line, ...]:
    """The table as people read it."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    return tuple(_line(*line.split()) for line in text.splitlines() if line and not line.startswith("#"))


def _line(action: str, relation: str, *rest: str) -> Line:
    marks = () if relation == SCHOOL else rest[: len(LETTERS)]
    states = frozenset(state for state, letter, mark in zip(State, LETTERS, marks, strict=False) if letter == mark)
    return Line(action, relation, states, frozenset(map(Role, rest[len(marks) :])))


def cells() -> Iterator[Cell]:
    """Every role x action x relation x state, and every role x action of what belongs to no case."""
    for action, role in product(dict.fromkeys(line.action for line in lines()), Role):
        mine = [
            line for line in lines() if line.action == action and (not line.roles or {role, Role.STAFF} & line.roles)
        ]
        if any(line.relation == SCHOOL for line in lines() if line.action == action):
            yield Cell(action, role, None, None, "yes" if mine else "hidden")
            continue
        for relation, state in product(Relation, State):
            yield Cell(action, role, relation, state, _expected(mine, relation, state))


def _expected(mine: list[Line], relation: Relation, state: State) -> str:
    allowed = [line for line in mine if line.relation == relation]
    if any(state in line.states for line in allowed):
        return "yes"
    return "not-now" if allowed else "hidden"


def tried(cell: Cell) -> str:
    """What casework does in a cell: `yes`, `hidden` or `not-now`; raises ValueError where a refusal left a trace."""
    office = _office(cell.role)
    office.records.shelf = type(office.records.shelf)()
    if cell.relation is not None and cell.state is not None:
        _put(office, cell.role, cell.relation, cell.state)
    before = office.records.shelf
    try:
        _act(office, cell)
    except (Hidden, NotNow) as refusal:
        after = office.records.shelf
        if (after.cases, after.envelopes, after.queue) != (before.cases, before.envelopes, before.queue):
            raise ValueError("what was refused left a trace") from None
        return "hidden" if isinstance(refusal, Hidden) else "not-now"
    return "yes"


@cache
def _office(role: Role) -> Office:
    return Office(school(person("teacher"), person("somebody", role), _colleague(role)))


def _colleague(role: Role) -> Person:
    """Somebody beside whom the person stands: holds a role that they do not."""
    return person("colleague", *_other(role))


def _other(role: Role) -> tuple[Role, ...]:
    return (Role.DEPUTY,) if role is not Role.DEPUTY else (Role.HEAD,)


def _put(office: Office, role: Role, relation: Relation, state: State) -> None:
    """A case to which somebody stands in this relation, with a proposal that waits."""
    keyed = office.casework.keyed(office.here.id, "somebody")
    proposal = Entry(2, MONDAY, "propose-member", "colleague", {"person": "teacher"})
    case = Case(
        REF,
        office.here.id,
        "child-concern",
        state,
        MONDAY,
        (_other(role),),
        1,
        office.casework.keyed(office.here.id, "teacher"),
        review_on="2020-01-01",
        period="open-2026",
        entries=(Entry(1, MONDAY, "filed"), proposal),
    )
    rung = (role,) if role is not Role.STAFF else (Role.OFFICER,)
    if role is Role.STAFF:
        office.change(
            person("somebody", *((Role.OFFICER,) if relation in (Relation.RECIPIENT, Relation.SECOND) else ()))
        )
    changes: dict[Relation, dict[str, object]] = {
        Relation.SUBJECT: {"barred": frozenset({keyed}), "subject": keyed},
        Relation.REPORTER: {"reporter": keyed},
        Relation.RECIPIENT: {"ladder": ((*rung, *_other(role)),)},
        Relation.MEMBER: {"members": frozenset({"somebody"})},
        Relation.SECOND: {"ladder": (_other(role), rung)},
        Relation.NONE: {},
    }
    case = replace(case, **changes[relation])  # type: ignore[arg-type]
    with office.records.work(office.here.id) as work:
        work.add(case, "key")
        for entry in case.entries:
            work.append(case.ref, entry, None)


_FACTS = {
    "triage": {"level": "low-level"},
    "close": {"outcome": "unfounded"},
    "keep": {"until": "2030-01-01"},
    "hand-over": {"person": "colleague"},
    "propose-member": {"person": "teacher"},
    "confirm-member": {"proposal": "2"},
    "name-subject": {"person": "teacher"},
}


def _act(office: Office, cell: Cell) -> None:
    here = office.here.id
    if cell.relation is None:
        _at_school(office, cell.action)
    elif cell.action in LOOKS:
        office.casework.open(here, "somebody", REF, office.opener, cell.action)
    else:
        office.do(REF, "somebody", cell.action, "words", **_FACTS.get(cell.action, {}))


def _at_school(office: Office, action: str) -> None:
    match action:
        case "report":
            office.file(by="somebody")
        case "figures":
            office.casework.counted(office.here.id, "somebody")
        case _:
            office.casework.check_role(office.here.id, "somebody", action)
