"""What comes in again has one effect, whoever dies, and a form that was not right may be sent again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.channels.slack.once import KEPT, Once, key_of
from bot.domain.ports import NotRecorded, Seen, Standing
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.seen import LEASE, SqlSeen
from tests.channels.slack.signing import submission
from tests.storage.stand_ins import Hands

ERRORS = {"response_action": "errors", "errors": {"q": "Please answer this question."}}


class Work:
    """Does what is asked, counts it, and may fail, wait or answer otherwise."""

    def __init__(self) -> None:
        self.done = 0
        self.lock = Lock()
        self.answers: list[BoltResponse | Exception] = []
        self.before: Callable[[], object] = lambda: None

    def __call__(self, request: BoltRequest) -> BoltResponse:
        self.before()
        with self.lock:
            self.done += 1
            answer = self.answers.pop(0) if self.answers else BoltResponse(status=200)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def seen(tmp_path: Path, clock: Hands) -> Iterator[SqlSeen]:
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    migrate(engine)
    yield SqlSeen(engine, clock)
    engine.dispose()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def once(work: Work, seen: SqlSeen) -> Once:
    return Once(work, seen, sleep=lambda seconds: time.sleep(seconds / 20))


def sent(body: dict[str, Any]) -> BoltRequest:
    return BoltRequest(body=body, mode="socket_mode")


def event(number: int = 1) -> BoltRequest:
    return sent({"type": "event_callback", "event_id": f"Ev{number}", "event": {"type": "message"}})


def form(**changed: Any) -> BoltRequest:
    return sent(submission(**changed))


def answer(body: dict[str, Any] | str = "", status: int = 200) -> BoltResponse:
    return BoltResponse(status=status, body=body)


def said(*answers: BoltResponse) -> list[tuple[int, str]]:
    return [(each.status, each.body) for each in answers]


def test_what_comes_again_is_acknowledged_and_not_done(once: Once, work: Work) -> None:
    assert (said(*(once(event()) for _ in range(4))), work.done) == ([(200, "")] * 4, 1)


def test_what_is_different_is_done(once: Once, work: Work) -> None:
    for request in (event(1), event(2), form(view="V1"), form(view="V2"), form(mark="2.b"), form(typed="more")):
        once(request)
    assert work.done == 6


@pytest.mark.parametrize("body", [{"type": "view_closed", "view": {"id": "V", "hash": "h"}}, {"type": "x"}, {}])
def test_what_has_nothing_to_be_known_by_is_done_each_time(once: Once, work: Work, body: dict[str, Any]) -> None:
    for _ in range(3):
        once(sent(body))
    assert (key_of(body), work.done) == ("", 3)


@pytest.mark.parametrize("sort", ["block_actions", "shortcut", "message_action", ""])
def test_what_a_person_did_is_known_by_its_trigger(once: Once, work: Work, sort: str) -> None:
    for trigger in ("1.1", "1.1", "2.1"):
        once(sent({"type": sort, "trigger_id": trigger} if sort else {"command": "/policy", "trigger_id": trigger}))
    assert work.done == 2


def test_a_form_sent_again_gets_the_answer_that_was_lost(once: Once, work: Work) -> None:
    receipt = {"response_action": "update", "view": {"type": "modal"}}
    work.answers = [answer(receipt)]
    first, second = once(form()), once(form(number=2))
    assert (said(first) == said(second), work.done) == (True, 1)


def test_another_process_that_does_not_know_the_answer_closes_the_form(once: Once, work: Work, seen: Seen) -> None:
    once(form())
    elsewhere = Once(work, seen)
    assert (said(elsewhere(form())), work.done) == ([(200, '{"response_action": "clear"}')], 1)


def test_a_form_with_problems_may_be_sent_again_unchanged_and_changed(once: Once, work: Work) -> None:
    work.answers = [answer(ERRORS), answer(ERRORS)]
    found = [once(form()), once(form()), once(form(typed="right")), once(form(typed="right"))]
    assert ([each.body.startswith("{") for each in found], work.done) == ([True, True, False, True], 3)


def test_what_failed_is_done_when_it_comes_again(once: Once, work: Work) -> None:
    work.answers = [answer(status=500), RuntimeError()]
    first = once(event())
    with pytest.raises(RuntimeError):
        once(event())
    assert (said(first, once(event()), once(event())), work.done) == ([(500, ""), (200, ""), (200, "")], 3)


def test_what_died_is_done_by_the_next_delivery_once_its_lease_is_over(
    once: Once, work: Work, seen: SqlSeen, clock: Hands
) -> None:
    seen.claim(key_of(event().body), "a process that was killed")
    meanwhile = once(event())
    clock.now += LEASE
    assert (said(meanwhile, once(event()), once(event())), work.done) == ([(503, ""), (200, ""), (200, "")], 1)


def test_a_second_delivery_at_the_same_time_waits_until_the_first_is_done(once: Once, work: Work) -> None:
    begun, go = Event(), Event()

    def wait() -> None:
        begun.set()
        assert go.wait(10)

    work.before = wait
    work.answers = [answer({"response_action": "update", "view": {}})]
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(once, form())
        assert begun.wait(10)
        second = threads.submit(once, form())
        assert not second.done()
        go.set()
        assert (said(first.result(10)), work.done) == (said(second.result(10)), 1)


def test_fifty_events_four_times_at_once_are_fifty_effects(once: Once, work: Work) -> None:
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(once, [event(number) for number in range(50) for _ in range(4)]))
    assert (work.done, {each.status for each in found}) == (50, {200})


class Away:
    """A database that is away from a certain call on."""

    def __init__(self, seen: Seen, after: int) -> None:
        self.seen = seen
        self.left = after

    def claim(self, key: str, by: str) -> Standing:
        self._call()
        return self.seen.claim(key, by)

    def done(self, key: str) -> None:
        self._call()
        self.seen.done(key)

    def give_up(self, key: str, by: str) -> None:
        self._call()
        self.seen.give_up(key, by)

    def _call(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise NotRecorded("away")


@pytest.mark.parametrize("after", [0, 1])
def test_a_database_that_is_away_keeps_nobody_from_an_answer(seen: Seen, work: Work, after: int) -> None:
    work.answers = [answer("Not recorded. Phone the DSL.")]
    assert said(Once(work, Away(seen, after))(event())) == [(200, "Not recorded. Phone the DSL.")]


def test_answers_are_forgotten_after_a_while(once: Once, work: Work) -> None:
    work.answers = [answer({"number": number}) for number in range(KEPT + 5)]
    for number in range(KEPT + 5):
        once(event(number))
    assert len(once.answers) == KEPT


def test_bolt_answers_an_event_after_its_listener_and_a_failed_one_is_done_again(seen: Seen) -> None:
    tries: list[str] = []

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="UB", bot_token="xoxb-1")

    app = App(authorize=authorize, request_verification_enabled=False, process_before_response=True)

    @app.event("message")
    def listener(body: dict[str, Any]) -> None:
        tries.append(body["event_id"])
        if len(tries) == 1:
            raise RuntimeError

    guarded = Once(app.dispatch, seen)
    assert ([guarded(event()).status for _ in range(3)], tries) == ([500, 200, 200], ["Ev1", "Ev1"])
