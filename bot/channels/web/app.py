"""The web application: its addresses, and the chat page: take a request, hand over a turn, show what came back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
from bot.channels.web.address import CASES, page_of
from bot.channels.web.cases import CaseDesk, CasePages
from bot.channels.web.chat import Chat
from bot.channels.web.door import Door, SignIn, has_token, turn, with_cookie
from bot.channels.web.file import attached
from bot.channels.web.guard import HOSTS, Guard, error_page
from bot.channels.web.read import (
    Again,
    Fields,
    Refused,
    Step,
    Unfit,
    read_body,
    read_fields,
    read_kept,
    read_pressed,
    read_said,
    read_submitted,
)
from bot.channels.web.render import NO_TROUBLE, Trouble, render_chat
from bot.channels.web.session import Session, Sessions, secret
from bot.channels.web.sign_in import SignInPages, Tries
from bot.domain.people import Practice
from bot.domain.ports import Opener
from bot.logs import log
from bot.talk.sealed import Sealed
from bot.talk.turn import Assistant, Pressed, Reply, Submitted

Handler = Callable[[Request, Fields], Response]


def create_app(
    assistant: Assistant,
    practice: Practice | None,
    desk: CaseDesk,
    practice_opener: Opener | None = None,
    *,
    sign_in: SignIn | None = None,
    hosts: Sequence[str] = HOSTS,
    sessions: Sessions | None = None,
    tries: Tries | None = None,
    metrics: Callable[[], Mapping[str, float]] | None = None,
    more: Sequence[Route] = (),
    lost: Callable[[], str] = str,
) -> Starlette:
    """The web application, for practice or live with `sign_in`; `hosts` are the names it answers to, without a port.

    `more` are the addresses of other channels, which have their own ways to know who calls; `lost` names one that is
    cut off, in one word, or nothing.
    """
    kept = Sessions() if sessions is None else sessions
    door = Door(assistant, practice, kept, None if sign_in else practice_opener, sign_in)
    return Starlette(
        routes=[
            *_chat(Pages(door)),
            *_cases(CasePages(door, desk)),
            *(_signing_in(SignInPages(door, sign_in, tries or Tries())) if sign_in else ()),
            *more,
            Route("/healthz", partial(_healthy, lost)),
            *([Route("/metrics", partial(_measured, metrics))] if metrics else ()),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: _unserved, Refused: _refused},
    )


def _chat(pages: Pages) -> Iterable[Route]:
    yield Route("/", pages.show)
    for path, handler in (
        ("/say", pages.say),
        ("/press", pages.press),
        ("/submit", pages.submit),
        ("/close", pages.close),
        ("/leave", pages.leave),
    ):
        yield _post(path, handler)
    if pages.door.sign_in is None:
        yield _post("/switch", pages.switch)


def _cases(pages: CasePages) -> Iterable[Route]:
    yield Route("/cases", pages.cases)
    yield Route("/figures", pages.figures)
    yield Route("/audit", pages.trail)
    yield Route("/cases/{ref}", pages.case)
    yield _post("/cases/{ref}/export", pages.export)
    yield Route("/cases/{ref}/{act}", pages.form)
    yield _post("/cases/{ref}/{act}", pages.act)


def _signing_in(pages: SignInPages) -> Iterable[Route]:
    yield Route("/in/{token}", pages.look)
    yield _post("/in", pages.enter)
    yield _post("/out", pages.leave)
    yield _post("/unlock", pages.unlock)


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers; they are plain functions that run in threads, and each session's lock keeps its turns in order."""

    door: Door

    def show(self, request: Request) -> Response:
        """The chat page, of a new conversation where there is none."""
        session = self.door.enter(request)
        return self._page(request, session) if session else self.door.closed()

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
        return self._put_away(request, fields, "")

    def leave(self, request: Request, fields: Fields) -> Response:
        """Go to the cases with a form open: what stands in it is kept."""
        return self._put_away(request, fields, CASES)

    def switch(self, request: Request, fields: Fields) -> Response:
        """Start afresh as another person or at another school."""
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self._begin_again(request, session, fields)
        schools = self.door.practice.schools if self.door.practice else ()
        school = next((each for each in schools if each.id == fields.plain("school")), None)
        person = school.person(fields.plain("persona")) if school else None
        if school is None or person is None:
            return self._page(request, session, Trouble(labels.UNKNOWN_PLACE), 422)
        with session.lock:
            # A new token, so that a page left open in another tab cannot send its form into this conversation.
            session.chat, session.token, session.told = self.door.greeted(school, person), secret(), None
        return _see(session.chat)

    def _turn(self, request: Request, fields: Fields, read: Callable[[Chat, Fields], Step]) -> Response:
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self._begin_again(request, session, fields)
        with session.lock:
            kept = read_kept(session.chat, fields)
            session.chat = session.chat.keeping(kept.typed) if kept else session.chat
            try:
                step = read(session.chat, fields)
                if kept and not isinstance(step.act, Submitted):
                    self.door.assistant.reply(turn(session, kept))
                if page := page_of(step.act.action) if isinstance(step.act, Pressed) else None:
                    return RedirectResponse(page, 303)
                reply = self.door.assistant.reply(turn(session, step.act))
                session.chat = _taken(session.chat, step, reply, fields)
                if reply.file:
                    return attached(reply.file)
            except Again:
                pass
            except Unfit as unfit:
                return self._page(request, session, _trouble(str(unfit), session.chat, fields), 422)
            except Exception as fault:
                return self._fault(request, session, fault, fields)
        return _see(session.chat)

    def _put_away(self, request: Request, fields: Fields, to: str) -> Response:
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self._begin_again(request, session, fields)
        with session.lock:
            kept = read_kept(session.chat, fields)
            if kept is not None:
                session.chat = session.chat.keeping(kept.typed)
                try:
                    reply = self.door.assistant.reply(turn(session, kept))
                except Exception as fault:
                    return self._fault(request, session, fault, fields)
                if not to:
                    session.chat = _closed(session.chat, reply)
        return RedirectResponse(to, 303) if to else _see(session.chat)

    def _fault(self, request: Request, session: Session, fault: Exception, fields: Fields) -> Response:
        # The type alone: the text of an exception may hold what a person typed.
        log("turn_failed", level=logging.ERROR, kind=type(fault).__name__)
        return self._page(request, session, _trouble(labels.SENTENCES[500], session.chat, fields), 500)

    def _begin_again(self, request: Request, session: Session | None, fields: Fields) -> Response:
        sentence = labels.MISMATCH if session else labels.STALE
        session = session or self.door.start()
        if session is None:
            return self.door.closed(403, (*fields.all("text"), *fields.answers()))
        return self._page(request, session, _trouble(sentence, session.chat, fields), 403)

    def _page(self, request: Request, session: Session, trouble: Trouble = NO_TROUBLE, status: int = 200) -> Response:
        response = HTMLResponse(render_chat(self.door.place(session), trouble), status)
        return with_cookie(response, request, session.key)


def _taken(chat: Chat, step: Step, reply: Reply, fields: Fields) -> Chat:
    if not isinstance(step.act, Submitted):
        return chat.taking(step.shown, reply)
    if reply.form is not None and reply.form.problems:
        return chat.taking(None, reply)
    return chat.after_sending(fields.digest).taking(step.shown, reply)


def _closed(chat: Chat, reply: Reply) -> Chat:
    title = chat.form.reply.form.title if chat.form else ""
    return chat.without_form().taking(Sealed(labels.FORM_CLOSED.format(title=title)), Reply(reply.messages))


def _trouble(sentence: str, chat: Chat, fields: Fields) -> Trouble:
    """What went wrong, with all that was typed: into the open form it is back already, else it is listed."""
    back = chat.form is not None and fields.plain("form") == str(chat.form.number)
    return Trouble(sentence, next(iter(fields.all("text")), None), () if back else fields.answers())


def _see(chat: Chat) -> Response:
    return RedirectResponse(f"/#{chat.newest}", 303)


def _post(path: str, handler: Handler) -> Route:
    return Route(path, _posted(handler), methods=["POST"])


def _posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        return await run_in_threadpool(handler, request, read_fields(body))

    return endpoint


def _measured(metrics: Callable[[], Mapping[str, float]], request: Request) -> Response:
    """The numbers in the text format of Prometheus."""
    return PlainTextResponse("".join(f"{name} {value:g}\n" for name, value in metrics().items()))


def _healthy(lost: Callable[[], str], request: Request) -> Response:
    word = lost()
    return PlainTextResponse(word or "ok", 503 if word else 200)


def _unserved(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    sentence = labels.SENTENCES.get(problem.status_code, labels.FORMAT)
    response = error_page(problem.status_code, sentence)
    response.headers.update(problem.headers or {})
    return response


def _refused(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refused)
    return error_page(problem.status, problem.sentence)
