"""Random histories of requests among fifty people, and all fifty pressing at once, on SQLite and PostgreSQL.

Nobody signs their own request, no stage is skipped or signed twice, and the register holds what was fully approved and
nothing else; of fifty who press at once one decides, the others learn who, and all are told once. The SQLite files lie
in memory where the system has such a folder: syncs take most of the time, and other drills watch them. `--count` is how
many histories, half on each database.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from itertools import count as counted
from pathlib import Path
from threading import Barrier

from hypothesis.stateful import rule
from rich.progress import track
from sqlalchemy import Engine

from bot.domain.approvals import Moved
from bot.domain.people import Role, School
from bot.domain.stages import StageRule
from bot.storage.audit import Audit
from bot.storage.cipher import PublicSealer
from bot.storage.engine import open_engine
from bot.storage.keys import Keys
from bot.storage.migrate import migrate
from tests.database_desk import DatabaseDesk
from tests.domain.schools import person, school
from tests.fake_requests import Desk
from tests.laws.approvals_model import PEOPLE, WRONGS, Requests, histories
from tests.office import keys
from tests.postgres import Databases, databases

COUNT, BATCH = 10_000, 100
MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Place:
    """A database and the keys beside it; each new desk is at a school of its own."""

    engine: Engine
    keys: Keys
    numbers: Iterator[int] = field(default_factory=counted)

    def desk(self, here: School) -> DatabaseDesk:
        """A desk at a new school with these people."""
        new = replace(here, id=f"{here.id}-{next(self.numbers)}")
        shutil.copytree(self.keys.folder / here.id, self.keys.folder / new.id)
        return self.beside(self.engine, new)

    def beside(self, engine: Engine, here: School) -> DatabaseDesk:
        """A desk at a school that is there, as another process has it."""
        return DatabaseDesk(engine, here, keys=(self.keys.secret, PublicSealer(self.keys)))


class Kept(Requests):
    """Histories in a database; now and then everything that runs is started again."""

    place: Place
    desk: DatabaseDesk
    crowd = PEOPLE[:12]

    def desk_of(self, here: School) -> DatabaseDesk:
        """The desk at which a history happens."""
        return self.place.desk(here)

    @rule()
    def all_is_started_again(self) -> None:
        self.desk.restart()

    def teardown(self) -> None:
        super().teardown()
        if self.accounts:
            assert Audit(self.place.engine, self.place.keys.secret).verify(self.desk.here.id) == ()


# --- all at once ------------------------------------------------------------------------------------------------------
VERDICTS = {"approve": "approved", "refuse": "refused", "send-back": "sent-back"}
STAGES = (StageRule("approver"), StageRule("head"))
STAFF = (person("teacher"), person("head", Role.HEAD), *(person(name, Role.APPROVER) for name in PEOPLE))


def at_once(place: Place) -> bool:
    """Whether all went well when fifty people decided the same stage at the same moment, in two processes."""
    desk, other = place.desk(school(*STAFF)), open_engine(place.engine.url.render_as_string(hide_password=False))
    beside = place.beside(other, desk.here)
    stages = STAGES[: random.randint(1, 2)]
    ref = desk.submit(stages=stages)
    ready = Barrier(len(PEOPLE))

    def press(at: Desk, who: str) -> tuple[str, str]:
        """Who decided what, as they are told."""
        action = random.choice(tuple(VERDICTS))
        ready.wait()
        try:
            at.do(ref, who, action, "words", seen=1, clause="milford/scope.1")
        except Moved as moved:
            return moved.by, moved.what
        return who, VERDICTS[action]

    with ThreadPoolExecutor(len(PEOPLE)) as threads:
        said = set(threads.map(press, [desk, beside] * 25, PEOPLE))
    other.dispose()
    found = [(one.by, one.verdict) for one in desk.request(ref).signed]
    told, entries = sorted(desk.told()), [entry.request for entry in desk.entries()]
    by, verdict = found[0]
    full = verdict == "approved" and len(stages) == 1
    return (found, told, entries) == ([*said], _to_tell(by, verdict, stages), [ref] * full)


def _to_tell(by: str, verdict: str, stages: tuple[StageRule, ...]) -> list[tuple[str, str]]:
    if verdict == "sent-back":
        return [("teacher", "sent-back")]
    if verdict == "approved" and len(stages) > 1:
        return [("head", "ask")]
    return sorted((who, "decided") for who in ("teacher", *PEOPLE) if who != by)


# --- all of it --------------------------------------------------------------------------------------------------------
def drill(count: int | None) -> bool:
    """Print how many histories there were and what was wrong in them; whether nothing was."""
    size = min(BATCH, (count or COUNT) // 2)
    seen = Counter[str]()
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
        databases() as server,
        ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes,
    ):
        home = Path(shutil.copytree(keys().folder, Path(folder) / "keys"))
        sorts = [server if number % 2 else None for number in range((count or COUNT) // size)]
        running = [processes.submit(batch, sort, home, size) for sort in sorts]
        try:
            for done in track(as_completed(running), "Histories", total=len(running)):
                seen.update(done.result())
        finally:
            processes.shutdown(cancel_futures=True)
    wrong = {name: seen[name] for name in ("rounds gone wrong", *WRONGS)}
    print(f"{seen['rounds']} rounds of fifty at once; {seen['approve']} stages signed, {seen['entries']} entries")
    print(f"{seen['histories']} histories: {', '.join(f'{number} {name}' for name, number in wrong.items())}")
    return not any(wrong.values())


def batch(server: Databases | None, home: Path, size: int) -> Counter[str]:
    """What was seen in a round and so many histories, in a new database of a server or in a file."""
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        engine = open_engine(url := server.fresh() if server else f"sqlite:///{folder}/records.db")
        migrate(engine)
        place = Place(engine, Keys(Path(shutil.copytree(home, Path(folder) / "keys"))))
        fifty = Counter({"rounds": 1, "rounds gone wrong": not at_once(place)})
        seen = histories(size, type("Here", (Kept,), {"place": place}))
        engine.dispose()
    if server:
        server.drop(url)
    return fifty + seen
