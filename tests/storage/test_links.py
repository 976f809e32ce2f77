from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.storage.links import LIFE, Links
from bot.storage.tables import links as table
from tests.storage.stand_ins import SCHOOL, Hands, StandInBox, secret


@pytest.fixture
def links(engine: Engine, clock: Hands) -> Links:
    return Links(engine, secret, StandInBox, clock)


def test_a_link_works_once_and_looking_at_it_uses_nothing_up(links: Links) -> None:
    token = links.make(SCHOOL, "dsl", "keyed").reveal()

    looked = [links.look(token) for _ in range(3)]
    assert (looked, links.use(token), links.use(token), links.look(token)) == ([True] * 3, (SCHOOL, "dsl"), None, False)


def test_a_link_works_for_ten_minutes_and_not_longer(links: Links, clock: Hands) -> None:
    first, second = (links.make(SCHOOL, "dsl", "keyed").reveal() for _ in range(2))
    clock.now += LIFE - timedelta(seconds=1)
    in_time = links.use(first)
    clock.now += timedelta(seconds=1)

    assert (in_time, links.look(second), links.use(second)) == ((SCHOOL, "dsl"), False, None)


@pytest.mark.parametrize("token", ["", "nobody-made-this", "\ud800", "' OR 1=1", "x" * 10_000])
def test_a_link_that_nobody_made_does_not_work(links: Links, token: str) -> None:
    links.make(SCHOOL, "dsl", "keyed")

    assert (links.look(token), links.use(token)) == (False, None)


def test_the_database_holds_neither_the_token_nor_the_person(links: Links, engine: Engine) -> None:
    token = links.make(SCHOOL, "person-canary", "keyed").reveal()
    with engine.connect() as connection:
        (row,) = connection.execute(select(table)).all()

    assert [word for word in (token, "canary") if word in str(row)] == []


def test_links_past_their_time_are_forgotten_when_the_next_is_made(links: Links, engine: Engine, clock: Hands) -> None:
    links.make(SCHOOL, "dsl", "keyed")
    clock.now += LIFE
    links.make(SCHOOL, "head", "keyed")

    with engine.connect() as connection:
        assert len(connection.execute(select(table)).all()) == 1


def test_of_many_who_use_a_link_at_once_one_gets_in(links: Links) -> None:
    token = links.make(SCHOOL, "dsl", "keyed").reveal()
    with ThreadPoolExecutor(8) as threads:
        used = list(threads.map(links.use, [token] * 16))

    assert sorted(used, key=str) == [(SCHOOL, "dsl"), *[None] * 15]
