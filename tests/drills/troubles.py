"""What can go wrong with a storage, each for as long as a block runs, and all well again after it."""

from __future__ import annotations

import os
import pwd
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bot.storage.engine import open_engine
from bot.wiring import Installation
from tests.drills.client import PATIENCE
from tests.drills.server import run
from tests.postgres import Server

SMALL = 16 * 1024
"""Bytes that a file may have where the storage is full."""


@dataclass(frozen=True, slots=True)
class SqliteFaults:
    """What can go wrong with a file."""

    here: Installation

    def strike(self) -> None:
        """An error as the disk gives it."""
        dbapi: Any = self.here.engine.dialect.dbapi
        raise dbapi.OperationalError("disk I/O error")

    @contextmanager
    def full(self) -> Iterator[None]:
        """No file may grow: a real error of the system, as where the storage is full."""
        run(self.here, "PRAGMA wal_checkpoint(TRUNCATE)")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Nobody may write the files or their folder, and root is not there to do it all the same."""
        self.here.engine.dispose()
        with _as_nobody(self.here.settings.data):
            yield
        self.here.engine.dispose()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another process holds it for longer than we wait."""
        other = open_engine(str(self.here.engine.url))
        run(self.here, "PRAGMA busy_timeout = 20")
        with other.begin():
            yield
        other.dispose()
        self.here.engine.dispose()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Its folder is not there."""
        data = self.here.settings.data
        self.here.engine.dispose()
        data.joinpath("records.db").rename(data / "kept.db")
        data.joinpath("records.db").mkdir()
        yield
        data.joinpath("records.db").rmdir()
        data.joinpath("kept.db").rename(data / "records.db")
        self.here.engine.dispose()


@dataclass(frozen=True, slots=True)
class PostgresFaults:
    """What can go wrong with a server."""

    here: Installation
    url: str
    server: Server

    def strike(self) -> None:
        """The connections are cut."""
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")

    @contextmanager
    def full(self) -> Iterator[None]:
        """No file of the server may grow."""
        process = run(self.here, "SELECT pg_backend_pid()")
        limit = ["prlimit", f"--pid={process}", f"--fsize={SMALL}:"]
        rights: Any = {"user": "nobody", "group": "nogroup", "extra_groups": ()} if os.geteuid() == 0 else {}
        subprocess.run(limit, check=True, **rights)
        yield
        self._well()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """The server takes no changes, as one that stands by."""
        run(self.here, "SET default_transaction_read_only = on")
        yield
        self.here.engine.dispose()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another connection holds a table for longer than we wait."""
        run(self.here, "SET lock_timeout = 20")
        with psycopg.connect(self.url) as other:
            other.execute("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE")
            yield
        self.here.engine.dispose()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The server was killed."""
        self.server.kill()
        yield
        self.server.start()

    def _well(self) -> None:
        """Where a full disk stopped the server it comes back by itself."""
        self.here.engine.dispose()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return


@contextmanager
def _as_nobody(folder: Path) -> Iterator[None]:
    """As a user who may read a folder, and write nothing in it."""
    files = [folder, *folder.rglob("*")]
    modes = {file: file.stat().st_mode for file in files}
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    folder.parent.chmod(0o755)
    for file in files:
        os.chown(file, user, -1)
        file.chmod(0o555 if file.is_dir() else 0o444)
    mine = os.geteuid()
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(mine)
        for file, mode in modes.items():
            file.chmod(mode)
