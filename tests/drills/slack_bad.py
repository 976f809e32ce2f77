"""Requests to Slack's addresses that Slack did not send: none gets in, none breaks anything, no log holds a word of it.

Forged, flipped, late, early, doubled, cut, huge, not UTF-8, at the wrong address, and sent again word for word; beside
them right ones, which are all taken. Through the real application. `--count` is how many bad ones.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from rich.progress import track
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bot.channels.slack.edge import BODY, PATHS, routes
from bot.channels.slack.once import Once
from bot.channels.slack.verify import AGE
from bot.channels.web.guard import Guard
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.seen import SqlSeen
from bot.wiring import now as clock
from tests.channels.slack.signing import FORM, JSON, NOW, SECRETS, Signed, action, command, event, signature, signed

COUNT = 10_000
CANARY = "-".join(("canary", "in", "the", "body"))
SENT, SIGNATURE, TYPE = "x-slack-request-timestamp", "x-slack-signature", "content-type"

Lines = list[tuple[str, str]]
Request = tuple[str, Lines, bytes]
"""A path, header lines of which some may be doubled, and a body."""


@dataclass
class Forger:
    """Makes requests that must not get in; each kind is a method."""

    random: random.Random
    number: int = 0

    def right(self) -> Signed:
        """A request as Slack would send it."""
        self.number += 1
        make = self.random.choice((event, command))
        return self.random.choice((make(self.number, f"{CANARY} {self.number}"), action(self.number, more=CANARY)))

    def bad(self) -> tuple[str, Request]:
        """A kind by name, and one of it."""
        kind = self.random.choice(KINDS)
        return kind.__name__, kind(self)

    def flipped(self) -> Request:
        """One bit of the body, the signature or the time is another."""
        path, headers, body = self.right()
        part = self.random.choice(("body", SIGNATURE, SENT))
        if part == "body":
            return path, list(headers.items()), self._flip(body)
        value = headers[part].encode()
        while (other := self._flip(value)) == value.upper() or not other.isascii() or b"\n" in other or b"\r" in other:
            pass
        return path, list({**headers, part: other.decode()}.items()), body

    def forged(self) -> Request:
        """Signed with another secret, with none, or not at all."""
        path, headers, body = self.right()
        secret = self.random.choice(("f" * 32, "", SECRET_HALF))
        name = self.random.choice((secret, "v0=" + "0" * 64, "v0=", "", "v1" + headers[SIGNATURE][2:], "x" * 5000))
        made = signature(body, secret=name) if name in ("f" * 32, "", SECRET_HALF) else name
        return path, list({**headers, SIGNATURE: made}.items()), body

    def late(self) -> Request:
        """Right in all but the time: a replay of what was recorded, or one from the future."""
        off = self.random.choice((-1, 1)) * (AGE + self.random.choice((1, 2, 60, 86_400, 10**8)))
        path, headers, body = self.right()
        return path, list(signed(body, headers[TYPE], NOW + off).items()), body

    def times(self) -> Request:
        """A time that is no time, signed all the same."""
        sent = self.random.choice(
            ("abc", "9" * 5000, "-1", "", "1e9", "NaN", "1_8", " 1800000000", "1800000000.0", "0x1", "\x00", "inf")
        )
        path, headers, body = self.right()
        return path, list(signed(body, headers[TYPE], sent).items()), body

    def headers(self) -> Request:
        """A header that is missing or stands there twice."""
        path, headers, body = self.right()
        name = self.random.choice((SENT, SIGNATURE, TYPE))
        lines = list(headers.items())
        if self.random.random() < 0.5:
            return path, [line for line in lines if line[0] != name], body
        return path, [*lines, (name, self.random.choice((headers[name], "other")))], body

    def types(self) -> Request:
        """Another sort of content than belongs to the address."""
        path, headers, body = self.right()
        wrong = FORM if path == "/slack/events" else JSON
        sort = self.random.choice((wrong, "text/plain", "multipart/form-data; boundary=x", f"{headers[TYPE]}; a=b", ""))
        return path, list({**headers, TYPE: sort}.items()), body

    def addresses(self) -> Request:
        """At an address that is for something else, or for nothing."""
        path, headers, body = self.right()
        others = [*(each for each in PATHS if each != path), "/slack", "/slack/events/", "/slack/x", "/slack//events"]
        return self.random.choice(others), list(headers.items()), body

    def bytes(self) -> Request:
        """Signed, and not UTF-8, not JSON, not a form, or not an object."""
        text = CANARY.encode()
        bodies = {
            "/slack/events": (b'{"type": "event_callback", "text": "\xff%b"}', b'["%b"]', b'"%b"', b"{%b", b"\xfe%b"),
            "/slack/commands": (b"command=%%2Fpolicy&text=%b%%ff", b"%b", b"command=%b&command=%b", b"\xff=%b"),
            "/slack/actions": (b"payload=%%7B%b", b"payload=%%5B%b%%5D", b"other=%b", b"payload=%%ff%b", b"%b"),
        }
        path = self.random.choice(list(bodies))
        made = self.random.choice(bodies[path])
        body = made % ((text,) * made.replace(b"%%", b"").count(b"%b"))
        return path, list(signed(body, JSON if path == "/slack/events" else FORM).items()), body

    def large(self) -> Request:
        """Signed, and larger than we read, or deeper than anybody writes."""
        deep = b'{"type": "event_callback", "text": "%b", "deep": %b}' % (CANARY.encode(), b"[" * 100_000)
        huge = b'{"type": "event_callback", "text": "%b%b"}' % (CANARY.encode(), b"a" * BODY)
        body = self.random.choice((deep, huge))
        return "/slack/events", list(signed(body, JSON).items()), body

    def _flip(self, data: bytes) -> bytes:
        place = self.random.randrange(len(data) * 8)
        other = bytearray(data)
        other[place // 8] ^= 1 << place % 8
        return bytes(other)


SECRET_HALF = "0123456789abcdef"
KINDS: tuple[Callable[[Forger], Request], ...] = (
    Forger.flipped,
    Forger.flipped,
    Forger.forged,
    Forger.forged,
    Forger.late,
    Forger.times,
    Forger.headers,
    Forger.types,
    Forger.addresses,
    Forger.bytes,
    Forger.large,
)


@dataclass
class Effects:
    """What the app was told to do, by what it was told."""

    by: Counter[str] = field(default_factory=Counter)

    def app(self) -> App:
        """A bolt app that does nothing else."""
        app = App(authorize=_authorized, request_verification_enabled=False, process_before_response=True)
        app.event("message")(lambda body: self.by.update([body["event_id"]]))
        app.command("/policy")(lambda ack, body: (ack(), self.by.update([body["trigger_id"]])))
        app.action("do:1")(lambda ack, body: (ack(), self.by.update([body["trigger_id"]])))
        return app


def _authorized() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="UB", bot_token="xoxb-1")


@contextmanager
def _listening() -> Iterator[StringIO]:
    """All that any logger says, at every level, and all that goes to standard error."""
    heard, screen = StringIO(), sys.stderr
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    sys.stderr = heard
    try:
        yield heard
    finally:
        sys.stderr = screen
        root.setLevel(level)
        root.removeHandler(handler)


@contextmanager
def _edge(effects: Effects) -> Iterator[TestClient]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'records.db'}")
        migrate(engine)
        served = routes(Once(effects.app().dispatch, SqlSeen(engine, clock)), SECRETS, lambda: NOW)
        with TestClient(
            Starlette(routes=served, middleware=[Middleware(Guard)]),
            "http://127.0.0.1:8321",
            raise_server_exceptions=False,
            follow_redirects=False,
        ) as client:
            yield client
        engine.dispose()


def _send(client: TestClient, request: Request) -> int:
    path, lines, body = request
    return int(client.post(path, content=body, headers=lines).status_code)


def drill(count: int | None) -> bool:
    """Print what came of each kind; whether nothing got in, nothing broke, and nothing was said."""
    bad = count or COUNT
    effects, forger = Effects(), Forger(random.Random(1))
    statuses: dict[str, Counter[int]] = {}
    with _listening() as heard, _edge(effects) as client:
        for _ in track(range(bad), "Bad requests"):
            name, request = forger.bad()
            statuses.setdefault(name, Counter())[_send(client, request)] += 1
        said = heard.getvalue()
        wrongly, effects.by = effects.by.total(), Counter()
        sent = [forger.right() for _ in track(range(bad // 10), "Right requests")]
        taken = Counter(_send(client, (path, list(headers.items()), body)) for path, headers, body in sent)
        again = Counter(_send(client, (path, list(headers.items()), body)) for path, headers, body in sent)
    for name, found in sorted(statuses.items()):
        print(f"{name:10} {_counts(found)}")
    return _verdict(bad, statuses, wrongly, said.count(CANARY), (taken, again, effects.by), len(sent))


def _verdict(bad: int, statuses: dict[str, Counter[int]], wrongly: int, leaked: int, right: Any, sent: int) -> bool:
    taken, again, by = right
    accepted = wrongly + sum(number for found in statuses.values() for each, number in found.items() if each < 300)
    broken = sum(number for found in statuses.values() for each, number in found.items() if each >= 500)
    print(f"right: {_counts(taken)}; word for word again: {_counts(again)}; effects {by.total()}")
    print(f"{bad:,} bad requests: {accepted} accepted, {broken} broke something, {leaked} leaked into a log")
    once = by.total() == len(by) == sent and taken[200] == again[200] == sent
    return not accepted and not broken and not leaked and once


def _counts(found: Counter[int]) -> str:
    return json.dumps(dict(sorted(found.items())))
