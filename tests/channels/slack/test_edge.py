"""What the addresses take, what they hand on, and what they say to everything else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.slack.edge import BODY, routes
from tests.channels.slack.signing import FORM, JSON, NOW, SECRETS, Signed, action, command, event, signed, submission

CANARY = "-".join(("canary", "in", "the", "body"))


class Desk:
    """Takes what is handed on."""

    def __init__(self) -> None:
        self.took: list[dict[str, Any]] = []
        self.answer = BoltResponse(status=200)
        self.fault: Exception | None = None

    def __call__(self, request: BoltRequest) -> BoltResponse:
        self.took.append(request.body)
        if self.fault:
            raise self.fault
        return self.answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(desk, SECRETS, lambda: NOW))) as client:
        yield client


def post(client: TestClient, request: Signed) -> tuple[int, str]:
    path, headers, body = request
    answer = client.post(path, content=body, headers=headers)
    return answer.status_code, answer.text


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def to(path: str, body: bytes, sort: str) -> Signed:
    return path, signed(body, sort), body


def test_each_kind_is_handed_on_as_slack_wrote_it(client: TestClient, desk: Desk) -> None:
    sent = [event(1, "größe 😀"), command(2, "a&b=c +%"), action(3), action(4, **submission())]
    assert [post(client, one) for one in sent] == [(200, "")] * 4
    assert [body["type"] if "type" in body else body["command"] for body in desk.took] == [
        "event_callback",
        "/policy",
        "block_actions",
        "view_submission",
    ]
    assert (desk.took[0]["event"]["text"], desk.took[1]["text"]) == ("größe 😀", "a&b=c +%")


def test_an_answer_goes_back_with_its_status_and_sort(client: TestClient, desk: Desk) -> None:
    desk.answer = BoltResponse(status=200, body={"response_action": "clear"})
    path, headers, body = action(1, **submission())
    answer = client.post(path, content=body, headers=headers)
    assert (answer.json(), answer.headers["content-type"]) == (
        {"response_action": "clear"},
        "application/json;charset=utf-8",
    )


def test_content_types_may_name_utf_8_and_nothing_else(client: TestClient) -> None:
    path, headers, body = event(1)
    sorts = (f"{JSON}; charset=utf-8", "Application/JSON;charset=UTF-8", f"{JSON}; charset=utf-16", FORM, "", "a/b")
    found = [post(client, (path, {**headers, "content-type": sort}, body))[0] for sort in sorts]
    assert found == [200, 200, 400, 400, 400, 400]


@pytest.mark.parametrize("path", ["/slack/events", "/slack/commands", "/slack/actions"])
@pytest.mark.parametrize("request_", [event(1), command(1), action(1)], ids=["event", "command", "action"])
def test_what_belongs_to_another_address_is_refused_though_its_signature_is_right(
    client: TestClient, desk: Desk, path: str, request_: Signed
) -> None:
    home, headers, body = request_
    assert (post(client, (path, headers, body))[0], len(desk.took)) == ((200, 1) if path == home else (400, 0))


@pytest.mark.parametrize(
    "sent",
    [
        to("/slack/events", b"", JSON),
        to("/slack/events", b"[]", JSON),
        to("/slack/events", b'"text"', JSON),
        to("/slack/events", b"{", JSON),
        to("/slack/events", b'{"type": ["event_callback"]}', JSON),
        to("/slack/events", b'{"type": "block_actions"}', JSON),
        to("/slack/events", b"[" * 200_000, JSON),
        to("/slack/events", b'{"type": "event_callback", "n": ' + b"9" * 5000 + b"}", JSON),
        to("/slack/events", b'{"type": "event_callback", "text": "\xff"}', JSON),
        to("/slack/events", '{"type": "event_callback"}'.encode("utf-16"), JSON),
        to("/slack/commands", b"command", FORM),
        to("/slack/commands", b"command=%2Fpolicy&command=%2Fother", FORM),
        to("/slack/commands", b"command=%2Fpolicy&text=%ff", FORM),
        to("/slack/commands", b"command=%2Fpolicy&text=\xc3\xa9", FORM),
        to("/slack/commands", b"command=%2Fpolicy&payload=%7B%7D", FORM),
        to("/slack/commands", b"&".join(b"f%d=1" % n for n in range(500)) + b"&command=a", FORM),
        to("/slack/actions", form(payload="{"), FORM),
        to("/slack/actions", form(payload='{"type": "event_callback"}'), FORM),
        to("/slack/actions", form(payload='{"type": "block_actions"}', extra="1"), FORM),
        to("/slack/actions", form(payload='{"type": "block_actions"}') + b"&payload=%7B%7D", FORM),
        to("/slack/actions", form(other="1"), FORM),
        to("/slack/actions", form(payload="[" * 100_000), FORM),
    ],
)
def test_a_body_that_slack_would_not_send_is_refused_though_its_signature_is_right(
    client: TestClient, desk: Desk, sent: Signed
) -> None:
    assert (post(client, sent), desk.took) == ((400, ""), [])


def test_a_body_may_be_a_megabyte_and_is_read_no_further(client: TestClient, desk: Desk) -> None:
    least = len(event(1, "")[2])
    assert [post(client, event(1, "a" * (BODY - least + more)))[0] for more in (0, 1)] == [200, 400]


def test_other_methods_are_refused(client: TestClient, desk: Desk) -> None:
    path, headers, body = event(1)
    found = [client.request(method, path, headers=headers).status_code for method in ("GET", "PUT", "DELETE", "PATCH")]
    assert (found, desk.took) == ([405] * 4, [])


def test_a_failure_of_ours_is_an_empty_500_and_the_log_has_its_kind_alone(
    client: TestClient, desk: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.fault = ValueError(CANARY)
    found = post(client, event(1, CANARY))
    logged = capsys.readouterr().err
    assert (found, CANARY in logged + caplog.text, '"kind": "ValueError"' in logged) == ((500, ""), False, True)


def test_what_is_refused_is_logged_once_a_minute_and_without_its_body(
    client: TestClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path, headers, body = event(1, CANARY)
    for _ in range(20):
        assert post(client, (path, {**headers, "x-slack-signature": "v0=" + "0" * 64}, body)) == (401, "")
    logged = capsys.readouterr().err.splitlines()
    assert [(json.loads(line)["event"], json.loads(line)["kind"]) for line in logged] == [("slack_refused", "401")]
    assert CANARY not in caplog.text


def test_bolt_finds_its_listener_and_answers_the_challenge_of_a_new_address() -> None:
    heard: list[str] = []

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="UB", bot_token="xoxb-1")

    app = App(authorize=authorize, request_verification_enabled=False, process_before_response=True)
    app.event("message")(lambda event: heard.append(event["text"]))
    app.command("/policy")(lambda ack, command: ack(command["text"]))
    challenge = to("/slack/events", b'{"type": "url_verification", "challenge": "abc"}', JSON)
    with TestClient(Starlette(routes=routes(app.dispatch, SECRETS, lambda: NOW))) as client:
        found = [post(client, one) for one in (challenge, event(1, "said"), command(2, "asked"))]
    assert (found, heard) == ([(200, '{"challenge": "abc"}'), (200, ""), (200, "asked")], ["said"])
