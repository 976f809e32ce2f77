"""The whole assistant in the fake Slack, over one of its two transports, with people of a school who use it.

Over HTTP the workspaces have installed the app, as where many use it; over Socket Mode it has the token of one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Bot
from starlette.applications import Starlette

from bot.channels.slack.channel import Memory, Slack, open_slack
from bot.channels.slack.install import Installations
from bot.channels.slack.place import Directory
from bot.domain.people import School
from bot.settings import Settings
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.places import SqlPlaces
from bot.storage.seen import SqlSeen
from bot.storage.tokens import SqlStates, SqlTokens
from bot.talk.turn import Assistant, Reply, Turn
from policy_kb.knowledge import Knowledge
from tests.office import SCHOOLS, Office
from tests.slack.fake import SCHOOL, SCOPES, FakeSlack
from tests.slack.hello import until
from tests.slack.user import User
from tests.slack.world import Workspace
from tests.storage.stand_ins import StandInBox

CANARY = "canary-4711"
"""Stands in what people type in confidence: `tests.channels.slack.laws` looks where it goes."""
MARKUP = "<!channel> *bold* <http://example.org|here> :smile: & &lt;b&gt;"
"""What people type, and nobody may read as markup."""
WAIT = 5.0
"""Seconds that something may take to come about; a drill has less patience."""
TURN = 10.0
"""Seconds that a turn waits at a shut gate, at most."""


@dataclass(slots=True)
class Gate:
    """An assistant whose turns wait while `open` is not set."""

    behind: Assistant
    open: threading.Event

    def greet(self, person: str, school: str) -> Reply:
        """What is shown before the first turn."""
        return self.behind.greet(person, school)

    def reply(self, turn: Turn) -> Reply:
        """Take one turn, once the gate is open."""
        assert self.open.wait(TURN), "nobody opened the gate"
        return self.behind.reply(turn)


@dataclass
class Scene:
    """Schools in Slack: whoever is named is one of their people, by the id that they have there.

    `meant` are the errors that a scene lets Slack answer with.
    """

    fake: FakeSlack
    office: Office
    slack: Slack
    gate: Gate
    schools: list[School]
    store: Installations
    users: list[User] = field(default_factory=list)
    meant: set[str] = field(default_factory=set)

    @property
    def school(self) -> School:
        """The first of them."""
        return self.schools[0]

    def become(self, *names: str, workspaces: tuple[Workspace, ...] = (SCHOOL,)) -> None:
        """Other schools from now on, in these workspaces."""
        self.schools[:] = [in_slack(SCHOOLS[name], *workspaces) for name in names]

    def install(self, here: Workspace) -> None:
        """The app is installed in a workspace."""
        bot = Bot(
            team_id=here.id,
            bot_token=self.fake.grant("bot", SCOPES, here),
            bot_id=here.bot_id,
            bot_user_id=here.bot_user,
            bot_scopes=list(SCOPES),
            installed_at=0.0,
        )
        self.store.save_bot(bot)

    def person(self, person_id: str, here: Workspace = SCHOOL) -> User:
        """One of their people, at their Slack."""
        return self._at_slack(f"U0{person_id.upper()}", person_id, here)

    def stranger(self) -> User:
        """Somebody who is on no list."""
        return self._at_slack("U0STRANGER", "stranger", SCHOOL)

    def _at_slack(self, id: str, name: str, here: Workspace) -> User:
        self.users.append(User(self.fake, id, name, here))
        return self.users[-1]


def in_slack(school: School, *workspaces: Workspace) -> School:
    """A school whose people are known in Slack as `U0` and their id."""
    people = tuple(replace(one, slack=f"U0{one.id.upper()}") for one in school.people)
    return replace(school, people=people, slack=tuple(one.id for one in workspaces))


@contextmanager
def scene(way: str, knowledge: Knowledge, folder: Path, school: str = "emlm") -> Iterator[Scene]:
    """One school in one workspace."""
    schools = [in_slack(SCHOOLS[school], SCHOOL)]
    with FakeSlack() as fake:
        office, engine = Office(), open_engine(f"sqlite:///{folder / 'records.db'}")
        migrate(engine)
        tokens = SqlTokens(engine, lambda: bytes(32), StandInBox, office.clock)
        memory = Memory(SqlSeen(engine, office.clock), tokens, SqlStates(engine, office.clock))
        directory = Directory(lambda: schools, SqlPlaces(engine))
        gate = Gate(office.assistant(knowledge), threading.Event())
        gate.open.set()
        slack = open_slack(_settings(fake, way), gate, directory, memory)
        site = Scene(fake, office, slack, gate, schools, Installations(tokens, directory.knows))
        site.install(SCHOOL)
        try:
            with WAYS[way](fake, slack):
                yield site
        finally:
            gate.open.set()
            engine.dispose()


def _settings(fake: FakeSlack, way: str) -> Settings:
    if way == "http":
        return Settings(slack_api=fake.api, slack_signing_secret=SecretStr(fake.signing_secret))
    tokens = SecretStr(fake.bot_token), SecretStr(fake.app_token)
    return Settings(slack_api=fake.api, slack_bot_token=tokens[0], slack_app_token=tokens[1])


@contextmanager
def _http(fake: FakeSlack, slack: Slack) -> Iterator[None]:
    config = uvicorn.Config(Starlette(routes=list(slack.routes)), port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        fake.over_http(f"http://127.0.0.1:{port}")
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _socket(fake: FakeSlack, slack: Slack) -> Iterator[None]:
    assert slack.socket is not None
    stop = threading.Event()
    threading.Thread(target=slack.socket.run, args=(stop,), daemon=True).start()
    try:
        fake.over_socket()
        assert fake.socket.connected()
        yield
    finally:
        stop.set()  # it ends by itself: the SDK takes a second for it
        fake.socket.abort()


WAYS: dict[str, Callable[[FakeSlack, Slack], AbstractContextManager[None]]] = {"http": _http, "socket": _socket}


# --- what somebody sees ----------------------------------------------------------------------------------------------
def said(user: User) -> list[str]:
    """All lines that the app wrote beside somebody."""
    return [line for message in user.messages() for line in message]


def told(user: User, words: str) -> list[str]:
    """Wait until the app has written these words beside somebody; all that it wrote there."""
    _waited(words, lambda: said(user))
    return said(user)


def whispered(user: User, words: str) -> list[str]:
    """Wait until the app has written these words for somebody alone; all that it wrote so."""
    _waited(words, lambda: _whispers(user))
    return _whispers(user)


def shown(user: User, words: str) -> list[str]:
    """Wait until somebody's window shows these words; all that it shows."""
    _waited(words, user.view)
    return user.view()


def _whispers(user: User) -> list[str]:
    return [line for message in user.ephemerals() for line in message]


def _waited(words: str, lines: Callable[[], list[str]]) -> None:
    try:
        until(lambda: any(words in line for line in lines()), WAIT)
    except AssertionError:
        raise AssertionError(f"{words!r} is not among {lines()}") from None
