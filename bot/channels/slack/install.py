"""Many workspaces: how one installs the app, whose token a request gets, and how it is forgotten."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_starlette_response
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack.manifest import SCOPES
from bot.domain.ports import CannotOpen, KeyMissing, NotRecorded
from bot.logs import log
from bot.talk.sealed import Sealed

INSTALLED = "Signpost is installed. You can close this page."
FAILED = "Signpost was not installed. Start again at /slack/install; if it stays so, ask whoever looks after Signpost."
UNKNOWN = "Signpost was not installed: no school has the workspace {id}. Add it to your schools file, then try again."

_KEPT = ("enterprise_id", "team_id", "bot_token", "bot_id", "bot_user_id", "bot_scopes", "is_enterprise_install")


class Tokens(Protocol):
    """Where the tokens of workspaces are; every method may raise NotRecorded."""

    def keep(self, workspace: str, token: Sealed) -> None:
        """Keep a workspace's token in place of an earlier one."""

    def kept(self, workspace: str) -> Sealed | None:
        """A workspace's token, or None. Raises CannotOpen."""

    def drop(self, workspace: str) -> None:
        """Forget a workspace's token."""


class States(Protocol):
    """What is handed out when an installation begins, and must come back once."""

    def issue(self) -> str:
        """A new one."""

    def consume(self, state: str) -> bool:
        """Use one up; whether it could be."""


class NoSchool(BoltError):
    """A workspace that no school has."""


class Installations(InstallationStore):
    """The bot of each workspace or, where it was installed for all of them, of an organisation.

    `known` says whether some school has a workspace or an organisation, by id.
    """

    def __init__(self, tokens: Tokens, known: Callable[[str], bool]) -> None:
        self._tokens = tokens
        self._known = known
        self._last: dict[str, Sealed] = {}

    def save(self, installation: Installation) -> None:
        """Keep an installation. Raises BoltError: `NoSchool` where no school has the workspace."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """Keep a bot; of its token nothing is written but what is closed."""
        place = _place(bot.enterprise_id, bot.team_id, bot.is_enterprise_install)
        if not self._known(place):
            raise NoSchool(place)
        try:
            self._tokens.keep(place, Sealed(json.dumps({name: getattr(bot, name) for name in _KEPT})))
        except (NotRecorded, KeyMissing):
            raise BoltError("The database did not take it.") from None

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace or an organisation; while the database is away the one that was found last."""
        place = _place(enterprise_id, team_id, is_enterprise_install)
        try:
            found = self._tokens.kept(place) if self._known(place) else None
        except NotRecorded:
            found = self._last.get(place)
        except (CannotOpen, KeyMissing) as fault:
            log("slack_token_lost", level=logging.ERROR, kind=type(fault).__name__)
            found = None
        if found is None:
            self._last.pop(place, None)
            return None
        self._last[place] = found
        return Bot(**json.loads(found.reveal()), installed_at=0.0)

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace, or an organisation where no workspace is named."""
        place = _place(enterprise_id, team_id, team_id is None)
        self._last.pop(place, None)
        self._tokens.drop(place)

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing: no tokens of people are kept."""


def authorize(store: Installations) -> Callable[..., AuthorizeResult | None]:
    """What gives bolt the token for a request, from our tables alone: no call to Slack, whatever comes in."""

    def find(enterprise_id: str | None, team_id: str | None, context: BoltContext) -> AuthorizeResult | None:
        bot = store.find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=context.is_enterprise_install
        )
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )

    return find


def listen(app: App, store: Installations) -> None:
    """Forget a workspace once it has taken the app away, or its token."""

    def gone(context: BoltContext) -> None:
        workspace = None if context.is_enterprise_install else context.team_id
        store.delete_bot(enterprise_id=context.enterprise_id, team_id=workspace)

    def revoked(context: BoltContext, event: dict[str, dict[str, list[str]]]) -> None:
        if event.get("tokens", {}).get("bot"):
            gone(context)

    app.event("app_uninstalled")(gone)
    app.event("tokens_revoked")(revoked)


def flow(client_id: str, client_secret: Sealed, store: Installations, states: States, client: WebClient) -> OAuthFlow:
    """The way in for a workspace."""
    return OAuthFlow(
        client=client,
        settings=OAuthSettings(
            client_id=client_id,
            client_secret=client_secret.reveal(),
            scopes=SCOPES,
            user_scopes=[],
            install_page_rendering_enabled=False,
            callback_options=CallbackOptions(success=_installed, failure=_failed),
            installation_store=store,
            installation_store_bot_only=True,
            state_store=_Issued(states),
        ),
    )


def routes(way_in: OAuthFlow) -> list[Route]:
    """Its two addresses: where it begins, and where Slack sends the browser back to."""
    return [
        Route(way_in.install_path, partial(_page, way_in.handle_installation)),
        Route(way_in.redirect_uri_path, partial(_page, way_in.handle_callback)),
    ]


class _Issued(OAuthStateStore):
    """Our states, as the SDK wants them."""

    def __init__(self, states: States) -> None:
        self._states = states

    def issue(self, *args: object, **kwargs: object) -> str:
        return self._states.issue()

    def consume(self, state: str) -> bool:
        return self._states.consume(state)


def _page(handle: Callable[[BoltRequest], BoltResponse], request: Request) -> Response:
    asked = BoltRequest(
        body="", query=dict(request.query_params), headers={"cookie": request.headers.get("cookie", "")}
    )
    return to_starlette_response(handle(asked))


def _installed(args: SuccessArgs) -> BoltResponse:
    return BoltResponse(status=200, body=INSTALLED, headers=_forget_state(args))


def _failed(args: FailureArgs) -> BoltResponse:
    # The reason comes from the address, where anybody may write anything: it is not shown.
    text = UNKNOWN.format(id=args.error) if isinstance(args.error, NoSchool) else FAILED
    return BoltResponse(status=args.suggested_status_code, body=text, headers=_forget_state(args))


def _forget_state(args: SuccessArgs | FailureArgs) -> dict[str, str | Sequence[str]]:
    return {"set-cookie": args.settings.state_utils.build_set_cookie_for_deletion()}


def _place(enterprise: str | None, workspace: str | None, whole: bool | None) -> str:
    # By the workspace alone where there is one: it may join an organisation later.
    return (enterprise if whole or workspace is None else workspace) or ""
