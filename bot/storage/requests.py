"""Requests and the register, kept in a database: only ever added to, and what they are now is folded from that."""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import RowMapping, Table, insert, select

from bot.domain.case import Entry as Line
from bot.domain.ports import AlreadyFiled, CannotOpen, Closed, NotRecorded
from bot.domain.register import Entry
from bot.domain.request import Request, folded
from bot.domain.stages import Delegation, StageRule
from bot.storage import tables
from bot.storage.audit import Secret
from bot.storage.engine import alone
from bot.storage.tables import delegations, register, register_lines, request_entries, requests
from bot.storage.transaction import Boxes, Transaction, Transactions
from bot.talk.sealed import Sealed

_PLAIN = ("ref", "form", "requester", "days", "register", "recorded_only")
"""What a request and its row hold alike."""
_TEXTS = ("platform", "handle", "purpose", "audience", "conditions")
_PEOPLE = ("administrators", "moderators")
_DAYS = ("opens", "closes")


class RequestBox:
    """The application's own box for what is written in requests; its digests outlive the key of the box."""

    def __init__(self, secret: Secret, box: Boxes) -> None:
        self._secret = secret
        self._box = box

    def close(self, school: str, label: str, text: Sealed) -> Closed:
        """Close a text; `label` names its place (`ref/seq`) and is bound to it. Raises KeyMissing."""
        box = self._box(self._secret(school, "box"))
        return Closed(box.put(text, _place("requests", school, label)), self._digest(school, label, text))

    def open(self, school: str, label: str, closed: Closed) -> Sealed:
        """The text. Raises CannotOpen where it or its digest was changed, and KeyMissing."""
        box = self._box(self._secret(school, "box"))
        text = box.take(closed.body, _place("requests", school, label))
        if not hmac.compare_digest(closed.digest.encode(), self._digest(school, label, text).encode()):
            raise CannotOpen("It is not what was signed.")
        return text

    def _digest(self, school: str, label: str, text: Sealed) -> str:
        """Of the text itself under a key of its own, so that a text closed anew is still what was signed."""
        said = json.dumps((label, text.reveal())).encode()
        return hmac.digest(self._secret(school, "digest"), said, "sha256").hex()


class SqlRequests(Transactions):
    """Requests and the register in a database, beside the cases: the same audit chains and the same outbox."""

    def work(self, school: str) -> AbstractContextManager[SqlRequestWork]:
        """One transaction. Leaving it raises NotRecorded where it is not certain that it was synced."""
        return self._work(SqlRequestWork, school)


class SqlRequestWork(Transaction):
    """One transaction about requests and the register."""

    keeps = (requests, register)

    def add_request(self, request: Request, key: str) -> None:
        """Keep a new request, without its entries. Raises AlreadyFiled where its key was there first."""
        new = tables.insert(self._connection, requests).on_conflict_do_nothing(index_elements=["school", "key"])
        row = {name: getattr(request, name) for name in _PLAIN} | {"stages": _stages_text(request.stages)}
        row |= {"school": self._school, "key": key}
        if self._do(new.returning(requests.c.ref), row).one_or_none() is None:
            raise AlreadyFiled(self.filed(key))
        self._ours.add(request.ref)

    def append_request(self, ref: str, entry: Line, closed: Closed | None) -> None:
        """Add an entry; a number that is taken is refused."""
        self._check(ref)
        text = {"body": closed.body if closed else None, "digest": closed.digest if closed else None}
        self._do(insert(request_entries), _line_row(ref, entry) | text)

    def request(self, ref: str) -> Request | None:
        """A request of this school, folded from its entries; locked until the end where the database can."""
        return next(iter(self._requests(ref)), None)

    def requests(self) -> Sequence[Request]:
        """All requests of this school, newest first."""
        return self._requests()

    def texts(self, ref: str) -> Mapping[int, Closed]:
        """What was written in a request, by entry number."""
        self._check(ref)
        columns = (request_entries.c.seq, request_entries.c.body, request_entries.c.digest)
        written = select(*columns).where(request_entries.c.ref == ref, request_entries.c.body.is_not(None))
        return {row.seq: Closed(row.body, row.digest) for row in self._do(written.order_by(request_entries.c.seq))}

    def alone(self) -> None:
        """Wait until nobody else takes a list of accounts in at this school, and keep all others waiting."""
        self._guarded(lambda: alone(self._connection, f"register/{self._school}"))

    def add_entry(self, entry: Entry) -> None:
        """Put a new entry in the register, before anything was done about it; its reference must be new."""
        if entry.history:
            raise NotRecorded("What was done about an account is added line by line.")
        account = self._box(self._secret(self._school, "box")).put(_account_text(entry), self._account_place(entry.ref))
        row = {"ref": entry.ref, "school": self._school, "request": entry.request, "kind": entry.kind}
        self._do(insert(register), {**row, "added": entry.added, "account": account})
        self._ours.add(entry.ref)

    def append_entry(self, ref: str, line: Line) -> None:
        """Add a line to the history of an entry of the register; a number that is taken is refused."""
        self._check(ref)
        self._do(insert(register_lines), _line_row(ref, line))

    def entry(self, ref: str) -> Entry | None:
        """An entry of the register, folded from its history; locked as a request is. Raises CannotOpen."""
        return next(iter(self._entries(ref)), None)

    def entries(self) -> Sequence[Entry]:
        """The whole register of this school, newest first. Raises CannotOpen."""
        return self._entries()

    def delegate(self, delegation: Delegation) -> None:
        """Keep who acts for whom."""
        days = {"since": delegation.since, "until": delegation.until}
        self._do(insert(delegations), {"school": self._school, "by": delegation.by, "to": delegation.to, **days})

    def delegations(self) -> Sequence[Delegation]:
        """All that were kept, oldest first."""
        kept = select(delegations).where(delegations.c.school == self._school).order_by(delegations.c.number)
        return tuple(Delegation(row.by, row.to, row.since, row.until) for row in self._do(kept))

    def _requests(self, ref: str | None = None) -> list[Request]:
        return [folded(_request(row), lines) for row, lines in self._kept(requests, request_entries, ref)]

    def _entries(self, ref: str | None = None) -> list[Entry]:
        box = self._box(self._secret(self._school, "box"))
        return [
            reduce(Entry.grown, lines, _entry(row, box.take(row["account"], self._account_place(row["ref"]))))
            for row, lines in self._kept(register, register_lines, ref)
        ]

    def _kept(self, table: Table, lines: Table, ref: str | None) -> Iterator[tuple[RowMapping, list[Line]]]:
        """The rows of this school with their lines, newest first; one that is asked for by name is locked."""
        where = [table.c.school == self._school, *([] if ref is None else [table.c.ref == ref])]
        chosen = select(table).where(*where).order_by(table.c.number.desc())
        rows = self._do(chosen if ref is None else chosen.with_for_update()).mappings().all()
        self._ours.update(row["ref"] for row in rows)
        columns = (column for column in lines.c if column.name != "body")
        history = select(*columns).where(lines.c.ref.in_(select(table.c.ref).where(*where))).order_by(lines.c.seq)
        found = defaultdict(list)
        for line in self._do(history).mappings():  # after the lock, so that nothing is added any more
            found[line["ref"]].append(_line(line))
        return ((row, found[row["ref"]]) for row in rows)

    def _account_place(self, ref: str) -> str:
        return _place("register", self._school, ref)


def _place(*names: str) -> str:
    return "/".join(names)


def _line_row(ref: str, line: Line) -> dict[str, Any]:
    facts = json.dumps(dict(line.facts))
    return {"ref": ref, "seq": line.seq, "at": line.at, "kind": line.kind, "by": line.by, "facts": facts}


def _line(row: RowMapping) -> Line:
    written = row.get("digest") is not None
    return Line(row["seq"], row["at"], row["kind"], row["by"], json.loads(row["facts"]), written)


def _stages_text(stages: Sequence[StageRule]) -> str:
    return json.dumps([(stage.role, stage.instead) for stage in stages])


def _request(row: RowMapping) -> Request:
    stages = tuple(StageRule(role, tuple(instead)) for role, instead in json.loads(row["stages"]))
    return Request(**{name: row[name] for name in _PLAIN}, school=row["school"], stages=stages)


def _account_text(entry: Entry) -> Sealed:
    return Sealed(json.dumps({name: getattr(entry, name) for name in (*_TEXTS, *_PEOPLE, *_DAYS)}, default=str))


def _entry(row: RowMapping, account: Sealed) -> Entry:
    kept = json.loads(account.reveal())
    people = {name: tuple(kept[name]) for name in _PEOPLE}
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in _DAYS}
    plain = {name: row[name] for name in ("ref", "school", "request", "kind", "added")}
    return Entry(**plain, **{**kept, **people, **days})
