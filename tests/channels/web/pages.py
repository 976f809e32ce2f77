"""What a browser would find on a page, for tests without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import Response
from starlette.testclient import TestClient

from bot.channels.web.app import create_app
from bot.channels.web.session import Sessions
from bot.channels.web.sign_in import Tries
from tests.channels.web.case_fakes import FakeDesk, FakeOpener, FakeSignIn
from tests.fakes import PRACTICE, FakeAssistant

_EMPTY = {"meta", "link", "input", "br", "path", "circle", "rect"}
_UNSEEN = {"script", "style", "title"}


@dataclass
class Page(HTMLParser):
    """Tags with their attributes, and the text inside an element found by its id."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    by_id: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag not in _EMPTY:
            self._open.append((tag, found.get("id", "")))
        self.by_id.setdefault(found.get("id", ""), [])

    def handle_endtag(self, tag: str) -> None:
        while tag not in _EMPTY and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title":
            self.title += data
        if not data.strip() or any(tag in _UNSEEN for tag, _ in self._open):
            return
        for _, name in self._open:
            self.by_id.setdefault(name, []).append(data.strip())

    def text(self, name: str) -> list[str]:
        """The pieces of text inside the element with this id."""
        return self.by_id.get(name, [])

    def value(self, name: str) -> str:
        """The value of the first input with this name."""
        return next((at.get("value", "") for tag, at in self.tags if tag == "input" and at.get("name") == name), "")

    def spot(self, number: int) -> str:
        """The value of the button at this place, counted from the top and from 0."""
        return [at["value"] for _, at in self.tags if at.get("class") == "choice"][number]


class Visitor:
    """Someone who uses the page without a script; every post carries what the page's form would carry."""

    def __init__(
        self,
        assistant: FakeAssistant | None = None,
        sessions: Sessions | None = None,
        sign_in: FakeSignIn | None = None,
        tries: Tries | None = None,
    ) -> None:
        self.assistant, self.desk = assistant or FakeAssistant(), FakeDesk()
        self.sessions = Sessions() if sessions is None else sessions
        opener = FakeOpener()
        app = create_app(
            self.assistant, PRACTICE, self.desk, opener, sign_in=sign_in, sessions=self.sessions, tries=tries
        )
        self.client = TestClient(app, base_url="http://127.0.0.1:8000")
        self.status = 0
        self.address = ""
        self.page = Page("")
        self.open()

    def open(self, path: str = "/") -> Page:
        """Go to an address."""
        return self._took(self.client.get(path))

    def post(self, path: str, **fields: str | list[str]) -> Page:
        """Send a form of the page that is open now."""
        mine = {"token": self.page.value("token"), "form": self.page.value("form"), "key": self.page.value("key")}
        return self._took(self.client.post(path, data={**mine, **fields}))

    def become(self, person: str, school: str = "whgs") -> Page:
        """Change the persona, as one does on the chat page."""
        self.open()
        return self.post("/switch", school=school, persona=person)

    def say(self, text: str, **fields: str | list[str]) -> Page:
        """Type into the ask box and send."""
        return self.post("/say", text=text, **fields)

    def submit(self, **answers: str | list[str]) -> Page:
        """Fill in the open form and send it."""
        return self.post("/submit", **{f"q.{name}": value for name, value in answers.items()})

    def _took(self, response: Response) -> Page:
        self.status = response.status_code
        self.address = str(response.url)
        self.page = Page(response.text)
        return self.page
