"""The drills of durability in small."""

import psycopg
import pytest

from bot.errors import InputError
from bot.storage.engine import check_durability, open_engine
from tests.drills.__main__ import DRILLS
from tests.postgres import Databases, serve

SMALL = {"faults": 1, "kill": 2, "sync": 10}

WEAK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "default_transaction_isolation": "repeatable read",
}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])


def test_speed_is_measured_on_both_databases_and_judged_only_where_it_is_measured_long_enough() -> None:
    assert DRILLS["throughput"].drill(10)


def test_a_server_that_could_lose_records_is_refused_at_the_start() -> None:
    with serve(durable=True) as server, psycopg.connect(server.url.render_as_string(), autocommit=True) as ruler:
        url = Databases(server.url).fresh()
        for name, value in WEAK.items():
            _set(ruler, url, name, value)
            engine = open_engine(url)
            with pytest.raises(InputError, match="could lose records, so Signpost does not start"):
                check_durability(engine)
            engine.dispose()
            _set(ruler, url, name, "DEFAULT")


def _set(ruler: psycopg.Connection, url: str, name: str, value: str) -> None:
    """Change a setting of the whole server, and see it in force for whoever comes next."""
    before = _shown(url, name)
    ruler.execute(f"ALTER SYSTEM SET {name} = {value if value == 'DEFAULT' else repr(value)}")
    ruler.execute("SELECT pg_reload_conf()")
    while _shown(url, name) == before:
        pass


def _shown(url: str, name: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SHOW {name}").fetchone()
    return row and row[0]
