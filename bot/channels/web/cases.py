"""The case pages: what the conversation says of cases, drawn on pages of their own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web import labels
from bot.channels.web.address import CASES, is_page, of_case
from bot.channels.web.door import Door, has_token, turn, with_cookie
from bot.channels.web.file import attached
from bot.channels.web.read import Fields, read_answers
from bot.channels.web.render import CasePage, Refusal, render_case, render_refusal
from bot.channels.web.session import Session, Told
from bot.domain.casework import Hidden, NotNow
from bot.domain.ports import NotRecorded, Opener
from bot.logs import log
from bot.talk.message import Action, Message
from bot.talk.turn import Act, Download, Pressed, Reply, Submitted, Turn


class CaseDesk(Protocol):
    """Whatever the case pages hand their turns to; a case that is not there for somebody raises Hidden."""

    def take(self, turn: Turn, opener: Opener | None) -> Reply:
        """Take one turn; without an opener no word of a case is shown. Raises Hidden, NotNow, NotRecorded."""

    def export(self, turn: Turn, opener: Opener) -> Download:
        """A case as a file. Raises Hidden, NotNow, NotRecorded."""


@dataclass(frozen=True, slots=True)
class CasePages:
    """The handlers; plain functions that run in threads."""

    door: Door
    desk: CaseDesk

    def cases(self, request: Request) -> Response:
        """The list."""
        return self._look(request, Action("cases"))

    def figures(self, request: Request) -> Response:
        """Figures without names."""
        return self._look(request, Action("figures"))

    def trail(self, request: Request) -> Response:
        """The audit trail."""
        return self._look(request, Action("trail"))

    def case(self, request: Request) -> Response:
        """One case whole."""
        return self._look(request, Action("case", {"ref": _ref(request)}))

    def form(self, request: Request) -> Response:
        """The form of something that can be done to a case."""
        return self._look(request, Action("case-form", {"ref": _ref(request), "act": request.path_params["act"]}))

    def act(self, request: Request, fields: Fields) -> Response:
        """Do something to a case: with a form, which brings its key, or with a button alone."""
        ref, act = _ref(request), request.path_params["act"]
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self._begin_again(session, ref, fields)
        sent = (request.url.path, fields.digest)
        with session.lock:
            # Pressed twice, the second is the first: it is shown what became of it.
            if session.sent != sent:
                try:
                    reply = self.desk.take(turn(session, _act(ref, act, fields)), session.opener)
                except Exception as fault:
                    return self._failed(session, request, fault, fields)
                if reply.form is not None:
                    return self._page(request, session, reply, 422)
                session.sent, session.told = sent, Told(ref, reply.messages)
        return RedirectResponse(of_case(ref), 303)

    def export(self, request: Request, fields: Fields) -> Response:
        """A case as a file."""
        ref = _ref(request)
        session = self.door.session(request)
        if session is None or not has_token(session, fields):
            return self._begin_again(session, ref, fields)
        if session.opener is None:
            return RedirectResponse(of_case(ref), 303)
        action = Action("case-file", {"ref": ref, "form": fields.plain("form")})
        try:
            file = self.desk.export(turn(session, Pressed(action)), session.opener)
        except Exception as fault:
            return self._failed(session, request, fault, fields)
        return attached(file)

    def _look(self, request: Request, action: Action) -> Response:
        session = self.door.enter(request)
        if session is None:
            return self.door.closed()
        try:
            reply = self.desk.take(turn(session, Pressed(action)), session.opener)
        except Exception as fault:
            return self._failed(session, request, fault)
        return with_cookie(self._page(request, session, reply), request, session.key)

    def _page(self, request: Request, session: Session, reply: Reply, status: int = 200) -> Response:
        address, ref = request.url.path, request.path_params.get("ref", "")
        told: tuple[Message, ...] = ()
        if session.told is not None and session.told.ref in ("", ref) and reply.form is None:
            told, session.told = session.told.messages, None
        page = CasePage(address, ref, reply, told, locked=bool(ref) and self.door.locked(session))
        return HTMLResponse(render_case(self.door.place(session, CASES), page), status)

    def _failed(self, session: Session, request: Request, fault: Exception, fields: Fields | None = None) -> Response:
        ref = request.path_params.get("ref", "")
        typed = fields.answers() if fields else ()
        back = of_case(ref) if ref else CASES
        match fault:
            case Hidden():
                return self._gone(session, ref)
            case NotNow() if fields is None and self.door.locked(session):
                # Perhaps only the key is missing: the page asks for it.
                return self._page(request, session, Reply())
            case NotNow():
                return _refuse(Refusal(409, labels.SENTENCES[409], typed, back))
            case NotRecorded():
                again = fields.pairs if fields else ()
                sentence = labels.SENTENCES[503] if fields else labels.NOT_OPENED
                return _refuse(Refusal(503, sentence, typed, back, request.url.path, again))
        # The type alone: the text of an exception may hold what a person typed.
        log("turn_failed", level=logging.ERROR, kind=type(fault).__name__)
        return _refuse(Refusal(500, labels.SENTENCES[500], typed, back))

    def _gone(self, session: Session, ref: str) -> Response:
        """No such case, for this person; who has just stood down from it is told so on the list."""
        if session.told is not None and session.told.ref == ref:
            session.told = Told("", session.told.messages)
            return RedirectResponse(CASES, 303)
        raise HTTPException(404)

    def _begin_again(self, session: Session | None, ref: str, fields: Fields) -> Response:
        if session is None and self.door.sign_in is not None:
            return self.door.closed(403, fields.answers())
        return _refuse(Refusal(403, labels.OLD_PAGE, fields.answers(), of_case(ref)))


def _ref(request: Request) -> str:
    """The reference in the address, once the address is made like one of ours."""
    # The path itself: a URL taken apart has already lost its control characters.
    if not is_page(request.scope["path"]):
        raise HTTPException(404)
    return str(request.path_params["ref"])


def _act(ref: str, act: str, fields: Fields) -> Act:
    key = fields.plain("key")
    if not key:
        return Pressed(Action("case-do", {"ref": ref, "act": act, "seen": fields.plain("seen")}))
    if key.partition("/")[0] != ref:
        raise Hidden
    return Submitted(act, read_answers(fields), key)


def _refuse(refusal: Refusal) -> Response:
    return HTMLResponse(render_refusal(refusal), refusal.status)
