"""What is wrong with the records in a database, as the next process finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.ports import NotRecorded
from bot.storage.audit import Audit
from bot.storage.engine import open_engine
from bot.storage.keys import Keys
from bot.wiring import now
from bot.worker import AT_ONCE, LEASE
from tests.drills.server import SCHOOL, installation

TOLD = 2
"""Whom the drill's report is for: the DSL and the deputy."""

_PARTS = {
    "entry": ("SELECT ref, count(*) FROM entries WHERE seq = 1 AND body IS NOT NULL GROUP BY ref", 1),
    "key": ("SELECT ref, count(*) FROM wraps WHERE seq = 1 GROUP BY ref", 1),
    "audit row": ("SELECT ref, count(*) FROM audit WHERE action = 'filed' GROUP BY ref", 1),
    "notices": ("SELECT ref, count(*) FROM notices WHERE template = 'new' GROUP BY ref", TOLD),
}
"""How many of each belong to a record that nobody has worked on."""


@dataclass(slots=True)
class Books:
    """The records of one installation; `head` is the end of its audit chain as it was last seen."""

    data: Path
    url: str
    head: str = field(default="0:")

    def faults(self, told: Mapping[str, str]) -> list[str]:
        """What is wrong, given the references that were confirmed by key; empty when nothing is."""
        told = dict(told)
        engine = open_engine(self.url)
        audit = Audit(engine, Keys(self.data / "keys").secret)
        try:
            with engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    # One moment: PostgreSQL may still end the commit of a process that was killed a moment ago.
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                found = [*_broken(connection), *_lost(connection, told), *_halved(connection)]
            found += audit.verify(SCHOOL, self.head)
            self.head = audit.head(SCHOOL)
        except (SQLAlchemyError, NotRecorded) as error:
            found = [f"it cannot be read: {type(error).__name__}"]
        finally:
            engine.dispose()
        return found

    def kept(self, key: str) -> int:
        """How many records a key has."""
        engine = open_engine(self.url)
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT key FROM cases").scalars().all()
        engine.dispose()
        return found.count(key)

    def undelivered(self) -> list[str]:
        """What is wrong with the notices once a worker has had its time: each must be seen, and once."""
        here = installation(self.data, self.url if "postgres" in self.url else "")
        here.clock = lambda: now() + timedelta(seconds=2 * LEASE)
        for _ in range(here.outbox.counts().get("waiting", 0) + AT_ONCE):
            if not here.worker.deliver():
                break
        counts = here.outbox.counts()
        with here.engine.connect() as connection:
            seen = connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar_one()
        here.engine.dispose()
        here.known.close()
        return [] if counts == {"sent": seen} else [f"of the notices {counts}, {seen} were seen"]


def _broken(connection: Connection) -> list[str]:
    """What the database finds wrong with itself."""
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [] if found == ["ok"] else [f"integrity: {line}" for line in found]


def _lost(connection: Connection, told: Mapping[str, str]) -> list[str]:
    """Confirmed references that are not there."""
    kept = {key: ref for key, ref in connection.exec_driver_sql("SELECT key, ref FROM cases")}
    return [f"{ref} was confirmed and is lost" for key, ref in told.items() if kept.get(key) != ref]


def _halved(connection: Connection) -> list[str]:
    """Records without all their parts, and parts without a record."""
    refs = set(connection.exec_driver_sql("SELECT ref FROM cases").scalars())
    found = []
    for part, (query, number) in _PARTS.items():
        counts: dict[str, int] = {ref: count for ref, count in connection.exec_driver_sql(query)}
        found += [f"{ref} has {counts.get(ref, 0)} of its {part}" for ref in refs if counts.get(ref) != number]
        found += [f"{part} of {ref} stands alone" for ref in counts.keys() - refs]
    return found
