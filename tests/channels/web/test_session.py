from __future__ import annotations

from bot.channels.web.chat import Chat
from bot.channels.web.session import IDLE, Sessions
from tests.fakes import PRACTICE

CHAT = Chat("c", PRACTICE.schools[0], PRACTICE.schools[0].people[0])


def test_a_session_is_forgotten_when_it_was_idle_too_long_and_not_before() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    session = sessions.add(CHAT)

    now[0] = IDLE
    assert sessions.find(session.key) is session
    now[0] = IDLE * 2 + 1
    assert (sessions.find(session.key), len(sessions)) == (None, 0)


def test_beyond_the_limit_the_session_quiet_longest_goes() -> None:
    sessions = Sessions(most=2)
    first, second = sessions.add(CHAT), sessions.add(CHAT)
    sessions.find(first.key)
    third = sessions.add(CHAT)

    assert [sessions.find(each.key) for each in (first, second, third)] == [first, None, third]


def test_a_session_shows_neither_its_key_nor_its_token() -> None:
    session = Sessions().add(CHAT)

    assert [secret for secret in (session.key, session.token) if secret in repr(session)] == []
