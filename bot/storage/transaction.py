"""What every transaction of the records has: a school, its audit chain, its notices, and no half of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Table,
    and_,
    insert,
    or_,
    select,
    union_all,
    update,
)

from bot.domain.ports import Audited, Clock, Notice, NotRecorded
from bot.storage import audit
from bot.storage.audit import Secret
from bot.storage.engine import transaction
from bot.storage.tables import bars, inbox, notices
from bot.talk.sealed import Sealed


class Box(Protocol):
    """What closes small texts that Signpost itself must read back."""

    def put(self, text: Sealed, place: str) -> bytes:
        """Close a text, bound to its place."""

    def take(self, data: bytes, place: str) -> Sealed:
        """Open it again. Raises CannotOpen."""


Done = TypeVar("Done")
AnyTransaction = TypeVar("AnyTransaction", bound="Transaction")
Boxes = Callable[[bytes], Box]
"""Makes a box from its key."""


def place(school: str, ref: str, keyed: str) -> str:
    """Where the recipient of a notice is kept: the box is bound to it."""
    return f"notices/{school}/{ref}/{keyed}"


def at_no_step(step: str) -> None:
    """Do nothing; a drill puts its own in place."""


class Transactions:
    """Begins and ends them; `steps` is told when one has begun, before and after it is committed."""

    def __init__(
        self, engine: Engine, secret: Secret, box: Boxes, clock: Clock, steps: Callable[[str], None] = at_no_step
    ) -> None:
        self._engine = engine
        self._secret = secret
        self._box = box
        self._clock = clock
        self._steps = steps

    @contextmanager
    def _work(self, sort: type[AnyTransaction], school: str) -> Iterator[AnyTransaction]:
        with transaction(self._engine) as connection:
            work = sort(connection, school, self._secret, self._box, self._clock)
            self._steps("begun")
            yield work
            self._steps("before-audit")
            work.finish()
            self._steps("before-commit")
        self._steps("committed")


class Transaction:
    """One transaction of one school; `keeps` are the tables of what it is about, the one with the keys first."""

    keeps: tuple[Table, ...]

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
        table, *_ = self.keeps
        under = select(table.c.ref).where(table.c.school == self._school, table.c.key == key)
        return self._do(under).scalar_one_or_none() or ""

    def notify(self, notice: Notice, keyed: str) -> None:
        """Queue a notice; `keyed` is the recipient's keyed name."""
        self._check(notice.ref)
        box = self._box(self._secret(self._school, "box"))
        now = self._clock()
        row = {"school": self._school, "ref": notice.ref, "keyed": keyed, "template": notice.template, "attempts": 0}
        row |= {"recipient": box.put(Sealed(notice.to), place(self._school, notice.ref, keyed))}
        self._do(insert(notices), {**row, "state": "waiting", "created": now, "not_before": now})

    def withdraw(self, ref: str, keyed: Sequence[str] = ()) -> int:
        """Take back what still waits about a reference, for these keyed names or for everyone; how many."""
        waiting = [notices.c.school == self._school, notices.c.ref == ref, notices.c.state.in_(("waiting", "leased"))]
        if keyed:
            waiting.append(notices.c.keyed.in_(keyed))
        return self._do(update(notices).where(*waiting), {"state": "withdrawn"}).rowcount

    def audit(self, action: str, ref: str, by: str, digest: str = "") -> None:
        """Add a link to the school's audit chain; it is written last, at the end of the block."""
        self._acts.append((action, ref, by, digest))

    def trail(self, ref: str = "") -> Sequence[Audited]:
        """The links of the audit chain, or those about one reference, oldest first."""
        return self._guarded(lambda: tuple(audit.trail(self._connection, self._school, ref)))

    def notices(self, keyed: str) -> Sequence[Notice]:
        """What was delivered to one person here and not seen, newest first; nothing of what is about them."""
        about = select(bars).where(bars.c.ref == inbox.c.ref, bars.c.keyed == keyed).exists()
        theirs = select(inbox).where(self._unseen(keyed), ~about)
        rows = self._do(theirs.order_by(inbox.c.notice.desc()))
        return tuple(Notice(self._school, row.ref, "", row.template, row.notice, 0, row.at) for row in rows)

    def saw(self, keyed: str, refs: Sequence[str] = ()) -> None:
        """Note that a person has seen what was delivered to them, all of it or what is about these."""
        unseen = [self._unseen(keyed), *([inbox.c.ref.in_(refs)] if refs else [])]
        self._do(update(inbox).where(*unseen), {"seen": self._clock()})

    def _unseen(self, keyed: str) -> ColumnElement[bool]:
        """What one person has not seen: cases and requests share an inbox, and each looks at its own alone."""
        theirs = and_(inbox.c.school == self._school, inbox.c.keyed == keyed, inbox.c.seen.is_(None))
        ours = (select(table.c.ref).where(table.c.school == self._school) for table in self.keeps)
        return and_(theirs, or_(*map(inbox.c.ref.in_, ours)))

    def finish(self) -> None:
        """Write the audit links. Raises NotRecorded where anything failed, even if that was passed over since."""
        self._guarded(lambda: None)
        if self._acts:
            key = self._secret(self._school, "audit")
            self._guarded(lambda: audit.extend(self._connection, self._school, key, self._clock(), self._acts))

    def _check(self, ref: str) -> None:
        """Raise NotRecorded where nothing of that reference is kept here for this school."""
        if ref not in self._ours:
            ours = (select(one.c.ref).where(one.c.school == self._school, one.c.ref == ref) for one in self.keeps)
            self._one(len(self._do(union_all(*ours)).all()))
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
