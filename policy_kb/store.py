"""The policies as a searchable file: every version kept, one of them current."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_kb.model import Clause, Fact, Option, Policy, Silence, Verdict

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = 5
"""How many migrations of `schema.py` a file has had; kept in the file itself."""

_LISTS = ("binds", "intents", "beside", "asked")
_HEAD = ("id", "title", "organisation", "version", "approved", "review_due", "owner", "ask")


class Store:
    """Policies, their versions and indexes in one SQLite file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._puts = 0
        self._db = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
        if self._db.execute("pragma user_version").fetchone()[0] < SCHEMA:
            from policy_kb.schema import migrations  # only where it changes something: see `_tables`

            with self._writing():
                migrations.apply(self._tables)
                self._db.execute(f"pragma user_version = {SCHEMA}")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def put(self, policy: Policy, digest: str, imported: bool) -> int:
        """Make this the current version; returns its number, which stays when the digest is already current."""
        with self._writing():
            row = self._current(policy.id)
            if row and row["digest"] == digest:
                return int(row["number"])
            number = int(row["number"]) + 1 if row else 1
            self._db.execute("update policies set current = 0 where id = ?", [policy.id])
            self._db.execute("update clauses set current = 0 where policy = ?", [policy.id])
            self._tables.table("policies").insert(_policy_row(policy, number, digest, imported))
            self._tables.table("clauses").insert_all(_clause_rows(policy, number))
            self._puts += 1
            return number

    def digests(self) -> dict[str, str]:
        """The digest of each current policy."""
        return {row["id"]: row["digest"] for row in self._query("select id, digest from policies where current = 1")}

    def versions(self, policy_id: str) -> list[dict[str, Any]]:
        """All versions of a policy, newest first: number, version as printed, when it came in."""
        sql = "select number, version, stored_at, current, imported from policies where id = ? order by number desc"
        return self._query(sql, [policy_id])

    def ids(self) -> list[str]:
        """Ids of the current policies, the samples first."""
        return list(self.numbers())

    def samples(self) -> list[str]:
        """Ids of the policies that ship with the package."""
        rows = self._query("select id from policies where current = 1 and imported = 0 order by id")
        return [row["id"] for row in rows]

    def numbers(self) -> dict[str, int]:
        """The number of each current policy's version by its id, in the order of `ids`."""
        rows = self._query("select id, number from policies where current = 1 order by imported, id")
        return {row["id"]: row["number"] for row in rows}

    def stamp(self) -> tuple[int, int]:
        """Another value whenever this or another process may have changed a policy; cheap, so ask each time."""
        with self._lock:
            return int(self._db.execute("pragma data_version").fetchone()[0]), self._puts

    def heads(self) -> list[dict[str, Any]]:
        """What a list of the current policies shows, with the count of their clauses; samples first."""
        count = "(select count(*) from clauses where policy = p.id and clauses.number = p.number) as clauses"
        columns = f"id, title, organisation, version, review_due, imported, {count}"
        return self._query(f"select {columns} from policies p where current = 1 order by imported, id")

    def organisations(self) -> dict[str, str]:
        """The organisation of each current policy by its id: samples first, of those the fullest policy first."""
        count = "(select count(*) from clauses where policy = p.id and clauses.number = p.number)"
        order = f"order by imported, case imported when 0 then -{count} end, id"
        rows = self._query(f"select id, organisation from policies p where current = 1 {order}")
        return {row["id"]: row["organisation"] for row in rows}

    def policy(self, policy_id: str, number: int | None = None) -> Policy | None:
        """One policy, current or at a version's number."""
        sql, values = "select * from policies where id = ? and current = 1", [policy_id]
        if number is not None:
            sql, values = "select * from policies where id = ? and number = ?", [policy_id, str(number)]
        heads = self._query(sql, values)
        return self._policy(heads[0]) if heads else None

    def search(self, words: list[str], policy_id: str, most: int) -> list[str]:
        """Ids of current clauses of a policy that hold any of the words, best first by BM25 within the policy."""
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        sql = "select id, text, section from clauses where policy = ? and current = 1 order by position"
        rows = self._query(sql, [policy_id]) if query else []
        return [rows[at]["id"] for at in _holding(rows, query, most)] if rows else []

    def index(self, name: str, digest: str) -> bytes | None:
        """A fitted index, if one is stored for exactly these phrasings."""
        found = self._query("select dumped from indexes where name = ? and digest = ?", [name, digest])
        return bytes(found[0]["dumped"]) if found else None

    def put_index(self, name: str, digest: str, dumped: bytes) -> None:
        """Keep a fitted index in place of an older one of that name."""
        with self._writing():
            self._tables.table("indexes").upsert({"name": name, "digest": digest, "dumped": dumped}, pk="name")

    def note(self, policy: Policy, clause_id: str, helpful: bool) -> None:
        """Count one 'helpful' or 'not helpful'; what was asked is not kept."""
        with self._writing():
            row = {"policy": policy.id, "clause": clause_id, "helpful": helpful, "at": _now()}
            self._tables.table("feedback").insert(row)

    def feedback(self, policy_id: str) -> dict[str, tuple[int, int]]:
        """Helpful and not helpful, counted for each clause that has any."""
        counted = "sum(helpful) as good, sum(not helpful) as bad"
        sql = f"select clause, {counted} from feedback where policy = ? group by clause"
        return {row["clause"]: (row["good"], row["bad"]) for row in self._query(sql, [policy_id])}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; it takes the file at once, so that another process waits instead of being turned away."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                self._db.rollback()
                raise

    @cached_property
    def _tables(self) -> Database:
        """The same file for writing; what reads goes without it, as it takes a quarter of a second to import."""
        from sqlite_utils import Database

        return Database(self._db)

    def _query(self, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        with self._lock:
            found = self._db.execute(sql, values or [])
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]

    def _current(self, policy_id: str) -> dict[str, Any] | None:
        rows = self._query("select number, digest from policies where id = ? order by number desc limit 1", [policy_id])
        return rows[0] if rows else None

    def _policy(self, head: dict[str, Any]) -> Policy:
        sql = "select * from clauses where policy = ? and number = ? order by position"
        return Policy(
            **{name: head[name] for name in _HEAD},
            clauses=tuple(map(_clause, self._query(sql, [head["id"], head["number"]]))),
            facts=tuple(map(_fact, json.loads(head["facts"]))),
            silences=tuple(map(_silence, json.loads(head["silences"]))),
        )


def _holding(rows: list[dict[str, Any]], query: str, most: int) -> list[int]:
    """Places of the rows that match: a full-text table of one policy is made in a millisecond, and how telling a
    word is must not hang on what other schools wrote."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create virtual table clauses using fts5(text, section, tokenize = 'porter unicode61')")
        values = [(at, row["text"], row["section"]) for at, row in enumerate(rows)]
        db.executemany("insert into clauses (rowid, text, section) values (?, ?, ?)", values)
        sql = "select rowid from clauses where clauses match ? order by bm25(clauses, 1.0, 2.0), rowid limit ?"
        return [at for (at,) in db.execute(sql, [query, most])]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _policy_row(policy: Policy, number: int, digest: str, imported: bool) -> dict[str, Any]:
    return {
        **{name: getattr(policy, name) for name in _HEAD},
        "facts": json.dumps([asdict(fact) for fact in policy.facts]),
        "silences": json.dumps([asdict(silence) for silence in policy.silences]),
        "number": number,
        "digest": digest,
        "imported": imported,
        "current": True,
        "stored_at": _now(),
    }


def _clause_rows(policy: Policy, number: int) -> Iterator[dict[str, Any]]:
    for position, clause in enumerate(policy.clauses):
        row = asdict(clause) | {name: json.dumps(getattr(clause, name)) for name in _LISTS}
        yield row | {"policy": policy.id, "number": number, "position": position, "current": True}


def _clause(row: dict[str, Any]) -> Clause:
    values = {name: row[name] for name in ("id", "section", "text", "condition", "form", "disclosure", "ask")}
    values |= {name: tuple(json.loads(row[name])) for name in _LISTS}
    return Clause(**values, verdict=Verdict(row["verdict"]), inferred=bool(row["inferred"]))


def _fact(row: dict[str, Any]) -> Fact:
    options = tuple(
        Option(o["label"], Verdict(o["verdict"]), tuple(o["clauses"]), o["condition"], tuple(o["signs"]))
        for o in row["options"]
    )
    return Fact(row["intent"], row["question"], tuple(row["clauses"]), options)


def _silence(row: dict[str, Any]) -> Silence:
    return Silence(row["intent"], row["text"], tuple(row["nearest"]), row["ask"])
