"""Socket Mode: what comes in is done and answered, and a connection that is lost is made again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.channels.slack.socket import Socket
from bot.talk.sealed import Sealed
from tests.channels.slack.api import Api

# A thread of the SDK's own may look at a connection that has just gone; it says so and ends, and another is there.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold within ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Line:
    """Slack's end: says hello unless it is mute, keeps what comes back, and can be cut."""

    def __init__(self) -> None:
        self.mute = False
        self.open: list[ServerConnection] = []
        self.back: Queue[dict[str, Any]] = Queue()

    def __call__(self, connection: ServerConnection) -> None:
        self.open.append(connection)
        if not self.mute:
            connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        try:
            for message in connection:
                self.back.put(json.loads(message))
        except ConnectionClosed:
            pass

    def send(self, sort: str, payload: Any, envelope: str = "e1") -> None:
        self.open[-1].send(json.dumps({"type": sort, "envelope_id": envelope, "payload": payload}))


@pytest.fixture
def line(web_api: Api) -> Iterator[Line]:
    line = Line()
    with serve(line, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        web_api.answers["apps.connections.open"] = {"ok": True, "url": f"ws://127.0.0.1:{port}/link"}
        yield line
        server.shutdown()
        thread.join()


@contextmanager
def running(
    web_api: Api, dispatch: Callable[[BoltRequest], BoltResponse], now: Callable[[], float] = time.time
) -> Iterator[Socket]:
    socket = Socket(Sealed("xapp-1"), dispatch, WebClient(base_url=web_api.url), now, ping=0.2)
    stop = Event()
    thread = Thread(target=socket.run, args=(stop,))
    thread.start()
    try:
        yield socket
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_what_comes_in_is_done_and_answered(web_api: Api, line: Line) -> None:
    took: list[Any] = []
    answers = [
        BoltResponse(status=200),
        BoltResponse(status=200, body={"response_action": "clear"}),
        BoltResponse(status=200, body="words"),
    ]

    def dispatch(request: BoltRequest) -> BoltResponse:
        took.append(request.body)
        return answers[len(took) - 1]

    sent = [
        ("events_api", {"type": "event_callback", "event_id": "Ev1"}),
        ("interactive", {"type": "view_submission"}),
        ("slash_commands", {"command": "/policy", "text": "x"}),
    ]
    with running(web_api, dispatch) as socket:
        assert soon(lambda: socket.hellos == 1)
        back = []
        for number, (sort, payload) in enumerate(sent):
            line.send(sort, payload, f"e{number}")
            back.append(line.back.get(timeout=10))
        metrics = socket.metrics()
    assert took == [payload for _, payload in sent]
    assert [each.get("payload") for each in back] == [None, {"response_action": "clear"}, {"text": "words"}]
    assert [each["envelope_id"] for each in back] == ["e0", "e1", "e2"]
    assert (metrics["signpost_slack_connected"], metrics["signpost_slack_hellos"]) == (1.0, 1.0)
    assert (socket.silent() < 10, web_api.calls[0]) == (True, ("apps.connections.open", "xapp-1"))


def test_what_is_not_of_its_kind_or_fails_is_not_answered(
    web_api: Api, line: Line, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def dispatch(request: BoltRequest) -> BoltResponse:
        if request.body["event_id"] == "fails":
            raise ValueError("canary")
        return BoltResponse(status=503 if request.body["event_id"] == "busy" else 200)

    with running(web_api, dispatch) as socket:
        assert soon(lambda: socket.hellos == 1)
        line.send("interactive", {"type": "event_callback", "text": "canary"})
        line.send("unheard_of", {"type": "event_callback", "text": "canary"})
        line.send("events_api", ["canary"])
        for name in ("fails", "busy", "works"):
            line.send("events_api", {"type": "event_callback", "event_id": name, "text": "canary"}, name)
        answered = line.back.get(timeout=10)["envelope_id"]
    logged = capsys.readouterr().err + caplog.text
    assert (answered, line.back.empty(), "canary" in logged) == ("works", True, False)


@pytest.mark.parametrize("how", ["closed", "cut", "told"])
def test_a_connection_that_is_lost_is_made_again(web_api: Api, line: Line, how: str) -> None:
    with running(web_api, lambda request: BoltResponse(status=200)) as socket:
        assert soon(lambda: socket.hellos == 1)
        if how == "closed":
            line.open[0].close()
        elif how == "cut":
            line.open[0].socket.shutdown(2)
        else:
            line.open[0].send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        assert soon(lambda: socket.hellos == 2)
        line.send("events_api", {"type": "event_callback", "event_id": "Ev1"}, "after")
        assert line.back.get(timeout=10)["envelope_id"] == "after"


def test_slack_that_cannot_be_reached_at_the_start_is_tried_again(
    web_api: Api, line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = web_api.answers.pop("apps.connections.open")
    with running(web_api, lambda request: BoltResponse(status=200)) as socket:
        assert soon(lambda: len(web_api.calls) > 0)
        before = socket.metrics()["signpost_slack_connected"]
        web_api.answers["apps.connections.open"] = answer
        assert soon(lambda: socket.hellos == 1)
    assert (before, "slack_unreachable" in capsys.readouterr().err) == (0.0, True)


def test_a_connection_on_which_nothing_is_heard_is_made_again_and_counts_as_silent_until_something_is(
    web_api: Api, line: Line
) -> None:
    later = [0.0]
    with running(web_api, lambda request: BoltResponse(status=200), lambda: time.time() + later[0]) as socket:
        assert soon(lambda: socket.hellos == 1)
        line.mute, later[0] = True, 100.0
        assert soon(lambda: len(line.open) == 2)
        later[0] = 400.0
        assert soon(lambda: len(line.open) == 3)
        assert (socket.silent() > 300, socket.hellos) == (True, 1)
        line.mute, later[0] = False, 500.0
        assert soon(lambda: socket.silent() < 100)
