"""Workspaces install the app, get their own token and no other, and are forgotten when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from sqlalchemy import Engine, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.slack import install
from bot.channels.slack.install import Installations, authorize, flow, listen, routes
from bot.channels.slack.manifest import SCOPES
from bot.domain.ports import NotRecorded
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.tables import tokens as table
from bot.storage.tokens import SqlStates, SqlTokens
from bot.talk.sealed import Sealed
from tests.channels.slack.api import Api
from tests.storage.stand_ins import Hands, StandInBox, secret

KNOWN = {"T1", "T2", "E1"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def tokens(engine: Engine) -> SqlTokens:
    return SqlTokens(engine, lambda: secret("slack", "tokens"), StandInBox, Hands())


@pytest.fixture
def store(tokens: SqlTokens) -> Installations:
    return Installations(tokens, KNOWN.__contains__)


@pytest.fixture
def browser(store: Installations, engine: Engine, web_api: Api) -> Iterator[TestClient]:
    way_in = flow("1.2", Sealed("secret"), store, SqlStates(engine, Hands()), WebClient(base_url=web_api.url))
    app = Starlette(routes=routes(way_in))
    with TestClient(app, "https://signpost.example.org", follow_redirects=False) as browser:
        yield browser


def granted(team: str | None = "T1", enterprise: str | None = None, whole: bool = False) -> dict[str, dict[str, Any]]:
    access = {
        "ok": True,
        "app_id": "A1",
        "access_token": f"xoxb-{team or enterprise}",
        "token_type": "bot",
        "scope": ",".join(SCOPES),
        "bot_user_id": "UB",
        "team": {"id": team, "name": "School"} if team else None,
        "enterprise": {"id": enterprise, "name": "Trust"} if enterprise else None,
        "is_enterprise_install": whole,
        "authed_user": {"id": "U1"},
    }
    return {"oauth.v2.access": access, "auth.test": {"ok": True, "bot_id": "B1", "url": "https://x"}}


def begin(browser: TestClient) -> str:
    """Start, and return the state that goes along."""
    sent_to = browser.get("/slack/install")
    address = urlsplit(sent_to.headers["location"])
    asked = parse_qs(address.query)
    assert (sent_to.status_code, address.netloc, asked["scope"]) == (302, "slack.com", [",".join(SCOPES)])
    return asked["state"][0]


def come_back(browser: TestClient, **query: str) -> tuple[int, str]:
    answer = browser.get("/slack/oauth_redirect", params={"code": "c", **query})
    return answer.status_code, answer.text


def token(store: Installations, team: str | None, enterprise: str | None = None, whole: bool = False) -> str | None:
    bot = store.find_bot(team_id=team, enterprise_id=enterprise, is_enterprise_install=whole)
    return bot.bot_token if bot else None


def add(browser: TestClient, web_api: Api, **about: Any) -> tuple[int, str]:
    web_api.answers = granted(**about)
    return come_back(browser, state=begin(browser))


def test_each_workspace_gets_its_own_token(browser: TestClient, store: Installations, web_api: Api) -> None:
    found = [add(browser, web_api, team=each) for each in ("T1", "T2")]
    assert found == [(200, install.INSTALLED)] * 2
    assert [token(store, each) for each in ("T1", "T2", "T3", None)] == ["xoxb-T1", "xoxb-T2", None, None]


def test_an_organisation_installs_it_once_for_all_its_workspaces(
    browser: TestClient, store: Installations, web_api: Api
) -> None:
    assert add(browser, web_api, team=None, enterprise="E1", whole=True) == (200, install.INSTALLED)
    assert (token(store, "T7", "E1", whole=True), token(store, "T7", "E1")) == ("xoxb-E1", None)


def test_a_workspace_that_joins_an_organisation_later_keeps_its_token(
    browser: TestClient, store: Installations, web_api: Api
) -> None:
    add(browser, web_api)
    assert token(store, "T1", "E1") == "xoxb-T1"


def test_the_database_does_not_hold_the_token(browser: TestClient, engine: Engine, web_api: Api) -> None:
    add(browser, web_api)
    with engine.connect() as connection:
        (row,) = connection.execute(select(table)).all()
    assert ("T1" in str(row), "xoxb" in str(row)) == (True, False)


def test_a_workspace_of_no_school_is_refused_with_its_id(browser: TestClient, tokens: SqlTokens, web_api: Api) -> None:
    assert add(browser, web_api, team="T9") == (500, install.UNKNOWN.format(id="T9"))
    assert tokens.workspaces() == []


def test_a_workspace_that_a_school_gives_up_has_no_token_any_more(tokens: SqlTokens) -> None:
    known = {"T1"}
    store = Installations(tokens, known.__contains__)
    tokens.keep("T1", Sealed('{"bot_token": "xoxb-1", "bot_id": "B1", "bot_user_id": "UB"}'))
    before = token(store, "T1")
    known.clear()
    assert (before, token(store, "T1")) == ("xoxb-1", None)


def test_a_state_of_another_browser_or_used_before_or_made_up_lets_nobody_in(
    browser: TestClient, tokens: SqlTokens, web_api: Api
) -> None:
    web_api.answers = granted()
    state = begin(browser)
    cookie = dict(browser.cookies)
    browser.cookies.clear()
    elsewhere = come_back(browser, state=state)
    browser.cookies.update({name: "forged" for name in cookie})
    forged = come_back(browser, state="forged")
    missing = come_back(browser)
    assert [one[0] for one in (elsewhere, forged, missing)] == [400, 401, 400]
    browser.cookies.update(cookie)
    assert [come_back(browser, state=state)[0], tokens.workspaces()] == [200, ["T1"]]
    browser.cookies.update(cookie)
    assert come_back(browser, state=state) == (401, install.FAILED)


def test_what_stands_in_the_address_is_not_shown(browser: TestClient) -> None:
    assert come_back(browser, error="<script>canary</script>") == (200, install.FAILED)


def event(sort: str, **more: Any) -> BoltRequest:
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": {"type": sort, **more}}
    return BoltRequest(body=body, mode="socket_mode")


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        (event("app_uninstalled"), []),
        (event("tokens_revoked", tokens={"bot": ["UB"]}), []),
        (event("tokens_revoked", tokens={"oauth": ["U1"]}), ["T1"]),
    ],
)
def test_a_workspace_that_takes_the_app_away_is_forgotten(
    store: Installations, tokens: SqlTokens, sent: BoltRequest, left: list[str]
) -> None:
    tokens.keep("T1", Sealed('{"bot_token": "xoxb-1", "bot_id": "B1", "bot_user_id": "UB"}'))
    app = App(authorize=authorize(store), request_verification_enabled=False, process_before_response=True)
    listen(app, store)
    assert (app.dispatch(sent).status, tokens.workspaces()) == (200, left)


def test_an_organisation_that_takes_the_app_away_is_forgotten(store: Installations, tokens: SqlTokens) -> None:
    tokens.keep("E1", Sealed('{"bot_token": "xoxb-1", "bot_id": "B1", "bot_user_id": "UB"}'))
    app = App(authorize=authorize(store), request_verification_enabled=False, process_before_response=True)
    listen(app, store)
    sent = event("app_uninstalled")
    whole = {"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}
    sent = BoltRequest(body={**sent.body, "authorizations": [whole]}, mode="socket_mode")
    assert (app.dispatch(sent).status, tokens.workspaces()) == (200, [])


def test_a_request_gets_the_token_of_its_workspace_without_a_call_to_slack(
    store: Installations, tokens: SqlTokens, web_api: Api
) -> None:
    for team in ("T1", "T2"):
        tokens.keep(team, Sealed(f'{{"bot_token": "xoxb-{team}", "bot_id": "B1", "bot_user_id": "UB"}}'))
    used: list[str | None] = []
    app = App(
        client=WebClient(base_url=web_api.url),
        authorize=authorize(store),
        request_verification_enabled=False,
        process_before_response=True,
    )
    app.event("app_mention")(lambda client: used.append(client.token))
    for team in ("T1", "T2", "T3"):
        app.dispatch(BoltRequest(body={**event("app_mention").body, "team_id": team}, mode="socket_mode"))
    assert (used, web_api.calls) == (["xoxb-T1", "xoxb-T2"], [])


def test_while_the_database_is_away_the_last_token_counts(tokens: SqlTokens) -> None:
    tokens.keep("T1", Sealed('{"bot_token": "xoxb-1", "bot_id": "B1", "bot_user_id": "UB"}'))
    away: list[bool] = []

    class Shaky:
        keep, drop = tokens.keep, tokens.drop

        def kept(self, workspace: str) -> Sealed | None:
            if away:
                raise NotRecorded("away")
            return tokens.kept(workspace)

    store = Installations(Shaky(), KNOWN.__contains__)
    before = token(store, "T1")
    away.append(True)
    assert (before, token(store, "T1"), token(store, "T2")) == ("xoxb-1", "xoxb-1", None)
