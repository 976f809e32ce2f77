from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.channels.web.app import create_app
from bot.channels.web.session import Sessions
from tests.channels.web.case_fakes import FakeDesk, FakeOpener, FakeSignIn
from tests.fakes import PRACTICE, FakeAssistant

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


# Not for the whole session: while Playwright runs, no other test of this thread can run an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or "chromium", args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Site:
    """The web channel on a free port, and the browsers that look at it."""

    browser: Browser
    address: str
    assistant: FakeAssistant
    now: list[float]
    desk: FakeDesk = field(default_factory=FakeDesk)
    sign_in: FakeSignIn = field(default_factory=FakeSignIn)
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def visit(self, *, js: bool = True, width: int = 1280, scheme: str = "light", phone: bool = False) -> Page:
        """The chat page in a browser of its own."""
        context = self.browser.new_context(
            java_script_enabled=js,
            viewport={"width": width, "height": 640 if width < 500 else 800},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            has_touch=phone,
            is_mobile=phone,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(self.address)
        return page


@pytest.fixture
def site(chromium: Browser) -> Iterator[Site]:
    yield from serve(chromium, live=False)


@pytest.fixture
def live_site(chromium: Browser) -> Iterator[Site]:
    yield from serve(chromium, live=True)


def serve(chromium: Browser, live: bool) -> Iterator[Site]:
    site = Site(chromium, "", FakeAssistant(), [0.0])
    sessions = Sessions(clock=lambda: site.now[0])
    sign_in = site.sign_in if live else None
    app = create_app(site.assistant, PRACTICE, site.desk, FakeOpener(), sign_in=sign_in, sessions=sessions)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    # The socket listens before the server runs, so that a browser can come at once and simply waits its turn.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        site.address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        yield site
        for context in chromium.contexts:
            context.close()
        server.should_exit = True
        thread.join()
