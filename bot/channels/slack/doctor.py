"""What is wrong with the settings for Slack, and with what Slack says to them; no secret is ever shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.channels.slack.manifest import SCOPES
from bot.settings import PREFIX, Settings
from bot.talk.sealed import Sealed

SKEW = 60
"""Seconds that this clock may be off: from 300 on everything from Slack would be refused."""

SECONDS = 10

BOT, APP, SIGNING = f"{PREFIX}SLACK_BOT_TOKEN", f"{PREFIX}SLACK_APP_TOKEN", f"{PREFIX}SLACK_SIGNING_SECRET"
CLIENT, SECRET = f"{PREFIX}SLACK_CLIENT_ID", f"{PREFIX}SLACK_CLIENT_SECRET"


def faults(settings: Settings, now: Callable[[], datetime], known: Callable[[str], bool]) -> Iterator[str]:
    """One sentence for each thing that is wrong; nothing where nothing is set.

    `known` says whether some school has a workspace, by id.
    """
    bot, app, signing = (settings.sealed(f"slack_{name}") for name in ("bot_token", "app_token", "signing_secret"))
    client, secret = bool(settings.slack_client_id), settings.sealed("slack_client_secret")
    if not any((bot, app, signing, client, secret)):
        return
    yield from _together(bool(bot), bool(app), bool(signing), client, bool(secret))
    if any(not re.fullmatch(r"[0-9a-f]{32}", one.reveal()) for one in signing):
        yield f"{SIGNING} is not one: it has 32 of 0-9 and a-f. See Basic Information of your app."
    for name, tokens, sort in ((BOT, bot, "xoxb-"), (APP, app, "xapp-")):
        for token in tokens:
            if token.reveal().startswith(sort):
                yield from _answered(name, token, settings.slack_api, now, known)
            else:
                yield f"{name} is another kind of token: it begins with {sort}."


def _together(bot: bool, app: bool, signing: bool, client: bool, secret: bool) -> Iterator[str]:
    if not (bot or client):
        yield f"Slack gives Signpost no way to answer: set {BOT}, or {CLIENT} for many workspaces."
    if bot and client:
        yield f"{BOT} is for one workspace and {CLIENT} for many: unset one of them."
    if client != secret:
        yield f"{CLIENT} and {SECRET} belong together: set both."
    if not (app or signing):
        yield f"Nothing from Slack can come in: set {APP} for Socket Mode, or {SIGNING} for HTTP."


def _answered(
    name: str, token: Sealed, api: str, now: Callable[[], datetime], known: Callable[[str], bool]
) -> Iterator[str]:
    """What Slack says to a token."""
    web = WebClient(base_url=api, timeout=SECONDS)
    try:
        if name == APP:
            web.apps_connections_open(app_token=token.reveal())
        else:
            answer = web.auth_test(token=token.reveal())
            yield from _scopes(answer)
            yield from _clock(answer, now())
            yield from _place(str(answer.get("team_id", "")), known)
    except SlackApiError as refused:
        yield f"Slack does not take {name}: {_code(refused)}."
    except Exception as fault:  # its text may hold the address with all that was sent
        yield f"Slack cannot be reached from here ({type(fault).__name__}). Is a firewall or a proxy in the way?"


def _scopes(answer: SlackResponse) -> Iterator[str]:
    given = {one.strip() for one in _header(answer, "x-oauth-scopes").split(",") if one.strip()}
    if missing := sorted(set(SCOPES) - given):
        yield f"The bot lacks rights: {', '.join(missing)}. Install the app again with: signpost slack manifest"
    if beyond := sorted(given - set(SCOPES)):
        yield f"The bot has rights that it does not need: {', '.join(beyond)}. Take them away, and install it again."


def _clock(answer: SlackResponse, now: datetime) -> Iterator[str]:
    try:
        off = abs((now - parsedate_to_datetime(_header(answer, "date"))).total_seconds())
    except (TypeError, ValueError):
        return
    if off > SKEW:
        yield f"This clock is {off:.0f} seconds off Slack's; from 300 on whatever Slack sends is refused. Set it right."


def _place(workspace: str, known: Callable[[str], bool]) -> Iterator[str]:
    if re.fullmatch(r"[A-Z0-9]{1,40}", workspace) and not known(workspace):
        yield f'No school has your workspace: give it the line slack = ["{workspace}"] in your schools file.'


def _header(answer: SlackResponse, name: str) -> str:
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")


def _code(refused: SlackApiError) -> str:
    code = str(refused.response.get("error", ""))
    return code if re.fullmatch(r"[a-z_]{1,40}", code) else "it says no more"
