"""A small bolt app that proves the fake: it knows nothing of Signpost, and it does everything once."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from tests.slack.fake import FakeSlack
from tests.slack.samples import JSON, ask, button, modal, option, options, plain

QUIET = logging.getLogger("tests.slack.hello")
QUIET.setLevel(logging.CRITICAL)
FORM = modal(
    ask("what", {"type": "plain_text_input", "min_length": 3, "max_length": 10}),
    ask("kind", {"type": "radio_buttons", "options": options(2)}),
    ask("who", {"type": "external_select", "min_query_length": 1}, optional=True),
    ask("count", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, optional=True),
    {"type": "actions", "block_id": "more", "elements": [button("More", "do:more")]},
    callback_id="form",
    notify_on_close=True,
)


def working() -> JSON:
    """A view without an input."""
    return {"type": "modal", "title": plain("Working"), "blocks": [{"type": "section", "text": plain("A moment.")}]}


def grown(times: int) -> JSON:
    """The form with one more line."""
    return {**FORM, "blocks": [*FORM["blocks"], {"type": "section", "text": plain(f"More, {times}")}]}


def hello(slack: FakeSlack) -> App:
    """The app."""
    client = WebClient(token=slack.bot_token, base_url=slack.api, retry_handlers=[])
    app = App(client=client, signing_secret=slack.signing_secret, logger=QUIET, token_verification_enabled=False)
    _listen(app)
    _converse(app)
    _submit(app)
    return app


def _listen(app: App) -> None:
    @app.event("message")
    def message(event: JSON, say: Callable[..., Any]) -> None:
        if "boom" not in event["text"]:
            blocks = [
                {"type": "section", "text": plain(event["text"])},
                {"type": "actions", "elements": [button("Again")]},
            ]
            say(text="An answer", blocks=blocks)

    @app.event("app_mention")
    def mention(event: JSON, client: WebClient) -> None:
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="Only for you")

    @app.event("app_home_opened")
    def home(event: JSON, client: WebClient) -> None:
        blocks = [{"type": "header", "text": plain("Home")}, {"type": "actions", "elements": [button("Start", "do:1")]}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


def _converse(app: App) -> None:
    @app.command("/policy")
    def policy(ack: Callable[..., Any], command: JSON, respond: Callable[..., Any]) -> None:
        if command["text"] == "never":
            return
        ack("Looking")
        respond(text=f"Found {command['text']}", blocks=[{"type": "actions", "elements": [button("Change")]}])

    @app.shortcut("report")
    def report(ack: Callable[..., Any], body: JSON, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("do:1")
    def again(ack: Callable[..., Any], body: JSON, respond: Callable[..., Any], client: WebClient) -> None:
        ack()
        if "message" in body:
            client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Changed", blocks=[])
        elif body["container"]["type"] == "message":
            respond(text="Replaced", replace_original=True)

    @app.action("do:more")
    def more(ack: Callable[..., Any], body: JSON, client: WebClient) -> None:
        ack()
        view = body["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=grown(len(view["blocks"])))

    @app.options("answer")
    def who(ack: Callable[..., Any], payload: JSON) -> None:
        ack(options=[option(name) for name in ("head", "teacher") if name.startswith(payload["value"].lower())])


def _submit(app: App) -> None:
    @app.view("form")
    def form(ack: Callable[..., Any], view: JSON, client: WebClient) -> None:
        what = view["state"]["values"]["what"]["answer"]["value"]
        match what:
            case "wrong":
                ack(response_action="errors", errors={"what": "Say it otherwise."})
            case "nowhere":
                ack(response_action="errors", errors={"answer": "Say it otherwise."})
            case "push":
                ack(response_action="push", view=grown(0))
            case "clear":
                ack(response_action="clear")
            case "slow":
                ack(response_action="update", view=working())
                client.views_update(view_id=view["id"], view={**working(), "title": plain("Done")})
            case _:
                ack()

    @app.view_closed("form")
    def closed(ack: Callable[..., Any]) -> None:
        ack()


@contextmanager
def over_http(slack: FakeSlack, app: App) -> Iterator[None]:
    """Serve the app on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers: dict[str, str | Sequence[str]] = {name: self.headers.get_all(name) or [] for name in self.headers}
            response = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(response.status)
            for name, value in response.first_headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    slack.over_http(f"http://127.0.0.1:{server.server_address[1]}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def over_socket(slack: FakeSlack, app: App) -> Iterator[None]:
    """Connect the app."""
    web = WebClient(base_url=slack.api)
    handler = SocketModeHandler(app, slack.app_token, logger=QUIET, web_client=web, ping_interval=0.5)
    handler.connect()  # type: ignore[no-untyped-call]
    slack.over_socket()
    assert slack.socket.connected()
    yield
    handler.client.auto_reconnect_enabled = False
    slack.socket.abort()  # the SDK's own close waits a second for a socket that is silent
    handler.close()  # type: ignore[no-untyped-call]


def until(true: Callable[[], object], within: float = 5.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def read(payload: object) -> Any:
    """Plain JSON of something."""
    return json.loads(json.dumps(payload))
