"""Tokens are read by the application alone, and an installation that is under way goes on once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from bot.domain.ports import CannotOpen
from bot.storage.tables import states as states_table
from bot.storage.tables import tokens as table
from bot.storage.tokens import LIFE, SqlStates, SqlTokens
from bot.talk.sealed import Sealed
from tests.storage.stand_ins import Hands, StandInBox, secret


@pytest.fixture
def tokens(engine: Engine, clock: Hands) -> SqlTokens:
    return SqlTokens(engine, lambda: secret("slack", "tokens"), StandInBox, clock)


@pytest.fixture
def states(engine: Engine, clock: Hands) -> SqlStates:
    return SqlStates(engine, clock)


def kept(tokens: SqlTokens, workspace: str) -> str | None:
    found = tokens.kept(workspace)
    return found.reveal() if found else None


def test_a_token_is_kept_replaced_and_dropped_by_workspace(tokens: SqlTokens) -> None:
    tokens.keep("T1", Sealed("one"))
    tokens.keep("T2", Sealed("two"))
    tokens.keep("T1", Sealed("three"))
    before = [kept(tokens, each) for each in ("T1", "T2", "T3")]
    tokens.drop("T1")
    assert (before, kept(tokens, "T1"), tokens.workspaces()) == (["three", "two", None], None, ["T2"])


def test_the_database_does_not_hold_the_token(tokens: SqlTokens, engine: Engine) -> None:
    tokens.keep("T1", Sealed("xoxb-canary"))
    with engine.connect() as connection:
        (row,) = connection.execute(select(table)).all()
    assert ("T1" in str(row), "canary" in str(row)) == (True, False)


def test_a_token_put_in_another_workspaces_place_cannot_be_read(tokens: SqlTokens, engine: Engine) -> None:
    tokens.keep("T1", Sealed("one"))
    tokens.keep("T2", Sealed("two"))
    with engine.begin() as connection:
        one = connection.execute(select(table.c.box).where(table.c.workspace == "T1")).scalar_one()
        connection.execute(update(table).where(table.c.workspace == "T2").values(box=one))
    with pytest.raises(CannotOpen):
        tokens.kept("T2")


def test_a_state_works_once_within_ten_minutes(states: SqlStates, clock: Hands, engine: Engine) -> None:
    first, second, third = (states.issue() for _ in range(3))
    with engine.connect() as connection:
        assert first not in str(connection.execute(select(states_table)).all())
    used = [states.consume(first), states.consume(first), states.consume("nobody"), states.consume("\ud800")]
    clock.now += LIFE - timedelta(seconds=1)
    in_time = states.consume(second)
    clock.now += timedelta(seconds=1)
    assert (used, in_time, states.consume(third)) == ([True, False, False, False], True, False)


def test_states_past_their_time_are_forgotten_when_the_next_is_issued(
    states: SqlStates, clock: Hands, engine: Engine
) -> None:
    states.issue()
    clock.now += LIFE
    states.issue()
    with engine.connect() as connection:
        assert len(connection.execute(select(states_table)).all()) == 1


def test_of_many_who_use_a_state_at_once_one_goes_on(states: SqlStates) -> None:
    state = states.issue()
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(states.consume, [state] * 16)) == [*[False] * 15, True]
