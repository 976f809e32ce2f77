"""Browsers that talk to us: in memory only, few, and forgotten when idle."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from bot.channels.web.chat import Chat
from bot.domain.ports import Opener
from bot.talk.message import Message

IDLE = 30 * 60.0
"""Seconds without a request after which a browser is forgotten."""

MOST = 1000
"""Browsers remembered at once; beyond it the one that has been quiet longest goes."""


def secret() -> str:
    """A name nobody can guess."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Told:
    """What was said when something was done to a case, until the next page shows it."""

    ref: str
    messages: tuple[Message, ...]


@dataclass(eq=False, slots=True)
class Session:
    """One browser; `key` is its cookie, `token` stands in its forms. Hold `lock` while replacing `chat`.

    `opener` is the case key that its person has unlocked: it is kept nowhere else and goes with the session.
    """

    chat: Chat
    opener: Opener | None = field(default=None, repr=False)
    told: Told | None = field(default=None, repr=False)
    sent: tuple[str, str] = ("", "")
    key: str = field(default_factory=secret, repr=False)
    token: str = field(default_factory=secret, repr=False)
    lock: Lock = field(default_factory=Lock, repr=False)
    seen: float = 0.0


class Sessions:
    """All browsers, the one seen last at the end; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._lock = Lock()
        self._by_key: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def find(self, key: str) -> Session | None:
        """The session with this cookie, unless it has been idle too long."""
        with self._lock:
            self._forget_idle()
            session = self._by_key.get(key)
            if session is not None:
                self._touch(session)
            return session

    def add(self, chat: Chat, opener: Opener | None = None) -> Session:
        """A new session that shows this chat."""
        session = Session(chat, opener)
        with self._lock:
            self._forget_idle()
            while len(self._by_key) >= self._most:
                self._by_key.popitem(last=False)
            self._by_key[session.key] = session
            self._touch(session)
        return session

    def drop(self, key: str) -> None:
        """Forget the session with this cookie, if there is one."""
        with self._lock:
            self._by_key.pop(key, None)

    def _touch(self, session: Session) -> None:
        session.seen = self._clock()
        self._by_key.move_to_end(session.key)

    def _forget_idle(self) -> None:
        oldest_allowed = self._clock() - IDLE
        while self._by_key and next(iter(self._by_key.values())).seen < oldest_allowed:
            self._by_key.popitem(last=False)
