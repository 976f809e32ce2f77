"""What stands between a request and the pages: which address, from where, and what a browser may do with the answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web import labels
from bot.channels.web.render import render_error
from bot.logs import log

HOSTS = ("127.0.0.1", "localhost", "::1")
"""Names this machine has for itself: another name that leads here was planted (DNS rebinding)."""

# Referrer-Policy is not `no-referrer`: a browser would then send `Origin: null` with our own forms.
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Middleware that refuses other addresses and other sites, sets the headers, and lets no exception out."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = HOSTS) -> None:
        self._app = app
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _set_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            answer = self._refusal(scope) or self._app
            await answer(scope, receive, guarded)
        except Exception as fault:
            # The type alone: the text of an exception may hold what a person typed.
            log("request_failed", level=logging.ERROR, kind=type(fault).__name__)
            if not started:
                await error_page(500, labels.SENTENCES[500])(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if _host(headers.get("host", "")) not in self._hosts:
            return error_page(400, labels.HOST)
        if not _from_here(scope["method"], headers):
            return error_page(403, labels.ELSEWHERE)
        return None


def error_page(status: int, sentence: str) -> HTMLResponse:
    """An error page as a response."""
    return HTMLResponse(render_error(status, sentence), status)


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _from_here(method: str, headers: Headers) -> bool:
    site = headers.get("sec-fetch-site", "none")
    if method in ("GET", "HEAD"):
        # A link from elsewhere may open the page; a picture or a frame may not, nor push out other people's sessions.
        return site in ("same-origin", "none") or headers.get("sec-fetch-dest") == "document"
    origin = headers.get("origin")
    return site in ("same-origin", "none") and (origin is None or origin.partition("://")[2] == headers.get("host"))


def _set_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    headers["cache-control"] = "no-cache" if path.startswith("/static/") else "no-store"
