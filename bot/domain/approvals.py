"""What is done with requests and the register: each use is one transaction that ends synced, or nothing happened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import register
from bot.domain.case import Entry as Line
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.people import Person, Role, School
from bot.domain.ports import (
    AlreadyFiled,
    Audited,
    Box,
    CannotOpen,
    Clock,
    Closed,
    Names,
    Notice,
    RequestRecords,
    RequestWork,
)
from bot.domain.register import Duty, Entry, Problem, Row
from bot.domain.reminders import EXPIRE, Reminder, Step, due, reminders, stepped
from bot.domain.request import (
    ACTIONS,
    Change,
    Part,
    Request,
    State,
    asked_now,
    decide,
    delegated,
    is_reference,
    may,
    parts,
    reference,
    settled,
)
from bot.domain.stages import Delegation, Signer, Staffing, StageRule, signers
from bot.talk.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Submit:
    """The order to send a request in; `key` is the same when the same form comes in twice."""

    key: str
    school: str
    form: str
    requester: str
    stages: tuple[StageRule, ...]
    content: Sealed
    days: int = 30
    register: str = ""
    recorded_only: bool = False


class Moved(Exception):
    """The request is not where it was seen: what happened instead, by whom and when."""

    def __init__(self, entry: Line) -> None:
        super().__init__(entry.kind)
        self.what, self.by, self.at = entry.kind, entry.by, entry.at


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as one person sees it: their part, what they may do, who may sign now, or who could name somebody."""

    request: Request
    parts: frozenset[Part]
    may: tuple[str, ...]
    signers: tuple[Signer, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with its words by entry number, and its audit trail."""

    seen: Seen
    words: Mapping[int, Sealed]
    trail: tuple[Audited, ...]


@dataclass(frozen=True, slots=True)
class Approvals:
    """All that can be done with requests and the register; raises `NotRecorded` where the storage is in doubt.

    `fields` reads what the register needs out of a request's words: the domain never opens them itself.
    """

    records: RequestRecords
    box: Box
    names: Names
    schools: Callable[[str], School]
    fields: Callable[[Request, Mapping[int, Sealed]], register.Fields]
    duties: tuple[Duty, ...]
    clock: Clock
    random: Callable[[], int] = field(repr=False)

    def submit(self, order: Submit) -> Request:
        """Send a request in and ask the first to sign it; the same key twice is one request. Raises Hidden, Unfit."""
        school, ref = self.schools(order.school), reference(self.random())
        if not order.stages:
            raise Unfit("no-stages")
        closed = self.box.close(school.id, f"{ref}/1", order.content)
        kind = (order.days, order.register, order.recorded_only)
        opened = Request(ref, school.id, order.form, order.requester, order.stages, *kind)
        try:
            with self._work(school, "", order.requester) as work:
                if school.person(order.requester) is None:
                    raise Hidden
                staffing = self._staffing(work, school)
                work.add_request(opened, order.key)
                sent = opened.then(staffing.now, "submitted", order.requester, {"digest": closed.digest}, True)
                change = settled(sent, order.requester, staffing)
                self._keep(work, opened, change, closed)
        except AlreadyFiled as before:
            with self._work(school, before.ref, order.requester) as work:
                return self._found(work, school, before.ref, order.requester)
        return change.request

    def do(self, school_id: str, order: Order) -> Seen:
        """Carry out an order; `seen` is the request's mark that was shown. Raises Hidden, Moved, NotNow, Unfit."""
        school = self.schools(school_id)
        with self._work(school, order.ref, order.by) as work:
            staffing = self._staffing(work, school)
            request = self._found(work, school, order.ref, order.by)
            if order.key and any(one.by == order.by and one.facts.get("key") == order.key for one in request.entries):
                return _seen(request, staffing, order.by)
            _check(request, order, staffing)
            label = f"{order.ref}/{len(request.entries) + 1}"
            closed = self.box.close(school.id, label, order.text) if order.text is not None else None
            change = decide(request, order, staffing, closed.digest if closed else "")
            work.withdraw(order.ref)
            self._keep(work, request, change, closed)
            if change.request.register and change.request.state is State.APPROVED:
                self._register(work, change.request, staffing.now)
        return _seen(change.request, staffing, order.by)

    def _register(self, work: RequestWork, request: Request, now: datetime) -> None:
        entry = register.entered(request, self.fields(request, self._words(work, request)), now)
        work.add_entry(entry)
        work.audit("registered", entry.ref, "", request.digest)

    def _keep(self, work: RequestWork, before: Request, change: Change, closed: Closed | None) -> None:
        """Store what changed: new entries with their audit links, and notices."""
        request = change.request
        for entry in request.entries[len(before.entries) :]:
            work.append_request(request.ref, entry, closed if entry.written else None)
            work.audit(entry.kind, request.ref, entry.by, entry.facts.get("digest", ""))
            if words := entry.facts.get("words"):
                work.audit("words", request.ref, entry.by, words)
        self._tell(work, request.school, request.ref, change.tell)

    def _tell(self, work: RequestWork, school: str, ref: str, tell: Iterable[tuple[str, str]]) -> None:
        told = tuple(dict.fromkeys(tell))
        keyed = self.names.keyed(school, [person for person, _ in told])
        for person, template in told:
            work.notify(Notice(school, ref, person, template, created=self.clock()), keyed.of(person))

    @contextmanager
    def _work(self, school: School, ref: str, by: str) -> Iterator[RequestWork]:
        """One transaction; where it ends as Hidden, all that is kept is that somebody tried."""
        try:
            with self.records.work(school.id) as work:
                yield work
        except Hidden:
            with self.records.work(school.id) as work:
                work.audit("turned-away", ref if is_reference(ref) else "", by if school.person(by) else "")
            raise

    def _found(self, work: RequestWork, school: School, ref: str, by: str) -> Request:
        request = work.request(ref)
        if request is None or not parts(request, self._staffing(work, school), by):
            raise Hidden
        return request

    def _words(self, work: RequestWork, request: Request) -> Mapping[int, Sealed]:
        texts = work.texts(request.ref).items()
        return {seq: self.box.open(request.school, f"{request.ref}/{seq}", closed) for seq, closed in texts}

    def _staffing(self, work: RequestWork, school: School) -> Staffing:
        return Staffing(school, tuple(work.delegations()), self.clock())

    def open(self, school_id: str, by: str, ref: str) -> Opened:
        """A request with its words; that it was looked at is on the audit trail first. Raises Hidden."""
        school = self.schools(school_id)
        with self._work(school, ref, by) as work:
            request = self._found(work, school, ref, by)
            trail = tuple(work.trail(ref))
            work.audit("read", ref, by)
            words, seen = self._words(work, request), _seen(request, self._staffing(work, school), by)
        return Opened(seen, words, trail)

    def listed(self, school_id: str, by: str) -> tuple[Seen, ...]:
        """All requests that somebody has a part in, without words, newest first; `may` says what waits for them."""
        school = self.schools(school_id)
        with self.records.work(school_id) as work:
            staffing = self._staffing(work, school)
            seen = [_seen(request, staffing, by) for request in work.requests()]
        return tuple(one for one in seen if one.parts)

    def delegate(self, school_id: str, delegation: Delegation) -> None:
        """Let somebody sign for another for dates, and ask them what waits. Raises Hidden, Unfit."""
        school = self.schools(school_id)
        by = school.person(delegation.by)
        with self._work(school, "", delegation.by) as work:
            if by is None:
                raise Hidden
            before = self._staffing(work, school)
            _check_delegation(delegation, by, before)
            work.delegate(delegation)
            work.audit("delegated", "", by.id)
            after = self._staffing(work, school)
            for ref in [one.ref for one in work.requests() if _waits_for(one, by.id, before)]:
                request = work.request(ref)  # once more: now nobody else can change it
                if request and _waits_for(request, by.id, before):
                    self._keep(work, request, delegated(request, delegation, after), None)

    def standing_in(self, school_id: str, by: str) -> tuple[Delegation, ...]:
        """Who signs for somebody, and for whom they sign, now or later, in the order of their days."""
        with self.records.work(school_id) as work:
            staffing = self._staffing(work, self.schools(school_id))
        holding = (one for one in staffing.holding if by in (one.by, one.to) and _to_come(one, staffing))
        return tuple(sorted(holding, key=lambda one: one.since))

    def tick(self, school_id: str) -> int:
        """Make the steps of the clock that are due, and the register's reminders; how many."""
        school, made = self.schools(school_id), 0
        with self.records.work(school.id) as work:
            staffing = self._staffing(work, school)
            for ref in [one.ref for one in work.requests() if due(one, staffing)]:
                request = work.request(ref)  # once more: now nobody else can change it
                for step in due(request, staffing) if request else ():
                    request = self._step(work, request, step, staffing) if request else None
                    made += 1
            for ref in self._due_accounts(work, school, staffing.now):
                entry = work.entry(ref)
                for reminder in reminders(entry, school, self.duties, staffing.now) if entry else ():
                    entry = self._remind(work, entry, reminder, staffing.now) if entry else None
                    made += 1
        return made

    def _due_accounts(self, work: RequestWork, school: School, now: datetime) -> list[str]:
        """The accounts of which something is due; none where one was damaged: requests must not wait for that."""
        try:
            return [one.ref for one in work.entries() if reminders(one, school, self.duties, now)]
        except CannotOpen:
            return []

    def _step(self, work: RequestWork, request: Request, step: Step, staffing: Staffing) -> Request:
        change = stepped(request, step, staffing)
        if step.kind == EXPIRE:
            work.withdraw(request.ref)
        self._keep(work, request, change, None)
        return change.request

    def _remind(self, work: RequestWork, entry: Entry, reminder: Reminder, now: datetime) -> Entry:
        facts = {"duty": reminder.duty, "day": reminder.day.isoformat(), "left": reminder.left}
        grown = entry.then(now, "reminded", **facts)
        self._line(work, grown, tuple((person, "duty") for person in reminder.people))
        return grown

    def _line(self, work: RequestWork, entry: Entry, tell: tuple[tuple[str, str], ...] = ()) -> None:
        """Store the newest line of an entry of the register."""
        line = entry.history[-1]
        work.append_entry(entry.ref, line)
        work.audit(line.kind, entry.ref, line.by)
        self._tell(work, entry.school, entry.ref, tell)

    def change(self, school_id: str, order: Order) -> Entry:
        """Hand over, close, or note a duty done for an entry of the register. Raises Hidden, NotNow, Unfit."""
        school = self.schools(school_id)
        person = school.person(order.by)
        with self._work(school, order.ref, order.by) as work:
            entry = work.entry(order.ref)
            if entry is None or person is None or not register.may_change(entry, person):
                raise Hidden
            if order.seen and order.seen != len(entry.history) + 1:
                raise NotNow
            changed = register.changed(entry, order.action, order.facts, person.id, school, self.clock())
            taker = order.facts.get("to", "")
            self._line(work, changed, ((taker, "duty"),) if order.action == "hand-over" and taker else ())
        return changed

    def registered(self, school_id: str, by: str) -> tuple[Entry, ...]:
        """The entries of the register that somebody may see, newest first."""
        person = self.schools(school_id).person(by)
        with self.records.work(school_id) as work:
            return tuple(one for one in work.entries() if person and register.may_see(one, person))

    def take_in(self, school_id: str, by: str, rows: Iterable[Row]) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
        """Put accounts of before in the register from a list; what was taken, and problems line by line."""
        school = self.schools(school_id)
        person = school.person(by)
        with self._work(school, "", by) as work:
            if person is None or not person.roles & register.KEEPERS:
                raise Hidden
            work.alone()
            entries, problems = register.taken_in(rows, school, work.entries(), self.clock(), self.random)
            for entry in entries:
                work.add_entry(entry)
                work.audit("taken-in", entry.ref, by)
        return entries, problems

    def notices(self, school_id: str, by: str) -> Sequence[Notice]:
        """What has been delivered to somebody about requests and the register and not seen, newest first."""
        if self.schools(school_id).person(by) is None:
            return ()
        with self.records.work(school_id) as work:
            return work.notices(self.names.keyed(school_id, [by]).of(by))

    def saw(self, school_id: str, by: str, refs: Collection[str]) -> None:
        """Note that somebody has seen what was delivered to them about these."""
        keyed = self.names.keyed(school_id, [by]).of(by)
        with self.records.work(school_id) as work:
            if unseen := [one.ref for one in work.notices(keyed) if one.ref in refs]:
                work.saw(keyed, unseen)


def _seen(request: Request, staffing: Staffing, by: str) -> Seen:
    pending = request.state is State.PENDING
    may_sign = signers(request.waiting, staffing) if pending else ()
    ask = asked_now(request, staffing) if pending and not may_sign else ()
    return Seen(request, parts(request, staffing, by), may(request, staffing, by), may_sign, ask)


def _check(request: Request, order: Order, staffing: Staffing) -> None:
    """Whoever could have done it before is told what happened instead; for everybody else there is no such request."""
    row, mine = ACTIONS.get(order.action), parts(request, staffing, order.by)
    could = row.parts | ({Part.ASKED} if Part.SIGNER in row.parts else set()) if row else frozenset()
    if order.action == "read" or not could & mine:
        raise Hidden
    if order.seen != request.mark:
        raise Moved(request.moved)
    if order.action not in may(request, staffing, order.by):
        raise NotNow


def _waits_for(request: Request, person: str, staffing: Staffing) -> bool:
    """Whether somebody may sign it for themselves: what they sign for another they let nobody else sign."""
    may_sign = signers(request.waiting, staffing) if request.state is State.PENDING else ()
    return any(one.person == person and not one.behalf for one in may_sign)


def _to_come(delegation: Delegation, staffing: Staffing) -> bool:
    """Whether it runs today or later, between two who are still at the school."""
    holder, other = staffing.school.person(delegation.by), staffing.school.person(delegation.to)
    may_sign = holder is not None and other is not None and other.id not in holder.delegates
    return may_sign and staffing.today <= delegation.until


def _check_delegation(delegation: Delegation, by: Person, staffing: Staffing) -> None:
    if delegation.until < max(delegation.since, staffing.today):
        raise Unfit("no-such-days")
    to = staffing.school.person(delegation.to)
    if delegation.to and to is None:
        raise Unfit("not-on-the-list")
    if to and (to.id == by.id or to.id in by.delegates or Role.AUDITOR in to.roles):
        raise Unfit("cannot-be-named")
