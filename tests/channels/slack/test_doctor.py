"""What the doctor says about Slack: one sentence for each thing, and never a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.slack.doctor import faults
from bot.channels.slack.manifest import SCOPES
from bot.settings import Settings
from tests.channels.slack.api import Api

BOT, APP, SIGNING = "xoxb-canary-1", "xapp-canary-1", "c0ffee" * 5 + "00"

Said = Callable[..., list[str]]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def said(web_api: Api) -> Said:
    web_api.answers = {"auth.test": {"ok": True}, "apps.connections.open": {"ok": True, "url": "wss://x"}}
    web_api.headers = {"X-OAuth-Scopes": ",".join(SCOPES)}

    def said(clock: Callable[[], datetime] = now, **settings: str) -> list[str]:
        given = Settings(**{"slack_api": web_api.url, **settings})  # type: ignore[arg-type]
        found = list(faults(given, clock, lambda workspace: workspace == "T0SCHOOL"))
        assert [one for one in found if "canary" in one or "c0ffee" in one] == []
        return found

    return said


def test_nothing_is_said_where_slack_is_not_used_or_all_is_right(said: Said, web_api: Api) -> None:
    assert (said(), web_api.calls) == ([], [])
    assert said(slack_bot_token=BOT, slack_app_token=APP, slack_signing_secret=f"{SIGNING}, {'0' * 32}") == []
    assert web_api.calls == [("auth.test", BOT), ("apps.connections.open", APP)]
    assert said(slack_client_id="1.2", slack_client_secret="canary", slack_signing_secret=SIGNING) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"slack_bot_token": BOT}, "Nothing from Slack can come in"),
        ({"slack_signing_secret": SIGNING}, "no way to answer"),
        ({"slack_client_id": "1.2", "slack_signing_secret": SIGNING}, "belong together"),
        ({"slack_bot_token": APP, "slack_app_token": APP}, "SLACK_BOT_TOKEN is another kind of token"),
        ({"slack_bot_token": BOT, "slack_app_token": BOT}, "SLACK_APP_TOKEN is another kind of token"),
        ({"slack_bot_token": BOT, "slack_signing_secret": "canary"}, "SLACK_SIGNING_SECRET is not one"),
        (
            {
                "slack_bot_token": BOT,
                "slack_signing_secret": SIGNING,
                "slack_client_id": "1.2",
                "slack_client_secret": "x",
            },
            "unset one of them",
        ),
    ],
)
def test_settings_that_do_not_fit_are_one_sentence(said: Said, settings: dict[str, str], words: str) -> None:
    (sentence,) = said(**settings)
    assert words in sentence


def test_rights_are_those_of_the_list_and_nothing_beyond(said: Said, web_api: Api) -> None:
    web_api.headers = {"x-oauth-scopes": ",".join((*SCOPES[1:], "channels:history", "identify"))}
    missing, beyond = said(slack_bot_token=BOT, slack_app_token=APP)
    assert (SCOPES[0] in missing, "channels:history, identify" in beyond) == (True, True)


def test_a_clock_that_is_off_is_said(said: Said) -> None:
    (sentence,) = said(lambda: now() + timedelta(seconds=90), slack_bot_token=BOT, slack_app_token=APP)
    assert "seconds off Slack's" in sentence


def test_a_token_that_slack_refuses_is_said_with_its_reason(said: Said, web_api: Api) -> None:
    web_api.answers["auth.test"] = {"ok": False, "error": "invalid_auth"}
    web_api.answers["apps.connections.open"] = {"ok": False, "error": "Canary text with spaces"}
    first, second = said(slack_bot_token=BOT, slack_app_token=APP)
    assert (first, second) == (
        "Slack does not take SIGNPOST_SLACK_BOT_TOKEN: invalid_auth.",
        "Slack does not take SIGNPOST_SLACK_APP_TOKEN: it says no more.",
    )


def test_that_slack_cannot_be_reached_is_said(said: Said) -> None:
    (sentence,) = said(slack_api="http://127.0.0.1:9/", slack_bot_token=BOT, slack_signing_secret=SIGNING)
    assert "Slack cannot be reached from here" in sentence


def test_a_workspace_that_no_school_has_is_said_with_the_line_to_add(said: Said, web_api: Api) -> None:
    web_api.answers["auth.test"] = {"ok": True, "team_id": "T0SCHOOL"}
    assert said(slack_bot_token=BOT, slack_app_token=APP) == []
    web_api.answers["auth.test"] = {"ok": True, "team_id": "T0OTHER"}
    assert said(slack_bot_token=BOT, slack_app_token=APP) == [
        'No school has your workspace: give it the line slack = ["T0OTHER"] in your schools file.'
    ]
