"""Cases, kept in a database: everything of one act in one transaction, and synced before it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy import bindparam as given

from bot.domain.case import Case, Entry, State
from bot.domain.ports import AlreadyFiled, Envelope, Wrap
from bot.storage import tables
from bot.storage.rows import case_row, cases_of, entry_row
from bot.storage.tables import bars, cases, entries, members, wraps
from bot.storage.transaction import Transaction, Transactions

_HISTORY = select(*(column for column in entries.c if column.name != "body"))
_BODIES = (
    select(
        entries.c.seq, entries.c.body, entries.c.period, wraps.c.holder, wraps.c.key_id, wraps.c.suite, wraps.c.wrapped
    )
    .join(wraps, (wraps.c.ref == entries.c.ref) & (wraps.c.seq == entries.c.seq))
    .where(entries.c.ref == given("one"), entries.c.body.is_not(None))
    .order_by(entries.c.seq, wraps.c.holder, wraps.c.key_id)
)


class SqlRecords(Transactions):
    """Cases in a database."""

    def work(self, school: str) -> AbstractContextManager[SqlWork]:
        """One transaction. Leaving it raises NotRecorded where it is not certain that it was synced."""
        return self._work(SqlWork, school)


class SqlWork(Transaction):
    """One transaction about cases."""

    keeps = (cases,)

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
