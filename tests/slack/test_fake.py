from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from tests.slack import samples
from tests.slack.fake import SCOPES, Failure, FakeSlack
from tests.slack.samples import ask, modal, plain, words
from tests.slack.user import User
from tests.slack.world import Workspace

FORM = modal(ask("what", {"type": "plain_text_input"}))
SECTION = [{"type": "section", "text": plain("text")}]


class Now:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.at = time.time()

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def slack(now: Now) -> Iterator[FakeSlack]:
    with FakeSlack(clock=now) as slack:
        yield slack


@pytest.fixture
def user(slack: FakeSlack) -> User:
    slack.channel("C0STAFF", "staff", ["U0TEACHER"])
    slack.channel("C0OTHERS", "others", [], joined=False)
    return User(slack, "U0TEACHER", "teacher", email="teacher@example.org")


def _client(slack: FakeSlack, token: str = "", **more: Any) -> WebClient:
    return WebClient(token=token or slack.bot_token, base_url=slack.api, **{"retry_handlers": [], **more})


def _refusal(call: Any, /, *args: Any, **more: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as raised:
        call(*args, **more)
    return dict(raised.value.response.data)


def test_a_token_is_told_who_it_is_and_what_it_may_do(slack: FakeSlack) -> None:
    response = _client(slack).auth_test()
    assert (response["team_id"], response["user_id"], response["bot_id"]) == (
        "T0SCHOOL",
        "U0BOT0SCHOOL",
        "B0BOT0SCHOOL",
    )
    headers = {name.lower(): value for name, value in response.headers.items()}
    assert headers["x-oauth-scopes"] == ",".join(sorted(SCOPES))
    assert "date" in headers


def test_tokens_methods_and_scopes_are_refused_in_slacks_words(slack: FakeSlack, user: User) -> None:
    assert [
        _refusal(_client(slack, "xoxb-unknown").auth_test)["error"],
        _refusal(_client(slack).api_call, "chat.unknown")["error"],
        _refusal(_client(slack, slack.app_token).chat_postMessage, channel="C0STAFF", text="x")["error"],
        _refusal(_client(slack).apps_connections_open, app_token=slack.bot_token)["error"],
        _refusal(WebClient(base_url=slack.api, retry_handlers=[]).auth_test)["error"],
    ] == ["invalid_auth", "unknown_method", "not_allowed_token_type", "not_allowed_token_type", "not_authed"]
    assert _refusal(_client(slack).users_info, user="U0TEACHER") == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": ",".join(sorted(SCOPES)),
    }


def test_every_call_is_recorded_without_its_token(slack: FakeSlack, user: User) -> None:
    _client(slack).chat_postMessage(channel="U0TEACHER", text="x", blocks=SECTION)
    _refusal(_client(slack).chat_postMessage, channel="C9", text="x")
    assert [(each.method, each.token_kind, each.workspace, each.answer.get("error")) for each in slack.calls] == [
        ("chat.postMessage", "bot", "T0SCHOOL", None),
        ("chat.postMessage", "bot", "T0SCHOOL", "channel_not_found"),
    ]
    assert slack.asked("chat.postMessage") == [{"channel": "U0TEACHER", "text": "x", "blocks": SECTION}]
    assert slack.bot_token not in str(slack.calls)


def test_form_bodies_are_read_as_json_bodies_are(slack: FakeSlack, user: User) -> None:
    client = _client(slack)
    client.api_call("chat.postMessage", data={"channel": "U0TEACHER", "text": "x", "blocks": '[{"type": "divider"}]'})
    assert user.messages() == [["---"]]


def test_messages_go_where_the_app_may_write_and_are_changed_and_removed(slack: FakeSlack, user: User) -> None:
    client = _client(slack)
    posted = client.chat_postMessage(channel=client.conversations_open(users="U0TEACHER")["channel"]["id"], text="one")
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")
    assert user.messages() == [["two"]]
    client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert user.messages() == []
    said = user.say("C0STAFF", "mine")
    assert [
        _refusal(client.chat_postMessage, channel="C0OTHERS", text="x")["error"],
        _refusal(client.chat_postEphemeral, channel="C0STAFF", user="U0HEAD", text="x")["error"],
        _refusal(client.chat_update, channel="C0STAFF", ts=said.ts, text="x")["error"],
        _refusal(client.chat_update, channel=posted["channel"], ts=posted["ts"], text="x")["error"],
        _refusal(client.api_call, "chat.postMessage", json={"channel": "C0STAFF"})["error"],
        _refusal(client.chat_postMessage, channel="C0STAFF", text="x" * 40_001)["error"],
        _refusal(client.chat_postMessage, channel="C0STAFF", text="x", blocks=[words("x" * 2900)] * 5)["error"],
    ] == [
        "not_in_channel",
        "user_not_in_channel",
        "cant_update_message",
        "message_not_found",
        "no_text",
        "msg_too_long",
        "msg_blocks_too_long",
    ]


@pytest.mark.parametrize("name", [*samples.MESSAGES, *samples.VIEWS])
def test_whatever_is_wrong_is_refused_with_where(slack: FakeSlack, user: User, name: str) -> None:
    if name in samples.MESSAGES:
        told = _refusal(_client(slack).chat_postMessage, channel="C0STAFF", text="x", blocks=samples.MESSAGES[name])
    else:
        view, trigger = samples.VIEWS[name], slack.world.trigger(user.id)
        told = _refusal(_client(slack).views_open, trigger_id=trigger, view=view)
    assert told["error"] in ("invalid_blocks", "invalid_arguments", "view_too_large")
    assert told["response_metadata"]["messages"][0].startswith("[ERROR] ")


def test_a_trigger_opens_one_view_within_three_seconds(slack: FakeSlack, user: User, now: Now) -> None:
    client, trigger, late = _client(slack), slack.world.trigger(user.id), slack.world.trigger(user.id)
    view = client.views_open(trigger_id=trigger, view=FORM)["view"]
    assert (view["root_view_id"], view["previous_view_id"], view["state"]) == (view["id"], None, {"values": {}})
    assert user.view() == ["A form", "what:", "[Send]"]
    now.at += 3.1
    assert [
        _refusal(client.views_open, trigger_id=trigger, view=FORM)["error"],
        _refusal(client.views_open, trigger_id=late, view=FORM)["error"],
        _refusal(client.views_open, trigger_id="1.2.3", view=FORM)["error"],
        _refusal(client.views_open, trigger_id=slack.world.trigger(user.id), view=samples.HOME)["error"],
        _refusal(client.views_push, trigger_id=slack.world.trigger(user.id), view=FORM)["error"],
    ] == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "invalid_arguments", "invalid_arguments"]


def test_views_are_three_deep_and_a_closed_one_is_not_found(slack: FakeSlack, user: User) -> None:
    client = _client(slack)
    first = client.views_open(trigger_id=slack.world.trigger(user.id), view=FORM)["view"]
    pushed = [
        client.views_push(trigger_id=slack.world.trigger(user.id, first["id"]), view=FORM)["view"] for _ in range(2)
    ]
    assert [(each["root_view_id"], each["previous_view_id"]) for each in pushed] == [
        (first["id"], first["id"]),
        (first["id"], pushed[0]["id"]),
    ]
    trigger = slack.world.trigger(user.id, first["id"])
    assert _refusal(client.views_push, trigger_id=trigger, view=FORM)["error"] == "push_limit_reached"
    user.close(everything=True)
    assert _refusal(client.views_update, view_id=first["id"], view=FORM)["error"] == "not_found"


def test_an_update_with_an_old_hash_is_refused(slack: FakeSlack, user: User) -> None:
    client = _client(slack)
    view = client.views_open(trigger_id=slack.world.trigger(user.id), view={**FORM, "external_id": "one"})["view"]
    client.views_update(external_id="one", hash=view["hash"], view=FORM)
    assert _refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=FORM)["error"] == "hash_conflict"
    client.views_update(view_id=view["id"], view=FORM)
    home = client.views_publish(user_id=user.id, view=samples.HOME)["view"]
    client.views_publish(user_id=user.id, hash=home["hash"], view=samples.HOME)
    refused = _refusal(client.views_publish, user_id=user.id, hash=home["hash"], view=samples.HOME)
    assert refused["error"] == "hash_conflict"


def test_a_response_url_serves_five_times_for_half_an_hour(slack: FakeSlack, user: User, now: Now) -> None:
    place = slack.world.channels["C0STAFF"]
    body = user.sends.command("/policy", "x", place)
    hook = WebhookClient(body["response_url"])
    told = [hook.send(text=str(number)).status_code for number in range(6)]
    assert (told, len(user.ephemerals("C0STAFF"))) == ([200] * 5 + [404], 5)
    late = WebhookClient(user.sends.command("/policy", "x", place)["response_url"])
    assert late.send(text="x", blocks=samples.MESSAGES["unknown block"]).status_code == 400
    now.at += 1801
    assert (late.send(text="x").status_code, late.send(text="x").body.count("expired_url")) == (404, 1)
    assert slack.calls[-1].method == "response_url"


def test_failures_come_when_they_are_asked_for(slack: FakeSlack, user: User) -> None:
    client = _client(slack)
    slack.fail("chat.postMessage", Failure(status=429, retry_after=7))
    slack.fail("chat.postMessage", Failure("invalid_blocks"))
    slack.fail("chat.postMessage", Failure("internal_error", 500, times=2))
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="U0TEACHER", text="x")
    assert (raised.value.response.status_code, raised.value.response["error"]) == (429, "ratelimited")
    assert raised.value.response.headers["Retry-After"] == "7"
    errors = [_refusal(client.chat_postMessage, channel="U0TEACHER", text="x")["error"] for _ in range(3)]
    assert errors == ["invalid_blocks", "internal_error", "internal_error"]
    assert client.chat_postMessage(channel="U0TEACHER", text="x")["ok"]


def test_a_client_that_waits_gets_through(slack: FakeSlack, user: User) -> None:
    slack.fail("chat.postMessage", Failure(status=429, retry_after=0))
    client = _client(slack, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)])
    assert client.chat_postMessage(channel="U0TEACHER", text="x")["ok"]
    assert len(slack.calls) == 2


def test_an_answer_may_be_lost_after_the_effect(slack: FakeSlack, user: User) -> None:
    slack.fail("chat.postMessage", Failure(lost=True))
    with pytest.raises(OSError):
        _client(slack).chat_postMessage(channel="U0TEACHER", text="x")
    assert user.messages() == [["x"]]


def test_a_code_becomes_a_token_once_and_uninstalling_ends_it(slack: FakeSlack) -> None:
    trust = Workspace("T0TRUST", "trust", "Trust", ("E0TRUST", "The trust"), org_wide=True)
    code = slack.code(trust, "U0ADMIN")
    told = {"client_id": slack.client_id, "client_secret": slack.client_secret, "code": code}
    client = WebClient(base_url=slack.api, retry_handlers=[])
    assert _refusal(client.oauth_v2_access, **{**told, "client_secret": "no"})["error"] == "bad_client_secret"
    installed = client.oauth_v2_access(**told)
    assert (installed["team"], installed["enterprise"], installed["is_enterprise_install"], installed["scope"]) == (
        None,
        {"id": "E0TRUST", "name": "The trust"},
        True,
        ",".join(SCOPES),
    )
    assert _refusal(client.oauth_v2_access, **told)["error"] == "invalid_code"
    own = _client(slack, installed["access_token"])
    assert own.auth_test()["enterprise_id"] == "E0TRUST"
    assert own.auth_revoke()["revoked"]
    assert _refusal(own.auth_test)["error"] == "invalid_auth"


def test_prompts_are_kept_where_the_app_may_set_them(slack: FakeSlack, user: User) -> None:
    token = slack.grant("bot", [*SCOPES, "assistant:write", "users:read", "users:read.email"])
    prompts = [{"title": "Mileage", "message": "What is the mileage rate?"}]
    told: dict[str, Any] = {"channel_id": "D0TEACHER", "thread_ts": "1.1", "prompts": prompts}
    _client(slack, token).assistant_threads_setSuggestedPrompts(**told)
    assert slack.world.prompts == [told]
    assert _client(slack, token).users_info(user="U0TEACHER")["user"]["profile"]["email"] == "teacher@example.org"
    assert _refusal(_client(slack).assistant_threads_setSuggestedPrompts, **told)["needed"] == "assistant:write"


def test_nothing_is_reached_but_this_machine(slack: FakeSlack, user: User) -> None:
    addresses = [
        slack.api,
        slack.socket.ticket(),
        user.sends.command("/x", "", slack.world.direct(user.id))["response_url"],
    ]
    assert {urlsplit(each).hostname for each in addresses} == {"127.0.0.1"}


def test_a_token_reaches_its_own_workspace_or_its_organisation(slack: FakeSlack, user: User) -> None:
    trust = ("E0TRUST", "The trust")
    one, two = (Workspace(id, id.lower(), id, trust, org_wide=True) for id in ("T0ONE", "T0TWO"))
    other, far = User(slack, "U0HEAD", "head", two), _client(slack, slack.grant("bot", SCOPES, one))
    assert [
        _refusal(far.chat_postMessage, channel="U0TEACHER", text="x")["error"],
        _refusal(far.views_publish, user_id="U0TEACHER", view=samples.HOME)["error"],
        _refusal(far.views_open, trigger_id=slack.world.trigger("U0TEACHER"), view=FORM)["error"],
        _refusal(_client(slack).chat_postMessage, channel="U0HEAD", text="x")["error"],
    ] == ["channel_not_found", "user_not_found", "invalid_trigger_id", "channel_not_found"]
    far.chat_postMessage(channel="U0HEAD", text="x")
    far.views_open(trigger_id=slack.world.trigger("U0HEAD"), view=FORM)
    assert (other.messages(), other.view()[0], user.messages()) == ([["x"]], "A form", [])
    sent = other.sends.shortcut("report")
    assert (sent["team"], sent["user"]["team_id"], sent["is_enterprise_install"]) == (None, "T0TWO", True)
