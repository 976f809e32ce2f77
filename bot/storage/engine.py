"""The database, opened so that what is committed is on the disk; where that is not so, the start is refused."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.domain.ports import NotRecorded
from bot.errors import InputError
from bot.logs import log

try:  # its SQLite is newer than most systems'; there is none for some machines
    from pysqlite3 import dbapi2 as sqlite  # type: ignore[import-untyped, import-not-found, unused-ignore]
except ImportError:
    from sqlite3 import dbapi2 as sqlite  # type: ignore[assignment, unused-ignore]

WAIT = 10
"""Seconds that a transaction waits for another one before it gives up."""

# Before 3.51.3 two connections that write and checkpoint at once can damage a database in WAL mode.
_SOUND_WAL = sqlite.sqlite_version_info >= (3, 51, 3)

_SQLITE = {
    "busy_timeout": WAIT * 1000,
    "journal_mode": "wal" if _SOUND_WAL else "delete",
    "synchronous": 2 if _SOUND_WAL else 3,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}
_POSTGRES = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
    "full_page_writes": ("on",),
    "transaction_isolation": ("read committed",),
}
_inside = threading.local()


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`; raises InputError for any other URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = URL.create("unknown")
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return _open_sqlite(parsed)
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return _open_postgres(parsed)
    raise InputError("The database URL must be sqlite:///FILE or postgresql://USER@HOST/NAME.")


def _open_sqlite(url: URL) -> Engine:
    """Its pool holds one connection, which makes it the lock in front of a database that has one writer."""
    file = Path(str(url.database))
    try:
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError:
        raise InputError("The database file cannot be written.") from None
    if not _SOUND_WAL:
        log(
            "This SQLite is older than 3.51.3: records are kept safe by its slower rollback journal",
            level=logging.WARNING,
        )
    engine = create_engine(
        url, module=sqlite, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=WAIT, hide_parameters=True
    )
    event.listen(engine, "connect", _set_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _set_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for name, value in _SQLITE.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _open_postgres(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_timeout=WAIT,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "options": f"-c lock_timeout={WAIT}s {url.query.get('options', '')}"},
    )


def check_durability(engine: Engine) -> None:
    """Raise InputError where a setting in force could lose what was committed."""
    try:
        with engine.connect() as connection:
            weak = _weak_sqlite(connection) if engine.dialect.name == "sqlite" else _weak_postgres(connection)
    except SQLAlchemyError:
        raise InputError("The database cannot be reached.") from None
    if weak:
        raise InputError(f"The database could lose records, so Signpost does not start: {weak}.")


def _weak_sqlite(connection: Connection) -> str:
    for name, wanted in _SQLITE.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        if found != wanted:
            return f"SQLite's {name} is {found} and must be {wanted}"
    return ""


def _weak_postgres(connection: Connection) -> str:
    for name, good in _POSTGRES.items():
        found = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
        if found not in good:
            return f"PostgreSQL's {name} is {found} and must be {good[0]}"
    return ""


def alone(connection: Connection, what: str) -> None:
    """Wait until no other transaction does what goes by this name; SQLite has one that writes at a time anyway."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction, synced when the block ends well; raises NotRecorded where that failed or is not certain."""
    if getattr(_inside, "one", False):
        raise RuntimeError("a transaction inside a transaction would wait for itself")
    _inside.one = True
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError:
        raise NotRecorded("The database did not confirm it.") from None
    finally:
        _inside.one = False
