"""A small Web API on a loopback port: answers by method, and what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Api:
    """What it answers by method, with which headers, and each call as its method and token."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def api() -> Iterator[Api]:
    """The API, for as long as the block runs."""
    here = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            method = self.path.rpartition("/")[2]
            self.rfile.read(int(self.headers.get("content-length") or 0))
            here.calls.append((method, self.headers.get("authorization", "").removeprefix("Bearer ")))
            body = json.dumps(here.answers.get(method, {"ok": False, "error": "unknown_method"})).encode()
            self.send_response_only(200)
            headers = {"Date": self.date_time_string(), "Content-Type": "application/json", **here.headers}
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.url = f"http://127.0.0.1:{server.server_port}/api/"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield here
        server.shutdown()
        thread.join()
