"""`kill -9` of the real server at random moments and at each named step, on SQLite and PostgreSQL, under load.

After each, what was confirmed is there, whole; at the end all forms have been confirmed, once each, and all notices
were seen, once each. `--count` is how many random kills; each step has its turn once for every 50 of them.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from rich.progress import track

from tests.drills import installation as with_policies
from tests.drills import server
from tests.drills.client import PATIENCE, Staff
from tests.drills.soundness import Books
from tests.postgres import Databases, Server
from tests.postgres import serve as postgres

RANDOM, EVERY = 1000, 50
AT_RANDOM = "at random"
STEPS = (*server.STEPS, *server.REPLIES, *server.NOTICES)
PRELOADED = [
    server.__name__,
    "alembic.command",
    "holidays.countries.united_kingdom",
    "structlog",
    "uvicorn.lifespan.on",
]
"""What a server would import at its start, imported once: each server is forked from there."""
FRESH = 50
"""Kills after which a new database is taken, so that to look at all of it stays quick."""
LONGEST = 0.12
"""Seconds of work before a random kill, at most."""


@dataclass(slots=True)
class Ground:
    """One installation that is killed and started again; `power` is its PostgreSQL, where it has one."""

    books: Books
    staff: Staff
    power: Server | None = None
    kills: int = 0
    faults: list[str] = field(default_factory=list)

    def start(self, die: str = "") -> ForkServerProcess:
        """Start the server."""
        database = self.books.url if self.power else ""
        process = multiprocessing.get_context("forkserver").Process(
            target=_serve, args=(self.books.data, self.staff.port, database, die)
        )
        process.start()
        self.staff.heard.clear()
        self.staff.up.set()
        return process

    def kill(self, moment: str) -> None:
        """Kill it at a step, or at random."""
        if moment == AT_RANDOM:
            self.kill_at_random()
        else:
            self._look(self.start(f"{moment}:{random.randint(1, 12)}"), f"at {moment}")

    def kill_at_random(self) -> None:
        """Kill it at a moment of its work, or of its start."""
        process = self.start()
        if started := random.random() < 0.9:
            self._hear()
        time.sleep(random.uniform(0, LONGEST))
        if started and self.power and random.random() < 0.1:  # a server that starts without its database ends itself
            self.power.kill()
            self.power.start()
            self.staff.heard.clear()
            self._hear()
        process.kill()
        self._look(process, AT_RANDOM)

    def _hear(self) -> None:
        if not self.staff.heard.wait(PATIENCE):
            self.faults.append("the server does not answer")

    def _look(self, process: ForkServerProcess, when: str) -> None:
        process.join(PATIENCE)
        if process.exitcode != -9:
            process.kill()
            self.faults.append(f"{when}: the server was not killed")
        self.staff.up.clear()
        self.kills += 1
        self.faults += [f"{when}: {fault}" for fault in self.books.faults(self.staff.told)]

    def finish(self) -> None:
        """Confirm all that is open, and look at everything once more, the notices included."""
        process = self.start()
        self.staff.finish()
        process.kill()
        self._look(process, "at the end")
        self.kills -= 1
        self.faults += [*self.books.undelivered(), *(f"{key} was told two references" for key in self.staff.changed)]


@dataclass(slots=True)
class Figures:
    """What came of it on one database."""

    kills: int = 0
    confirmed: int = 0
    unanswered: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, ground: Ground) -> None:
        """Add what came of one installation."""
        self.kills += ground.kills
        self.confirmed += len(ground.staff.told)
        self.unanswered += ground.staff.unanswered
        self.refused += ground.staff.refused
        self.faults += ground.faults

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.confirmed} confirmed, {len(self.faults)} lost or broken; "
            f"{self.unanswered} forms got no answer and {self.refused} “NOT recorded” before they were confirmed"
        )


def drill(count: int | None) -> bool:
    """Print what was confirmed and lost on each database; whether nothing was."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    plan = [*[AT_RANDOM] * ((count or RANDOM) // 2), *STEPS * max(1, (count or RANDOM) // EVERY)]
    random.shuffle(plan)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        prepare(data)
        on_sqlite = _killed(plan, "SQLite", data)
        with postgres(durable=True) as power:
            on_postgres = _killed(plan, "PostgreSQL", data, power)
    for name, figures in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        for fault in figures.faults[:10]:
            print(f"{name}: {fault}")
        print(f"{name}: {figures}")
    return not on_sqlite.faults and not on_postgres.faults


def prepare(data: Path) -> None:
    """An installation with its policies, its keys and its tables, and no records yet."""
    with_policies(str(data)).close()
    here = server.installation(data)
    here.keys  # noqa: B018  (made when they are first asked for)
    here.engine.dispose()
    here.known.close()


def _killed(plan: list[str], name: str, prepared: Path, power: Server | None = None) -> Figures:
    figures = Figures()
    databases = Databases(power.url) if power else None
    moments = iter(track(plan, f"Killing on {name}"))
    for start in range(0, len(plan), FRESH):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(shutil.copytree(prepared, Path(folder) / "data"))
            url = databases.fresh() if databases else f"sqlite:///{data / 'records.db'}"
            ground = Ground(Books(data, url), Staff(free_port()), power)
            with ground.staff.at_work():
                for moment in islice(moments, min(FRESH, len(plan) - start)):
                    ground.kill(moment)
            ground.finish()
        figures.add(ground)
    return figures


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _serve(data: Path, port: int, database: str, die: str) -> None:
    """The server, whose log is kept beside its data."""
    log = os.open(data / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    server.serve(data, port, database, die)
