"""Whatever fails, at whatever moment: it is recorded whole and said so, or not at all and said so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from threading import Thread
from traceback import format_exception
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain.ports import AlreadyFiled, NotRecorded
from bot.storage.audit import Audit
from bot.storage.engine import open_engine
from bot.storage.outbox import Outbox
from bot.storage.records import SqlRecords
from tests.storage.conftest import Urls
from tests.storage.filing import file
from tests.storage.stand_ins import OTHER, SCHOOL, Hands, StandInBox, case, entry, secret

STEPS = ("begun", "before-audit", "before-commit", "committed")
NOTHING: tuple[object, ...] = ("", [], 0, {}, ())
WHOLE: tuple[object, ...] = ("WH-0001", [1], 1, {"waiting": 1}, ())


def stored(url: str) -> tuple[object, ...]:
    """What a new process would find: the reference, the entries, audit links, notices, and faults of the chain."""
    engine = open_engine(url)
    with SqlRecords(engine, secret, StandInBox, Hands()).work(SCHOOL) as work:
        found = work.case("WH-0001")
        seqs = [each.seq for each in found.entries] if found else []
        kept = (work.filed("key-1"), seqs, len(work.trail()))
    waiting = Outbox(engine, secret, StandInBox, Hands()).counts()
    faults = Audit(engine, secret).verify(SCHOOL)
    engine.dispose()
    return (*kept, waiting, faults)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("sort", ["sqlite", "postgres"])
def test_a_process_that_is_killed_at_a_step_leaves_all_or_nothing(urls: Urls, sort: str, step: str) -> None:
    url = urls(sort)
    killed = subprocess.run([sys.executable, "-m", "tests.storage.filing", url, step], capture_output=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, b"")
    assert stored(url) == (WHOLE if step == "committed" else NOTHING)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("sort", ["sqlite", "postgres"])
def test_an_exception_at_a_step_leaves_all_or_nothing(urls: Urls, sort: str, step: str) -> None:
    url = urls(sort)
    engine = open_engine(url)

    def steps(reached: str) -> None:
        if reached == step:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file(SqlRecords(engine, secret, StandInBox, Hands(), steps))
    engine.dispose()
    assert stored(url) == (WHOLE if step == "committed" else NOTHING)


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize("sort", ["sqlite", "postgres"])
def test_a_connection_that_is_lost_at_a_step_is_not_recorded(urls: Urls, sort: str, step: str) -> None:
    url = urls(sort)
    engine = open_engine(url)
    raw: list[Any] = []
    event.listen(engine, "connect", lambda connection, record: raw.append(connection))

    def steps(reached: str) -> None:
        if reached == step:
            raw[-1].close()

    with pytest.raises(NotRecorded):
        file(SqlRecords(engine, secret, StandInBox, Hands(), steps))
    engine.dispose()
    assert stored(url) == NOTHING


def test_after_a_lost_connection_the_next_is_recorded(engine: Engine) -> None:
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.close()
    records = SqlRecords(engine, secret, StandInBox, Hands())
    try:
        file(records)
    except NotRecorded:
        file(records)
    with records.work(SCHOOL) as work:
        assert work.filed("key-1") == "WH-0001"


@pytest.mark.parametrize("pragma", ["query_only = on", "max_page_count = 1"])
def test_a_full_or_read_only_storage_is_not_recorded(urls: Urls, pragma: str) -> None:
    url = urls("sqlite")
    engine = open_engine(url)
    event.listen(engine, "connect", lambda connection, record: connection.execute(f"PRAGMA {pragma}").fetchall())
    records = SqlRecords(engine, secret, StandInBox, Hands())
    with pytest.raises(NotRecorded):
        for number in range(200):
            before = number
            file(records, f"WH-{number:04}", f"key-{number}")
    engine.dispose()
    again = open_engine(url)
    with SqlRecords(again, secret, StandInBox, Hands()).work(SCHOOL) as work:
        assert (len(work.cases()), len(work.trail())) == (before, before)
    again.dispose()


def test_a_locked_storage_is_not_recorded(urls: Urls) -> None:
    url = urls("sqlite")
    engine, other = open_engine(url), open_engine(url)
    event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA busy_timeout = 10"))
    with other.begin(), pytest.raises(NotRecorded):
        file(SqlRecords(engine, secret, StandInBox, Hands()))
    engine.dispose()
    other.dispose()
    assert stored(url) == NOTHING


def test_half_a_character_or_a_null_is_refused_without_being_named(sql_records: SqlRecords) -> None:
    for strange in ("canary\ud800", "canary\x00\ud800"):
        with pytest.raises(NotRecorded) as refused, sql_records.work(SCHOOL) as work:
            work.add(case(theme=strange), "key-1")
        assert "canary" not in "".join(format_exception(refused.value))
    with sql_records.work(SCHOOL) as work:
        work.add(case(), "key-1")
        work.append("WH-0001", entry(1, "report", note="half \ud800 and \x00"), None)
    with sql_records.work(SCHOOL) as work:
        found = work.case("WH-0001")
    assert found and found.entries[0].facts == {"note": "half \ud800 and \x00"}


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run acts in threads of their own; what they returned, or the exception."""
    results: list[object] = []

    def run(act: Callable[[], object]) -> None:
        try:
            results.append(act())
        except Exception as error:
            results.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_submission_many_times_at_once_is_one_record(sql_records: SqlRecords) -> None:
    def submit(number: int) -> str:
        try:
            file(sql_records, f"WH-{number:04}", "key-1")
        except AlreadyFiled as told:
            return told.ref
        return f"WH-{number:04}"

    refs = at_once([lambda number=number: submit(number) for number in range(16)])  # type: ignore[misc]
    with sql_records.work(SCHOOL) as work:
        assert (set(refs), [one.ref for one in work.cases()], len(work.trail())) == ({refs[0]}, [refs[0]], 1)


def test_chains_stay_whole_when_many_file_at_once(sql_records: SqlRecords, engine: Engine) -> None:
    def submit(number: int) -> None:
        school = (SCHOOL, OTHER)[number % 2]
        for turn in range(4):
            file(sql_records, f"{school}-{number}-{turn}", f"key-{number}-{turn}", school)

    failed = at_once([lambda number=number: submit(number) for number in range(10)])  # type: ignore[misc]
    audit = Audit(engine, secret)
    assert (failed, audit.verify(SCHOOL), audit.verify(OTHER)) == ([None] * 10, (), ())
    assert [audit.head(school).split(":")[0] for school in (SCHOOL, OTHER)] == ["20", "20"]


def test_entries_added_at_once_follow_each_other(sql_records: SqlRecords) -> None:
    file(sql_records)

    def add() -> None:
        with sql_records.work(SCHOOL) as work:
            found = work.case("WH-0001")
            assert found
            work.append("WH-0001", entry(len(found.entries) + 1, "note"), None)

    failed = at_once([add] * 12)
    with sql_records.work(SCHOOL) as work:
        found = work.case("WH-0001")
    assert found and (failed, [each.seq for each in found.entries]) == ([None] * 12, list(range(1, 14)))
