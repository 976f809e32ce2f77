"""The addresses that Slack calls: nothing is parsed before it is verified, nothing is done before it is understood."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import anyio
from slack_bolt import BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack.once import Dispatch
from bot.channels.slack.payload import Kind, read
from bot.channels.slack.verify import Headers, Refused, verify
from bot.logs import log
from bot.talk.sealed import Sealed

PATHS = {"/slack/events": Kind.EVENTS, "/slack/commands": Kind.COMMANDS, "/slack/actions": Kind.ACTIONS}

BODY = 1024 * 1024
"""Bytes of a body that we read."""

SECONDS = 10.0
"""How long a body may take to arrive; Slack itself waits for three."""

QUIET = 60.0
"""Seconds between two lines in the log about what was refused, so that nobody can fill it."""


def routes(dispatch: Dispatch, secrets: Sequence[Sealed], now: Callable[[], float] = time.time) -> list[Route]:
    """The addresses; `secrets` are the signing secrets that count, `now` is in seconds since 1970."""
    edge = Edge(dispatch, tuple(secrets), now)
    return [Route(path, edge.taking(kind), methods=["POST"]) for path, kind in PATHS.items()]


@dataclass(slots=True)
class Edge:
    """Takes requests; the work is done in threads."""

    dispatch: Dispatch
    secrets: tuple[Sealed, ...]
    now: Callable[[], float]
    logged: float = 0.0

    def taking(self, kind: Kind) -> Callable[[Request], Awaitable[Response]]:
        """What answers requests of a kind."""

        async def endpoint(request: Request) -> Response:
            try:
                body = await _read(request)
            except (Refused, ClientDisconnect):
                return Response(status_code=400)
            return await run_in_threadpool(self._answer, kind, request.headers.raw, body)

        return endpoint

    def _answer(self, kind: Kind, headers: Headers, body: bytes) -> Response:
        try:
            verify(self.secrets, headers, body, self.now())
            # As a mapping, so that bolt parses nothing again, perhaps otherwise than we did.
            request = BoltRequest(body=read(kind, headers, body), mode="socket_mode")
            answer = self.dispatch(request)
        except Refused as refused:
            return self._refuse(refused.status)
        except Exception as fault:  # the type alone: its text may hold what a person typed
            log("slack_failed", level=logging.ERROR, kind=type(fault).__name__)
            return Response(status_code=500)
        return Response(answer.body, answer.status, {"content-type": answer.first_headers()["content-type"]})

    def _refuse(self, status: int) -> Response:
        if self.now() - self.logged > QUIET:
            self.logged = self.now()
            log("slack_refused", level=logging.WARNING, kind=str(status))
        return Response(status_code=status)


async def _read(request: Request) -> bytes:
    """The body of a request. Raises Refused when it is too big or too slow."""
    body = bytearray()
    with anyio.move_on_after(SECONDS) as waiting:
        async for part in request.stream():
            body += part
            if len(body) > BODY:
                raise Refused(400)
    if waiting.cancelled_caught:
        raise Refused(400)
    return bytes(body)
