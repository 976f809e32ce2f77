"""The whole assistant in the fake Slack, over one of its two transports, with people of a school who use it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.channels.slack.channel import Memory, Slack, open_slack
from bot.channels.slack.place import Directory
from bot.domain.people import School
from bot.settings import Settings
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from bot.storage.places import SqlPlaces
from bot.storage.seen import SqlSeen
from bot.storage.tokens import SqlStates, SqlTokens
from policy_kb.knowledge import Knowledge
from tests.office import SCHOOLS, Office
from tests.slack.fake import FakeSlack
from tests.slack.hello import until
from tests.slack.user import User
from tests.storage.stand_ins import StandInBox

TEAM = "T0SCHOOL"


@dataclass
class Scene:
    """A school in Slack: whoever is named is one of its people, by the id that they have there."""

    fake: FakeSlack
    office: Office
    slack: Slack
    school: School

    def person(self, person_id: str) -> User:
        """One of its people, at their Slack."""
        return User(self.fake, f"U0{person_id.upper()}", person_id)

    def stranger(self) -> User:
        """Somebody who is on no list."""
        return User(self.fake, "U0STRANGER", "stranger")


@contextmanager
def scene(way: str, knowledge: Knowledge, folder: Path, school: str = "emlm") -> Iterator[Scene]:
    """The school's people are known there as `U0` and their id."""
    people = tuple(replace(one, slack=f"U0{one.id.upper()}") for one in SCHOOLS[school].people)
    with FakeSlack() as fake:
        here = replace(SCHOOLS[school], people=people, slack=(TEAM,))
        office = Office()
        engine = open_engine(f"sqlite:///{folder / 'records.db'}")
        migrate(engine)
        tokens = SqlTokens(engine, lambda: bytes(32), StandInBox, office.clock)
        memory = Memory(SqlSeen(engine, office.clock), tokens, SqlStates(engine, office.clock))
        settings = Settings(
            slack_api=fake.api,
            slack_bot_token=SecretStr(fake.bot_token),
            slack_signing_secret=SecretStr(fake.signing_secret),
            slack_app_token=SecretStr(fake.app_token if way == "socket" else ""),
        )
        directory = Directory(lambda: [here], SqlPlaces(engine))
        slack = open_slack(settings, office.assistant(knowledge), directory, memory)
        with WAYS[way](fake, slack):
            yield Scene(fake, office, slack, here)
        engine.dispose()


@contextmanager
def _http(fake: FakeSlack, slack: Slack) -> Iterator[None]:
    config = uvicorn.Config(Starlette(routes=list(slack.routes)), port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    fake.over_http(f"http://127.0.0.1:{port}")
    yield
    server.should_exit = True
    thread.join()


@contextmanager
def _socket(fake: FakeSlack, slack: Slack) -> Iterator[None]:
    assert slack.socket is not None
    stop = threading.Event()
    thread = threading.Thread(target=slack.socket.run, args=(stop,))
    thread.start()
    fake.over_socket()
    assert fake.socket.connected()
    yield
    stop.set()
    fake.socket.abort()
    thread.join()


WAYS: dict[str, Callable[[FakeSlack, Slack], AbstractContextManager[None]]] = {"http": _http, "socket": _socket}
