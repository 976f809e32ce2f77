"""Requests and the register in memory, a box that really hides, and a desk to work at: as with a database."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock

import bot.domain
from bot.domain.approvals import Approvals, Seen, Submit
from bot.domain.case import Entry as Line
from bot.domain.orders import Order
from bot.domain.people import Role, School
from bot.domain.ports import AlreadyFiled, Audited, CannotOpen, Clock, Closed, Notice, NotRecorded, RequestRecords
from bot.domain.register import Entry, Fields, read_duties
from bot.domain.request import Request, folded
from bot.domain.stages import LINE_MANAGER, Delegation, StageRule
from bot.talk.sealed import Sealed
from tests.domain.schools import MONDAY, person, school
from tests.fake_records import Queued
from tests.fake_seal import FakeSealer

DUTIES = read_duties(tomllib.loads((Path(bot.domain.__file__).parent / "register.toml").read_text(encoding="utf-8")))
PEOPLE = (
    person("teacher", manager="leader"),
    person("leader", Role.LINE_MANAGER, manager="head"),
    person("head", Role.HEAD, delegates=["pa"]),
    person("pa"),
    person("assistant-head", Role.APPROVER),
    person("chair", Role.CHAIR),
    person("lead", Role.POLICY_LEAD),
    person("auditor", Role.AUDITOR),
    person("other", manager="leader"),
)
STAGES = (StageRule(LINE_MANAGER), StageRule("head", ("approver",)))


class FakeBox:
    """Closes texts so that nobody reads them who has not opened them here."""

    def close(self, school: str, label: str, text: Sealed) -> Closed:
        """The text, bound to its place, and its digest."""
        plain = f"{school}/{label}\n{text.reveal()}".encode()
        return Closed(base64.b64encode(plain[::-1]), hashlib.sha256(b"key" + plain).hexdigest())

    def open(self, school: str, label: str, closed: Closed) -> Sealed:
        """The text. Raises CannotOpen where it lies in another place."""
        place, _, text = base64.b64decode(closed.body)[::-1].decode().partition("\n")
        if place != f"{school}/{label}":
            raise CannotOpen
        return Sealed(text)


@dataclass
class Shelf:
    """All that is kept."""

    requests: dict[str, Request] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    texts: dict[tuple[str, int], Closed] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    delegations: tuple[tuple[str, Delegation], ...] = ()
    queue: tuple[Queued, ...] = ()
    chain: tuple[Audited, ...] = ()

    def __copy__(self) -> Shelf:
        tables = dict(self.requests), dict(self.keys), dict(self.texts), dict(self.entries)
        return Shelf(*tables, self.delegations, self.queue, self.chain)


class FakeRequests:
    """Where requests are kept until the test ends; one transaction after another, as on SQLite."""

    def __init__(self, clock: Clock = lambda: datetime(2026, 11, 23, 9, tzinfo=UTC)) -> None:
        self.clock = clock
        self.shelf = Shelf()
        self.broken = False
        self.damaged = False
        self._lock = Lock()

    @contextmanager
    def work(self, school: str) -> Iterator[FakeRequestWork]:
        """One transaction: all of it is kept when the block ends well, or none of it."""
        if not self._lock.acquire(timeout=5):
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        try:
            work = FakeRequestWork(school, copy(self.shelf), self.clock, self.damaged)
            yield work
            if self.broken:
                raise NotRecorded("The database did not confirm it.")
            self.shelf = work.shelf
        finally:
            self._lock.release()

    def deliver(self) -> list[tuple[str, str, str]]:
        """Bring all that waits to its recipients, oldest first: whom, with which notice, about what."""
        waiting = [one.notice for one in self.shelf.queue if one.state == "waiting"]
        self.shelf.queue = tuple(
            replace(one, state="delivered") if one.state == "waiting" else one for one in self.shelf.queue
        )
        return [(one.to, one.template, one.ref) for one in waiting]


class FakeRequestWork:
    """One transaction of one school, on a copy of the shelf."""

    def __init__(self, school: str, shelf: Shelf, clock: Clock, damaged: bool = False) -> None:
        self.shelf = shelf
        self._damaged = damaged
        self._school = school
        self._clock = clock

    def filed(self, key: str) -> str:
        """The reference that was given for an idempotency key, or empty."""
        return self.shelf.keys.get((self._school, key), "")

    def add_request(self, request: Request, key: str) -> None:
        """Keep a new request, without its entries."""
        if ref := self.filed(key):
            raise AlreadyFiled(ref)
        _need(request.ref not in self.shelf.requests and not request.entries)
        self.shelf.keys[self._school, key] = request.ref
        self.shelf.requests[request.ref] = request

    def append_request(self, ref: str, entry: Line, closed: Closed | None) -> None:
        """Add an entry; what the request is now is folded from all of them, as from a database."""
        kept = self.request(ref)
        _need(kept is not None and entry.seq == len(kept.entries) + 1 and entry.written == (closed is not None))
        assert kept is not None
        self.shelf.requests[ref] = folded(kept, [entry])
        if closed:
            self.shelf.texts[ref, entry.seq] = closed

    def request(self, ref: str) -> Request | None:
        """A request of this school with its entries."""
        kept = self.shelf.requests.get(ref)
        return kept if kept and kept.school == self._school else None

    def requests(self) -> Sequence[Request]:
        """All requests of this school, newest first."""
        return [one for one in reversed(self.shelf.requests.values()) if one.school == self._school]

    def texts(self, ref: str) -> Mapping[int, Closed]:
        """What was written in a request, by entry number."""
        _need(self.request(ref) is not None)
        return {seq: closed for (one, seq), closed in self.shelf.texts.items() if one == ref}

    def alone(self) -> None:
        """Nobody else does anything here meanwhile."""

    def add_entry(self, entry: Entry) -> None:
        """Put an entry in the register."""
        _need(entry.ref not in self.shelf.entries and entry.school == self._school and not entry.history)
        self.shelf.entries[entry.ref] = entry

    def append_entry(self, ref: str, line: Line) -> None:
        """Add a line to the history of an entry of the register."""
        kept = self.entry(ref)
        _need(kept is not None and line.seq == len(kept.history) + 1)
        assert kept is not None
        self.shelf.entries[ref] = kept.grown(line)

    def entry(self, ref: str) -> Entry | None:
        """An entry of the register."""
        kept = self.shelf.entries.get(ref)
        return kept if kept and kept.school == self._school else None

    def entries(self) -> Sequence[Entry]:
        """The whole register of this school, newest first."""
        if self._damaged:
            raise CannotOpen
        return [one for one in reversed(self.shelf.entries.values()) if one.school == self._school]

    def delegate(self, delegation: Delegation) -> None:
        """Keep who acts for whom."""
        self.shelf.delegations += ((self._school, delegation),)

    def delegations(self) -> Sequence[Delegation]:
        """All that were kept, oldest first."""
        return [one for school, one in self.shelf.delegations if school == self._school]

    def notify(self, notice: Notice, keyed: str) -> None:
        """Queue a notice."""
        _need(self.request(notice.ref) is not None or self.entry(notice.ref) is not None)
        self.shelf.queue += (Queued(replace(notice, id=len(self.shelf.queue) + 1), keyed),)

    def withdraw(self, ref: str, keyed: Sequence[str] = ()) -> int:
        """Take back what still waits about a request; how many."""
        waiting = {
            one
            for one in self.shelf.queue
            if (one.state, one.notice.school, one.notice.ref) == ("waiting", self._school, ref)
            and (not keyed or one.keyed in keyed)
        }
        self.shelf.queue = tuple(replace(one, state="withdrawn") if one in waiting else one for one in self.shelf.queue)
        return len(waiting)

    def notices(self, keyed: str) -> Sequence[Notice]:
        """What has been delivered to one person, newest first."""
        return [
            replace(one.notice, to="")
            for one in reversed(self.shelf.queue)
            if (one.state, one.keyed, one.notice.school) == ("delivered", keyed, self._school)
        ]

    def saw(self, keyed: str, refs: Sequence[str]) -> None:
        """Note that a person has seen what was delivered to them about these."""
        self.shelf.queue = tuple(
            replace(one, state="seen")
            if (one.state, one.keyed, one.notice.school) == ("delivered", keyed, self._school)
            and one.notice.ref in refs
            else one
            for one in self.shelf.queue
        )

    def audit(self, action: str, ref: str, by: str, digest: str = "") -> None:
        """Add a link to the school's audit chain."""
        seq = len(self.shelf.chain) + 1
        self.shelf.chain += (Audited(self._school, seq, self._clock(), action, ref, by, digest, f"mac-{seq}"),)

    def trail(self, ref: str = "") -> Sequence[Audited]:
        """The links of the audit chain, or those about one reference, oldest first."""
        return [one for one in self.shelf.chain if one.school == self._school and ref in ("", one.ref)]


def _need(true: bool) -> None:
    if not true:
        raise NotRecorded("The database did not take it.")


# --- a desk to work at ------------------------------------------------------------------------------------------------
def fields(request: Request, words: Mapping[int, Sealed]) -> Fields:
    """What was written is the handle, and its requester runs the account with another."""
    handle = words[request.text].reveal()
    return {"platform": "Facebook", "handle": handle, "administrators": f"{request.requester} other"}


@dataclass
class Desk:
    """All that is needed to work on requests; `here` and `now` may be changed between two acts."""

    here: School = field(default_factory=lambda: school(*PEOPLE))
    now: datetime = MONDAY
    made: Callable[[Clock], RequestRecords] = FakeRequests

    def __post_init__(self) -> None:
        numbers = count(1)
        self.records = self.made(lambda: self.now)
        self.approvals = Approvals(
            self.records,
            FakeBox(),
            FakeSealer(),
            lambda _: self.here,
            fields,
            DUTIES,
            lambda: self.now,
            lambda: next(numbers) * 7919**3,
        )

    def submit(
        self,
        by: str = "teacher",
        text: str = "netball",
        key: str = "",
        stages: tuple[StageRule, ...] = STAGES,
        register: str = "account",
        recorded_only: bool = False,
    ) -> str:
        """Send a request in; without a key it is one of its own."""
        key = key or f"key-{len(self.requests())}"
        order = Submit(key, self.here.id, "site", by, stages, Sealed(text), 30, register, recorded_only)
        return self.approvals.submit(order).ref

    def do(
        self, ref: str, by: str, action: str, text: str = "", seen: int | None = None, key: str = "", **facts: str
    ) -> Seen:
        """Carry out an order, on the request as it stands where nothing else was seen."""
        seen = self.request(ref).mark if seen is None else seen
        order = Order(action, ref, by, facts, Sealed(text) if text else None, seen, key)
        return self.approvals.do(self.here.id, order)

    def approved(self, by: str = "teacher", text: str = "netball") -> str:
        """A request that was signed at each stage by the first who may."""
        ref = self.submit(by, text)
        while signers := self.seen(ref, by).signers:
            self.do(ref, signers[0].person, "approve")
        return ref

    def delegate(self, by: str, to: str, days: int = 5, after: int = 0) -> None:
        """Let somebody sign for another, from today or later."""
        since = self.now.date() + timedelta(after)
        self.approvals.delegate(self.here.id, Delegation(by, to, since, since + timedelta(days)))

    def seen(self, ref: str, by: str) -> Seen:
        """A request as somebody finds it among theirs."""
        return next(one for one in self.approvals.listed(self.here.id, by) if one.request.ref == ref)

    def requests(self) -> Sequence[Request]:
        """All requests as they are kept, newest first."""
        with self.records.work(self.here.id) as work:
            return work.requests()

    def request(self, ref: str) -> Request:
        """A request as it is kept."""
        return next(one for one in self.requests() if one.ref == ref)

    def entries(self) -> Sequence[Entry]:
        """The register as it is kept."""
        with self.records.work(self.here.id) as work:
            return work.entries()

    def told(self) -> list[tuple[str, str]]:
        """Bring what waits: who is told with which notice."""
        assert isinstance(self.records, FakeRequests)
        return [(to, template) for to, template, _ in self.records.deliver()]

    def trail(self, ref: str = "") -> list[tuple[str, str]]:
        """The audit trail: what, and by whom."""
        with self.records.work(self.here.id) as work:
            return [(link.action, link.by) for link in work.trail(ref)]

    def leave(self, *gone: str) -> None:
        """Take people off the staff list."""
        self.here = replace(self.here, people=tuple(one for one in self.here.people if one.id not in gone))

    def wait(self, days: float) -> int:
        """Let time pass, and the clock make its steps."""
        self.now += timedelta(days=days)
        return self.approvals.tick(self.here.id)
