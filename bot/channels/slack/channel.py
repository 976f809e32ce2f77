"""The channel put together: one bolt app behind both transports, and the clients that write to workspaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from starlette.routing import Route

from bot.channels.slack import edge, install
from bot.channels.slack.app import Listeners
from bot.channels.slack.install import Installations, States, Tokens
from bot.channels.slack.once import Dispatch, Once
from bot.channels.slack.place import Directory
from bot.channels.slack.socket import Socket
from bot.domain.ports import Seen
from bot.settings import Settings
from bot.talk.sealed import Sealed
from bot.talk.turn import Assistant

SECONDS = 10
"""How long a call to Slack may take."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the channel keeps: what has come in before, the tokens of workspaces, installations under way."""

    seen: Seen
    tokens: Tokens
    states: States


@dataclass(frozen=True, slots=True)
class Slack:
    """The channel: its addresses, its connection in Socket Mode, and the client of a workspace."""

    dispatch: Dispatch
    routes: Sequence[Route]
    socket: Socket | None
    client: Callable[[str], WebClient | None]


def open_slack(settings: Settings, assistant: Assistant, directory: Directory, memory: Memory) -> Slack:
    """Put it together, for one workspace by its token or for many that install it."""
    web = partial(_web, settings.slack_api)
    store = Installations(memory.tokens, directory.knows)
    token = next(iter(settings.sealed("slack_bot_token")), None)
    app = App(
        client=web(None),
        authorize=_always(token) if token else install.authorize(store),  # type: ignore[arg-type]  # None is refused by bolt
        process_before_response=True,
        request_verification_enabled=False,
    )
    install.listen(app, store)
    dispatch = Once(Listeners(assistant, directory).on(app).dispatch, memory.seen)
    return Slack(
        dispatch,
        [*_addresses(settings, dispatch), *_way_in(settings, store, memory.states, web(None))],
        next((Socket(one, dispatch, web(None)) for one in settings.sealed("slack_app_token")), None),
        partial(_to_team, store, token, settings.slack_api),
    )


def _addresses(settings: Settings, dispatch: Dispatch) -> Sequence[Route]:
    secrets = settings.sealed("slack_signing_secret")
    return edge.routes(dispatch, secrets) if secrets else ()


def _way_in(settings: Settings, store: Installations, states: States, client: WebClient) -> Sequence[Route]:
    for secret in settings.sealed("slack_client_secret"):
        return install.routes(install.flow(settings.slack_client_id, secret, store, states, client))
    return ()


def _web(api: str, token: Sealed | None, waits: bool = True) -> WebClient:
    """A client; one that does not wait tells how long Slack asks us to."""
    again = [ConnectionErrorRetryHandler(), *([RateLimitErrorRetryHandler(max_retry_count=2)] if waits else [])]
    return WebClient(token.reveal() if token else None, base_url=api, timeout=SECONDS, retry_handlers=again)


def _always(token: Sealed) -> Callable[..., AuthorizeResult]:
    def find(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token.reveal())

    return find


def _to_team(store: Installations, token: Sealed | None, api: str, team: str) -> WebClient | None:
    if token is None:
        bot = store.find_bot(enterprise_id=None, team_id=team)
        token = Sealed(bot.bot_token) if bot and bot.bot_token else None
    return _web(api, token, waits=False) if token else None
