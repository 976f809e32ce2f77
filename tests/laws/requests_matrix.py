"""Every cell of the matrix of requests and the register with what is expected there, and a way to try it on a desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from bot.domain.approvals import Moved
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.people import Role
from bot.domain.register import Entry, Status, search
from bot.domain.request import State
from bot.domain.stages import LINE_MANAGER, StageRule
from tests.domain.schools import MONDAY, person, school
from tests.fake_requests import Desk, FakeRequests, Shelf

ME = "somebody"
ACCOUNT = "E-2222-2222"
YES, HIDDEN, NOT_NOW = "yes", "hidden", "not-now"
LETTERS: Mapping[str, Mapping[str, State | Status]] = {
    "request": dict(zip("psarwek", State, strict=True)),
    "account": dict(zip("lc", Status, strict=True)),
    "school": {},
}
"""The states, as the table writes them."""

STANDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "request": {
        "requester": frozenset({"requester"}),
        "signer": frozenset({"signer", "overseer"}),
        "asked": frozenset({"asked"}),
        "nobody-left": frozenset({"stand-in", "helper", "overseer"}),
        "none": frozenset({"overseer"}),
    },
    "account": {
        "administrator": frozenset({"administrator", "keeper", "reader"}),
        "moderator": frozenset({"moderator", "keeper", "reader"}),
        "none": frozenset({"keeper", "reader"}),
    },
    "school": {"school": frozenset({"school"})},
}
"""How somebody stands to what is tried, and which words of the table hold for them then."""

OF_ACCOUNTS = frozenset({"see", "hand-over", "close", "done"})
"""What is done to an account."""
CHAT = frozenset({"export", "leavers"})
"""What only the chat does: the drill tries it there, and the domain knows no more than who sees an account."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `expected` is `yes`, `hidden` or `not-now`, and what belongs to no one thing has no state."""

    action: str
    role: Role
    stands: str
    state: State | Status | None
    expected: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    action: str
    stands: str
    states: frozenset[State | Status]
    roles: frozenset[Role] = frozenset()

    @property
    def of(self) -> str:
        """What it is about."""
        return next(of for of, ways in STANDS.items() if self.stands in frozenset().union(*ways.values()))


@cache
def lines() -> tuple[Line, ...]:
    """The table as people read it."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    return tuple(_line(*line.split()) for line in text.splitlines() if line and not line.startswith("#"))


def _line(action: str, stands: str, *rest: str) -> Line:
    letters = LETTERS[Line(action, stands, frozenset()).of]
    marks, roles = rest[: len(letters)], rest[len(letters) :]
    if any(mark not in (letter, "-") for mark, letter in zip(marks, letters, strict=True)):
        raise ValueError(f"{action} {stands} has a mark out of its place")
    return Line(action, stands, frozenset(letters[mark] for mark in marks if mark != "-"), frozenset(map(Role, roles)))


def cells() -> Iterator[Cell]:
    """Every role x action x how somebody stands x state."""
    for action, of in dict.fromkeys((line.action, line.of) for line in lines()):
        for role, stands, state in product(Role, STANDS[of], LETTERS[of].values() or (None,)):
            yield Cell(action, role, stands, state, expected(action, role, stands, state))


def expected(action: str, role: Role, stands: str, state: State | Status | None) -> str:
    """What the table says of a cell."""
    of = [line for line in lines() if line.action == action]
    mine = [line for line in of if line.stands in STANDS[line.of][stands] and _holds(role, line.roles)]
    if any(state is None or state in line.states for line in mine):
        return YES
    return NOT_NOW if mine else HIDDEN


def _holds(role: Role, roles: frozenset[Role]) -> bool:
    return not roles or bool({role, Role.STAFF} & roles)


# --- trying it --------------------------------------------------------------------------------------------------------
def tried(cell: Cell, *more: Role) -> str:
    """What a desk does in a cell: `yes`, `hidden` or `not-now`; raises ValueError where a refusal left a trace."""
    desk, ref = arranged(cell.stands, cell.state, cell.role, *more)
    records = desk.records
    assert isinstance(records, FakeRequests)
    before = records.shelf
    try:
        found = _acted(desk, cell, ref)
    except Hidden:
        found = HIDDEN
    except (NotNow, Moved):
        found = NOT_NOW
    except Unfit:
        found = HIDDEN if cell.action == "be-named" else NOT_NOW
    after, records.shelf = records.shelf, before
    if found != YES:
        _check_no_trace(before, after)
    return found


def _check_no_trace(before: Shelf, after: Shelf) -> None:
    """A refusal changes nothing; that somebody tried may stand on the audit trail, and nothing else."""
    for table in ("requests", "keys", "texts", "entries", "delegations", "queue"):
        if getattr(before, table) != getattr(after, table):
            raise ValueError(f"what was refused left a trace in {table}")
    if [link.action for link in after.chain[len(before.chain) :]] not in ([], ["turned-away"]):
        raise ValueError("what was refused is on the audit trail as if it had been done")


@cache
def arranged(stands: str, state: State | Status | None, *roles: Role) -> tuple[Desk, str]:
    """A desk at which somebody with these roles stands so to a request or an account in this state; its reference."""
    other = Role.DSL if Role.DEPUTY in roles else Role.DEPUTY
    manager = ME if stands in ("signer", "asked") else "colleague"
    staff = person("teacher", manager=manager), person(ME, *roles, manager=manager)
    desk = Desk(school(*staff, person("colleague", other), person("spare", Role.APPROVER)))
    if isinstance(state, Status):
        _keep(desk, stands, state)
        return desk, ACCOUNT
    return desk, _asked(desk, stands, state or State.PENDING, _stages(stands, roles, other))


def _stages(stands: str, roles: tuple[Role, ...], other: Role) -> tuple[StageRule, ...]:
    """The stages by which somebody comes to stand so."""
    trusted = [role for role in roles if role not in (Role.STAFF, Role.AUDITOR)]
    if stands == "signer" and trusted:
        return (StageRule(trusted[0]),)
    if stands == "asked":
        return (StageRule(LINE_MANAGER), StageRule(other))
    if stands == "nobody-left":
        return (StageRule(Role.VICE_CHAIR if Role.INDEPENDENT in roles else Role.INDEPENDENT),)
    return (StageRule(LINE_MANAGER),)


def _asked(desk: Desk, stands: str, state: State, stages: tuple[StageRule, ...]) -> str:
    """A request that has come so far."""
    requester = ME if stands == "requester" else "teacher"
    ref = desk.submit(requester, stages=stages, recorded_only=state is State.RECORDED)
    if stands == "asked" and state is not State.RECORDED:
        desk.do(ref, ME, "approve")
    match state:
        case State.WITHDRAWN:
            desk.do(ref, requester, "withdraw")
        case State.EXPIRED:
            desk.wait(days=42)
        case State.APPROVED | State.REFUSED | State.SENT_BACK:
            _decide(desk, ref, state)
    if desk.request(ref).state is not state:
        raise ValueError(f"{stands} is not {state}")
    return ref


def _decide(desk: Desk, ref: str, state: State) -> None:
    """Decide it as the first who may, or as somebody who comes for that alone where nobody is left."""
    here, request = desk.here, desk.request(ref)
    role, by = request.waiting.rule.role, "supply"
    if role == LINE_MANAGER or here.holders(Role(role)):
        by = desk.seen(ref, request.requester).signers[0].person
    desk.here = replace(here, people=(*here.people, person("supply", *([Role(role)] if by == "supply" else []))))
    verdict = {State.APPROVED: "approve", State.REFUSED: "refuse", State.SENT_BACK: "send-back"}[state]
    desk.do(ref, by, verdict, "words", **facts(verdict))
    desk.here = here


def _keep(desk: Desk, stands: str, status: Status) -> None:
    """An account of the register that somebody runs so."""
    administrators, moderators = (
        (ME, "colleague") if stands == runs else ("colleague",) for runs in ("administrator", "moderator")
    )
    account = (ACCOUNT, desk.here.id, "account", "Facebook", "netball", MONDAY)
    entry = Entry(*account, administrators=administrators, moderators=moderators)
    with desk.records.work(desk.here.id) as work:
        work.add_entry(entry)
        if status is Status.CLOSED:
            work.append_entry(ACCOUNT, entry.then(MONDAY, "closed", "colleague").history[-1])


def facts(action: str) -> dict[str, Any]:
    """What is named where an action asks for it."""
    return {
        "refuse": {"clause": "milford/new-accounts.1"},
        "reassign": {"person": "spare"},
        "hand-over": {"role": "administrators", "to": "spare"},
        "done": {"duty": "review"},
    }.get(action, {})


def _acted(desk: Desk, cell: Cell, ref: str) -> str:
    """What comes of it. Raises Hidden, Moved, NotNow, Unfit."""
    here, approvals = desk.here.id, desk.approvals
    match cell.action:
        case "ask":
            desk.submit(ME)
        case "delegate":
            desk.delegate(ME, "colleague")
        case "be-named":
            desk.do(ref, "colleague", "reassign", person=ME)
        case "take-in":
            approvals.take_in(here, ME, [{"platform": "X", "handle": "@hockey", "administrators": "colleague"}])
        case "read":
            return _read(desk, ref)
        case "see":
            found = search(approvals.registered(here, ME), "NETBALL")
            return YES if ref in {one.ref for one in found} else HIDDEN
        case _ if cell.action in OF_ACCOUNTS:
            approvals.change(here, Order(cell.action, ref, ME, facts(cell.action)))
        case _:
            desk.do(ref, ME, cell.action, "words", **facts(cell.action))
    return YES


def _read(desk: Desk, ref: str) -> str:
    listed = any(one.request.ref == ref for one in desk.approvals.listed(desk.here.id, ME))
    try:
        desk.approvals.open(desk.here.id, ME, ref)
    except Hidden:
        return "in a list, but hidden" if listed else HIDDEN
    return YES if listed else "in no list"
