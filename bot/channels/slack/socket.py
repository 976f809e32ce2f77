"""Socket Mode: one connection to Slack that is kept up, and for how long nothing has been heard on it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.channels.slack.once import Dispatch
from bot.channels.slack.payload import Kind, fitting
from bot.channels.slack.verify import Refused
from bot.logs import log
from bot.talk.sealed import Sealed

PING = 5.0
"""Seconds between two pings; Slack answers each."""

STALE = 60.0
"""Seconds of silence after which the connection is made anew, whatever it says of itself."""

LONGEST = 60.0
"""Seconds between two tries to connect, at most."""


class Socket:
    """The connection; `now` is in seconds since 1970."""

    def __init__(
        self,
        token: Sealed,
        dispatch: Dispatch,
        web: WebClient,
        now: Callable[[], float] = time.time,
        ping: float = PING,
    ) -> None:
        self._token = token
        self._dispatch = dispatch
        self._web = web
        self._now = now
        self._ping = ping
        self._client: SocketModeClient | None = None
        self._heard = now()
        self._renewed = 0.0
        self.hello: float | None = None
        self.hellos = 0

    def run(self, stop: Event) -> None:
        """Keep the connection up until told to stop; a failure is logged by its kind and tried again."""
        self._client, pause = self._made(), 1.0
        try:
            while not stop.is_set():
                pause = 1.0 if self._up(self._client) else min(2 * pause, LONGEST)
                stop.wait(pause)
        finally:
            self._client.close()

    def _up(self, client: SocketModeClient) -> bool:
        """Whether the connection is up, after one try where it was not."""
        try:
            if client.is_connected() and self.silent() > STALE < self._now() - self._renewed:
                self._renewed = self._now()
                # Ended first: the SDK's own `force` can lose a new connection over closing the old one.
                client.disconnect()
            if not client.is_connected():
                client.connect_to_new_endpoint()
        except Exception as fault:  # the type alone: an address that holds a ticket may stand in its text
            log("slack_unreachable", level=logging.WARNING, kind=type(fault).__name__)
        return client.is_connected()

    def silent(self) -> float:
        """For how many seconds nothing has been heard."""
        session = self._client.current_session if self._client else None
        pong = session.last_ping_pong_time if session else None
        return max(0.0, self._now() - max(self._heard, pong or 0.0))

    def metrics(self) -> Mapping[str, float]:
        """What a monitor watches."""
        return {
            "signpost_slack_connected": float(bool(self._client and self._client.is_connected())),
            "signpost_slack_silent_seconds": self.silent(),
            "signpost_slack_hellos": float(self.hellos),
            "signpost_slack_last_hello_seconds": self._now() - self.hello if self.hello else -1.0,
        }

    def _made(self) -> SocketModeClient:
        client = SocketModeClient(self._token.reveal(), web_client=self._web, ping_interval=self._ping)
        client.message_listeners.append(self._hear)
        client.socket_mode_request_listeners.append(self._take)
        return client

    def _hear(self, client: BaseSocketModeClient, message: dict[str, Any], raw: str | None = None) -> None:
        self._heard = self._now()
        if message.get("type") == "hello":
            self.hello, self.hellos = self._heard, self.hellos + 1

    def _take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """Do what came in; without an answer Slack sends it again, or tells the person that it failed."""
        try:
            payload = fitting(Kind(request.type), request.payload)
            answer = self._dispatch(BoltRequest(body=payload, mode="socket_mode"))
            if answer.status == 200:
                client.send_socket_mode_response(SocketModeResponse(request.envelope_id, _content(answer)))
        except (Refused, ValueError):
            log("slack_refused", level=logging.WARNING, kind="socket")
        except Exception as fault:  # the type alone: its text may hold what a person typed
            log("slack_failed", level=logging.ERROR, kind=type(fault).__name__)


def _content(answer: BoltResponse) -> dict[str, Any] | None:
    if not answer.body:
        return None
    written = answer.first_headers()["content-type"].startswith("application/json")
    return dict(json.loads(answer.body)) if written else {"text": answer.body}
