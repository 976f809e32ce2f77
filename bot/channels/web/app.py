"""The chat page as a web application: take a request, hand over a turn, show what came back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import labels
from bot.channels.web.chat import Chat
from bot.channels.web.guard import HOSTS, Guard, error_page
from bot.channels.web.read import (
    Again,
    Fields,
    Refused,
    Step,
    Unfit,
    read_body,
    read_draft,
    read_fields,
    read_pressed,
    read_said,
    read_submitted,
)
from bot.channels.web.render import NO_TROUBLE, Trouble, render_chat
from bot.channels.web.session import Session, Sessions, secret
from bot.domain.school import Persona, Practice, School
from bot.logs import log
from bot.talk.sealed import Sealed
from bot.talk.turn import Assistant, Pressed, Reply, Said, Submitted, Turn

COOKIE = "signpost"

Handler = Callable[[Request, Fields], Response]


def create_app(
    assistant: Assistant, practice: Practice, *, hosts: Sequence[str] = HOSTS, sessions: Sessions | None = None
) -> Starlette:
    """The web application; `hosts` are the names it answers to, without a port."""
    pages = Pages(assistant, practice, Sessions() if sessions is None else sessions)
    return Starlette(
        routes=[
            Route("/", pages.show),
            Route("/say", _posted(pages.say), methods=["POST"]),
            Route("/press", _posted(pages.press), methods=["POST"]),
            Route("/submit", _posted(pages.submit), methods=["POST"]),
            Route("/close", _posted(pages.close), methods=["POST"]),
            Route("/switch", _posted(pages.switch), methods=["POST"]),
            Route("/healthz", _healthy),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: _unserved, Refused: _refused},
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers; they are plain functions that run in threads, and each session's lock keeps its turns in order."""

    assistant: Assistant
    practice: Practice
    sessions: Sessions = field(repr=False)

    def show(self, request: Request) -> Response:
        """The chat page, of a new conversation where there is none."""
        session = self._session(request)
        return self._page(request, session or self._new_session())

    def say(self, request: Request, fields: Fields) -> Response:
        """Something typed into the ask box."""
        return self._turn(request, fields, read_said)

    def press(self, request: Request, fields: Fields) -> Response:
        """A button."""
        return self._turn(request, fields, read_pressed)

    def submit(self, request: Request, fields: Fields) -> Response:
        """A form that was sent in."""
        return self._turn(request, fields, read_submitted)

    def close(self, request: Request, fields: Fields) -> Response:
        """Put the open form away."""
        session = self._session(request)
        if session is None or not _has_token(session, fields):
            return self._begin_again(request, session, fields)
        with session.lock:
            chat = read_draft(session.chat, fields)
            if chat.form is not None:
                closed = Sealed(labels.FORM_CLOSED.format(title=chat.form.reply.form.title))
                session.chat = chat.without_form().taking(closed, Reply())
        return _see(session.chat)

    def switch(self, request: Request, fields: Fields) -> Response:
        """Start afresh as another persona or at another school."""
        session = self._session(request)
        if session is None or not _has_token(session, fields):
            return self._begin_again(request, session, fields)
        school = next((each for each in self.practice.schools if each.id == fields.plain("school")), None)
        persona = next((each for each in self.practice.personas if each.id == fields.plain("persona")), None)
        if school is None or persona is None:
            return self._page(request, session, Trouble(labels.UNKNOWN_PLACE), 422)
        with session.lock:
            # A new token, so that a page left open in another tab cannot send its form into this conversation.
            session.chat, session.token = self._greeted(school, persona), secret()
        return _see(session.chat)

    def _turn(self, request: Request, fields: Fields, read: Callable[[Chat, Fields], Step]) -> Response:
        session = self._session(request)
        if session is None or not _has_token(session, fields):
            return self._begin_again(request, session, fields)
        with session.lock:
            session.chat = read_draft(session.chat, fields)
            try:
                session.chat = self._taken(session.chat, read(session.chat, fields), fields)
            except Again:
                pass
            except Unfit as unfit:
                return self._page(request, session, _trouble(str(unfit), session.chat, fields), 422)
            except Exception as fault:
                # The type alone: the text of an exception may hold what a person typed.
                log("turn_failed", level=logging.ERROR, kind=type(fault).__name__)
                return self._page(request, session, _trouble(labels.SENTENCES[500], session.chat, fields), 500)
        return _see(session.chat)

    def _taken(self, chat: Chat, step: Step, fields: Fields) -> Chat:
        reply = self.assistant.reply(Turn(chat.conversation, chat.persona.id, chat.school.id, step.act))
        match step.act:
            case Submitted() if reply.form is not None and reply.form.problems:
                return chat.taking(None, reply)
            case Submitted():
                return chat.after_sending(fields.digest).taking(step.shown, reply)
            case Said() | Pressed():
                return chat.taking(step.shown, reply)

    def _begin_again(self, request: Request, session: Session | None, fields: Fields) -> Response:
        sentence = labels.MISMATCH if session else labels.STALE
        session = session or self._new_session()
        return self._page(request, session, _trouble(sentence, session.chat, fields), 403)

    def _session(self, request: Request) -> Session | None:
        return self.sessions.find(request.cookies.get(COOKIE, ""))

    def _new_session(self) -> Session:
        return self.sessions.add(self._greeted(self.practice.schools[0], self.practice.personas[0]))

    def _greeted(self, school: School, persona: Persona) -> Chat:
        return Chat(secret(), school, persona).taking(None, self.assistant.greet(persona.id, school.id))

    def _page(self, request: Request, session: Session, trouble: Trouble = NO_TROUBLE, status: int = 200) -> Response:
        response = HTMLResponse(render_chat(session.chat, session.token, self.practice, trouble), status)
        # Lax, not Strict: a link to this page from elsewhere should find the chat that is open, and only reads.
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, session.key, httponly=True, samesite="lax", secure=secure)
        return response


def _has_token(session: Session, fields: Fields) -> bool:
    return compare_digest(session.token.encode(), fields.plain("token").encode())


def _trouble(sentence: str, chat: Chat, fields: Fields) -> Trouble:
    """What went wrong, with all that was typed: into the open form it is back already, else it is listed."""
    back = chat.form is not None and fields.plain("form") == str(chat.form.number)
    return Trouble(sentence, next(iter(fields.all("text")), None), () if back else fields.answers())


def _see(chat: Chat) -> Response:
    return RedirectResponse(f"/#{chat.newest}", 303)


def _posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        return await run_in_threadpool(handler, request, read_fields(body))

    return endpoint


def _healthy(request: Request) -> Response:
    return PlainTextResponse("ok")


def _unserved(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    sentence = labels.SENTENCES.get(problem.status_code, labels.FORMAT)
    response = error_page(problem.status_code, sentence)
    response.headers.update(problem.headers or {})
    return response


def _refused(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refused)
    return error_page(problem.status, problem.sentence)
