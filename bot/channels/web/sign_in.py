"""Signing in and out, and unlocking the school's case key, where it is not practice."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from threading import Lock

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web import labels
from bot.channels.web.address import CASES, is_page
from bot.channels.web.door import COOKIE, Door, SignIn, has_token, with_cookie
from bot.channels.web.read import Fields
from bot.channels.web.render import Entry, render_sign
from bot.channels.web.session import Session, secret
from bot.talk.sealed import Sealed

TRIES = 5
"""How often a person may give a phrase within `WINDOW`."""

WINDOW = 15 * 60.0
"""Seconds in which tries count."""


class Tries:
    """How often each person gave a phrase lately, in whichever session; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._made: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, who: tuple[str, str]) -> bool:
        """Count one more try; False, and not counted, where the person has to wait."""
        with self._lock:
            made, now = self._made[who], self._clock()
            while made and made[0] <= now - WINDOW:
                made.popleft()
            if len(made) >= TRIES:
                return False
            made.append(now)
            return True

    def forget(self, who: tuple[str, str]) -> None:
        """Begin to count afresh."""
        with self._lock:
            self._made.pop(who, None)


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The handlers of the way in and out."""

    door: Door
    sign_in: SignIn
    tries: Tries = field(default_factory=Tries)

    def look(self, request: Request) -> Response:
        """The page of a link: looking uses nothing up, since chats fetch every link to show what it is."""
        link = request.path_params["token"]
        if not self.sign_in.look(link):
            return _bad_link()
        key = request.cookies.get(COOKIE) or secret()
        entry = Entry("/in", labels.SIGN_IN, _token(key), {"link": link})
        return with_cookie(HTMLResponse(render_sign(labels.SIGN_IN, labels.READY_IN, entry)), request, key)

    def enter(self, request: Request, fields: Fields) -> Response:
        """Use a link up and begin a session with a new key, so that no key known before is worth anything."""
        before = request.cookies.get(COOKIE, "")
        if not before or not compare_digest(_token(before).encode(), fields.plain("token").encode()):
            return _bad_link()
        used = self.sign_in.use(fields.plain("link"))
        found = self.sign_in.find(*used) if used else None
        if found is None:
            return _bad_link()
        self.door.sessions.drop(before)
        session = self.door.sessions.add(self.door.greeted(*found))
        return with_cookie(RedirectResponse("/", 303), request, session.key)

    def leave(self, request: Request, fields: Fields) -> Response:
        """Sign out: the session and its case key are gone."""
        session = self.door.session(request)
        if session is not None:
            if not has_token(session, fields):
                return RedirectResponse("/", 303)
            self.door.sessions.drop(session.key)
        response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE)
        return response

    def unlock(self, request: Request, fields: Fields) -> Response:
        """Give the school's case phrase, once a session; the key it opens stays in memory."""
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self.door.closed()
        chat, back = session.chat, fields.plain("next")
        back = back if is_page(back) else CASES
        who = (chat.school.id, chat.person.id)
        if not self.tries.take(who):
            return _locked(session, back, labels.WAIT, 429)
        opener = self.sign_in.unlock(chat.school.id, next(iter(fields.all("phrase")), Sealed("")))
        if opener is None:
            return _locked(session, back, labels.WRONG_PHRASE, 422)
        self.tries.forget(who)
        session.opener = opener
        return RedirectResponse(back, 303)


def _token(key: str) -> str:
    """The token of a form shown before there is a session: bound to the browser's cookie, kept nowhere."""
    return sha256(f"in:{key}".encode()).hexdigest()


def _bad_link() -> Response:
    return HTMLResponse(render_sign(labels.BAD_LINK, labels.BAD_LINK_WHY), 403)


def _locked(session: Session, back: str, problem: str, status: int) -> Response:
    entry = Entry("/unlock", labels.UNLOCK, session.token, {"next": back}, labels.PHRASE, problem)
    return HTMLResponse(render_sign(labels.UNLOCK_TITLE, labels.UNLOCK_WHY, entry), status)
