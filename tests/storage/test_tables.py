"""The tables are those of the migrations, and what is written stays."""

from __future__ import annotations

from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.storage.engine import open_engine, transaction
from bot.storage.migrate import migrate
from bot.storage.records import SqlRecords
from bot.storage.tables import heartbeats, metadata
from tests.postgres import Databases
from tests.storage.stand_ins import MORNING, SCHOOL, case, entry, envelope


def test_a_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_many_may_migrate_at_once(postgres: Databases) -> None:
    url = postgres.empty()
    failed: list[BaseException] = []

    def run() -> None:
        engine = open_engine(url)
        try:
            migrate(engine)
        except BaseException as error:
            failed.append(error)
        engine.dispose()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    postgres.drop(url)
    assert failed == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'other'",
        "DELETE FROM audit",
        "DELETE FROM entries",
        "UPDATE entries SET body = NULL",
        "UPDATE entries SET body = 'forged'",
        "UPDATE entries SET facts = '{}'",
        "UPDATE entries SET kind = 'other'",
        "UPDATE entries SET \"by\" = 'other'",
        "UPDATE entries SET at = '2020-01-01 00:00:00'",
        "UPDATE entries SET seq = 2",
        "DELETE FROM cases",
        "UPDATE cases SET ref = 'WH-0002'",
    ],
)
def test_what_was_written_cannot_be_changed(sql_records: SqlRecords, engine: Engine, statement: str) -> None:
    with sql_records.work(SCHOOL) as work:
        work.add(case(), "key-1")
        work.append("WH-0001", entry(1, "report", platform="instagram"), envelope())
        work.audit("file", "WH-0001", "")
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_deleted_case_cannot_be_given_another_text(sql_records: SqlRecords, engine: Engine) -> None:
    with sql_records.work(SCHOOL) as work:
        work.add(case(), "key-1")
        work.append("WH-0001", entry(1), envelope())
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET state = 'deleted'"))
        connection.execute(text("UPDATE entries SET body = NULL"))
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("UPDATE entries SET body = 'forged'"))


def test_a_moment_keeps_its_zone_and_its_microseconds(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(heartbeats.insert(), {"name": "worker", "at": MORNING})
        assert connection.execute(select(heartbeats.c.at)).scalar_one() == MORNING
    with pytest.raises(StatementError), engine.begin() as connection:
        connection.execute(heartbeats.insert(), {"name": "other", "at": MORNING.replace(tzinfo=None)})
