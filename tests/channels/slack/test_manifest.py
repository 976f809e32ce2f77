"""The manifest asks for what is used and for nothing else."""

from __future__ import annotations

import json

import pytest

from bot.channels.slack import manifest as names
from bot.channels.slack.edge import PATHS
from bot.channels.slack.manifest import SCOPES, manifest
from bot.cli import main

URL = "https://signpost.example.org"

# What Slack asks for: https://docs.slack.dev/reference/events and /methods.
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.im": "im:history",
    "tokens_revoked": None,
}
SCOPE_OF_METHOD = {
    "auth.test": None,
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "oauth.v2.access": None,
    "views.open": None,
    "views.publish": None,
    "views.push": None,
    "views.update": None,
}


@pytest.mark.parametrize("url", ["", URL])
def test_the_rights_are_those_that_events_methods_and_commands_need(url: str) -> None:
    made = manifest(url)
    events = made["settings"]["event_subscriptions"]["bot_events"]
    needed = {SCOPE_OF_EVENT[event] for event in events} | set(SCOPE_OF_METHOD.values()) | {"commands"}
    assert made["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert set(SCOPES) == needed - {None}


@pytest.mark.parametrize("url", ["", URL])
def test_names_and_texts_are_as_long_as_slack_takes_them(url: str) -> None:
    made = manifest(url)
    shortcuts, commands = made["features"]["shortcuts"], made["features"]["slash_commands"]
    long = [one["name"] for one in shortcuts if len(one["name"]) > 24 or len(one["description"]) > 150]
    long += [one["command"] for one in commands if len(one["description"]) > 2000 or len(one["usage_hint"]) > 1000]
    assert (long, len(shortcuts) <= 10, len(made["display_information"]["description"]) <= 140) == ([], True, True)
    assert [one["command"][0] for one in commands] == ["/"]


def test_people_can_type_into_the_conversation_and_buttons_work() -> None:
    made = manifest()
    home = made["features"]["app_home"]
    assert home == {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert made["settings"]["interactivity"] == {"is_enabled": True}


def test_over_http_every_address_is_one_that_we_serve_and_socket_mode_has_none() -> None:
    made = manifest(URL)
    interactivity = made["settings"]["interactivity"]
    given = {
        made["settings"]["event_subscriptions"]["request_url"],
        interactivity["request_url"],
        interactivity["message_menu_options_url"],
        *(one["url"] for one in made["features"]["slash_commands"]),
    }
    assert given == {URL + path for path in PATHS}
    assert ("http" in json.dumps(manifest()), made["settings"]["socket_mode_enabled"]) == (False, False)
    assert manifest()["settings"]["socket_mode_enabled"]


def test_shortcuts_have_the_ids_that_are_listened_to() -> None:
    ids = [one["callback_id"] for one in manifest()["features"]["shortcuts"]]
    assert sorted(ids) == sorted((names.REPORT_MESSAGE, names.REPORT, names.ASK))


@pytest.mark.parametrize(("words", "url"), [([], ""), (["--socket"], ""), (["--url", f"{URL}/"], URL)])
def test_the_command_prints_it(words: list[str], url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest", *words]) == 0
    assert json.loads(capsys.readouterr().out) == manifest(url)


@pytest.mark.parametrize(
    "words", [[], ["manifest", "--url", "http://a.example"], ["manifest", "--url", "https://a.example/b?c"]]
)
def test_words_that_do_not_fit_are_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["slack", *words]), capsys.readouterr().err.count("\n")) == (2, 1)
