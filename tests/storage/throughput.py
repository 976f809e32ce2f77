"""`python -m tests.storage.throughput [COUNT]`: disclosures a second, synced, beside the raw driver's same rows."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine

from bot.storage.engine import check_durability, open_engine
from bot.storage.migrate import migrate
from bot.storage.records import SqlRecords
from tests.postgres import Databases, serve
from tests.storage.filing import file
from tests.storage.stand_ins import Hands, StandInBox, secret

TABLES = ("cases", "bars", "members", "entries", "wraps", "notices", "audit")

Rows = list[tuple[str, list[Any]]]
"""Tables with the values of a row."""


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        took, rows = _ours(f"sqlite:///{folder}/ours.db", count)
        migrate(open_engine(f"sqlite:///{folder}/raw.db"))
        _tell("SQLite", took, _raw_sqlite(Path(folder, "raw.db"), rows, count))
    with serve(durable=True) as server:
        databases = Databases(server.url)
        took, rows = _ours(databases.fresh(), count)
        _tell("PostgreSQL", took, _raw_postgres(databases.fresh(), rows, count))


def _ours(url: str, count: int) -> tuple[list[float], Rows]:
    engine = open_engine(url)
    migrate(engine)
    check_durability(engine)
    records = SqlRecords(engine, secret, StandInBox, Hands())
    took = _timed(lambda number: file(records, f"WH-{number}", f"key-{number}"), count)
    rows = _rows(engine)
    engine.dispose()
    return took, rows


def _rows(engine: Engine) -> Rows:
    """What was written for the first case."""
    with engine.connect() as connection:
        return [
            (table, list(row))
            for table in TABLES
            for row in connection.exec_driver_sql(f"SELECT * FROM {table} WHERE ref = 'WH-0'")
        ]


def _raw_sqlite(file: Path, rows: Rows, count: int) -> list[float]:
    pooled = open_engine(f"sqlite:///{file}").raw_connection()
    connection: Any = pooled.driver_connection

    def write(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for table, row in rows:
            connection.execute(*_insert(table, row, number, "?"))
        connection.execute("COMMIT")

    took = _timed(write, count)
    pooled.close()
    return took


def _raw_postgres(url: str, rows: Rows, count: int) -> list[float]:
    with psycopg.connect(url) as connection:

        def write(number: int) -> None:
            for table, row in rows:
                connection.execute(*_insert(table, row, number, "%s"))
            connection.commit()

        return _timed(write, count)


def _insert(table: str, row: list[Any], number: int, mark: str) -> tuple[str, list[Any]]:
    """The row again, as that of another case."""
    names = {"WH-0": f"WH-{number}", "key-0": f"key-{number}"}
    again = [names.get(value, value) if isinstance(value, str) else value for value in row]
    if table == "notices":
        again[0] = number + 1
    if table == "audit":
        again[1] = number + 1
    return f"INSERT INTO {table} VALUES ({', '.join([mark] * len(row))})", again


def _timed(act: Callable[[int], None], count: int) -> list[float]:
    took = []
    for number in range(count):
        start = time.perf_counter()
        act(number)
        took.append(time.perf_counter() - start)
    return sorted(took)


def _tell(name: str, ours: list[float], raw: list[float]) -> None:
    for who, took in (("records", ours), ("raw driver", raw)):
        p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
        print(f"{name:10} {who:10} {len(took) / sum(took):7.0f}/s  p50 {p50:.2f} ms  p99 {p99:.2f} ms")
    print(f"{name:10} ratio      {sum(raw) / sum(ours):7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
