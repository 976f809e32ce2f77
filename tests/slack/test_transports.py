from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.slack.fake import FakeSlack
from tests.slack.hello import hello, over_http, over_socket, until
from tests.slack.transports import COMMAND, EVENT, INTERACTIVE, Prepared, SignedHTTP
from tests.slack.user import User

HOOK = SignedHTTP("http://127.0.0.1:1", "secret")


def _valid(prepared: Prepared, secret: str = "secret") -> bool:
    return SignatureVerifier(secret).is_valid_request(prepared.body, dict(prepared.headers))


def test_requests_are_signed_as_slacks_own_verifier_expects() -> None:
    prepared = [HOOK.prepare(kind, {"text": "£ and “quotes”"}) for kind in (EVENT, COMMAND, INTERACTIVE)]
    assert [_valid(each) for each in prepared] == [True] * 3
    assert [each.path for each in prepared] == ["/slack/events", "/slack/commands", "/slack/actions"]
    assert [dict(each.headers)["Content-Type"] for each in prepared] == [
        "application/json",
        *["application/x-www-form-urlencoded"] * 2,
    ]
    assert json.loads(parse_qs(prepared[2].body.decode())["payload"][0]) == {"text": "£ and “quotes”"}


def test_requests_may_be_forged_late_or_sent_again() -> None:
    assert not _valid(HOOK.prepare(EVENT, {}, skew=-301))
    assert _valid(HOOK.prepare(EVENT, {}, skew=-200))
    assert not _valid(HOOK.prepare(EVENT, {}, secret="other"))
    headers = dict(HOOK.prepare(EVENT, {}, 2, "http_timeout").headers)
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("2", "http_timeout")


def test_a_spoilt_request_arrives_as_it_is() -> None:
    with FakeSlack() as slack, over_http(slack, hello(slack)):
        user, http = User(slack, "U0TEACHER", "teacher"), slack.transport
        assert isinstance(http, SignedHTTP)
        event = user.sends.home_opened("home")
        good, forged, old = (http.prepare(EVENT, event, **more) for more in ({}, {"secret": "x"}, {"skew": -301}))
        assert [http.post(each)[0] for each in (good, forged, old)] == [200, 401, 401]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(within=2.0) as slack, over_socket(slack, hello(slack)):
        yield slack


def test_a_socket_greets_and_what_it_carries_is_acknowledged(slack: FakeSlack) -> None:
    delivered = User(slack, "U0TEACHER", "teacher").slash("mileage")
    assert (slack.socket.hellos, delivered.acked, delivered.payload) == (1, True, {"text": "Looking"})


@pytest.mark.parametrize("how", ["disconnect", "abort"])
def test_an_app_comes_back_after_its_socket_has_ended(slack: FakeSlack, how: str) -> None:
    slack.socket.disconnect() if how == "disconnect" else slack.socket.abort()
    assert slack.socket.connected(hellos=2)
    user = User(slack, "U0TEACHER", "teacher")
    until(lambda: user.slash("mileage").acked)


def test_an_event_without_a_socket_is_sent_again_until_there_is_one(slack: FakeSlack) -> None:
    user = User(slack, "U0TEACHER", "teacher")
    slack.socket.abort()
    assert not user.dm("hello").acked
    assert slack.socket.connected(hellos=2)
    lost = slack.deliveries[-1].sent
    until(lambda: slack.deliver("event", lost, 3, "http_timeout").acked)
    until(user.messages)


def test_a_ticket_serves_once(slack: FakeSlack) -> None:
    from websockets.sync.client import connect

    address = slack.socket.ticket()
    with connect(address) as first:
        assert json.loads(first.recv())["type"] == "hello"
        with connect(address) as second, pytest.raises(Exception, match="invalid ticket"):
            second.recv()
