"""A real installation in practice mode whose school and clock a drill moves, and people who visit its pages."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from html import unescape
from itertools import count
from pathlib import Path

from httpx2 import Client, Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.domain.case import Case
from bot.domain.casework import Casework, Opened, Seen
from bot.domain.disclosure import DisclosureFiled, FileDisclosure
from bot.domain.orders import Order
from bot.domain.people import Person, School
from bot.domain.ports import Opener
from bot.domain.routing import NOBODY_HERE, Reported, Subject
from bot.settings import Settings
from bot.talk.sealed import Sealed
from bot.wiring import Installation, PracticeOpener
from policy_kb.knowledge import Knowledge
from tests.domain.schools import MONDAY
from tests.drills import installation as with_policies

BASE = "http://127.0.0.1:8321"
_BUTTON = re.compile(r'name="choice" value="([^"]+)"[^>]*><bdi>([^<]*)</bdi>')
_NUMBER = re.compile(r'name="form" value="(\d+)"')
_TOKEN = re.compile(r'name="token" value="([^"]+)"')

WORDS = Sealed('[["happened", "What happened?", "what was reported"]]')
"""What is written in a report or an entry where nothing hangs on it."""


@dataclass
class Site:
    """One installation of one school; `everyone` are all who may ever sign in, `here` is the school as it is now."""

    data: Path
    keys: Path
    here: School
    everyone: tuple[Person, ...]
    database: str = ""
    now: datetime = MONDAY
    numbers: count[int] = field(default_factory=lambda: count(1))
    browsers: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def installed(self) -> Installation:
        """The installation."""
        settings = Settings(data=self.data, keys=self.keys, DATABASE_URL=self.database)
        installed = Installation(settings, clock=lambda: self.now)
        installed.samples = (self.here,)
        return installed

    @cached_property
    def app(self) -> Starlette:
        """Its pages."""
        self.installed.samples = (replace(self.here, people=self.everyone),)
        app = self.installed.web()
        self.installed.samples = (self.here,)
        return app

    @cached_property
    def opener(self) -> Opener:
        """The opened case key."""
        return PracticeOpener(self.installed.keys)

    @property
    def casework(self) -> Casework:
        """What the pages stand on."""
        return self.installed.casework

    def become(self, school: School) -> None:
        """Other people work there from now on."""
        self.here = school
        self.installed.samples = (school,)

    def wait(self, days: float) -> None:
        """Let time pass."""
        self.now += timedelta(days=days)

    def file(
        self,
        kind: str = "child-concern",
        subject: Subject = NOBODY_HERE,
        by: str = "teacher",
        key: str = "",
        conflict: bool = False,
    ) -> DisclosureFiled:
        """Record a report; without a key it is one of its own."""
        order = FileDisclosure(
            key or f"key-{next(self.numbers)}",
            self.here.id,
            by,
            Reported(kind, subject, "", conflict),
            WORDS,
        )
        return self.casework.file(order)

    def do(self, ref: str, by: str, action: str, text: str = "", **facts: str) -> Seen:
        """Carry out an order with the case key opened."""
        order = Order(action, ref, by, facts, WORDS if text else None)
        return self.casework.do(self.here.id, order, self.opener)

    def open(self, ref: str, by: str, action: str = "read") -> Opened:
        """Open a case."""
        return self.casework.open(self.here.id, by, ref, self.opener, action)

    def case(self, ref: str) -> Case:
        """The case as it is kept."""
        with self.casework.records.work(self.here.id) as work:
            found = work.case(ref)
        assert found is not None
        return found

    def team(self, ref: str) -> tuple[str, ...]:
        """Who receives it now, and who was added."""
        return self.casework.team(self.case(ref))

    def visitor(self, person: str) -> Visitor:
        """Somebody with a browser of their own."""
        client = TestClient(self.app, base_url=BASE, follow_redirects=False)
        self.browsers.callback(client.close)
        return Visitor(client, self.here.id, person)

    def rows(self, query: str, *values: object) -> Sequence[tuple[object, ...]]:
        """What stands in the database; `?` takes a value."""
        with self.installed.engine.begin() as connection:
            mark = "?" if connection.dialect.name == "sqlite" else "%s"
            return [tuple(row) for row in connection.exec_driver_sql(query.replace("?", mark), values)]


@dataclass
class Visitor:
    """Somebody who is signed in; every post carries the session's token."""

    client: Client
    school: str
    person: str
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.get("/")
        self.post("/switch", school=self.school, persona=self.person)
        self.get("/")

    def get(self, path: str) -> Response:
        """A page."""
        return self._took(self.client.get(path))

    def post(self, path: str, **fields: str) -> Response:
        """A form of ours; a question's name begins with `q.`."""
        return self._took(self.client.post(path, data={"token": self.token, **fields}))

    def press(self, *labels: str) -> Response:
        """Press the newest button of the chat that bears one of these labels. Raises IndexError."""
        found = _BUTTON.findall(self.get("/").text)
        return self.post("/press", choice=[spot for spot, text in found if unescape(text) in labels][-1])

    def send(self, to: str = "/submit", /, **answers: str) -> Response:
        """Send the form that is open in the chat, or put it away."""
        number = _NUMBER.search(self.get("/").text)
        return self.post(to, form=number[1] if number else "", **{f"q.{name}": each for name, each in answers.items()})

    def _took(self, response: Response) -> Response:
        html = response.headers.get("content-type", "").startswith("text/html")
        found = _TOKEN.search(response.text) if html else None
        self.token = found[1] if found else self.token
        return response

    def plain(self, response: Response) -> tuple[int, tuple[tuple[str, str], ...], str]:
        """All of a response but what belongs to this session alone."""
        headers = tuple((name, value) for name, value in response.headers.items() if name != "set-cookie")
        return response.status_code, headers, response.text.replace(self.token, "TOKEN")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where installations are put up that share their keys and policies."""

    folder: Path
    known: Knowledge

    @contextmanager
    def site(self, school: School, everyone: Sequence[Person] = (), database: str = "") -> Iterator[Site]:
        """A new installation without records, for as long as the block runs."""
        with tempfile.TemporaryDirectory(dir=self.folder) as data:
            shutil.copy(self.folder / "records.db", data)
            site = Site(Path(data), self.folder / "keys", school, tuple(everyone) or school.people, database)
            site.installed.known = self.known
            with site.browsers:
                yield site
            site.installed.engine.dispose()


@contextmanager
def ground(school: School) -> Iterator[Ground]:
    """A folder with keys, policies and tables for installations of one school."""
    with tempfile.TemporaryDirectory() as folder, closing(with_policies(folder)) as known:
        first = Site(Path(folder), Path(folder) / "keys", school, school.people)
        first.installed.known = known
        first.installed.keys  # noqa: B018  (made when they are first asked for)
        first.installed.engine.dispose()
        yield Ground(Path(folder), known)
