"""`python -m tests.drills.server --data DIR --port N [--database URL] [--die STEP:NTH]`: the server, for drills.

The whole server in practice mode, worker included. At the NTH time that a step is reached it kills itself, as `kill -9`
would. Beside the pages it takes a form at `/form` with its key, as Slack and Teams hand it over.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.ports import Clock
from bot.settings import Settings
from bot.storage.audit import Secret
from bot.storage.cipher import Box
from bot.storage.outbox import Leased, Outbox
from bot.talk.message import Alert, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Assistant, Reply, Submitted, Turn, Typed
from bot.wiring import Installation
from bot.worker import Messenger, Worker
from intents.catalogue import catalogue

STEPS = ("begun", "before-audit", "before-commit", "committed")
"""Of a transaction."""
REPLIES = ("before-reply", "replied")
NOTICES = ("before-send", "sent", "before-mark", "marked")

catalogue()  # it remembers: a server that is forked from here has read it already

SCHOOL, REPORTER, FORM = "whgs", "teacher", "child-concern"
PATH, WEAKEN = "/form", "/weaken"
WEAK = {"sqlite": "PRAGMA synchronous = OFF", "postgresql": "SET synchronous_commit = off"}
"""What makes a database less safe: to show that a drill would see it."""
EAGER = 0.02
"""Seconds between two looks of the worker: a drill does not wait as long as people do."""


@dataclass(slots=True)
class Steps:
    """Counts the steps, writes them to a trace, and ends the process where it was told to."""

    die: str = ""
    nth: int = 0
    trace: int | None = None
    lock: Lock = field(default_factory=Lock)

    def __call__(self, step: str) -> None:
        """A step was reached."""
        if self.trace is not None:
            os.write(self.trace, f"{step}\n".encode())
        if step == self.die:
            with self.lock:
                self.nth -= 1
                if self.nth == 0:
                    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Watched:
    """A messenger whose steps are told."""

    messenger: Messenger
    steps: Callable[[str], None]

    def deliver(self, leased: Leased) -> bool:
        """Tell its recipient."""
        self.steps("before-send")
        done = self.messenger.deliver(leased)
        self.steps("sent")
        return done


class WatchedOutbox(Outbox):
    """An outbox whose steps are told."""

    def __init__(self, here: Installation) -> None:
        secret: Secret = here.keys.secret
        clock: Clock = here.clock
        super().__init__(here.engine, secret, Box, clock)
        self._steps = here.steps

    def sent(self, leased: Leased) -> bool:
        """Note that it was sent."""
        self._steps("before-mark")
        done = super().sent(leased)
        self._steps("marked")
        return done


@dataclass(frozen=True, slots=True)
class WatchedReplies:
    """Middleware that tells before the reply to a form leaves and once it has."""

    app: ASGIApp
    steps: Callable[[str], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.steps("before-reply")
            await send(message)
            if message["type"] == "http.response.body":
                self.steps("replied")

        await self.app(scope, receive, told if scope.get("path") == PATH else send)


def submitted(assistant: Assistant, key: str, happened: str) -> Reply:
    """The reply to a form that was sent in under a key."""
    return assistant.reply(Turn(f"drill {key}", REPORTER, SCHOOL, Submitted(FORM, typed(happened), key)))


def typed(happened: str) -> Typed:
    """What stands in the form."""
    return {"happened": (Sealed(happened),), "about": (Sealed("nobody"),)}


def sentences(reply: Reply) -> list[str]:
    """What is said in a reply."""
    return [block.text for message in reply.messages for block in message.blocks if isinstance(block, Para | Alert)]


def application(here: Installation) -> ASGIApp:
    """The web channel, and the addresses of a drill."""

    async def take(request: Request) -> Response:
        form = json.loads(await request.body())
        return JSONResponse(
            sentences(await run_in_threadpool(submitted, here.assistant, form["key"], form["happened"]))
        )

    def weaken(request: Request) -> Response:
        run(here, WEAK[here.engine.dialect.name])
        return JSONResponse([])

    app = here.web()
    app.router.routes += [Route(PATH, take, methods=["POST"]), Route(WEAKEN, weaken, methods=["POST"])]
    return WatchedReplies(app, here.steps)


def installation(data: Path, database: str = "", steps: Callable[[str], None] = lambda step: None) -> Installation:
    """An installation in practice mode."""
    return Installation(Settings(data=data, DATABASE_URL=database), steps=steps)


def run(here: Installation, statement: str) -> Any:
    """Run a statement on the connection that stays open, outside a transaction; its first value, if it has one."""
    pooled = here.engine.raw_connection()
    cursor: Any = pooled.cursor()
    cursor.execute(statement)
    row = cursor.fetchone() if cursor.description else None
    pooled.commit()
    pooled.close()
    return row and row[0]


def watched(here: Installation) -> Worker:
    """Its worker, whose steps are told."""
    return replace(here.worker, outbox=WatchedOutbox(here), messenger=Watched(here.worker.messenger, here.steps))


def serve(data: Path, port: int, database: str = "", die: str = "", trace: str = "", working: bool = True) -> None:
    """Serve until killed."""
    step, _, nth = die.partition(":")
    log = os.open(trace, os.O_WRONLY | os.O_APPEND) if trace else None
    with socket.create_server(("127.0.0.1", port), backlog=128) as listening:
        here = installation(data, database, Steps(step, int(nth or 1), log))
        app = application(here)
        if working:
            Thread(target=watched(here).run, args=(Event(), EAGER), daemon=True).start()
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.server", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", default="")
    parser.add_argument("--die", default="", metavar="STEP:NTH")
    parser.add_argument("--trace", default="", help="a file that each step is added to")
    parser.add_argument("--no-worker", dest="working", action="store_false")
    serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
