"""Every reply that says “Recorded” follows a finished sync of that commit, on SQLite and PostgreSQL.

The server's syncs are traced (`synced.c`) in one file with its steps, so their order needs no clock. For every five
reports the power is cut once: SQLite's files then hold what was synced, and of what was not nothing or any part.
With weak settings the same trace must show replies before a sync, and the same cuts losses: else the drill is blind.
`--count` is how many reports. A C compiler is needed.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from rich.progress import track

from tests.drills.client import PATIENCE, Staff, recorded, send
from tests.drills.kill import free_port, prepare
from tests.drills.server import WEAKEN
from tests.drills.soundness import Books
from tests.postgres import Databases
from tests.postgres import serve as postgres

COUNT, PER_CUT, WEAK = 1000, 5, 20
SECTOR = 512
FILES = ("records.db", "records.db-wal")
CLIENTS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"


@dataclass(slots=True)
class Seen:
    """What was seen on one database: confirmed forms, those before a sync, and what was lost in power cuts."""

    confirmed: int = 0
    early: int = 0
    cuts: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        cut = f", {self.cuts} power cuts, {len(self.lost)} lost or broken" if self.cuts else ""
        return f"{self.confirmed} confirmed, {self.early} before a sync{cut}"


def drill(count: int | None) -> bool:
    """Print the replies before a sync, and what was lost in power cuts; whether there was none of either."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)  # PostgreSQL is another user and loads the shim as well
        data = home / "data"
        data.mkdir()
        prepare(data)
        shim = _compiled(home)
        seen = {
            "SQLite": _on_sqlite(home, shim, count or COUNT),
            "PostgreSQL": _on_postgres(home, shim, count or COUNT),
        }
    for name, (good, weak) in seen.items():
        for fault in good.lost[:10]:
            print(f"{name}: {fault}")
        print(f"{name}: {good}; with weak settings: {weak}")
    held = all(good.confirmed and not good.early and not good.lost for good, _ in seen.values())
    return held and all(weak.early and (weak.lost or not weak.cuts) for _, weak in seen.values())


def _compiled(home: Path) -> Path:
    """The shim, from its source beside this file."""
    shim = home / "synced.so"
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", shim, Path(__file__).parent / "synced.c", "-ldl"], check=True
    )
    return shim


def _on_sqlite(home: Path, shim: Path, count: int) -> tuple[Seen, Seen]:
    """With its own settings, and with weak ones."""
    data, trace, cutter = home / "data", _trace(home), Cutter(home)
    told = {"LD_PRELOAD": str(shim), "DRILL_FOLDER": str(data / "records.db"), "DRILL_TRACE": str(trace)}
    seen = []
    with _server(data, trace, DRILL_SHADOW=str(cutter.shadow), **told) as (port, process):
        for number in (count, min(WEAK, count)):
            trace.write_text("")
            confirmed = _filed(port, number, "Tracing on SQLite")
            early, cuts = _early(trace, {process.pid}), max(1, number // PER_CUT)
            seen.append(Seen(confirmed, early, cuts, cutter.cut(port, cuts)))
            _post(port, WEAKEN)
    return seen[0], seen[1]


def _on_postgres(home: Path, shim: Path, count: int) -> tuple[Seen, Seen]:
    """The same without power cuts; here it is PostgreSQL's own processes whose syncs are traced."""
    trace, seen = _trace(home), []
    told = {"LD_PRELOAD": str(shim), "DRILL_FOLDER": f"{tempfile.gettempdir()}/signpost-pg-", "DRILL_TRACE": str(trace)}
    with _environment(**told) as lifted, postgres(durable=True) as server:
        lifted.close()
        url = Databases(server.url).fresh()
        with _server(home / "data", trace, url) as (port, _):
            for number in (count, min(WEAK, count)):
                trace.write_text("")
                confirmed = _filed(port, number, "Tracing on PostgreSQL")
                with psycopg.connect(url) as connection:
                    backends = {row[0] for row in connection.execute(CLIENTS)}
                seen.append(Seen(confirmed, _early(trace, backends)))
                _post(port, WEAKEN)
    return seen[0], seen[1]


def _filed(port: int, count: int, title: str) -> int:
    """One form after the other; how many were confirmed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    confirmed = [recorded(send(connection, secrets.token_hex(16))) for _ in track(range(count), title)]
    connection.close()
    return len([ref for ref in confirmed if ref])


def _early(trace: Path, processes: set[int]) -> int:
    """Replies for whose commit no sync began after it was asked for and ended before it was done."""
    begun: set[str] = set()
    early = 0
    synced = True
    for line in trace.read_text().splitlines():
        what, _, rest = line.partition(" ")
        if what == "before-commit":
            begun, synced = set(), False
        elif what == "syncing" and _counts(rest, processes):
            begun.add(rest)
        elif what == "synced":
            synced = synced or rest in begun
        elif what == "before-reply":
            early += not synced
    return early


def _counts(rest: str, processes: set[int]) -> bool:
    """Whether a sync is one of the log that a commit is written to, by a process that commits."""
    process, _, path = rest.partition(" ")
    return int(process) in processes and ("pg_wal" in path or Path(path).name in FILES)


class Cutter:
    """Cuts the power again and again: `shadow` is what was synced, `left` what is on the disk afterwards."""

    def __init__(self, home: Path) -> None:
        self.data, self.shadow, self.left = home / "data", home / "shadow", home / "left"
        self.shadow.mkdir()
        (self.shadow / "lock").touch()
        shutil.copy(self.data / FILES[0], self.shadow)
        shutil.copytree(self.data / "keys", self.left / "keys")

    def cut(self, port: int, count: int) -> list[str]:
        """Cut it so often under load; what was wrong with what was left."""
        books, faults = Books(self.left, f"sqlite:///{self.left / FILES[0]}"), []
        with Staff(port).at_work() as staff:
            staff.up.set()
            staff.heard.wait(PATIENCE)
            for number in track(range(count), "Cutting the power"):
                time.sleep(random.uniform(0, 0.05))
                confirmed = dict(staff.told)
                self._leave(torn=number % 2 == 1)
                faults += books.faults(confirmed)
        return faults

    def _leave(self, torn: bool) -> None:
        """Leave what was synced, or that with any of the sectors that were written since."""
        for file in self.left.glob("records.db*"):
            file.unlink()
        with (self.shadow / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for name in FILES:
                kept, live = self.shadow / name, self.data / name
                synced = kept.read_bytes() if kept.exists() else b""
                written = live.read_bytes() if torn and live.exists() else b""
                (self.left / name).write_bytes(_mixed(synced, written))


def _mixed(kept: bytes, live: bytes) -> bytes:
    """What was kept, and about half of the sectors in which what is live differs."""
    mixed = bytearray(kept)
    for start in range(0, len(live), SECTOR):
        sector = live[start : start + SECTOR]
        if sector != kept[start : start + SECTOR] and random.random() < 0.5:
            mixed.extend(bytes(max(0, start + len(sector) - len(mixed))))
            mixed[start : start + len(sector)] = sector
    return bytes(mixed)


def _trace(home: Path) -> Path:
    trace = home / "trace"
    trace.write_text("")
    trace.chmod(0o666)
    return trace


@contextmanager
def _environment(**changed: str) -> Iterator[ExitStack]:
    """Settings that a process started in the block has; closed by hand as soon as it is."""
    with ExitStack() as undo:
        for name, value in changed.items():
            os.environ[name] = value
            undo.callback(os.environ.pop, name, None)
        yield undo


@contextmanager
def _server(data: Path, trace: Path, database: str = "", **told: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The server without its worker, whose own commits would only blur the trace."""
    port = free_port()
    words = ("--data", str(data), "--port", str(port), "--database", database, "--trace", str(trace), "--no-worker")
    command = [sys.executable, "-m", "tests.drills.server", *words]
    with subprocess.Popen(command, env={**os.environ, **told}, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            yield port, process
        finally:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _post(port, "/healthz")
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _post(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path)
        connection.getresponse().read()
    finally:
        connection.close()
