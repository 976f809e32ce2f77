"""Notices arrive at least once, in order, and are seen once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import Engine, text

from bot.domain.ports import Notice
from bot.storage import outbox as queueing
from bot.storage.inbox import Inbox
from bot.storage.outbox import LONGEST_WAIT, Leased, Outbox
from bot.storage.records import SqlRecords
from tests.storage.stand_ins import MORNING, SCHOOL, Hands, StandInBox, case, notice, secret

LEASE = 60.0

TRIES = 20


@pytest.fixture(autouse=True)
def fewer_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three days of tries take a test too long."""
    monkeypatch.setattr(queueing, "TRIES", TRIES)


@pytest.fixture
def outbox(engine: Engine, clock: Hands) -> Outbox:
    return Outbox(engine, secret, StandInBox, clock)


@pytest.fixture
def inbox(engine: Engine, clock: Hands) -> Inbox:
    return Inbox(engine, clock)


@pytest.fixture
def queue(sql_records: SqlRecords) -> Callable[..., None]:
    """Queues notices, given as (ref, to)."""

    def add(*wanted: tuple[str, str]) -> None:
        with sql_records.work(SCHOOL) as work:
            for ref, to in wanted:
                if not work.filed(ref):
                    work.add(case(ref), ref)
                work.notify(notice(ref, to, "waits"), f"keyed-{to}")

    return add


def ids(leased: list[Leased]) -> list[int]:
    return [one.notice.id for one in leased]


def test_a_notice_is_leased_with_its_recipient_and_then_sent(outbox: Outbox, queue: Callable[..., None]) -> None:
    queue(("WH-0001", "d.dsl"))
    (leased,) = outbox.claim(10, LEASE)
    assert leased == Leased(Notice(SCHOOL, "WH-0001", "d.dsl", "waits", 1, 1, MORNING), "keyed-d.dsl", leased.token)
    assert (outbox.claim(10, LEASE), outbox.sent(leased), outbox.sent(leased)) == ([], True, False)
    assert outbox.counts() == {"sent": 1}


def test_the_database_holds_no_recipient_in_the_clear(engine: Engine, queue: Callable[..., None]) -> None:
    queue(("WH-0001", "canary.person"))
    with engine.begin() as connection:
        (found,) = connection.execute(text("SELECT recipient FROM notices")).scalars()
    assert b"canary" not in found


def test_order_is_kept_for_each_case_and_recipient(outbox: Outbox, queue: Callable[..., None]) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0001", "d.dsl"), ("WH-0001", "h.head"), ("WH-0002", "d.dsl"), ("WH-0002", "d.dsl"))
    first = outbox.claim(10, LEASE)
    outbox.again(first[0])
    for one in first[1:]:
        outbox.sent(one)
    second = outbox.claim(10, LEASE)
    assert (ids(first), ids(second)) == ([1, 3, 4], [5])


def test_a_limit_takes_the_oldest(outbox: Outbox, queue: Callable[..., None]) -> None:
    queue(*((f"WH-000{number}", "d.dsl") for number in range(1, 6)))
    assert (ids(outbox.claim(2, LEASE)), ids(outbox.claim(2, LEASE)), ids(outbox.claim(2, LEASE))) == (
        [1, 2],
        [3, 4],
        [5],
    )


def test_a_lease_that_ended_is_taken_by_the_next_and_the_first_can_say_nothing_more(
    outbox: Outbox, inbox: Inbox, clock: Hands, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"))
    (slow,) = outbox.claim(10, LEASE)
    clock.pass_(LEASE)
    (quick,) = outbox.claim(10, LEASE)
    said = (outbox.sent(slow), outbox.again(slow), outbox.dead(slow), inbox.deliver(slow), outbox.sent(quick))
    assert (said, quick.notice.attempts) == ((False, False, False, False, True), 2)


def test_each_try_waits_twice_as_long_up_to_five_minutes_and_the_last_is_dead(
    outbox: Outbox, clock: Hands, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"))
    (leased,) = outbox.claim(1, LEASE)
    for wait in (*(2**power for power in range(9)), *[LONGEST_WAIT] * (TRIES - 10)):
        outbox.again(leased)
        clock.pass_(wait - 1)
        assert outbox.claim(1, LEASE) == []
        clock.pass_(1)
        (leased,) = outbox.claim(1, LEASE)
    assert (leased.notice.attempts, outbox.again(leased), outbox.counts()) == (TRIES, True, {"dead": 1})


def test_the_time_that_the_other_side_names_wins(outbox: Outbox, clock: Hands, queue: Callable[..., None]) -> None:
    queue(("WH-0001", "d.dsl"))
    (leased,) = outbox.claim(1, LEASE)
    outbox.again(leased, 1800)
    clock.pass_(1799)
    early = outbox.claim(1, LEASE)
    clock.pass_(1)
    assert (early, ids(outbox.claim(1, LEASE))) == ([], [1])


def test_what_stops_its_worker_every_time_is_dead_in_the_end(
    outbox: Outbox, clock: Hands, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0001", "d.dsl"))
    for _ in range(TRIES):
        assert ids(outbox.claim(10, LEASE)) == [1]
        clock.pass_(LEASE)
    assert (ids(outbox.claim(10, LEASE)), outbox.counts()) == ([2], {"dead": 1, "leased": 1})


def test_a_recipient_that_cannot_be_read_holds_up_nobody_else(
    outbox: Outbox, engine: Engine, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0002", "d.dsl"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE notices SET ref = 'WH-0002', keyed = 'moved' WHERE id = 1"))
    assert (ids(outbox.claim(10, LEASE)), outbox.counts()) == ([2], {"dead": 1, "leased": 1})


def test_the_oldest_that_waits_tells_how_late_we_are(outbox: Outbox, clock: Hands, queue: Callable[..., None]) -> None:
    none = outbox.oldest_waiting(clock())
    queue(("WH-0001", "d.dsl"))
    clock.pass_(90)
    queue(("WH-0002", "d.dsl"))
    first, second = outbox.claim(10, LEASE)
    late = outbox.oldest_waiting(clock())
    outbox.sent(first)
    assert (none, late, outbox.oldest_waiting(clock())) == (0.0, 90.0, 0.0)


def test_a_notice_is_delivered_once_however_often_it_is_tried(
    outbox: Outbox, inbox: Inbox, sql_records: SqlRecords, clock: Hands, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0002", "d.dsl"), ("WH-0001", "h.head"))
    clock.pass_(5)
    for leased in outbox.claim(10, LEASE):
        assert (inbox.deliver(leased), inbox.deliver(leased), outbox.sent(leased)) == (True, True, True)
    with sql_records.work(SCHOOL) as work:
        found = [work.notices(f"keyed-{to}") for to in ("d.dsl", "h.head", "s.staff")]
    first = Notice(SCHOOL, "WH-0001", "", "waits", 1, 0, clock())
    second = replace(first, ref="WH-0002", id=2)
    assert found == [(second, first), (replace(first, id=3),), ()]


def test_what_was_taken_back_is_neither_delivered_nor_sent(
    outbox: Outbox, inbox: Inbox, sql_records: SqlRecords, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0001", "d.dsl"))
    (leased,) = outbox.claim(10, LEASE)
    with sql_records.work(SCHOOL) as work:
        taken = work.withdraw("WH-0001", ["keyed-d.dsl"])
    said = (taken, inbox.deliver(leased), outbox.sent(leased), outbox.again(leased), outbox.claim(10, LEASE))
    assert (said, outbox.counts()) == ((2, False, False, False, []), {"withdrawn": 2})


def test_who_is_named_as_the_subject_later_no_longer_finds_what_was_delivered(
    outbox: Outbox, inbox: Inbox, sql_records: SqlRecords, queue: Callable[..., None]
) -> None:
    queue(("WH-0001", "d.dsl"), ("WH-0002", "d.dsl"))
    for leased in outbox.claim(10, LEASE):
        inbox.deliver(leased)
    with sql_records.work(SCHOOL) as work:
        work.save(case("WH-0001", barred=frozenset({"keyed-d.dsl"})))
    with sql_records.work(SCHOOL) as work:
        assert [found.ref for found in work.notices("keyed-d.dsl")] == ["WH-0002"]


def test_workers_at_once_take_each_notice_once(engine: Engine, outbox: Outbox, queue: Callable[..., None]) -> None:
    queue(*((f"WH-{number:04}", "d.dsl") for number in range(60)))
    taken: list[int] = []

    def work() -> None:
        while found := outbox.claim(4, LEASE):
            taken.extend(ids(found))

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    left = outbox.claim(100, LEASE)
    assert sorted(taken + ids(left)) == list(range(1, 61))
