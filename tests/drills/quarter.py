"""Ninety days of one school: its people act or forget, its workers look at the clock, are struck, killed and sleep."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from bot.domain.orders import Order
from bot.domain.people import Role
from bot.domain.register import Fields
from bot.domain.request import Request
from bot.domain.stages import LINE_MANAGER, Delegation, StageRule
from bot.storage import tables
from bot.storage.cipher import Box
from bot.storage.engine import open_engine
from bot.storage.inbox import Inbox
from bot.storage.outbox import Leased, Outbox
from bot.storage.requests import SqlRequests
from bot.talk.sealed import Sealed
from bot.worker import LEASE, Worker
from tests.database_desk import DatabaseDesk
from tests.domain.schools import person
from tests.drills.by_hand import Book, Live, Waiting, london
from tests.office import keys

DAYS = 90
STAGES = {
    "site": (StageRule(LINE_MANAGER), StageRule("head", ("approver",))),
    "logo": (StageRule("approver"),),
    "channel": (StageRule("it-admin", ("approver",)), StageRule("head")),
}
RUNNERS = ("first", "second", "third", "fourth", "fifth")
"""They run accounts, and may leave."""
PEOPLE = (
    *(person(name, manager="leader") for name in ("teacher", "other", "cover", *RUNNERS)),
    person("leader", Role.LINE_MANAGER, manager="head"),
    person("named", Role.DEPUTY),
    person("head", Role.HEAD),
    person("approver", Role.APPROVER),
    person("it", Role.IT_ADMIN),
    person("chair", Role.CHAIR),
    person("lead", Role.POLICY_LEAD),
)
DECISIONS = ("approve", "approve", "approve", "approve", "send-back", "refuse", "reassign", "withdraw")
ACTS = 0.3
"""How often people act where otherwise workers do."""
STRUCK = 0.03
"""How often a step of a worker fails."""
PAUSES = {(1, 45): 40, (60, 480): 45, (480, 1440): 12, (1440, 9 * 1440): 3}
"""Minutes between two events, and how often of a hundred: moments, hours, up to a day, and more."""


class Killed(BaseException):
    """The process ends here."""


def fields(request: Request, words: Mapping[int, Sealed]) -> Fields:
    """What was written are the fields themselves."""
    read: Fields = json.loads(words[request.text].reveal())
    return read


# --- the workers ------------------------------------------------------------------------------------------------------
@dataclass
class Chance:
    """What goes wrong, and when; `looked` says whether a worker has looked at its clock and kept what it did."""

    random: Random
    struck: float = STRUCK
    looked: bool = False
    kills: int = 0

    def __call__(self, step: str) -> None:
        """A step was reached."""
        self.looked = self.looked or step == "committed"
        if self.random.random() < self.struck:
            raise self.random.choice((Killed, OSError))


@dataclass(frozen=True, slots=True)
class Doorstep:
    """The inbox, where a worker may end before or after it has laid something in."""

    inbox: Inbox
    steps: Callable[[str], None]

    def deliver(self, leased: Leased) -> bool:
        """Lay a notice in its recipient's inbox."""
        self.steps("before-send")
        done = self.inbox.deliver(leased)
        self.steps("sent")
        return done


class Process:
    """A worker that is started again when it was killed, or when somebody likes to."""

    def __init__(self, desk: DatabaseDesk, chance: Chance) -> None:
        self._desk, self._chance = desk, chance
        self._engine = open_engine(desk.engine.url.render_as_string(hide_password=False))
        self.start()

    def start(self) -> None:
        """Begin with nothing but the database."""
        self._engine.dispose()
        engine, clock, secret = self._engine, self._desk.approvals.clock, keys().secret
        records = SqlRequests(engine, secret, Box, clock, self._chance)
        outbox, inbox = Outbox(engine, secret, Box, clock), Doorstep(Inbox(engine, clock), self._chance)
        clocks = (replace(self._desk.approvals, records=records).tick,)
        self._worker = Worker(outbox, inbox, clocks, lambda: [self._desk.here], clock)

    def once(self) -> int:
        """One round of the worker; how many notices it took."""
        try:
            return self._worker.once()
        except Killed:
            self._chance.kills += 1
            self.start()
            return 0

    def end(self) -> None:
        """Let the database go."""
        self._engine.dispose()


# --- ninety days ------------------------------------------------------------------------------------------------------
@dataclass
class Quarter:
    """One school in its ninety days: what people and workers do there, and the book that is kept by hand."""

    desk: DatabaseDesk
    book: Book
    chance: Chance
    start: datetime
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)

    @property
    def random(self) -> Random:
        """Where all that is random comes from."""
        return self.chance.random

    def run(self) -> None:
        """All ninety days, and then as long as it takes until everything is delivered."""
        self._found()
        workers = [Process(self.desk, self.chance), Process(self.desk, self.chance)]
        self.desk.now, end = self.start, self.start + timedelta(DAYS)
        while (then := self.desk.now + self._pause()) < end:
            self.desk.now = then
            if self.random.random() < ACTS:
                self._act()
            else:
                self._work(*self.random.sample(workers, self.random.randint(1, 2)))
        self.desk.now, self.chance.struck = end, 0
        while self._work(*workers) or self._waits():
            self.desk.now += timedelta(seconds=LEASE)
        for worker in workers:
            worker.end()

    def _pause(self) -> timedelta:
        sort = self.random.choices(tuple(PAUSES), tuple(PAUSES.values()))[0]
        return timedelta(minutes=self.random.randint(*sort))

    def _work(self, *workers: Process) -> int:
        """A round of workers, all at the same moment; how many notices they took."""
        self.chance.looked = False
        with ThreadPoolExecutor(len(workers)) as threads:
            taken = sum(threads.map(Process.once, workers))
        if self.chance.looked:
            self.book.ticked(self.desk.now)
        if self.random.random() < STRUCK:
            workers[0].start()
        return taken

    def _waits(self) -> bool:
        with self.desk.engine.connect() as connection:
            states = set(connection.execute(select(tables.notices.c.state)).scalars())
        return bool(states & {"waiting", "leased"})

    # --- what people do -------------------------------------------------------------------------------------------
    def _found(self) -> None:
        """A year before, accounts came into the register."""
        for days in sorted(self.random.sample(range(275, 375), 3), reverse=True):
            self.desk.now = self.start - timedelta(days, minutes=self.random.randrange(1440))
            one = self._ask_for("logo", True)
            self.desk.now += timedelta(minutes=1)
            self._decide(one, "approve")
        day = self._day(-20, 110)
        row = {"platform": "X", "handle": "before", "administrators": "; ".join(RUNNERS[:2]), "closes": day}
        (entry,), _ = self.desk.approvals.take_in(self.desk.here.id, "lead", [row])
        self.book.registered(self.desk.now, entry.ref, None, date.fromisoformat(day), [*RUNNERS[:2]])

    def _day(self, first: int, last: int) -> str:
        return (self.start.date() + timedelta(self.random.randint(first, last))).isoformat()

    def _here(self) -> list[str]:
        return [one for one in RUNNERS if one not in self.book.gone]

    def _act(self) -> None:
        """Somebody does something; some requests are forgotten by all."""
        waiting = [one for one in self.book.waiting("pending", "sent-back") if one.ref not in self.forgotten]
        accounts = [one for one in self.book.accounts.values() if not one.closed]
        match self.random.choice(("ask", "ask", "decide", "decide", "decide", "account", "cover", "leave")):
            case "ask":
                one = self._ask_for(self.random.choice(tuple(STAGES)), self.random.random() < 0.7)
                self.forgotten |= {one.ref} if self.random.random() < 0.5 else set()
            case "decide" if waiting:
                one = self.random.choice(waiting)
                back = one.state == "sent-back"
                self._decide(one, self.random.choice(("resubmit", "resubmit", "withdraw") if back else DECISIONS))
            case "account" if accounts:
                self._look_after(self.random.choice(accounts))
            case "cover":
                since = london(self.desk.now) + timedelta(self.random.randint(0, 5))
                until = since + timedelta(self.random.randint(0, 14))
                self.desk.approvals.delegate(self.desk.here.id, Delegation("leader", "cover", since, until))
                self.book.covered(self.desk.now, since, until)
            case "leave" if len(self._here()) > 2:
                gone = self.random.choice(self._here())
                self.desk.leave(gone)
                self.book.gone.add(gone)

    def _ask_for(self, form: str, register: bool) -> Waiting:
        run_by = self.random.sample(self._here(), self.random.randint(1, 2))
        text = {"platform": "X", "handle": str(len(self.texts)), "administrators": " ".join(run_by)}
        text |= {"closes": self._day(-20, 110)} if self.random.random() < 0.6 else {}
        text |= {"opens": self._day(0, 60)} if self.random.random() < 0.2 else {}
        by = self.random.choice(("teacher", "other"))
        ref = self.desk.submit(by, json.dumps(text), stages=STAGES[form], register="account" if register else "")
        self.texts |= {ref: text} if register else {}
        return self.book.submitted(self.desk.now, ref, form, by)

    def _decide(self, one: Waiting, action: str) -> None:
        at, book = self.desk.now, self.book
        by = self.random.choice(book.signers(one, at)) if one.state == "pending" else one.requester
        match action:
            case "approve":
                self.desk.do(one.ref, by, "approve")
                if book.approved(at, one, by) and one.ref in self.texts:
                    self._registered(one.ref)
            case "refuse":
                self.desk.do(one.ref, by, "refuse", clause=f"{self.desk.here.policy}/scope.1")
                book.refused(at, one, by)
            case "send-back":
                self.desk.do(one.ref, by, "send-back", "say more")
                book.sent_back(at, one, by)
            case "reassign" if "named" not in one.signed:
                self.desk.do(one.ref, "lead", "reassign", person="named")
                book.reassigned(at, one, "named")
            case "resubmit":
                self.desk.do(one.ref, one.requester, "resubmit", json.dumps(self.texts.get(one.ref, {})))
                book.resubmitted(at, one)
            case "withdraw":
                self.desk.do(one.ref, one.requester, "withdraw")
                book.withdrawn(at, one)

    def _registered(self, ref: str) -> None:
        text = self.texts[ref]
        opens, closes = (date.fromisoformat(text[name]) if name in text else None for name in ("opens", "closes"))
        self.book.registered(self.desk.now, f"E{ref[1:]}", opens, closes, text["administrators"].split())

    def _look_after(self, one: Live) -> None:
        free = [each for each in self._here() if each not in one.administrators]
        action = self.random.choice(("hand-over", "hand-over", "hand-over", "done", "done", "close"))
        duty = self.random.choice(("review", "acceptable-use"))
        old = self.random.choice(("", *one.administrators))
        if action == "hand-over" and not free:
            return
        new = self.random.choice(free) if free else ""
        order = Order(action, one.ref, "lead", {"to": new, "from": old, "duty": duty})
        self.desk.approvals.change(self.desk.here.id, order)
        if action == "hand-over":
            self.book.handed_over(self.desk.now, one, old, new)
        elif action == "done":
            one.done[duty] = london(self.desk.now)
        else:
            one.closed = True
