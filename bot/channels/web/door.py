"""Who is at the door: the session of a request, and how one begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web import labels
from bot.channels.web.chat import Chat
from bot.channels.web.read import Fields
from bot.channels.web.render import Place, render_sign
from bot.channels.web.session import Session, Sessions, secret
from bot.domain.people import Person, Practice, School
from bot.domain.ports import Opener
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Assistant, Turn

COOKIE = "signpost"


class SignIn(Protocol):
    """How people get in where it is not practice: a link that works once, and the school's case phrase."""

    def look(self, token: str) -> bool:
        """Whether a link would work now; uses nothing up."""

    def use(self, token: str) -> tuple[str, str] | None:
        """Use a link up: the ids of its school and person, or None where it does not work."""

    def find(self, school: str, person: str) -> tuple[School, Person] | None:
        """A school and a person of it as they stand now, or None once they have left."""

    def unlock(self, school: str, phrase: Sealed) -> Opener | None:
        """The school's case key, or None where the phrase is wrong."""


@dataclass(frozen=True, slots=True)
class Door:
    """The sessions, and the way in: as anyone of the practice schools, or with `sign_in` only by a link."""

    assistant: Assistant
    practice: Practice | None
    sessions: Sessions = field(repr=False)
    opener: Opener | None = field(default=None, repr=False)
    sign_in: SignIn | None = None

    def session(self, request: Request) -> Session | None:
        """The session of a request; it ends at once for somebody who has left."""
        session = self.sessions.find(request.cookies.get(COOKIE, ""))
        if session is None or self.sign_in is None:
            return session
        if self.sign_in.find(session.chat.school.id, session.chat.person.id):
            return session
        self.sessions.drop(session.key)
        return None

    def enter(self, request: Request) -> Session | None:
        """The session of a request, or a new one where nobody has to sign in."""
        return self.session(request) or self.start()

    def start(self) -> Session | None:
        """A new session as the first person of the first practice school; None where people sign in."""
        if self.practice is None or self.sign_in is not None:
            return None
        school = self.practice.schools[0]
        return self.sessions.add(self.greeted(school, school.people[0]), self.opener)

    def greeted(self, school: School, person: Person) -> Chat:
        """A new conversation that opens with the greeting."""
        return Chat(secret(), school, person).taking(None, self.assistant.greet(person.id, school.id))

    def place(self, session: Session, here: str = "/") -> Place:
        """What the head of a page shows."""
        return Place(session.chat, session.token, self.practice if self.sign_in is None else None, here)

    def locked(self, session: Session) -> bool:
        """Whether the school's case phrase has still to be given."""
        return self.sign_in is not None and session.opener is None

    def closed(self, status: int = 403, typed: Sequence[Sealed] = ()) -> Response:
        """The page for everybody who has no session: it says how to get in, and gives back what was typed."""
        return HTMLResponse(render_sign(labels.SIGN_IN, labels.HOW_IN, typed=typed), status)


def turn(session: Session, act: Act) -> Turn:
    """What the person of a session does."""
    chat = session.chat
    return Turn(chat.conversation, chat.person.id, chat.school.id, act)


def has_token(session: Session, fields: Fields) -> bool:
    """Whether a post came from a page that this session was given."""
    return compare_digest(session.token.encode(), fields.plain("token").encode())


def with_cookie(response: Response, request: Request, key: str) -> Response:
    """The response with the cookie by which the browser is known again."""
    # Lax, not Strict: a link to a page from elsewhere should find the session that is open, and only reads.
    response.set_cookie(COOKIE, key, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response
