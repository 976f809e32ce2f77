"""The one place that builds things and joins the layers."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.channels.slack.place import Directory
from bot.channels.web.app import create_app
from bot.channels.web.guard import HOSTS
from bot.conversation.asking import Asking
from bot.conversation.assistant import StaffAssistant
from bot.conversation.cases import Cases
from bot.conversation.report import Reports
from bot.conversation.request_answers import register_fields
from bot.conversation.request_forms import RequestForm, load_request_forms
from bot.conversation.requests import Requests
from bot.conversation.router import Router
from bot.conversation.welcome import notice
from bot.domain.access import read_access
from bot.domain.approvals import Approvals
from bot.domain.casework import Casework, Rules
from bot.domain.people import Person, Practice, School
from bot.domain.ports import Envelope, Opener
from bot.domain.register import read_duties
from bot.domain.retention import read_retentions
from bot.domain.rounds import tick
from bot.domain.routing import read_guidance
from bot.errors import InputError
from bot.paper.desk import Desk
from bot.paper.papers import Papers
from bot.settings import Settings
from bot.storage.audit import Audit
from bot.storage.cipher import Box, PublicSealer, unlock
from bot.storage.drafts import SqlDrafts
from bot.storage.engine import check_durability, open_engine
from bot.storage.heartbeats import Heartbeats
from bot.storage.inbox import Inbox
from bot.storage.keys import Keys, WrongPhrase
from bot.storage.links import Links
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.places import SqlPlaces
from bot.storage.practice import practice
from bot.storage.records import SqlRecords
from bot.storage.requests import RequestBox, SqlRequests
from bot.storage.schools import SchoolsFile
from bot.storage.seen import SqlSeen
from bot.storage.tokens import SqlStates, SqlTokens
from bot.storage.transaction import at_no_step
from bot.talk.sealed import Sealed
from bot.worker import Messenger, Worker
from policy_kb.knowledge import Knowledge, Tell, open_knowledge, quiet

if TYPE_CHECKING:
    from bot.channels.slack.channel import Slack

PRACTICE_PHRASE = "practice makes perfect"
"""Opens the case keys of practice mode, which protect nothing but invented reports."""

SILENT = 300.0
"""Seconds after which a connection from which nothing is heard counts as lost."""


def now() -> datetime:
    """What time it is, in UTC."""
    return datetime.now(UTC)


def knowledge(settings: Settings, tell: Tell = quiet) -> Knowledge:
    """The policies of this installation."""
    return open_knowledge(settings.data, tell)


def keys_folder(settings: Settings) -> Path:
    """Where the keys are. Raises InputError where a live installation keeps them among its data."""
    folder, data = settings.keys or settings.data / "keys", settings.data.resolve()
    if settings.schools is not None and data in (folder.resolve(), *folder.resolve().parents):
        raise InputError("Set SIGNPOST_KEYS to a folder outside the data folder, so that no backup holds both.")
    return folder


def rules() -> Rules:
    """The data files that decide."""
    return Rules(
        read_guidance(_data("routing.toml")),
        read_access(_data("access.toml")),
        read_retentions(_data("retention.toml")),
    )


def _random() -> int:
    return secrets.randbits(64)


def _key() -> str:
    return secrets.token_urlsafe(16)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("bot.domain") / name).read_text(encoding="utf-8"))


@dataclass
class Installation:
    """Everything that is built once; what is not asked for is not built."""

    settings: Settings
    tell: Tell = quiet
    clock: Callable[[], datetime] = now
    steps: Callable[[str], None] = at_no_step

    @property
    def live(self) -> bool:
        """Whether it serves real schools."""
        return self.settings.schools is not None

    @cached_property
    def known(self) -> Knowledge:
        """The policies."""
        return knowledge(self.settings, self.tell)

    @cached_property
    def people(self) -> SchoolsFile | None:
        """The schools file of a live installation."""
        return SchoolsFile(self.settings.schools) if self.settings.schools else None

    @cached_property
    def samples(self) -> tuple[School, ...]:
        """The sample schools of practice mode."""
        return practice(self.known.store.organisations())

    def schools(self) -> Sequence[School]:
        """All schools as they are now."""
        return self.people.all() if self.people else self.samples

    def school(self, school_id: str) -> School:
        """One school as it is now. Raises KeyError."""
        return next((school for school in self.schools() if school.id == school_id), None) or _missing(school_id)

    @cached_property
    def practice(self) -> Practice:
        """What practice mode offers."""
        return Practice(self.samples)

    @cached_property
    def keys(self) -> Keys:
        """The case keys; practice mode makes its own. Raises InputError where a live school has none."""
        keys = Keys(keys_folder(self.settings))
        for school in self.schools():
            if not self.live and school.id not in keys.schools():
                keys.make(school.id, Sealed(PRACTICE_PHRASE))
            if school.id not in keys.schools():
                raise InputError(f"{school.id} has no case key. Make one: signpost keys make --school {school.id}")
            keys.prepare(school.id, self.clock().date())
        return keys

    @cached_property
    def engine(self) -> Engine:
        """The database of the records, at its newest tables. Raises InputError where it could lose records."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        engine = open_engine(self.settings.database_url or f"sqlite:///{self.settings.data / 'records.db'}")
        check_durability(engine)
        migrate(engine)
        return engine

    @cached_property
    def casework(self) -> Casework:
        """All that can be done with cases; it holds public keys only."""
        records = SqlRecords(self.engine, self.keys.secret, Box, self.clock, self.steps)
        return Casework(records, PublicSealer(self.keys), self.school, rules(), self.clock, _random)

    @cached_property
    def cases(self) -> Cases:
        """The dialogs of a case."""
        return Cases(self.casework, self.school)

    @cached_property
    def desk(self) -> Desk:
        """The dialogs of a case and what goes out of it."""
        return Desk(self.cases, lambda school: (self.audit.verify(school), self.audit.head(school)))

    @cached_property
    def forms(self) -> Mapping[str, RequestForm]:
        """The request forms, a school's own before those that come along. Raises InputError for one with a fault."""
        if self.settings.forms is None:
            return load_request_forms()
        try:
            theirs = load_request_forms(self.settings.forms, frozenset(school.policy for school in self.schools()))
        except ValueError as fault:
            raise InputError(f"{fault}. Mend that form in the folder of SIGNPOST_FORMS.") from None
        return {**load_request_forms(), **theirs}

    @cached_property
    def approvals(self) -> Approvals:
        """All that can be done with requests and the register."""
        return Approvals(
            SqlRequests(self.engine, self.keys.secret, Box, self.clock, self.steps),
            RequestBox(self.keys.secret, Box),
            PublicSealer(self.keys),
            self.school,
            register_fields,
            read_duties(_data("register.toml")),
            self.clock,
            _random,
        )

    @cached_property
    def requests(self) -> Requests:
        """The dialogs of requests and of the register."""
        return Requests(
            Asking(self.approvals, self.forms, self.school, self.known.policy, self.drafts, _key),
            Papers(self.known.policy),
        )

    @cached_property
    def assistant(self) -> StaffAssistant:
        """The assistant that all channels talk to."""
        reports = Reports(self.casework, self.school, _key)
        return StaffAssistant(
            Router(self.known, self.school, date.today, reports, self.cases, self.requests, self.signing_in),
            self.drafts,
        )

    @cached_property
    def outbox(self) -> Outbox:
        """The notices on their way."""
        return Outbox(self.engine, self.keys.secret, Box, self.clock)

    @property
    def clocks(self) -> tuple[Callable[[str], int], ...]:
        """What makes the steps of a school that are due: of its cases, of its requests and accounts."""
        return partial(tick, self.casework), self.approvals.tick

    @property
    def speaks_slack(self) -> bool:
        """Whether it was given anything of Slack's."""
        names = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_client_secret")
        return any(self.settings.sealed(name) for name in names)

    @cached_property
    def directory(self) -> Directory:
        """Who is who in Slack."""
        return Directory(self.schools, SqlPlaces(self.engine))

    @cached_property
    def slack(self) -> Slack:
        """The Slack channel."""
        from bot.channels.slack.channel import Memory, open_slack  # a third of a second, for those who have Slack

        tokens = SqlTokens(self.engine, partial(self.keys.own, "tokens"), Box, self.clock)
        memory = Memory(SqlSeen(self.engine, self.clock), tokens, SqlStates(self.engine, self.clock))
        return open_slack(self.settings, self.assistant, self.directory, memory)

    def signing_in(self, school: str, person: str) -> Sealed | None:
        """The address at which somebody signs in, once; None where people do not reach the pages."""
        if not (self.live and self.settings.address):
            return None
        token = self.links.make(school, person, self.casework.keyed(school, person))
        return Sealed(f"{self.settings.address.rstrip('/')}/in/{token.reveal()}")

    @cached_property
    def worker(self) -> Worker:
        """What delivers them and watches the clock."""
        chores = (lambda: self.heartbeats.beat("worker"), self.drafts.purge, SqlSeen(self.engine, self.clock).purge)
        return Worker(self.outbox, self.messenger, self.clocks, self.schools, self.clock, chores)

    @property
    def messenger(self) -> Messenger:
        """What brings notices to people: inside Signpost, and to Slack where it is used."""
        inbox = Inbox(self.engine, self.clock)
        if not self.speaks_slack:
            return inbox
        from bot.channels.slack.send import SlackMessenger

        return SlackMessenger(inbox, self.directory, self.slack.client, notice, self.school)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        """Signs of life."""
        return Heartbeats(self.engine, self.clock)

    @cached_property
    def drafts(self) -> SqlDrafts:
        """What people have typed and not sent."""
        return SqlDrafts(self.engine, self.keys.secret, Box, self.clock)

    @cached_property
    def links(self) -> Links:
        """The links by which people sign in."""
        return Links(self.engine, self.keys.secret, Box, self.clock)

    @cached_property
    def audit(self) -> Audit:
        """The audit chains."""
        return Audit(self.engine, self.keys.secret)

    def web(self) -> Starlette:
        """The web channel: with sign-in where it is live, and the addresses that Slack calls."""
        slack = self.slack.routes if self.speaks_slack else ()
        if not self.live:
            return create_app(
                self.assistant,
                self.practice,
                self.desk,
                PracticeOpener(self.keys),
                metrics=self.metrics,
                more=slack,
                lost=self.lost,
            )
        hosts = [name.strip() for name in self.settings.hosts.split(",") if name.strip()]
        return create_app(
            self.assistant,
            None,
            self.desk,
            sign_in=WebSignIn(self),
            hosts=(*HOSTS, *hosts),
            metrics=self.metrics,
            more=slack,
            lost=self.lost,
        )

    def lost(self) -> str:
        """Which channel is cut off, in one word; empty where none is."""
        socket = self.slack.socket if self.speaks_slack else None
        return "slack" if socket and socket.silent() > SILENT else ""

    def metrics(self) -> Mapping[str, float]:
        """What a monitor watches: numbers about notices and the worker, and nothing about anybody."""
        now, beat = self.clock(), self.heartbeats.last("worker")
        counted = {f"signpost_notices_{state}": float(number) for state, number in self.outbox.counts().items()}
        silent = (now - beat).total_seconds() if beat else -1.0
        return {
            "signpost_oldest_undelivered_seconds": self.outbox.oldest_waiting(now),
            "signpost_worker_silent_seconds": silent,
            **counted,
            **(self.slack.socket.metrics() if self.speaks_slack and self.slack.socket else {}),
        }


@dataclass(frozen=True)
class PracticeOpener:
    """Opens the texts of all sample schools."""

    keys: Keys

    @cache  # noqa: B019  (one object, as long as the process)
    def _of(self, school: str) -> Opener:
        return unlock(self.keys, school, Sealed(PRACTICE_PHRASE))

    def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
        """The text. Raises CannotOpen."""
        return self._of(school).open(school, label, envelope)

    def move(self, school: str, label: str, envelope: Envelope, period: str) -> Envelope:
        """The same text under another period's key."""
        return self._of(school).move(school, label, envelope, period)

    def rewrap(self, school: str, label: str, envelope: Envelope) -> Envelope:
        """The same text under the current case key."""
        return self._of(school).rewrap(school, label, envelope)


@dataclass(frozen=True)
class WebSignIn:
    """The way in of a live installation."""

    here: Installation

    def look(self, token: str) -> bool:
        """Whether a link would work now."""
        return self.here.links.look(token)

    def use(self, token: str) -> tuple[str, str] | None:
        """Use a link up: its school and person."""
        return self.here.links.use(token)

    def find(self, school: str, person: str) -> tuple[School, Person] | None:
        """A school and a person of it as they stand now."""
        found = next((each for each in self.here.schools() if each.id == school), None)
        who = found.person(person) if found else None
        return (found, who) if found and who else None

    def unlock(self, school: str, phrase: Sealed) -> Opener | None:
        """The school's case key, or None where the phrase is wrong."""
        try:
            return unlock(self.here.keys, school, phrase)
        except WrongPhrase:
            return None


def _missing(school_id: str) -> School:
    raise KeyError(school_id)
