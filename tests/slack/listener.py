"""The HTTP end of a fake Slack: what arrives is read as Slack reads it, and handed on."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl

from tests.slack.surface import JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; None as its body is a connection that breaks."""

    body: bytes | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Answers(Protocol):
    """What answers."""

    def call(self, name: str, secret: str, args: JSON) -> Answer:
        """A method of the Web API."""

    def respond(self, id: str, args: JSON) -> Answer:
        """Something sent to a response_url."""


class Listener(ThreadingHTTPServer):
    """A server on a free port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answers: Answers, clock: Callable[[], float]) -> None:
        self.answers, self.clock = answers, clock
        self.broken: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what went wrong in the fake itself; that somebody hung up is no fault."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            self.broken.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        if path.startswith("/response/"):
            self._send(self.server.answers.respond(path.removeprefix("/response/"), self._read(body)))
            return
        args = {**dict(parse_qsl(query, keep_blank_values=True)), **self._read(body)}
        scheme, _, secret = (self.headers.get("Authorization") or "").partition(" ")
        if scheme == "Basic":
            args["client_id"], _, args["client_secret"] = base64.b64decode(secret).decode().partition(":")
        bearer = secret if scheme == "Bearer" else str(args.get("token") or "")
        self._send(self.server.answers.call(path.removeprefix("/api/"), bearer, args))

    def _read(self, body: bytes) -> dict[str, Any]:
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body or b"{}"))  # what is not JSON is a fault of the app that no test should miss
        form: dict[str, Any] = dict(parse_qsl(body.decode(), keep_blank_values=True))
        for name in ("blocks", "view", "prompts", "attachments", "metadata"):
            if name in form:
                with suppress(ValueError):
                    form[name] = json.loads(form[name])
        return form

    def _send(self, answer: Answer) -> None:
        if answer.body is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(answer.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The header `Date`, by the fake's clock."""
        return super().date_time_string(int(self.server.clock()))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
