"""Slack sends everything again, at once: whatever it was is done once, on SQLite and PostgreSQL.

500 events are sent 4 times at once, and so are the 500 reports that begin with them; 50 decision buttons are clicked 10
times at once. `--count` is how many events; there is a button for every ten of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from pydantic import SecretStr
from rich.progress import Progress

from bot.domain.approvals import Submit
from bot.domain.stages import StageRule
from bot.settings import Settings
from tests.channels.slack.scene import WAYS, in_slack
from tests.drills.request_matrix import CONTENT, FORM
from tests.drills.site import Ground, Site, ground
from tests.office import SCHOOLS
from tests.postgres import Databases
from tests.postgres import serve as postgres
from tests.slack.check_blocks import elements
from tests.slack.fake import SCHOOL, FakeSlack
from tests.slack.hello import until
from tests.slack.shown import label
from tests.slack.surface import JSON, View
from tests.slack.transports import EVENT, INTERACTIVE, Delivered
from tests.slack.user import User

COUNT, TIMES, CLICKS = 500, 4, 10
PER_BUTTON = 10
"""Events for each decision button."""
WHERE = "milford"
_REF = re.compile(r"S-[A-Z0-9]{4}-[A-Z0-9]{4}")

Tell = Callable[[], None]


@dataclass
class Trial:
    """One installation with people at Slack; `answers` counts what each delivery was told."""

    fake: FakeSlack
    site: Site
    at_once: ThreadPoolExecutor
    answers: Counter[str] = field(default_factory=Counter)
    refs: set[str] = field(default_factory=set)

    def report(self, number: int, user: User) -> None:
        """Write to the app, and send in the form that it gives."""
        before = len(user.messages())
        self._repeated(EVENT, self._event(user))
        until(lambda: len(user.messages()) > before)
        user.press("Worry about a child")
        until(user.view)
        user.fill("happened", f"Number {number}")
        user.choose("about", "nobody")
        told = self._repeated(INTERACTIVE, user.sends.submitted(user.open_view()))
        refs = {ref for each in told for ref in _REF.findall(str(each.payload))}
        self.answers["a report was told of in more than one way"] += len(refs) != 1
        self.refs |= refs
        user.close()

    def _event(self, user: User) -> JSON:
        with self.fake.world.lock:
            place = self.fake.world.direct(user.id)
            return user.sends.message(self.fake.world.post(place.id, user.id, "report", []), "report")

    def _repeated(self, kind: str, payload: JSON) -> Sequence[Delivered]:
        return self._all([payload] * TIMES, kind)

    def _all(self, payloads: Sequence[JSON], kind: str) -> Sequence[Delivered]:
        told = list(self.at_once.map(lambda payload: self.fake.deliver(kind, payload), payloads))
        self.answers["not acknowledged"] += sum(not each.acked for each in told)
        return told

    def decide(self, number: int, user: User) -> None:
        """Look at a request, and press its button in every way that fingers find."""
        user.dm(self.ask(number))
        until(lambda: any("[Open]" in message for message in user.messages()[-1:]))
        user.press("Open")
        until(lambda: "[Approve]" in user.view())
        view = user.open_view()
        self._all([user.sends.clicked(view, *_button(view, "Approve")) for _ in range(CLICKS)], INTERACTIVE)
        user.close()

    def ask(self, number: int) -> str:
        """Put a request there; its reference."""
        stages = tuple(StageRule(stage.role, stage.instead) for stage in FORM.stages)
        order = Submit(f"key-{number}", WHERE, FORM.id, "teacher", stages, CONTENT, 60, FORM.register)
        return self.site.installed.approvals.submit(order).ref

    def figures(self) -> dict[str, int]:
        """What there is in the end."""
        rows = {
            "records": "SELECT count(*) FROM cases",
            "transitions": "SELECT count(*) FROM request_entries WHERE kind = 'approved'",
        }
        kept = {name: int(str(self.site.rows(query)[0][0])) for name, query in rows.items()}
        posted = Counter(call.body["channel"] for call in self.fake.calls if call.method == "chat.postMessage")
        return {**kept, "answers": posted["D0TEACHER"], "references": len(self.refs), **self.answers}


def _button(view: View, words: str) -> tuple[JSON, JSON]:
    """The block and the button that bears these words."""
    found = ((block, each) for block in view.blocks for each in elements(block) if each["type"] == "button")
    return next((block, each) for block, each in found if label(each) == words)


def drill(count: int | None) -> bool:
    """Print what there is after it on each database; whether there is one of each."""
    events = count or COUNT
    buttons = max(1, events // PER_BUTTON)
    wanted = {"records": events, "answers": events, "references": events, "transitions": buttons}
    found = {}
    with ground(in_slack(SCHOOLS[WHERE], SCHOOL)) as place, postgres(durable=True) as server, Progress() as progress:
        databases = Databases(server.url)
        for name, database in (("SQLite", ""), ("PostgreSQL", databases.fresh())):
            bar = progress.add_task(name, total=events + buttons)
            with _trial(place, database) as trial:
                _play(trial, events, buttons, partial(progress.advance, bar))
                found[name] = +Counter(trial.figures())
    for name, figures in found.items():
        print(f"{name}: {', '.join(f'{number:,} {what}' for what, number in figures.items())}")
    wrong = [name for name, figures in found.items() if figures != wanted]
    print(f"{events:,} events and forms {TIMES} times at once, {buttons} buttons {CLICKS} times: {len(wrong)} wrong")
    return not wrong


def _play(trial: Trial, events: int, buttons: int, tell: Tell) -> None:
    teacher = User(trial.fake, "U0TEACHER", "teacher")
    for number in range(events):
        trial.report(number, teacher)
        tell()
    leader = _first_signer(trial)
    for number in range(buttons):
        trial.decide(number, leader)
        tell()


def _first_signer(trial: Trial) -> User:
    """Whoever decides first."""
    trial.ask(-1)
    (seen,) = trial.site.installed.approvals.listed(WHERE, "teacher")
    return User(trial.fake, f"U0{seen.signers[0].person.upper()}", seen.signers[0].person)


class Api(Protocol):
    """What an app knows of a Slack."""

    @property
    def api(self) -> str:
        """Where it answers."""

    @property
    def bot_token(self) -> str:
        """With what the app calls it."""

    @property
    def signing_secret(self) -> str:
        """With what it signs."""


def settings_of(site: Site, slack: Api) -> Settings:
    """The settings of an installation that serves a Slack over HTTP."""
    return Settings(
        data=site.data,
        keys=site.keys,
        DATABASE_URL=site.database,
        slack_api=slack.api,
        slack_bot_token=SecretStr(slack.bot_token),
        slack_signing_secret=SecretStr(slack.signing_secret),
    )


@contextmanager
def _trial(place: Ground, database: str) -> Iterator[Trial]:
    with (
        FakeSlack() as fake,
        place.site(in_slack(SCHOOLS[WHERE], SCHOOL), database=database) as site,
        ThreadPoolExecutor(CLICKS) as at_once,
    ):
        site.installed.settings = settings_of(site, fake)
        with WAYS["http"](fake, site.installed.slack):
            yield Trial(fake, site, at_once)
