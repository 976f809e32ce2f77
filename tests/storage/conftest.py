"""Records on both databases, and in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.records import SqlRecords
from tests.fake_records import FakeRecords
from tests.postgres import Databases, databases
from tests.storage.stand_ins import Hands, StandInBox, secret

Urls = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    with databases() as made:
        yield made


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that was migrated once, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "records.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def urls(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Urls]:
    """Makes a migrated database of a sort and tells its URL; PostgreSQL starts only where a test asks for it."""
    made = []

    def make(sort: str) -> str:
        if sort == "sqlite":
            file = tmp_path / "records.db"
            shutil.copy(request.getfixturevalue("sqlite_file"), file)
            return f"sqlite:///{file}"
        server: Databases = request.getfixturevalue("postgres")
        url = server.fresh()
        made.append(url)
        return url

    yield make
    for url in made:
        request.getfixturevalue("postgres").give_back(url)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(urls: Urls, request: pytest.FixtureRequest) -> Iterator[Engine]:
    opened = open_engine(urls(request.param))
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def sql_records(engine: Engine, clock: Hands) -> SqlRecords:
    return SqlRecords(engine, secret, StandInBox, clock)


@pytest.fixture(params=["sqlite", "postgres", "fake"])
def records(urls: Urls, clock: Hands, request: pytest.FixtureRequest) -> Iterator[SqlRecords | FakeRecords]:
    if request.param == "fake":
        yield FakeRecords(clock)
        return
    opened = open_engine(urls(request.param))
    yield SqlRecords(opened, secret, StandInBox, clock)
    opened.dispose()
