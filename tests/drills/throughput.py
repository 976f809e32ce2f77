"""Disclosures a second, synced: the product beside the raw driver that runs the same statements with the same sealing.

On SQLite and PostgreSQL, with 1, 4 and 8 threads, each on a database of its own. `--count` is how many.
"""

from __future__ import annotations

import hmac
import itertools
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from threading import Lock, Thread
from typing import Any

import psycopg
from rich.progress import track
from sqlalchemy import event

from bot.domain.disclosure import FileDisclosure, reference
from bot.domain.routing import NOBODY_HERE, Reported
from bot.storage.cipher import Box, PublicSealer
from bot.talk.sealed import Sealed
from bot.wiring import Installation
from tests.drills.kill import prepare
from tests.drills.server import FORM, REPORTER, SCHOOL, installation
from tests.postgres import Databases
from tests.postgres import serve as postgres

COUNT = 2000
THREADS = (1, 4, 8)
LEAST = 0.2
"""The share of the raw driver's speed below which the drill fails."""
ENOUGH = 500
"""With fewer reports than that the figures are printed and not judged: a busy machine decides them."""
TEXT = Sealed("A pupil told me something. " * 20)

Act = Callable[[], object]
Statement = tuple[str, Any]
"""Text and values."""

_INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured: how many a second, and the median and 99th percentile in milliseconds."""

    rate: float
    p50: float
    p99: float


def drill(count: int | None) -> bool:
    """Print both speeds and their ratio for each database and number of threads; whether all ratios hold."""
    with tempfile.TemporaryDirectory() as folder, postgres(durable=True) as server:
        home = Path(folder) / "prepared"
        home.mkdir()
        prepare(home)
        databases = Databases(server.url)
        runs = list(itertools.product(("SQLite", "PostgreSQL"), THREADS))
        rows = [
            (name, threads, *_beside(home, databases if name == "PostgreSQL" else None, threads, count or COUNT))
            for name, threads in track(runs, "Filing")
        ]
    print("database    threads   product/s    p50    p99     driver/s    p50    p99  ratio")
    for name, threads, ours, raw in rows:
        figures = f"{ours.rate:9.0f} {ours.p50:6.2f} {ours.p99:6.2f}    {raw.rate:9.0f} {raw.p50:6.2f} {raw.p99:6.2f}"
        print(f"{name:10} {threads:8}   {figures}  {ours.rate / raw.rate:5.2f}")
    judged = (count or COUNT) >= ENOUGH
    return not judged or all(ours.rate / raw.rate >= LEAST for _, _, ours, raw in rows)


def _beside(home: Path, databases: Databases | None, threads: int, count: int) -> tuple[Speed, Speed]:
    """The product's speed and the driver's, each on a new database."""
    with _new(home, databases) as here:
        ours = _timed([lambda: _file(here)] * threads, count)
        statements = _statements(here)
    lock: AbstractContextManager[object] = nullcontext() if databases else Lock()
    with _new(home, databases) as here, _connections(here, threads) as connections:
        raw = _timed([Raw(here, statements, connection, lock) for connection in connections], count)
    return ours, raw


@contextmanager
def _new(home: Path, databases: Databases | None) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(home, Path(folder) / "data"))
        here = installation(data, databases.fresh() if databases else "")
        _ = here.casework
        yield here
        here.engine.dispose()
        here.known.close()


def _file(here: Installation) -> None:
    here.casework.file(FileDisclosure(secrets.token_hex(16), SCHOOL, REPORTER, Reported(FORM, NOBODY_HERE), TEXT))


def _statements(here: Installation) -> list[Statement]:
    """What the product runs for one disclosure."""
    run: list[Statement] = []

    def take(connection: object, cursor: object, statement: str, values: Any, context: object, many: bool) -> None:
        run.append((statement, values))

    event.listen(here.engine, "before_cursor_execute", take)
    _file(here)
    event.remove(here.engine, "before_cursor_execute", take)
    return run


@contextmanager
def _connections(here: Installation, number: int) -> Iterator[list[Any]]:
    """The driver's own connections; on SQLite the same one each time, with the settings that keep it safe."""
    if here.settings.database_url:
        with ExitStack() as open_ones:
            yield [open_ones.enter_context(psycopg.connect(here.settings.database_url)) for _ in range(number)]
    else:
        pooled = here.engine.raw_connection()
        yield [pooled.driver_connection] * number
        pooled.close()


@dataclass(frozen=True, slots=True)
class Raw:
    """The same statements through the driver, for another reference, sealed anew, at the end of the chain."""

    here: Installation
    statements: list[Statement]
    connection: Any
    lock: AbstractContextManager[object]

    def __call__(self) -> None:
        """File one."""
        ref, keys = reference(secrets.randbits(64)), self.here.keys
        sealer, box = PublicSealer(keys), Box(keys.secret(SCHOOL, "box"))
        sealer.keyed(SCHOOL, [person.id for person in self.here.school(SCHOOL).people])
        sealed = sealer.seal(SCHOOL, f"{ref}/1", TEXT, f"open-{self.here.clock().year}")
        new = {"ref": ref, "key": secrets.token_hex(16), "body": sealed.body, "wrapped": sealed.wraps[0].wrapped}
        last: Any = None
        with self.lock:
            for statement, values in self.statements:
                if "INTO notices" in statement:
                    new["recipient"] = box.put(Sealed(REPORTER), f"notices/{SCHOOL}/{ref}/name")
                if "INTO audit" in statement:
                    new |= _link(last.fetchone(), ref, keys.secret(SCHOOL, "audit"))
                last = self.connection.execute(statement, _renewed(statement, values, new))
            self.connection.commit()


def _link(last: Any, ref: str, key: bytes) -> dict[str, Any]:
    """The next link of the chain, after one as it was selected."""
    seq, before = (last[1], last[-1]) if last else (0, "")
    return {"seq": seq + 1, "mac": hmac.digest(key, f"{seq + 1} filed {ref} {before}".encode(), "sha256").hex()}


def _renewed(statement: str, values: Any, new: Mapping[str, Any]) -> Any:
    """The values of an INSERT with the new ones of its columns in place; those of anything else as they are."""
    if not (found := _INSERT.match(statement)):
        return values
    kept = {} if found[1] == "audit" else {"seq": 1}
    changed = {**new, **kept}
    if isinstance(values, dict):
        return {name: changed.get(name, value) for name, value in values.items()}
    names = [name.strip(' "') for name in found[2].split(",")]
    return [changed.get(name, value) for name, value in zip(names, values, strict=True)]


def _timed(acts: list[Act], count: int) -> Speed:
    """Each act in a thread of its own, until all have been done so often."""
    took: list[float] = []

    def run(act: Act) -> None:
        for _ in range(count // len(acts)):
            start = time.perf_counter()
            act()
            took.append(time.perf_counter() - start)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(took, n=100)
    return Speed(len(took) / (time.perf_counter() - start), cuts[49] * 1000, cuts[98] * 1000)
