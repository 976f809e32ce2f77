"""Bringing a database to the tables that this version needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from bot.storage.engine import transaction

_LOCK = 5_163_402_117
"""Any number, the same for every process: on PostgreSQL one migrates and the others wait."""


def migrate(engine: Engine) -> None:
    """Run all migrations that have not been run, all or none. Raises NotRecorded where the database refuses."""
    from alembic import command  # takes most of a second to import, and is needed once
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
