"""Cases, kept in a database: everything of one act in one transaction, and synced before it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, CursorResult, Engine, Executable, and_, delete, insert, select, update
from sqlalchemy import bindparam as given

from bot.domain.case import Case, Entry, State
from bot.domain.ports import AlreadyFiled, Audited, Clock, Envelope, Notice, NotRecorded, Wrap
from bot.storage import audit, tables
from bot.storage.audit import Secret
from bot.storage.engine import transaction
from bot.storage.rows import case_row, cases_of, entry_row
from bot.storage.tables import bars, cases, entries, inbox, members, notices, wraps
from bot.talk.sealed import Sealed


class Box(Protocol):
    """What closes small texts that Signpost itself must read back."""

    def put(self, text: Sealed, place: str) -> bytes:
        """Close a text, bound to its place."""

    def take(self, data: bytes, place: str) -> Sealed:
        """Open it again. Raises CannotOpen."""


Done = TypeVar("Done")
AnyWork = TypeVar("AnyWork", bound="SqlWork")
Boxes = Callable[[bytes], Box]
"""Makes a box from its key."""


_FILED = select(cases.c.ref).where(cases.c.school == given("of"), cases.c.key == given("under"))
_HISTORY = select(*(column for column in entries.c if column.name != "body"))
_BODIES = (
    select(
        entries.c.seq, entries.c.body, entries.c.period, wraps.c.holder, wraps.c.key_id, wraps.c.suite, wraps.c.wrapped
    )
    .join(wraps, (wraps.c.ref == entries.c.ref) & (wraps.c.seq == entries.c.seq))
    .where(entries.c.ref == given("one"), entries.c.body.is_not(None))
    .order_by(entries.c.seq, wraps.c.holder, wraps.c.key_id)
)


def place(school: str, ref: str, keyed: str) -> str:
    """Where the recipient of a notice is kept: the box is bound to it."""
    return f"notices/{school}/{ref}/{keyed}"


def at_no_step(step: str) -> None:
    """Do nothing; a drill puts its own in place."""


class SqlRecords:
    """Records in a database; `steps` is told when a transaction has begun, before and after it is committed."""

    def __init__(
        self, engine: Engine, secret: Secret, box: Boxes, clock: Clock, steps: Callable[[str], None] = at_no_step
    ) -> None:
        self._engine = engine
        self._secret = secret
        self._box = box
        self._clock = clock
        self._steps = steps

    def work(self, school: str) -> AbstractContextManager[SqlWork]:
        """One transaction. Leaving it raises NotRecorded where it is not certain that it was synced."""
        return self._work(SqlWork, school)

    @contextmanager
    def _work(self, sort: type[AnyWork], school: str) -> Iterator[AnyWork]:
        with transaction(self._engine) as connection:
            work = sort(connection, school, self._secret, self._box, self._clock)
            self._steps("begun")
            yield work
            self._steps("before-audit")
            work.finish()
            self._steps("before-commit")
        self._steps("committed")


class SqlWork:
    """One transaction of one school."""

    def __init__(self, connection: Connection, school: str, secret: Secret, box: Boxes, clock: Clock) -> None:
        self._connection = connection
        self._school = school
        self._secret = secret
        self._box = box
        self._clock = clock
        self._acts: list[tuple[str, str, str, str]] = []
        self._ours: set[str] = set()
        self._failed = False

    def filed(self, key: str) -> str:
        """The reference that was given for an idempotency key, or empty."""
        return self._do(_FILED, {"of": self._school, "under": key}).scalar_one_or_none() or ""

    def add(self, case: Case, key: str) -> None:
        """Keep a new case, without its entries. Raises AlreadyFiled where its key was there first."""
        new = tables.insert(self._connection, cases).on_conflict_do_nothing(index_elements=["school", "key"])
        row = {**case_row(case), "school": self._school, "key": key}
        if self._do(new.returning(cases.c.ref), row).one_or_none() is None:
            raise AlreadyFiled(self.filed(key))
        self._ours.add(case.ref)
        self._put_people(case)

    def save(self, case: Case) -> None:
        """Keep what changed of a case, its entries apart; a case that stands as deleted loses all its texts."""
        row = {**case_row(case), "school": self._school}
        self._one(self._do(update(cases).where(cases.c.ref == case.ref, cases.c.school == self._school), row).rowcount)
        for table in (bars, members):
            self._do(delete(table).where(table.c.ref == case.ref))
        self._put_people(case)
        if case.state is State.DELETED:
            self._do(delete(wraps).where(wraps.c.ref == case.ref))
            self._do(update(entries).where(entries.c.ref == case.ref).values(body=None))

    def append(self, ref: str, entry: Entry, envelope: Envelope | None) -> None:
        """Add an entry."""
        self._check(ref)
        self._do(insert(entries), entry_row(ref, entry, envelope))
        if envelope:
            self._put_wraps(ref, entry.seq, envelope)

    def replace_envelope(self, ref: str, seq: int, envelope: Envelope) -> None:
        """Put the wraps of an entry under another key; its text stays."""
        self._check(ref)
        same = (entries.c.ref == ref, entries.c.seq == seq, entries.c.body == envelope.body)
        self._one(self._do(update(entries).where(*same), {"period": envelope.period}).rowcount)
        self._do(delete(wraps).where(wraps.c.ref == ref, wraps.c.seq == seq))
        self._put_wraps(ref, seq, envelope)

    def case(self, ref: str) -> Case | None:
        """A case of this school with its entries; locked until the end where the database can."""
        return next(iter(self._cases(cases.c.school == self._school, cases.c.ref == ref, lock=True)), None)

    def cases(self) -> Sequence[Case]:
        """All cases of this school with their entries, newest first."""
        return self._cases(cases.c.school == self._school)

    def envelopes(self, ref: str) -> Mapping[int, Envelope]:
        """The sealed texts of a case by entry number."""
        self._check(ref)
        found: dict[int, Envelope] = {}
        for row in self._do(_BODIES, {"one": ref}):
            before = found[row.seq].wraps if row.seq in found else ()
            wrap = Wrap(row.holder, row.key_id, row.suite, row.wrapped)
            found[row.seq] = Envelope(row.body, row.period, (*before, wrap))
        return found

    def notify(self, notice: Notice, keyed: str) -> None:
        """Queue a notice; `keyed` is the recipient's keyed name."""
        self._check(notice.ref)
        box = self._box(self._secret(self._school, "box"))
        now = self._clock()
        row = {"school": self._school, "ref": notice.ref, "keyed": keyed, "template": notice.template, "attempts": 0}
        row |= {"recipient": box.put(Sealed(notice.to), place(self._school, notice.ref, keyed))}
        self._do(insert(notices), {**row, "state": "waiting", "created": now, "not_before": now})

    def withdraw(self, ref: str, keyed: Sequence[str] = ()) -> int:
        """Take back what still waits about a case, for these keyed names or for everyone; how many."""
        waiting = [notices.c.school == self._school, notices.c.ref == ref, notices.c.state.in_(("waiting", "leased"))]
        if keyed:
            waiting.append(notices.c.keyed.in_(keyed))
        return self._do(update(notices).where(*waiting), {"state": "withdrawn"}).rowcount

    def audit(self, action: str, ref: str, by: str, digest: str = "") -> None:
        """Add a link to the school's audit chain; it is written last, at the end of the block."""
        self._acts.append((action, ref, by, digest))

    def trail(self, ref: str = "") -> Sequence[Audited]:
        """The links of the audit chain, or those about one case, oldest first."""
        return self._guarded(lambda: tuple(audit.trail(self._connection, self._school, ref)))

    def notices(self, keyed: str) -> Sequence[Notice]:
        """What was delivered to one person here and not seen, newest first; nothing of what is about them."""
        about = select(bars).where(bars.c.ref == inbox.c.ref, bars.c.keyed == keyed).exists()
        theirs = select(inbox).where(_unseen(self._school, keyed), ~about)
        rows = self._do(theirs.order_by(inbox.c.notice.desc()))
        return tuple(Notice(self._school, row.ref, "", row.template, row.notice, 0, row.at) for row in rows)

    def saw(self, keyed: str) -> None:
        """Note that a person has seen what was delivered to them."""
        self._do(update(inbox).where(_unseen(self._school, keyed)), {"seen": self._clock()})

    def finish(self) -> None:
        """Write the audit links. Raises NotRecorded where anything failed, even if that was passed over since."""
        self._guarded(lambda: None)
        if self._acts:
            key = self._secret(self._school, "audit")
            self._guarded(lambda: audit.extend(self._connection, self._school, key, self._clock(), self._acts))

    def _cases(self, *where: ColumnElement[bool], lock: bool = False) -> Sequence[Case]:
        chosen = select(cases).where(*where).order_by(cases.c.opened.desc(), cases.c.ref.desc())
        found = self._do(chosen.with_for_update() if lock else chosen).mappings().all()
        self._ours.update(row["ref"] for row in found)
        refs = select(cases.c.ref).where(*where)
        barred = self._do(select(bars).where(bars.c.ref.in_(refs))).mappings()
        added = self._do(select(members).where(members.c.ref.in_(refs))).mappings()
        history = self._do(_HISTORY.where(entries.c.ref.in_(refs)).order_by(entries.c.seq)).mappings()
        return cases_of(found, barred, added, history)

    def _put_people(self, case: Case) -> None:
        if case.barred:
            self._do(insert(bars), [{"ref": case.ref, "keyed": name} for name in sorted(case.barred)])
        if case.members:
            self._do(insert(members), [{"ref": case.ref, "person": person} for person in sorted(case.members)])

    def _put_wraps(self, ref: str, seq: int, envelope: Envelope) -> None:
        self._do(insert(wraps), [{"ref": ref, "seq": seq, **asdict(wrap)} for wrap in envelope.wraps])

    def _check(self, ref: str) -> None:
        """Raise NotRecorded where a case is not of this school."""
        if ref not in self._ours:
            ours = select(cases.c.ref).where(cases.c.school == self._school, cases.c.ref == ref)
            self._one(len(self._do(ours).all()))
            self._ours.add(ref)

    def _one(self, count: int) -> None:
        if count != 1:
            self._failed = True
            raise NotRecorded("There is no such record at this school.")

    def _do(
        self, statement: Executable, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        return self._guarded(lambda: self._connection.execute(statement, rows))

    def _guarded(self, act: Callable[[], Done]) -> Done:
        """Once anything failed nothing more is done: a database may undo half and then go on as if it were new."""
        if self._failed:
            raise NotRecorded("The database failed before.")
        try:
            return act()
        except Exception:
            self._failed = True
            raise NotRecorded("The database did not take it.") from None


def _unseen(school: str, keyed: str) -> ColumnElement[bool]:
    return and_(inbox.c.school == school, inbox.c.keyed == keyed, inbox.c.seen.is_(None))
