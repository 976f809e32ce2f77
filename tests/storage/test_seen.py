"""Of many who claim something one does it; where that one dies, the next may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from bot.domain.ports import NotRecorded, Standing
from bot.storage.seen import LEASE, LIFE, SqlSeen
from bot.storage.tables import seen as table
from tests.storage.stand_ins import Hands

OURS, BUSY, DONE = Standing.OURS, Standing.BUSY, Standing.DONE


@pytest.fixture
def seen(engine: Engine, clock: Hands) -> SqlSeen:
    return SqlSeen(engine, clock)


def test_the_first_claims_it_others_wait_and_once_it_is_done_it_stays_done(seen: SqlSeen) -> None:
    before = [seen.claim("key", by) for by in ("a", "b", "a")]
    seen.done("key")
    assert (before, seen.claim("key", "b"), seen.claim("other", "b")) == ([OURS, BUSY, BUSY], DONE, OURS)


def test_what_was_given_up_goes_to_the_next(seen: SqlSeen) -> None:
    seen.claim("key", "a")
    seen.give_up("key", "a")
    assert seen.claim("key", "b") is OURS


def test_who_died_loses_the_claim_when_its_lease_is_over_and_not_before(seen: SqlSeen, clock: Hands) -> None:
    seen.claim("key", "a")
    clock.now += LEASE - timedelta(seconds=1)
    before = seen.claim("key", "b")
    clock.now += timedelta(seconds=1)
    assert (before, seen.claim("key", "b"), seen.claim("key", "c")) == (BUSY, OURS, BUSY)


def test_who_comes_back_after_the_lease_cannot_let_go_of_anothers_claim(seen: SqlSeen, clock: Hands) -> None:
    seen.claim("key", "a")
    clock.now += LEASE
    seen.claim("key", "b")
    seen.give_up("key", "a")
    assert seen.claim("key", "c") is BUSY


def test_who_comes_back_after_the_lease_and_has_done_it_says_so(seen: SqlSeen, clock: Hands) -> None:
    seen.claim("key", "a")
    clock.now += LEASE
    seen.claim("key", "b")
    seen.done("key")
    seen.give_up("key", "b")
    assert seen.claim("key", "c") is DONE


def test_what_is_done_is_not_claimed_again_however_long_ago(seen: SqlSeen, clock: Hands) -> None:
    seen.claim("key", "a")
    seen.done("key")
    clock.now += LIFE
    seen.purge()
    assert seen.claim("key", "b") is DONE


def test_after_a_day_it_is_forgotten(seen: SqlSeen, clock: Hands, engine: Engine) -> None:
    seen.claim("old", "a")
    clock.now += LIFE
    seen.claim("new", "a")
    clock.now += timedelta(seconds=1)
    seen.purge()
    with engine.connect() as connection:
        assert connection.execute(select(table.c.key)).scalars().all() == ["new"]


def test_of_many_who_claim_at_once_one_gets_it(seen: SqlSeen) -> None:
    keys = [f"key-{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda each: seen.claim(*each), [(key, by) for key in keys for by in "abcd"]))
    assert (found.count(OURS), found.count(BUSY)) == (40, 120)


def test_of_many_who_find_a_lapsed_claim_one_gets_it(seen: SqlSeen, clock: Hands, engine: Engine) -> None:
    seen.claim("key", "dead")
    clock.now += LEASE
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda by: seen.claim("key", by), "abcdefgh"))
    with engine.connect() as connection:
        assert (found.count(OURS), connection.execute(select(func.count()).select_from(table)).scalar_one()) == (1, 1)


def test_a_database_that_is_away_is_told_as_such(seen: SqlSeen, engine: Engine) -> None:
    with engine.begin() as connection:
        table.drop(connection)
    with pytest.raises(NotRecorded):
        seen.claim("key", "a")
    with engine.begin() as connection:
        table.create(connection)
