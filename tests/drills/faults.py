"""A storage that fails: full, read-only, locked, gone, or at the Nth call for every N, on SQLite and PostgreSQL.

Every failure must say “NOT recorded” and whom to phone, and give back what was typed; the same form under its key is
then recorded, once. `--count` is how many times each fault is tried.
"""

from __future__ import annotations

import itertools
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import track

from bot.conversation import report_wording as say
from bot.talk.turn import Reply, Typed
from bot.wiring import Installation
from tests.drills.client import recorded
from tests.drills.kill import prepare
from tests.drills.server import installation, sentences, submitted, typed
from tests.drills.soundness import Books
from tests.drills.troubles import PostgresFaults, SqliteFaults
from tests.postgres import Databases
from tests.postgres import serve as postgres

COUNT = 20
PHONE = say.NOT_RECORDED.format(who="DSL")
HAPPENED = "A pupil told me something. " * 100
CALLS = ("do_execute", "do_execute_no_params", "do_executemany", "do_commit")
"""How the database is called."""


@dataclass(slots=True)
class Trial:
    """One installation whose storage is made to fail; `failed` and `unharmed` count forms by fault."""

    here: Installation
    books: Books
    failed: dict[str, int] = field(default_factory=dict)
    unharmed: int = 0
    wrong: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)

    def form(self, name: str, fault: AbstractContextManager[object]) -> None:
        """Send a form while the storage fails, and once more when it is well again."""
        key = secrets.token_urlsafe(16)
        with fault:
            first = submitted(self.here.assistant, key, HAPPENED)
        ref = recorded(sentences(first))
        if ref:
            self.unharmed += 1
        elif _is_honest(first):
            self.failed[name] = self.failed.get(name, 0) + 1
        else:
            self.wrong.append(f"{name}: said “{first.messages[0].title}”")
        before = self.books.kept(key)
        if ref and not before:
            self.wrong.append(f"{name}: confirmed and not recorded")
        self._again(name, key, ref)

    def _again(self, name: str, key: str, ref: str) -> None:
        second = recorded(sentences(submitted(self.here.assistant, key, HAPPENED)))
        if not second or second != (ref or second) or self.books.kept(key) != 1:
            self.wrong.append(f"{name}: sent again, it was recorded {self.books.kept(key)} times")
        self.told[key] = second

    def every_call(self, strike: Callable[[], None]) -> None:
        """Strike before and after the Nth call to the database, for every N of a form."""
        for after in (False, True):
            for number in itertools.count(1):
                call = Nth(self.here, number, after, strike)
                self.form(f"{'after' if after else 'at'} call {number}", call.struck())
                if not call.reached:
                    break

    def __str__(self) -> str:
        return f"{sum(self.failed.values())} failures said, {self.unharmed} forms unharmed, {len(self.wrong)} wrong"


def _is_honest(reply: Reply) -> bool:
    """Whether a reply says that nothing was recorded and whom to phone, and gives back what was typed."""
    said = [message.title for message in reply.messages] == [say.NOT_RECORDED_TITLE] and PHONE in sentences(reply)
    return said and reply.form is not None and _plain(reply.form.given) == _plain(typed(HAPPENED))


def _plain(given: Typed) -> dict[str, list[str]]:
    return {question: [text.reveal() for text in texts] for question, texts in given.items()}


@dataclass(slots=True)
class Nth:
    """Something that happens at one call to the database, or once it is done."""

    here: Installation
    number: int
    after: bool
    strike: Callable[[], None]
    calls: int = 0

    @property
    def reached(self) -> bool:
        """Whether there were so many calls."""
        return self.calls >= self.number

    @contextmanager
    def struck(self) -> Iterator[None]:
        """It happens while the block runs."""
        dialect: Any = self.here.engine.dialect
        for name in CALLS:
            setattr(dialect, name, self._around(getattr(dialect, name)))
        try:
            yield
        finally:
            for name in CALLS:
                delattr(dialect, name)

    def _around(self, call: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object, **named: object) -> object:
            self.calls += 1
            now = self.calls == self.number
            if now and not self.after:
                self.strike()
            done = call(*given, **named)
            if now and self.after:
                self.strike()
            return done

        return called


def drill(count: int | None) -> bool:
    """Print how many failures were said to be such, and what was not; whether all were."""
    with tempfile.TemporaryDirectory() as folder, postgres(durable=True) as server:
        data = Path(folder) / "data"
        data.mkdir()
        prepare(data)
        url = Databases(server.url).fresh()
        sqlite = Trial(installation(data), Books(data, f"sqlite:///{data / 'records.db'}"))
        postgresql = Trial(installation(data, url), Books(data, url))
        trials = {"SQLite": sqlite, "PostgreSQL": postgresql}
        _tried(sqlite, SqliteFaults(sqlite.here), count or COUNT, "SQLite")
        _tried(postgresql, PostgresFaults(postgresql.here, url, server), count or COUNT, "PostgreSQL")
    for name, trial in trials.items():
        for wrong in dict.fromkeys(trial.wrong):
            print(f"{name}: {wrong} ({trial.wrong.count(wrong)} times)")
        print(f"{name}: {trial}")
    return not any(trial.wrong for trial in trials.values())


def _tried(trial: Trial, faults: SqliteFaults | PostgresFaults, count: int, name: str) -> None:
    """Every fault so many times, and a strike at every call once."""
    named = (faults.full, faults.read_only, faults.locked, faults.gone)
    for _ in track(range(count), f"Failing on {name}"):
        for fault in named:
            trial.form(fault.__name__, fault())
    trial.every_call(faults.strike)
    trial.wrong += [f"{fault.__name__}: never failed" for fault in named if fault.__name__ not in trial.failed]
    trial.wrong += trial.books.faults(trial.told)
    trial.here.engine.dispose()
    trial.here.known.close()
