"""Records in memory: they behave as those in a database do, and pass the same tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain.case import Case, Entry, State
from bot.domain.ports import AlreadyFiled, Audited, Clock, Envelope, Notice, NotRecorded
from bot.talk.sealed import Sealed


@dataclass
class Shelf:
    """All that is kept."""

    cases: dict[str, Case] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    envelopes: dict[tuple[str, int], Envelope] = field(default_factory=dict)
    queue: tuple[Queued, ...] = ()
    chain: tuple[Audited, ...] = ()

    def __copy__(self) -> Shelf:
        return Shelf(dict(self.cases), dict(self.keys), dict(self.envelopes), self.queue, self.chain)


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice with its recipient's keyed name and how it stands: waiting, withdrawn or delivered."""

    notice: Notice
    keyed: str
    state: str = "waiting"


class FakeRecords:
    """Where cases are kept until the test ends; `broken` makes it refuse, as a full disk would."""

    def __init__(self, clock: Clock = lambda: datetime(2026, 11, 23, 8, 30, tzinfo=UTC)) -> None:
        self.clock = clock
        self.shelf = Shelf()
        self.broken = False
        self._open = False

    @contextmanager
    def work(self, school: str) -> Iterator[FakeWork]:
        """One transaction: all of it is kept when the block ends well, or none of it."""
        if self._open:
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        self._open = True
        try:
            work = FakeWork(school, copy(self.shelf), self.clock)
            yield work
            shelf = work.finish()
            if self.broken:
                raise NotRecorded("The database did not confirm it.")
            self.shelf = shelf
        finally:
            self._open = False

    def deliver(self) -> tuple[Notice, ...]:
        """Bring all that waits to its recipients, oldest first; what was delivered."""
        waiting = tuple(queued.notice for queued in self.shelf.queue if queued.state == "waiting")
        self.shelf.queue = tuple(
            replace(queued, state="delivered", notice=replace(queued.notice, created=self.clock()))
            if queued.state == "waiting"
            else queued
            for queued in self.shelf.queue
        )
        return waiting


class FakeWork:
    """One transaction of one school, on a copy of the shelf."""

    def __init__(self, school: str, shelf: Shelf, clock: Clock) -> None:
        self._school = school
        self._shelf = shelf
        self._clock = clock
        self._acts: list[tuple[str, str, str, str]] = []
        self._failed = False

    def filed(self, key: str) -> str:
        """The reference that was given for an idempotency key, or empty."""
        return self._shelf.keys.get((self._school, key), "")

    def add(self, case: Case, key: str) -> None:
        """Keep a new case, without its entries."""
        if ref := self.filed(key):
            raise AlreadyFiled(ref)
        self._need(case.ref not in self._shelf.cases)
        self._shelf.keys[self._school, key] = case.ref
        self._shelf.cases[case.ref] = replace(case, school=self._school, entries=())

    def save(self, case: Case) -> None:
        """Keep what changed of a case, its entries apart; a case that stands as deleted loses all its texts."""
        kept = self._ours(case.ref)
        self._shelf.cases[case.ref] = replace(case, school=self._school, entries=kept.entries)
        if case.state is State.DELETED:
            for place in [place for place in self._shelf.envelopes if place[0] == case.ref]:
                del self._shelf.envelopes[place]

    def append(self, ref: str, entry: Entry, envelope: Envelope | None) -> None:
        """Add an entry."""
        kept = self._ours(ref)
        self._need(entry.seq not in {earlier.seq for earlier in kept.entries})
        entries = sorted((*kept.entries, replace(entry, written=envelope is not None)), key=lambda each: each.seq)
        self._shelf.cases[ref] = replace(kept, entries=tuple(entries))
        if envelope:
            self._shelf.envelopes[ref, entry.seq] = envelope

    def replace_envelope(self, ref: str, seq: int, envelope: Envelope) -> None:
        """Put the wraps of an entry under another key; its text stays."""
        self._ours(ref)
        kept = self._shelf.envelopes.get((ref, seq))
        self._need(kept is not None and kept.body == envelope.body)
        self._shelf.envelopes[ref, seq] = envelope

    def case(self, ref: str) -> Case | None:
        """A case of this school with its entries."""
        kept = self._shelf.cases.get(ref)
        return kept if kept and kept.school == self._school else None

    def cases(self) -> Sequence[Case]:
        """All cases of this school with their entries, newest first."""
        ours = (case for case in self._shelf.cases.values() if case.school == self._school)
        return tuple(sorted(ours, key=lambda case: (case.opened, case.ref), reverse=True))

    def envelopes(self, ref: str) -> Mapping[int, Envelope]:
        """The sealed texts of a case by entry number."""
        self._ours(ref)
        return {seq: kept for (one, seq), kept in sorted(self._shelf.envelopes.items()) if one == ref}

    def notify(self, notice: Notice, keyed: str) -> None:
        """Queue a notice."""
        self._ours(notice.ref)
        numbered = replace(notice, school=self._school, id=len(self._shelf.queue) + 1, created=self._clock())
        self._shelf.queue += (Queued(numbered, keyed),)

    def withdraw(self, ref: str, keyed: Sequence[str] = ()) -> int:
        """Take back what still waits about a case, for these keyed names or for everyone; how many."""
        waiting = {
            queued
            for queued in self._shelf.queue
            if (queued.state, queued.notice.ref, queued.notice.school) == ("waiting", ref, self._school)
            and (not keyed or queued.keyed in keyed)
        }
        self._shelf.queue = tuple(
            replace(queued, state="withdrawn") if queued in waiting else queued for queued in self._shelf.queue
        )
        return len(waiting)

    def audit(self, action: str, ref: str, by: str, digest: str = "") -> None:
        """Add a link to the school's audit chain; it is written last, at the end of the block."""
        self._acts.append((action, ref, by, digest))

    def trail(self, ref: str = "") -> Sequence[Audited]:
        """The links of the audit chain, or those about one case, oldest first."""
        ours = (link for link in self._shelf.chain if link.school == self._school)
        return tuple(link for link in ours if not ref or link.ref == ref)

    def notices(self, keyed: str) -> Sequence[Notice]:
        """What has been delivered to one person, newest first; nothing of what is about them."""
        theirs = (
            replace(queued.notice, to="")
            for queued in reversed(self._shelf.queue)
            if (queued.state, queued.keyed, queued.notice.school) == ("delivered", keyed, self._school)
            and keyed not in self._shelf.cases[queued.notice.ref].barred
        )
        return tuple(theirs)

    def saw(self, keyed: str) -> None:
        """Note that a person has seen what was delivered to them about cases."""
        self._shelf.queue = tuple(
            replace(queued, state="seen")
            if (queued.state, queued.keyed, queued.notice.school) == ("delivered", keyed, self._school)
            else queued
            for queued in self._shelf.queue
        )

    def finish(self) -> Shelf:
        """The shelf with the audit links. Raises NotRecorded where anything failed before."""
        self._need(True)
        for action, ref, by, digest in self._acts:
            seq = len(self.trail()) + 1
            self._shelf.chain += (Audited(self._school, seq, self._clock(), action, ref, by, digest, f"mac-{seq}"),)
        return self._shelf

    def _ours(self, ref: str) -> Case:
        kept = self.case(ref)
        self._need(kept is not None)
        assert kept is not None
        return kept

    def _need(self, true: bool) -> None:
        if self._failed or not true:
            self._failed = True
            raise NotRecorded("The database did not take it.")


class FakeDrafts:
    """What people have typed and not sent, until the test ends."""

    def __init__(self) -> None:
        self.typed: dict[tuple[str, str, str], Sealed] = {}

    def keep(self, school: str, keyed: str, form: str, typed: Sealed) -> None:
        """Keep a draft in place of an earlier one."""
        self.typed.pop((school, keyed, form), None)
        self.typed[school, keyed, form] = typed

    def kept(self, school: str, keyed: str, form: str) -> Sealed | None:
        """The draft, or None."""
        return self.typed.get((school, keyed, form))

    def drop(self, school: str, keyed: str, form: str) -> None:
        """Forget a draft."""
        self.typed.pop((school, keyed, form), None)

    def forms(self, school: str, keyed: str) -> Sequence[str]:
        """Of which forms somebody has a draft, the newest first."""
        return [form for of, who, form in reversed(self.typed) if (of, who) == (school, keyed)]
