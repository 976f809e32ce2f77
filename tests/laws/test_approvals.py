"""Whatever happens to requests among fifty people: nobody signs their own, no stage is skipped or signed twice.

The machine keeps its own account of who signed what, and compares it with the records after every step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.approvals import Moved, RequestRecords
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Unfit
from bot.domain.people import Person, Role
from bot.domain.ports import Clock
from bot.domain.request import State
from bot.domain.stages import LINE_MANAGER, Lines, StageRule
from tests.domain.schools import person, school
from tests.fake_requests import Desk, FakeRequests

ROLES = (Role.HEAD, Role.CHAIR, Role.POLICY_LEAD, Role.APPROVER, Role.LINE_MANAGER, Role.IT_ADMIN)
PEOPLE = tuple(f"p{number:02}" for number in range(50))
FORMS = (
    (StageRule(LINE_MANAGER), StageRule("head")),
    (StageRule("it-admin", ("approver",)), StageRule("approver", ("head",)), StageRule("head")),
    (StageRule("approver"), StageRule("approver")),
    (StageRule("head", ("approver",)),),
)
ACTIONS = ("approve", "approve", "refuse", "send-back", "reassign", "resubmit", "withdraw")
RIGHT = ("approve", "approve", "approve", "send-back", "refuse")
REFUSED = (Hidden, Moved, NotNow, Unfit)

who = st.sampled_from(PEOPLE)
leading = st.sampled_from(PEOPLE[:8])
which = st.integers(0, 5)


@dataclass
class Account:
    """What the machine itself knows of a request."""

    requester: str
    stages: tuple[StageRule, ...]
    version: int = 1
    signed: list[str] = field(default_factory=list)
    over: bool = False

    @property
    def approved(self) -> bool:
        """Whether every stage of this version was signed."""
        return len(self.signed) == len(self.stages)


class Requests(RuleBasedStateMachine):
    """Fifty people who send in, sign, press late and together, leave, act for each other and change roles."""

    made: Callable[[Clock], RequestRecords] = FakeRequests
    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.marks: dict[str, list[int]] = {}
        self.keys = 0

    @initialize(managers=st.lists(leading, min_size=4, max_size=4), first=st.lists(who, min_size=2, max_size=2))
    def opens(self, managers: list[str], first: list[str]) -> None:
        staff = tuple(
            person(one, *((ROLES[number],) if number < len(ROLES) else ())) for number, one in enumerate(PEOPLE)
        )
        lines = Lines({one: managers[number % 4] for number, one in enumerate(PEOPLE)})
        self.desk = Desk(school(*staff), lines, made=type(self).made)
        for number, by in enumerate(first):
            self.sends_in(by, FORMS[number], again=False)

    # --- what people do -------------------------------------------------------------------------------------------
    @rule(by=who | leading, form=st.sampled_from(FORMS), again=st.booleans())
    def sends_in(self, by: str, form: tuple[StageRule, ...], again: bool) -> None:
        if not self.desk.here.person(by):
            return
        self.keys += 1
        ref = self.desk.submit(by, key=f"k{self.keys}", stages=form)
        if again:
            assert self.desk.submit(by, key=f"k{self.keys}", stages=form) == ref
        self.accounts[ref] = Account(by, form)
        self.marks[ref] = [self.desk.request(ref).mark]

    @precondition(lambda self: self.accounts)
    @rule(by=who | leading, at=which, action=st.sampled_from(ACTIONS), stale=st.booleans(), to=leading)
    def presses(self, by: str, at: int, action: str, stale: bool, to: str) -> None:
        ref = self._ref(at)
        self._press(ref, by, action, self.marks[ref][0 if stale else -1], to)

    @precondition(lambda self: self.accounts)
    @rule(at=which, first=st.integers(0, 3), action=st.sampled_from(RIGHT))
    def the_right_one_presses(self, at: int, first: int, action: str) -> None:
        ref = self._ref(at)
        request = self.desk.request(ref)
        seen = self.desk.seen(ref, request.requester) if self.desk.here.person(request.requester) else None
        if seen and seen.signers:
            pressed = self._press(ref, seen.signers[first % len(seen.signers)].person, action, request.mark, "")
            assert pressed == action

    @precondition(lambda self: self.accounts)
    @rule(at=which)
    def its_requester_changes_it(self, at: int) -> None:
        ref = self._ref(at)
        self._press(ref, self.accounts[ref].requester, "resubmit", self.marks[ref][-1], "")

    @precondition(lambda self: self.accounts)
    @rule(at=which, order=st.permutations(PEOPLE[:12]))
    def all_press_at_once(self, at: int, order: list[str]) -> None:
        ref = self._ref(at)
        mark = self.marks[ref][-1]
        won = [one for one in (*order, *PEOPLE[12:]) if self._press(ref, one, "approve", mark, "")]
        assert len(won) <= 1
        self.seen["won"] += len(won)

    @rule(by=leading, to=who | leading, days=st.integers(0, 9), after=st.integers(0, 3))
    def lets_another_sign(self, by: str, to: str, days: int, after: int) -> None:
        try:
            self.desk.delegate(by, to, days, after)
        except REFUSED:
            return

    @rule(one=leading, role=st.sampled_from(ROLES), holds=st.booleans())
    def changes_role(self, one: str, role: Role, holds: bool) -> None:
        here = self.desk.here
        people = tuple(_with(each, role, holds) if each.id == one else each for each in here.people)
        self.desk.here = replace(here, people=people)

    @rule(one=leading)
    def leaves_or_comes_back(self, one: str) -> None:
        here = self.desk.here
        if here.person(one):
            self.desk.leave(one)
        else:
            self.desk.here = replace(here, people=(*here.people, person(one, Role.APPROVER)))

    @rule(days=st.sampled_from((0.1, 1, 4, 9, 31)))
    def time_passes(self, days: float) -> None:
        self.desk.wait(days)
        for ref, account in self.accounts.items():
            account.over = account.over or self.desk.request(ref).state is State.EXPIRED

    # --- what must hold -------------------------------------------------------------------------------------------
    @invariant()
    def each_request_stands_where_it_was_signed_to(self) -> None:
        for request in self.desk.requests() if self.accounts else ():
            account = self.accounts[request.ref]
            here = [one.by for one in request.signed if (one.version, one.verdict) == (account.version, "approved")]
            assert (request.version, here) == (account.version, account.signed)
            assert (request.state is State.APPROVED) == account.approved
            assert len({account.requester, *here}) == len(here) + 1
            assert all(one.digest for one in request.signed)

    @invariant()
    def the_register_holds_what_was_fully_approved_and_nothing_else(self) -> None:
        approved = sorted(ref for ref, account in self.accounts.items() if account.approved)
        assert not self.accounts or sorted(entry.request for entry in self.desk.entries()) == approved

    # --- how it is done -------------------------------------------------------------------------------------------
    def _ref(self, at: int) -> str:
        return list(self.accounts)[-1 - at % len(self.accounts)]

    def _press(self, ref: str, by: str, action: str, mark: int, to: str) -> str:
        """Press a button; the action where it was taken, and then the machine's own account of it."""
        account = self.accounts[ref]
        before = self.desk.request(ref)
        try:
            self.desk.do(ref, by, action, "words", seen=mark, person=to, clause="milford/scope.1")
        except REFUSED as refused:
            self.seen[type(refused).__name__] += 1
            return ""
        self.seen[action] += 1
        self.marks[ref].append(self.desk.request(ref).mark)
        assert (mark, account.over, account.approved) == (before.mark, False, False)
        self._account(account, ref, by, action)
        return action

    def _account(self, account: Account, ref: str, by: str, action: str) -> None:
        if action in ("resubmit", "withdraw"):
            assert by == account.requester
        else:
            assert by != account.requester and by not in account.signed
        if action == "approve":
            assert self._trusted(ref, by)
            account.signed.append(by)
            self.seen["entries"] += account.approved
        elif action == "resubmit":
            account.version, account.signed = account.version + 1, []
        account.over = action in ("refuse", "withdraw")

    def _trusted(self, ref: str, by: str) -> bool:
        """Whether somebody holds a role that could ever sign, manages the requester, was named, or acts for another."""
        request, one = self.desk.request(ref), self.desk.here.person(by)
        with self.desk.records.work("milford") as work:
            acts = any(each.to == by for each in work.delegations())
        named = any(entry.facts["person"] == by for entry in request.happened("reassigned"))
        manages = self.desk.lines.manager_of(request.requester) == by
        return one is not None and (acts or named or manages or bool(one.roles - {Role.STAFF}))


def _with(one: Person, role: Role, holds: bool) -> Person:
    return replace(one, roles=one.roles | {role} if holds else one.roles - {role})


def histories(count: int, made: Callable[[Clock], RequestRecords] = FakeRequests) -> Counter[str]:
    """Run so many random histories on records of a kind: what was done and refused. Fails where one breaks a law."""
    machine = type("Histories", (Requests,), {"made": staticmethod(made), "seen": Counter[str]()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    seen: Counter[str] = machine.seen  # type: ignore[attr-defined]
    return seen


def test_nobody_signs_their_own_request_and_no_stage_is_skipped_or_repeated() -> None:
    seen = histories(200)
    assert {"approve", "refuse", "send-back", "resubmit", "won", "entries", "Moved", "Hidden"} <= seen.keys()
