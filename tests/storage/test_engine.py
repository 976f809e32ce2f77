"""What is opened keeps what is committed, or is refused."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import Engine, event, text

from bot import logs
from bot.domain.ports import NotRecorded
from bot.errors import InputError
from bot.storage import engine as opening
from bot.storage.engine import check_durability, open_engine, transaction
from tests.postgres import Databases, serve
from tests.storage.conftest import Urls

REFUSED = "The database could lose records, so Signpost does not start: "


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/n", "x://[", "canary"]
)
def test_another_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as refused:
        open_engine(url)
    assert str(refused.value) == "The database URL must be sqlite:///FILE or postgresql://USER@HOST/NAME."


def test_a_folder_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^The database file cannot be written\.$"):
        open_engine(f"sqlite:///{tmp_path}/none/records.db")


def test_a_server_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^The database cannot be reached\.$"):
        check_durability(open_engine(f"postgresql://canary:secret@/none?host={tmp_path}"))


def test_the_file_and_those_beside_it_are_for_us_alone(urls: Urls, tmp_path: Path) -> None:
    engine = open_engine(urls("sqlite"))
    with transaction(engine) as connection:
        connection.execute(text("INSERT INTO heartbeats VALUES ('worker', '2026-11-23')"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("records.db*")}
    engine.dispose()
    assert modes == dict.fromkeys(("records.db", "records.db-wal", "records.db-shm"), 0o600)


def test_safe_settings_start(urls: Urls) -> None:
    engine = open_engine(urls("sqlite"))
    check_durability(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "said"),
    [
        ("journal_mode = memory", "SQLite's journal_mode is memory and must be wal"),
        ("synchronous = normal", "SQLite's synchronous is 1 and must be 2"),
        ("synchronous = off", "SQLite's synchronous is 0 and must be 2"),
        ("foreign_keys = off", "SQLite's foreign_keys is 0 and must be 1"),
        ("secure_delete = off", "SQLite's secure_delete is 0 and must be 1"),
    ],
)
def test_weak_settings_of_sqlite_refuse_the_start(urls: Urls, pragma: str, said: str) -> None:
    engine = open_engine(urls("sqlite"))
    event.listen(engine, "connect", lambda connection, record: connection.execute(f"PRAGMA {pragma}"))
    with pytest.raises(InputError) as refused:
        check_durability(engine)
    engine.dispose()
    assert str(refused.value) == f"{REFUSED}{said}."


def test_an_older_sqlite_uses_its_rollback_journal_and_says_so_once(
    urls: Urls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "_set", "INFO")  # whatever another test has set
    monkeypatch.setattr(opening, "_SOUND_WAL", False)
    monkeypatch.setattr(opening, "_SQLITE", {**opening._SQLITE, "journal_mode": "delete", "synchronous": 3})
    engine = open_engine(urls("sqlite"))
    check_durability(engine)
    engine.dispose()
    assert capsys.readouterr().err.count("rollback journal") == 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("synchronous_commit = off", "PostgreSQL's synchronous_commit is off and must be on"),
        ("synchronous_commit = local", "PostgreSQL's synchronous_commit is local and must be on"),
        (
            "default_transaction_isolation = 'repeatable read'",
            "PostgreSQL's transaction_isolation is repeatable read and must be read committed",
        ),
    ],
)
def test_weak_settings_of_a_postgres_database_refuse_the_start(durable: Databases, setting: str, said: str) -> None:
    url = durable.fresh()
    good = open_engine(url)
    check_durability(good)
    with good.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {good.url.database} SET {setting}"))
    good.dispose()
    weak = open_engine(url)
    with pytest.raises(InputError) as refused:
        check_durability(weak)
    weak.dispose()
    assert str(refused.value) == f"{REFUSED}{said}."


def test_a_postgres_that_does_not_sync_refuses_the_start(urls: Urls) -> None:
    engine = open_engine(urls("postgres"))
    with pytest.raises(InputError) as refused:
        check_durability(engine)
    engine.dispose()
    assert str(refused.value) == f"{REFUSED}PostgreSQL's fsync is off and must be on."


def test_a_database_error_becomes_not_recorded_and_names_no_value(engine: Engine) -> None:
    twice = text("INSERT INTO heartbeats VALUES (:name, '2026-11-23')")
    with pytest.raises(NotRecorded) as refused, transaction(engine) as connection:
        connection.execute(twice, {"name": "canary"})
        connection.execute(twice, {"name": "canary"})
    assert str(refused.value) == "The database did not confirm it."
    assert "canary" not in "".join(format_exception(refused.value))


@pytest.fixture(scope="module")
def durable() -> Iterator[Databases]:
    with serve(durable=True) as server:
        yield Databases(server.url)
