"""A database of before becomes one of now, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import bot.storage
from bot.domain.ports import NotRecorded
from bot.storage.audit import Audit
from bot.storage.cipher import Box
from bot.storage.engine import open_engine, transaction
from bot.storage.inbox import Inbox
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.records import SqlRecords
from bot.storage.requests import SqlRequests
from bot.storage.tables import metadata
from tests.postgres import Databases
from tests.storage.filing import file
from tests.storage.stand_ins import SCHOOL, Hands, secret
from tests.storage.test_requests import REF, send_in


@pytest.fixture(params=["sqlite", "postgres"])
def old(tmp_path: Path, clock: Hands, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database with the first tables: three cases, two of whose notices were delivered."""
    server: Databases | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    engine = open_engine(server.empty() if server else f"sqlite:///{tmp_path / 'old.db'}")
    to_first(engine)
    for number in (1, 2, 3):
        file(SqlRecords(engine, secret, Box, clock), f"WH-000{number}", f"key-{number}")
    outbox = Outbox(engine, secret, Box, clock)
    for one in outbox.claim(2, 60):
        assert Inbox(engine, clock).deliver(one) and outbox.sent(one)
    yield engine
    engine.dispose()
    if server:
        server.drop(engine.url.render_as_string(hide_password=False))


def to_first(engine: Engine) -> None:
    """The tables as they were before there were requests."""
    config = Config()
    config.set_main_option("script_location", str(Path(bot.storage.__file__).parent / "migrations"))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "first")


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that the tables hold, those without any rows left out."""
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}")))) for name in names}
    return {name: held for name, held in found.items() if held and name != "alembic_version"}


def test_everything_is_kept_and_the_tables_are_the_new_ones(old: Engine) -> None:
    before = rows(old)
    migrate(old)
    assert (rows(old), len(before["notices"]), len(before["inbox"])) == (before, 3, 2)
    with old.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        if old.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_what_waits_is_delivered_and_new_notices_may_be_about_requests(old: Engine, clock: Hands) -> None:
    migrate(old)
    send_in(SqlRequests(old, secret, Box, clock))
    taken = Outbox(old, secret, Box, clock).claim(9, 60)
    assert [(one.notice.id, one.notice.ref) for one in taken] == [(3, "WH-0003"), (4, REF)]
    assert Audit(old, secret).verify(SCHOOL) == ()


def test_a_migration_that_fails_halfway_changes_nothing(old: Engine) -> None:
    with old.begin() as connection:
        connection.execute(text("CREATE TABLE register_lines (in_the_way INTEGER)"))
    before = rows(old)
    with pytest.raises(NotRecorded):
        migrate(old)
    assert rows(old) == before
    with old.begin() as connection:
        connection.execute(text("DROP TABLE register_lines"))
    migrate(old)
    assert rows(old) == before
