"""Random histories of requests among fifty people, in which nobody signs their own and no stage is skipped or repeated.

The machine keeps its own account of who signed what, and compares it with the records after every step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

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

from bot.domain.approvals import Moved
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.people import Person, Role, School
from bot.domain.register import KEEPERS, Entry
from bot.domain.request import Request, State
from bot.domain.stages import LINE_MANAGER, StageRule
from tests.domain.schools import person, school
from tests.fake_requests import Desk

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
REGISTER = ("hand-over", "hand-over", "hand-over", "done", "close")
REFUSED = (Hidden, Moved, NotNow, Unfit)
VERDICTS = ("approved", "refused", "sent-back")
WRONGS = ("self-approvals", "stages skipped", "stages repeated", "entries without full approval")

who = st.sampled_from(PEOPLE)
leading = st.sampled_from(PEOPLE[:8])
which = st.integers(0, 5)


@dataclass
class Account:
    """What the machine itself knows of a request, and of the account that it became."""

    requester: str
    stages: tuple[StageRule, ...]
    marks: list[int]
    administrators: tuple[str, ...]
    version: int = 1
    signed: list[str] = field(default_factory=list)
    over: bool = False
    closed: bool = False

    @property
    def approved(self) -> bool:
        """Whether every stage of this version was signed."""
        return len(self.signed) == len(self.stages)


class Requests(RuleBasedStateMachine):
    """Fifty people who send in, sign, press late and together, leave, act for each other and change roles."""

    seen: Counter[str] = Counter()
    crowd = PEOPLE
    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.keys = 0

    def desk_of(self, here: School) -> Desk:
        """The desk at which a history happens."""
        return Desk(here)

    @initialize(managers=st.lists(leading, min_size=4, max_size=4), first=st.lists(who, min_size=2, max_size=2))
    def opens(self, managers: list[str], first: list[str]) -> None:
        roles = (*((role,) for role in ROLES), *[()] * len(PEOPLE))
        named = enumerate(zip(PEOPLE, roles, strict=False))
        staff = tuple(person(one, *held, manager=managers[number % 4]) for number, (one, held) in named)
        self.desk = self.desk_of(school(*staff))
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
        self.accounts[ref] = Account(by, form, [self.desk.request(ref).mark], (by, "other"))

    @precondition(lambda self: self.accounts)
    @rule(by=who | leading, at=which, action=st.sampled_from(ACTIONS), stale=st.booleans(), to=leading)
    def presses(self, by: str, at: int, action: str, stale: bool, to: str) -> None:
        ref = self._ref(at)
        self._press(ref, by, action, self.accounts[ref].marks[0 if stale else -1], to)

    @precondition(lambda self: self.accounts)
    @rule(at=which, first=st.integers(0, 3), action=st.sampled_from(RIGHT))
    def the_right_one_presses(self, at: int, first: int, action: str) -> None:
        self._rightly(self._ref(at), first, action)

    @precondition(lambda self: self.accounts)
    @rule(at=which, first=st.integers(0, 3))
    def its_requester_changes_it(self, at: int, first: int) -> None:
        ref = self._ref(at)
        account = self.accounts[ref]
        self._rightly(ref, first, "send-back")
        self._press(ref, account.requester, "resubmit", account.marks[-1])

    @precondition(lambda self: self.accounts)
    @rule(at=which, order=st.permutations(PEOPLE[:12]))
    def all_press_at_once(self, at: int, order: list[str]) -> None:
        ref = self._ref(at)
        mark = self.accounts[ref].marks[-1]
        won = sum(self._press(ref, one, "approve", mark) for one in (*order, *self.crowd[12:]))
        assert won <= 1
        self.seen["won"] += won

    @precondition(lambda self: any(one.approved for one in self.accounts.values()))
    @rule(
        at=which, by=leading, administers=st.booleans(), action=st.sampled_from(REGISTER), to=who, leaves=st.booleans()
    )
    def changes_the_register(self, at: int, by: str, administers: bool, action: str, to: str, leaves: bool) -> None:
        approved = [ref for ref, account in self.accounts.items() if account.approved]
        ref = approved[at % len(approved)]
        account = self.accounts[ref]
        by = account.administrators[0] if administers and account.administrators else by
        gone = account.administrators[0] if leaves and account.administrators else ""
        facts = {"to": to, "from": gone, "duty": "review"}
        try:
            self.desk.approvals.change(self.desk.here.id, Order(action, f"E{ref[1:]}", by, facts))
        except REFUSED:
            return
        self.seen[action] += 1
        one = self.desk.here.person(by)
        assert one and not account.closed and (by in account.administrators or one.roles & KEEPERS)
        account.closed = action == "close"
        if action == "hand-over":
            account.administrators = (*(each for each in account.administrators if each != gone), to)

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
        for request in self.desk.requests():
            account = self.accounts[request.ref]
            account.over = account.over or request.state is State.EXPIRED

    # --- what must hold -------------------------------------------------------------------------------------------
    @invariant()
    def each_request_stands_where_it_was_signed_to_and_the_register_holds_what_was_fully_approved(self) -> None:
        with self.desk.records.work(self.desk.here.id) as work:
            requests, entries = work.requests(), work.entries()
        assert {one.ref for one in requests} == self.accounts.keys()
        for request in requests:
            account = self.accounts[request.ref]
            here = [one.by for one in request.signed if (one.version, one.verdict) == (account.version, "approved")]
            assert (request.version, here) == (account.version, account.signed)
            assert (request.state is State.APPROVED) == account.approved
            assert len({account.requester, *here}) == len(here) + 1
            assert all(one.digest for one in request.signed)
        live = {ref: one.administrators for ref, one in self.accounts.items() if one.approved}
        assert {entry.request: entry.administrators for entry in entries} == live
        assert len(entries) == len(live)

    def teardown(self) -> None:
        if self.accounts:
            self.seen["histories"] += 1
            with self.desk.records.work(self.desk.here.id) as work:
                self.seen.update(wrongs(work.requests(), work.entries()))

    # --- how it is done -------------------------------------------------------------------------------------------
    def _ref(self, at: int) -> str:
        return list(self.accounts)[-1 - at % len(self.accounts)]

    def _rightly(self, ref: str, first: int, action: str) -> None:
        """Press as one of those whom its requester sees it wait for, where there is anybody."""
        account = self.accounts[ref]
        seen = self.desk.seen(ref, account.requester) if self.desk.here.person(account.requester) else None
        if seen and seen.signers:
            signer = seen.signers[first % len(seen.signers)].person
            assert self._press(ref, signer, action, account.marks[-1])

    def _press(self, ref: str, by: str, action: str, mark: int, to: str = "") -> bool:
        """Press a button; whether it was taken, and then it is in the machine's own account."""
        account = self.accounts[ref]
        try:
            seen = self.desk.do(ref, by, action, "words", seen=mark, person=to, clause="milford/scope.1")
        except REFUSED as refused:
            self.seen[type(refused).__name__] += 1
            return False
        self.seen[action] += 1
        assert (mark, account.over, account.approved) == (account.marks[-1], False, False)
        account.marks.append(seen.request.mark)
        self._account(account, seen.request, by, action)
        return True

    def _account(self, account: Account, request: Request, by: str, action: str) -> None:
        if action in ("resubmit", "withdraw"):
            assert by == account.requester
        else:
            assert by != account.requester and by not in account.signed
        if action == "approve":
            assert self._trusted(request, by)
            account.signed.append(by)
            self.seen["entries"] += account.approved
        elif action == "resubmit":
            account.version, account.signed = account.version + 1, []
        account.over = action in ("refuse", "withdraw")

    def _trusted(self, request: Request, by: str) -> bool:
        """Whether somebody holds a role that could ever sign, manages the requester, was named, or acts for another."""
        one, manager = self.desk.here.person(by), self.desk.here.manager_of(request.requester)
        with self.desk.records.work(self.desk.here.id) as work:
            acts = any(each.to == by for each in work.delegations())
        named = any(entry.facts["person"] == by for entry in request.happened("reassigned"))
        return one is not None and (acts or named or manager == one or bool(one.roles - {Role.STAFF}))


def _with(one: Person, role: Role, holds: bool) -> Person:
    return replace(one, roles=one.roles | {role} if holds else one.roles - {role})


def wrongs(requests: Iterable[Request], entries: Iterable[Entry]) -> Counter[str]:
    """How often each law is broken, read from nothing but what was kept of each decision."""
    found, full = Counter(dict.fromkeys(WRONGS, 0)), set()
    for request in requests:
        decided = [line for line in request.entries if line.kind in VERDICTS]
        found["self-approvals"] += sum(line.by == request.requester for line in decided)
        for _, group in groupby(decided, lambda line: line.facts["version"]):
            lines = list(group)
            stages = [int(line.facts["stage"]) for line in lines]
            found["stages skipped"] += max(stages) - len(set(stages))
            found["stages repeated"] += len(stages) - len(set(stages))
            if len(stages) == len(request.stages) and {line.kind for line in lines} == {"approved"}:
                full.add(request.ref)
    found["entries without full approval"] += sum(entry.request not in full for entry in entries)
    return found


def histories(count: int, machine: type[Requests] = Requests) -> Counter[str]:
    """Run so many random histories: what was done and refused. Fails where one breaks a law."""
    counting = type("Histories", (machine,), {"seen": Counter[str]()})
    run_state_machine_as_test(
        counting,
        settings=settings(
            max_examples=count,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    seen: Counter[str] = counting.seen  # type: ignore[attr-defined]
    return seen
