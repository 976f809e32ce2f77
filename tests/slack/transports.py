"""How Slack hands something to an app: a signed request, or an envelope on a socket. Both tell what came back."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.slack.surface import JSON

EVENT, COMMAND, INTERACTIVE = "event", "command", "interactive"
PATHS: Mapping[str, str] = {EVENT: "/slack/events", COMMAND: "/slack/commands", INTERACTIVE: "/slack/actions"}
ENVELOPES: Mapping[str, str] = {EVENT: "events_api", COMMAND: "slash_commands", INTERACTIVE: "interactive"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one delivery; `status` is 0 where nothing came back, `payload` the reply's JSON or text."""

    kind: str
    sent: JSON
    acked: bool
    status: int = 0
    payload: Any = None
    elapsed: float = 0.0
    retry: int = 0
    final: bool = False


class Transport(Protocol):
    """One way to an app."""

    def send(self, kind: str, payload: JSON, retry: int = 0, reason: str = "") -> Delivered:
        """Deliver once and wait for the acknowledgement as long as Slack does."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that is about to be sent; a test may spoil it."""

    path: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class SignedHTTP:
    """Signed requests to an app's addresses."""

    address: str
    secret: str
    within: float = 3.0
    clock: Callable[[], float] = time.time

    def prepare(
        self, kind: str, payload: JSON, retry: int = 0, reason: str = "", skew: float = 0.0, secret: str = ""
    ) -> Prepared:
        """A request as Slack makes it; `skew` moves its time, another `secret` forges it."""
        body, content = encoded(kind, payload)
        stamp = str(int(self.clock() + skew))
        again = [("X-Slack-Retry-Num", str(retry)), ("X-Slack-Retry-Reason", reason)] if retry else []
        headers = [
            ("Content-Type", content),
            ("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"),
            ("X-Slack-Request-Timestamp", stamp),
            ("X-Slack-Signature", signature(secret or self.secret, stamp, body)),
            *again,
        ]
        return Prepared(PATHS[kind], body, tuple(headers))

    def post(self, prepared: Prepared) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request; status 0 where nothing came back in time."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self.within)
        try:
            connection.putrequest("POST", prepared.path)
            for name, value in prepared.headers:
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(prepared.body)))
            connection.endheaders(prepared.body)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        except (OSError, http.client.HTTPException):
            return 0, {}, b""
        finally:
            connection.close()

    def send(self, kind: str, payload: JSON, retry: int = 0, reason: str = "") -> Delivered:
        """Deliver once."""
        prepared, start = self.prepare(kind, payload, retry, reason), time.perf_counter()
        status, headers, body = self.post(prepared)
        elapsed, final = time.perf_counter() - start, headers.get("x-slack-no-retry") == "1"
        text = body.decode("utf-8", "replace")
        reply = _read(text) if "json" in headers.get("content-type", "") else text or None
        return Delivered(kind, payload, status == 200, status, reply, elapsed, retry, final)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text or None


def encoded(kind: str, payload: JSON) -> tuple[bytes, str]:
    """The body of a request and its content type."""
    if kind == EVENT:
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == COMMAND else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Slack's signature of a request."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class SocketMode:
    """The end of Slack of Socket Mode; a connection needs a ticket, which serves once."""

    app: str
    within: float = 3.0
    open: list[ServerConnection] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    acks: dict[str, JSON] = field(default_factory=dict)
    heard: Condition = field(default_factory=Condition)
    hellos: int = 0
    server: Server = field(init=False, repr=False)
    thread: Thread = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.server = serve(self._serve, "127.0.0.1", 0, ping_interval=1.0)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def ticket(self) -> str:
        """An address to connect to, once."""
        ticket = uuid4().hex
        self.tickets.add(ticket)
        return f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/link/?ticket={ticket}&app_id={self.app}"

    def _serve(self, connection: ServerConnection) -> None:
        ticket = (connection.request.path if connection.request else "").partition("ticket=")[2].partition("&")[0]
        if ticket not in self.tickets:
            connection.close(4000, "invalid ticket")
            return
        self.tickets.discard(ticket)
        with self.heard:
            self.open.append(connection)
        try:
            connection.send(json.dumps(self._hello()))
            with self.heard:
                self.hellos += 1
                self.heard.notify_all()
            for message in connection:
                self._hear(json.loads(message))
        except ConnectionClosed:
            pass
        finally:
            self._gone(connection)

    def _hello(self) -> JSON:
        info = {"host": "applink-1", "build_number": 10, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": info,
            "connection_info": {"app_id": self.app},
        }

    def _hear(self, ack: JSON) -> None:
        with self.heard:
            self.acks[ack["envelope_id"]] = ack
            self.heard.notify_all()

    def _gone(self, connection: ServerConnection) -> None:
        with self.heard:
            if connection in self.open:
                self.open.remove(connection)
            self.heard.notify_all()

    def connected(self, count: int = 1, hellos: int = 1, within: float = 20.0) -> bool:
        """Wait until so many connections are open and so many were greeted; false where it takes too long."""
        with self.heard:
            return self.heard.wait_for(lambda: len(self.open) >= count and self.hellos >= hellos, within)

    def send(self, kind: str, payload: JSON, retry: int = 0, reason: str = "") -> Delivered:
        """Deliver once, on the newest connection."""
        start, id = time.perf_counter(), str(uuid4())
        with self.heard:
            connection = self.open[-1] if self.open else None
        if connection is None:
            return Delivered(kind, payload, False, retry=retry)
        envelope: JSON = {"envelope_id": id, "type": ENVELOPES[kind], "payload": payload}
        envelope["accepts_response_payload"] = kind != EVENT
        if kind == EVENT:
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        with suppress(ConnectionClosed):
            connection.send(json.dumps(envelope))
        with self.heard:
            self.heard.wait_for(lambda: id in self.acks or connection not in self.open, self.within)
            ack = self.acks.pop(id, None)
        status = 200 if ack is not None else 0
        return Delivered(
            kind, payload, ack is not None, status, (ack or {}).get("payload"), time.perf_counter() - start, retry
        )

    def disconnect(self, reason: str = "refresh_requested", close: bool = True) -> None:
        """Tell every connection that it ends, and end it."""
        frame = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
        for connection in list(self.open):
            with suppress(ConnectionClosed):
                connection.send(frame)
            if close:
                connection.close()

    def abort(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.open):
            self._gone(connection)
            with suppress(OSError):
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop."""
        for connection in list(self.open):
            connection.close()
        self.server.shutdown()
        self.thread.join(5)
