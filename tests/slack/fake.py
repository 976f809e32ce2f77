"""A Slack to test against, on a port of its own: the Web API, response_urls, OAuth, and deliveries to the app.

Whatever Slack would refuse is refused here in the same words, as far as its reference pages say them.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType

from tests.slack.listener import Answer, Listener
from tests.slack.methods import METHODS, Method, Token, answer, use
from tests.slack.surface import JSON
from tests.slack.transports import Delivered, SignedHTTP, SocketMode, Transport
from tests.slack.world import APP, Channel, Member, Refused, Workspace, World

SCOPES = ("commands", "chat:write", "app_mentions:read", "im:history", "im:write")
"""What the app's own manifest may ask for at most; a test gives others where it must."""
SCHOOL = Workspace()
NOBODY = Token("none", SCHOOL, frozenset())


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the app's; `answer` is what it was told."""

    method: str
    token_kind: str
    workspace: str
    body: JSON
    answer: JSON
    at: float


@dataclass(slots=True)
class Failure:
    """What goes wrong with the next `times` calls of a method; `lost`: it is done, and no answer arrives."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    lost: bool = False
    times: int = 1


@dataclass
class FakeSlack:
    """One Slack; `transport` is how it reaches the app. The waits before an event is sent again are scaled down."""

    clock: Callable[[], float] = time.time
    within: float = 3.0
    trigger_lives: float = 3.0
    waits: Sequence[float] = (0.0, 0.06, 0.3)
    """Seconds before an event is sent again; Slack waits not at all, 1 minute and 5 minutes."""
    date_skew: float = 0.0
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    client_id: str = "1234567890.0987654321"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, tuple[Workspace, tuple[str, ...], str]] = field(default_factory=dict)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    transport: Transport | None = None

    def __enter__(self) -> FakeSlack:
        self.world = World(self.clock, self.trigger_lives)
        self.socket = SocketMode(APP, self.within)
        self.server = Listener(self, lambda: self.clock() + self.date_skew)
        self.world.address = self.address
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        self.bot_token = self.grant("bot", SCOPES)
        self.app_token = self.grant("app", ("connections:write",))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        assert not self.server.broken, self.server.broken

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def api(self) -> str:
        """The `base_url` of a client."""
        return f"{self.address}/api/"

    def over_http(self, address: str) -> SignedHTTP:
        """Reach the app at its addresses from now on."""
        self.transport = http = SignedHTTP(address, self.signing_secret, self.within, self.clock)
        return http

    def over_socket(self) -> SocketMode:
        """Reach the app on its sockets from now on."""
        self.transport = self.socket
        return self.socket

    def grant(self, kind: str, scopes: Sequence[str], workspace: Workspace = SCHOOL) -> str:
        """A new token."""
        prefix = {"bot": "xoxb", "app": "xapp", "user": "xoxp"}[kind]
        token = f"{prefix}-{secrets.token_hex(12)}"
        self.tokens[token] = Token(kind, workspace, frozenset(scopes))
        return token

    def member(self, id: str, name: str, workspace: Workspace = SCHOOL, email: str = "") -> Member:
        """A new account."""
        return self.world.members.setdefault(id, Member(id, name, workspace, email))

    def channel(
        self, id: str, name: str, members: Sequence[str], here: Workspace = SCHOOL, joined: bool = True
    ) -> Channel:
        """A new channel; `joined` says whether the app is in it."""
        self.world.channels[id] = channel = Channel(id, name, here, {*members, *([here.bot_user] if joined else [])})
        return channel

    def fail(self, method: str, failure: Failure) -> None:
        """Let a method fail; `response_url` is one too."""
        self.failures.setdefault(method, []).append(failure)

    def code(self, workspace: Workspace, installer: str, scopes: Sequence[str] = SCOPES) -> str:
        """The code with which Slack sends somebody back who has installed the app."""
        code = secrets.token_hex(10)
        self.codes[code] = (workspace, tuple(scopes), installer)
        return code

    def revoke(self, workspace: Workspace) -> None:
        """Forget the tokens of a workspace."""
        self.tokens = {name: token for name, token in self.tokens.items() if token.workspace.id != workspace.id}

    def asked(self, method: str) -> list[JSON]:
        """The bodies of all calls of a method that were carried out."""
        return [each.body for each in self.calls if each.method == method and each.answer.get("ok")]

    def deliver(self, kind: str, payload: JSON, retry: int = 0, reason: str = "") -> Delivered:
        """Hand something to the app, once."""
        assert self.transport is not None, "no transport"
        delivered = self.transport.send(kind, payload, retry, reason)
        self.deliveries.append(delivered)
        return delivered

    def deliver_event(self, payload: JSON) -> Delivered:
        """Hand an event to the app, again where it was not acknowledged."""
        delivered = self.deliver("event", payload)
        for number, wait in enumerate(self.waits, 1):
            if delivered.acked or delivered.final:
                break
            time.sleep(wait)
            delivered = self.deliver("event", payload, number, "http_error" if delivered.status else "http_timeout")
        return delivered

    def call(self, name: str, secret: str, args: JSON) -> Answer:
        """Carry out a method as a client asks for it."""
        failure = self._failing(name)
        token = self.tokens.get(secret, NOBODY)
        if failure and not failure.lost:
            told: JSON = {"ok": False, "error": failure.error or "internal_error"}
            told = {"ok": False, "error": "ratelimited"} if failure.status == 429 else told
        else:
            told = self._answer(name, secret, token, args)
        self._record(name, token, args, told)
        scopes = {"x-oauth-scopes": ",".join(sorted(token.scopes))} if token is not NOBODY else {}
        if failure:
            again = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
            return Answer(None if failure.lost else _json(told), failure.status, again)
        return Answer(_json(told), headers=scopes)

    def _record(self, name: str, token: Token, args: JSON, told: JSON) -> None:
        hidden = {key: value for key, value in args.items() if key not in ("token", "client_secret")}
        self.calls.append(Call(name, token.kind, token.workspace.id, hidden, told, self.clock()))

    def _failing(self, name: str) -> Failure | None:
        with self.world.lock:
            waiting = [each for each in self.failures.get(name, []) if each.times > 0]
            if not waiting:
                return None
            waiting[0].times -= 1
            return waiting[0]

    def _answer(self, name: str, secret: str, token: Token, args: JSON) -> JSON:
        with self.world.lock:
            try:
                return {"ok": True, **self._run(name, secret, token, args)}
            except Refused as refused:
                return refused.answer

    def _run(self, name: str, secret: str, token: Token, args: JSON) -> JSON:
        own: dict[str, Method] = {
            "apps.connections.open": Method(lambda *_: {"url": self.socket.ticket()}, ("connections:write",), ("app",)),
            "auth.revoke": Method(lambda *_: {"revoked": self.tokens.pop(secret, None) is not None}),
            "apps.uninstall": Method(lambda _, token, args: self._uninstall(token, args)),
        }
        if name == "oauth.v2.access":
            return self._exchange(args)
        method = own.get(name) or METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        if name == "api.test":
            return {}
        _allow(method, secret, token)
        return method.run(self.world, token, args)

    def _client(self, args: JSON) -> None:
        if args.get("client_id") != self.client_id:
            raise Refused("invalid_client_id")
        if args.get("client_secret") != self.client_secret:
            raise Refused("bad_client_secret")

    def _uninstall(self, token: Token, args: JSON) -> JSON:
        self._client(args)
        self.revoke(token.workspace)
        return {}

    def _exchange(self, args: JSON) -> JSON:
        self._client(args)
        if args.get("code") not in self.codes:
            raise Refused("invalid_code")
        here, scopes, installer = self.codes.pop(args["code"])
        organisation = {"id": here.enterprise[0], "name": here.enterprise[1]} if here.enterprise else None
        return {
            "app_id": APP,
            "authed_user": {"id": installer},
            "scope": ",".join(scopes),
            "token_type": "bot",
            "access_token": self.grant("bot", scopes, here),
            "bot_user_id": here.bot_user,
            "team": None if here.org_wide else {"id": here.id, "name": here.name},
            "enterprise": organisation,
            "is_enterprise_install": here.org_wide,
        }

    def respond(self, id: str, args: JSON) -> Answer:
        """Take what is sent to a response_url."""
        failure = self._failing("response_url")
        told: JSON = {"ok": True}
        if not failure or failure.lost:
            told = self._respond(id, args)
        self._record("response_url", NOBODY, args, told)
        if failure:
            return Answer(None if failure.lost else b"failed", failure.status if failure.status != 200 else 500)
        return Answer(b"ok") if told["ok"] else Answer(_json(told), 404 if "url" in told["error"] else 400)

    def _respond(self, id: str, args: JSON) -> JSON:
        with self.world.lock:
            try:
                reply = use(self.world, self.world.replies.get(id))
                answer(self.world, reply, args, self.world.channels[reply.channel].workspace)
            except Refused as refused:
                return refused.answer
        return {"ok": True}


def _allow(method: Method, secret: str, token: Token) -> None:
    if not secret:
        raise Refused("not_authed")
    if token is NOBODY:
        raise Refused("invalid_auth")
    if token.kind not in method.kinds:
        raise Refused("not_allowed_token_type")
    if method.scopes and not token.scopes & set(method.scopes):
        raise Refused("missing_scope", needed=method.scopes[0], provided=",".join(sorted(token.scopes)))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
