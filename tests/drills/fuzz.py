"""Requests that no browser would send, to every address of the real server: none breaks it, none keeps it waiting.

Methods, addresses, headers and bodies of every kind, forged, huge, cut, not UTF-8, several on one connection; half of
them with a session and its token, as different people, with a form open and cases to reach. `--count` is how many.
"""

from __future__ import annotations

import random
import re
import socket
import string
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

from rich.progress import track

from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.report_forms import REPORT_FORMS
from bot.settings import Settings
from bot.wiring import Installation
from intents.catalogue import catalogue
from tests.drills.canary import REFERENCE
from tests.drills.process import SCHOOL, Signpost, signpost

COUNT = 10_000
LONGEST = 3.0
"""Seconds after which a request counts as hanging."""
FRESH = 20
"""Requests after which the next person comes with a new session."""
PEOPLE = ("dsl", "dsl", "dsl", "teacher", "head", "deputy", "chair", "it", "auditor", "pa")
POSTS = ("/say", "/press", "/submit", "/close", "/leave", "/switch", "/in", "/out", "/unlock", "/")
GETS = (
    "/",
    "/cases",
    "/figures",
    "/audit",
    "/healthz",
    "/metrics",
    "/static/signpost.js",
    "/static/../app.py",
    "/in/x",
)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "P\xd6ST", "")
FIELDS = (
    "token form key seen text choice school persona next phrase link q.happened q.about q.why q.note q.person q.level "
    "q.entry q.day q.when-day q.until q.born q.proposal q.words q.extra q.harm q.outcome q.sort q.sure q. q"
).split()
FORM = "application/x-www-form-urlencoded"
TYPES = (
    f"{FORM}; charset=utf-16",
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
    "a; c=\x00",
)
ODD = (
    "origin: null|origin: http://evil.example|sec-fetch-site: cross-site|transfer-encoding: gzip|expect: 100-continue|"
    "upgrade: websocket|range: bytes=0-1,5-|accept: \xff|x-forwarded-for: ::1|if-none-match: *|"
    "content-length: 7|no colon"
).split("|")
NASTY = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"%00", b"%", b"%zz", b"../../etc/passwd",
    b"'; DROP TABLE cases;--", b"<script>alert(1)</script>", b"{{7*7}}", b"${7*7}", b"=HYPERLINK(1)", b"0", b"-1",
    b"1e999", b"9" * 400, b"NaN", "\u202e\x00\u2028\ufeff".encode(), "\U0001f469\u200d\U0001f52c".encode() * 9,
    "\u0661\u0662".encode(), b"\r\n\r\n", b"1.0.0.0", b"1.0.0.99999999999", b"31/02/2026", b"29/02/2027", b"01/01/0001",
    b"31/12/9999", b"0000-00-00", b"S-ZZZZ-ZZZZ/2", b"/2", b"[" * 3000, b"nobody", b"unsure", b"teacher", b"policy: *",
    b'policy: "', b"my reports", b"cases", b"yes", b"help",
)  # fmt: skip
QUESTIONS = [each for form in (*REPORT_FORMS.values(), *CASE_FORMS.values()) for each in form.questions]
_SPOT = re.compile(r'name="choice" value="([^"]+)"')
_FORM = re.compile(r'name="form" value="(\d+)"')
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


@dataclass
class Guest:
    """Somebody whose requests are made up; what their pages last showed makes some of them nearly right."""

    server: Signpost
    refs: Sequence[str]
    random: random.Random
    cookie: str = ""
    token: str = ""
    spots: Sequence[str] = ("1.0.0.0",)
    form: str = "0"

    def come(self, number: int) -> None:
        """Begin anew: mostly with a session, a form open in the chat for some."""
        if number % (4 * FRESH) == 0:
            self.cookie = self.token = ""
            return
        visitor = self.server.visitor(self.random.choice(PEOPLE))
        visitor.post(
            "/say", text=self.random.choice(("a pupil told me something worrying", "help", "topics", "my reports"))
        )
        self.spots = _SPOT.findall(visitor.get("/").text) or self.spots
        visitor.post("/press", choice=self.random.choice(self.spots))
        found = _FORM.search(visitor.get("/").text)
        self.form = found[1] if found else "0"
        self.cookie, self.token = visitor.client.cookies.get("signpost") or "", visitor.token

    def request(self) -> bytes:
        """One request, or several on one connection."""
        before = [self.one("keep-alive") for _ in range(self.random.choice((0, 0, 0, 0, 2)))]
        return b"".join([*before, self.one("close")])

    def one(self, connection: str) -> bytes:
        """One request."""
        pick, likely = self.random.choice, self.random.random() < 0.85
        path, posts = self.path()
        method = ("POST" if posts else "GET") if likely else pick(METHODS)
        body = self.body() if method not in ("GET", "HEAD") or not likely else b""
        version = "1.1" if likely else pick(("1.1", "1.0", "2", "9.9", ""))
        lines = [f"{method} {path} HTTP/{version}", *self.headers(body, likely), f"connection: {connection}", "", ""]
        return "\r\n".join(lines).encode("latin-1", "replace") + body

    def path(self) -> tuple[str, bool]:
        """An address, and whether it is one that takes posts."""
        pick, kind = self.random.choice, self.random.random()
        if kind < 0.3:
            return pick(POSTS), True
        if kind < 0.5:
            return pick(GETS) + pick(("", "", "", "?q=%00", "?" + "a=1&" * 2000, "#x", "/", "//", "%2e%2e")), False
        if kind < 0.9:
            ref = pick(
                (*self.refs, "S-ZZZZ-ZZZZ", "s-aaaa-aaaa", "S-%D9%A1%D9%A1%D9%A1%D9%A1-AAAA", "%00", "S-AAAA-AAAA%0a")
            )
            act = pick(
                (*CASE_FORMS, *CASE_FORMS, "acknowledge", "export", "read", "add", "..", "%2e", "a" * 60, "nothing")
            )
            return f"/cases/{ref}" + pick(
                ("", f"/{act}", f"/{act}", f"/{act}", f"/{act}/x")
            ), self.random.random() < 0.7
        return "/" + quote_from_bytes(pick(NASTY)[:3000], safe="/%<>'{}$") + pick(
            ("", "\t", " x", "\x00", "\xff")
        ), pick((True, False))

    def headers(self, body: bytes, likely: bool) -> list[str]:
        """Header lines: those that belong there, or others."""
        pick, port = self.random.choice, self.server.port
        lines = {"host": f"127.0.0.1:{port}", "content-length": f"{len(body)}", "content-type": FORM}
        lines["cookie"] = f"signpost={self.cookie}"
        if not likely:
            lines["host"] = pick((lines["host"], "evil.example", "", "[::1", "127.0.0.1@evil", "a" * 900))
            lines["content-length"] = pick((lines["content-length"], "0", f"{max(0, len(body) - 1)}", "-1", "x"))
            lines["content-type"] = pick(TYPES)
            lines["cookie"] = pick((lines["cookie"], f"signpost={'x' * 3000}", "\xff", "signpost"))
        odd = [] if likely else self.random.sample(ODD, self.random.choice((0, 1, 3)))
        return [*(f"{name}: {value}" for name, value in lines.items()), *odd]

    def body(self) -> bytes:
        """A body: a form with fields that are right, forged, missing or many, or no form at all."""
        kind = self.random.random()
        if kind < 0.02:
            return self.random.randbytes(self.random.choice((1, 100, 300_000)))
        if kind < 0.1:
            return self.random.choice(
                (b"[" * 50_000, b"a&" * 2000, b"=" * 900, b"&;" * 500, b"a" * 2_000_000, b"token")
            )
        right = self.random.random() < 0.6
        fields = {"token": self.token, "form": self.form, "choice": self.random.choice(self.spots)}
        pairs = [(name, value.encode()) for name, value in fields.items() if right or self.random.random() < 0.8]
        if self.refs and self.random.random() < 0.5:
            count = self.random.choice(("0", "0", "1", "99", "-1", "x"))
            pairs.append(("key", f"{self.random.choice(self.refs)}/{count}".encode()))
        for _ in range(self.random.choice((0, 1, 3, 8))):
            pairs.append((self.random.choice(FIELDS[3:] if right else FIELDS), self.value()))
        if right or self.random.random() < 0.9:
            return urlencode(pairs).encode()
        return b"&".join(name.encode() + b"=" + value for name, value in pairs)

    def value(self) -> bytes:
        """What stands in a field."""
        right = [option.value for question in QUESTIONS for option in question.options]
        kind = self.random.random()
        if kind < 0.3:
            return self.random.choice(right).encode()
        if kind < 0.8:
            return self.random.choice(NASTY)
        return "".join(
            self.random.choices(string.printable + "\u00e9\u4e2d\U0001f600\u202e", k=self.random.choice((1, 20, 5000)))
        ).encode()


@dataclass
class Answers:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def ask(self, port: int, request: bytes) -> None:
        """Send it, and see what comes back and when."""
        begun = time.monotonic()
        try:
            answer = _answer(port, request)
        except TimeoutError:
            self.faults.append(f"no answer within {LONGEST} s to {request[:300]!r}")
            return
        self.slowest = max(self.slowest, time.monotonic() - begun)
        found = [int(status) for status in _STATUS.findall(answer)]
        self.statuses.update(found)
        if any(status >= 500 for status in found) or b"Traceback" in answer:
            self.faults.append(f"{found} to {request[:1200]!r}")


def _answer(port: int, request: bytes) -> bytes:
    """All that comes back until the connection is closed, or nothing more comes. Raises TimeoutError."""
    answer = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST) as connection:
        try:
            connection.sendall(request)
            while part := connection.recv(65536):
                answer += part
                connection.settimeout(0.5)
        except TimeoutError:
            if not answer:
                raise
        except (ConnectionResetError, BrokenPipeError):
            pass  # it refused to read on
    return bytes(answer)


def drill(count: int | None) -> bool:
    """Print what came back, and what should not have; whether nothing broke."""
    answers = Answers()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with signpost(data) as server:
            guest = Guest(server, _cases(server), random.Random(1))
            for number in track(range(count or COUNT), "Requests"):
                if number % FRESH == 0:
                    guest.come(number)
                answers.ask(server.port, guest.request())
            if server.process.poll() is not None or server.client().get("/healthz").text != "ok":
                answers.faults.append("the server is gone")
            if b"Traceback" in server.written:
                answers.faults.append("a traceback was written")
            failed = Counter(re.findall(rb'"kind": "(\w+)", "event": "(\w+)"', bytes(server.written)))
        answers.faults += _unsound(data)
    for fault in answers.faults[:10]:
        print(fault)
    print(f"statuses: {dict(sorted(answers.statuses.items()))}; slowest {answers.slowest:.2f} s; logged {dict(failed)}")
    print(f"{count or COUNT:,} requests, {len(answers.faults)} broke something")
    return not answers.faults


def _cases(server: Signpost) -> Sequence[str]:
    """References of cases of every kind."""
    visitor, refs = server.visitor("teacher"), list[str]()
    for kind in REPORT_FORMS:
        visitor.post("/say", text="a child told me something worrying today")
        visitor.press(REPORT_FORMS[kind].title, catalogue().kinds[kind].label)
        visitor.send(happened="words", about="nobody", theme="other")
        refs += REFERENCE.findall(visitor.get("/").text)[-1:]
    return refs


def _unsound(data: Path) -> list[str]:
    """What is wrong with the records afterwards."""
    here = Installation(Settings(data=data))
    faults = [*here.audit.verify(SCHOOL, "")]
    with here.engine.begin() as connection:
        faults += [row for row in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if row != "ok"]
    here.engine.dispose()
    here.known.close()
    return faults
