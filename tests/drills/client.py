"""Staff who send in forms at once, and send each again under its key until they are told that it is recorded."""

from __future__ import annotations

import http.client
import json
import re
import secrets
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.drills.server import PATH

RECORDED = re.compile(r"(?:Recorded|This report was recorded before), reference (S-[2-9A-Z]{4}-[2-9A-Z]{4})\.")
PATIENCE = 60.0
"""Seconds after which a server that does not answer has failed the drill."""
AGAIN = 0.05
"""Of what was acknowledged, how much is sent once more."""


def recorded(said: list[str]) -> str:
    """The reference that a reply confirms, or empty where it confirms nothing."""
    found = [match[1] for sentence in said if (match := RECORDED.match(sentence))]
    return found[0] if found else ""


def send(connection: http.client.HTTPConnection, key: str) -> list[str]:
    """What is said to a form under a key. Raises OSError, HTTPException."""
    body = json.dumps({"key": key, "happened": f"A pupil told me something. {key}"})
    connection.request("POST", PATH, body, {"content-type": "application/json"})
    response = connection.getresponse()
    read = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"status {response.status}")
    said: list[str] = json.loads(read)
    return said


@dataclass(slots=True)
class Staff:
    """Those who send forms to one port; `told` is what each key was told, `changed` where it was told two things."""

    port: int
    told: dict[str, str] = field(default_factory=dict)
    open: deque[str] = field(default_factory=deque)
    changed: list[str] = field(default_factory=list)
    refused: int = 0
    unanswered: int = 0
    up: Event = field(default_factory=Event)
    heard: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)

    @contextmanager
    def at_work(self, threads: int = 4) -> Iterator[Staff]:
        """Send forms while the block runs and the server is up."""
        self.over.clear()
        working = [Thread(target=self._work) for _ in range(threads)]
        for thread in working:
            thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.up.set()
            for thread in working:
                thread.join()
            self.up.clear()

    def _work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while self.up.wait() and not self.over.is_set():
            key = self._next()
            try:
                said = send(connection, key)
            except (OSError, http.client.HTTPException):
                connection.close()
                self.unanswered += 1
                self.open.append(key)
                self.over.wait(0.02)
                continue
            self._hear(key, said)
        connection.close()

    def _next(self) -> str:
        """A form that was not confirmed, sometimes one that was, else a new one."""
        try:
            return self.open.popleft()
        except IndexError:
            pass
        if self.told and secrets.randbelow(1000) < AGAIN * 1000:
            return next(reversed(self.told.copy()))
        return secrets.token_urlsafe(16)

    def _hear(self, key: str, said: list[str]) -> None:
        ref = recorded(said)
        if not ref:
            self.refused += 1
            self.open.append(key)
        elif self.told.setdefault(key, ref) != ref:
            self.changed.append(key)
        self.heard.set()

    def finish(self) -> None:
        """Send what is still open, one after the other, until all is confirmed."""
        with self.at_work(1):
            self.up.set()
            while self.open:
                self.over.wait(0.01)
