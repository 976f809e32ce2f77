"""An hour in which no notice gets out, a restart and a kill in the middle of it, and then ninety days of the clock.

The way to the people times out, is refused, asks to wait, or loses its answer once it has delivered. All that still
stands must be seen within ten minutes of its return, once, in the order of each case and person; on SQLite and on
PostgreSQL. `--count` is how many cases, each with three notices or more; the days are as many, at most ninety.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from rich.progress import track

from bot.domain.ports import TryLater
from bot.domain.rounds import tick
from bot.domain.timers import due
from bot.storage.inbox import Inbox
from bot.storage.outbox import Leased
from bot.storage.practice import practice
from bot.worker import Messenger, Worker
from tests.domain.schools import MONDAY, PEOPLE, Office, school
from tests.drills.site import Site, ground
from tests.postgres import Databases
from tests.postgres import serve as postgres

CASES, DAYS = 60, 90
HOUR, STEP, AFTER = timedelta(hours=1), timedelta(seconds=15), timedelta(minutes=10)
START = datetime(2027, 2, 1, 9, tzinfo=UTC)
"""A half-term, a change of the clocks and Easter lie in the ninety days after it."""
NIGHT = range(1, 4)
"""Hours of each night in which the worker is down, besides one whole day in ten."""
Made = tuple[str, str, str]
"""A step: its kind, its timer and its number."""
NAMED_LATE = 10
"""Of so many cases one turns out to be about the deputy, whose notices still wait."""


@dataclass
class Way:
    """The way to the people: down for a time, and remembers what was tried when."""

    site: Site
    inbox: Messenger
    back: datetime
    random: random.Random = field(default_factory=lambda: random.Random(1))
    tried: defaultdict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[int, datetime] = field(default_factory=dict)
    lost: int = 0
    early: int = 0

    def deliver(self, leased: Leased) -> bool:
        """Deliver it once the way is open; until then fail in one of the ways in which such things fail."""
        now, number = self.site.now, leased.notice.id
        self.tried[number].append(now)
        self.early += now < self.asked.pop(number, now)
        if now >= self.back:
            return self.inbox.deliver(leased)
        match self.random.choice(("timeout", "refused", "wait", "lost")):
            case "wait":
                seconds = self.random.choice((30.0, 90.0, 400.0))
                self.asked[number] = now + timedelta(seconds=seconds)
                raise TryLater(seconds)
            case "refused":
                raise TryLater
            case "lost" if self.random.random() < 0.1:
                self.lost += self.inbox.deliver(leased)
        raise TimeoutError


def drill(count: int | None) -> bool:
    """Print what arrived and when, on both databases, and what the clock did; whether nothing was missed."""
    faults: list[str] = []
    with ground(school()) as place, postgres(durable=True) as server:
        for database in ("", Databases(server.url).fresh()):
            with place.site(school(), database=database) as site:
                faults += out(site, count or CASES, "PostgreSQL" if database else "SQLite")
        with place.site(school()) as site:
            faults += quarter(site, min(count or DAYS, DAYS))
    for fault in faults[:10]:
        print(fault)
    print(f"{len(faults)} notices or steps lost, late, doubled or out of order")
    return not faults


def out(site: Site, cases: int, name: str) -> list[str]:
    """One outage on one database."""
    way = Way(site, Inbox(site.installed.engine, lambda: site.now), MONDAY + HOUR)
    withdrawn = happened(site, cases)
    waiting = site.installed.outbox.counts()["waiting"]
    worker = restarted(site, way)
    for number in track(range(int((HOUR + AFTER) / STEP)), f"An hour without a way out, {name}"):
        site.now += STEP
        if number == int(HOUR / STEP) // 2:
            crashed(site)
            worker = restarted(site, way)
        with redirect_stderr(StringIO()):  # each try that failed is logged
            worker.once()
    faults = [f"{name}: {fault}" for fault in wrong(site, way)]
    print(f"{name}: {waiting} notices of {cases} cases waited, {withdrawn} were taken back", end="; ")
    seen = site.rows("SELECT count(*) FROM inbox")[0][0]
    tries = sum(map(len, way.tried.values()))
    print(
        f"{seen} seen after {tries:,} tries, {way.lost} whose answer was lost, the last {last(site, way):.0f} s after"
    )
    return faults


def happened(site: Site, cases: int) -> int:
    """Reports, additions and answers while nothing gets out; how many notices were taken back again."""
    for number in range(cases):
        ref = site.file().ref
        if number % 3 == 0:
            site.do(ref, "teacher", "add", "more")
        if number % 3:
            site.do(ref, "dsl", "acknowledge")
        if number % NAMED_LATE == 0:
            site.do(ref, "dsl", "name-subject", "words", person="deputy")
        site.now += timedelta(milliseconds=1)
    return site.installed.outbox.counts().get("withdrawn", 0)


def restarted(site: Site, way: Way) -> Worker:
    """A worker as a new process would have it."""
    return replace(site.installed.worker, messenger=way, ticked=None)


def crashed(site: Site) -> None:
    """A worker takes a batch and is gone, and another is killed when it has delivered one and not yet said so."""
    site.installed.outbox.claim(3, 60)
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=_killed, args=(site.data, site.keys, site.database, site.now))
    process.start()
    process.join(60)
    if process.exitcode != -signal.SIGKILL:
        raise RuntimeError("the worker was not killed")


def _killed(data: Path, keys: Path, database: str, now: datetime) -> None:
    """Deliver one notice, and be killed."""
    site = Site(data, keys, school(), PEOPLE, database, now)
    outbox, inbox = site.installed.outbox, Inbox(site.installed.engine, lambda: site.now)
    while not (taken := outbox.claim(1, 60)):
        site.now += STEP
    inbox.deliver(taken[0])
    os.kill(os.getpid(), signal.SIGKILL)


def wrong(site: Site, way: Way) -> Iterator[str]:
    """What did not come as it should."""
    counts = site.installed.outbox.counts()
    yield from (f"{counts[state]} notices are {state}" for state in counts.keys() - {"sent", "withdrawn"})
    rows = "SELECT notices.id, notices.ref, notices.keyed, notices.state, inbox.at FROM notices LEFT JOIN inbox"
    orders: defaultdict[object, list[str]] = defaultdict(list)
    for number, ref, keyed, state, at in site.rows(f"{rows} ON inbox.notice = notices.id ORDER BY notices.id"):
        if (at is not None) != (state == "sent"):
            yield f"notice {number} is {state} and was {'seen' if at else 'not seen'}"
        orders[ref, keyed].append(str(at or ""))
    yield from (f"{who} got them out of order" for who, times in orders.items() if times != sorted(times))
    if way.early:
        yield f"{way.early} tries came before the time that was asked for"
    if last(site, way) > AFTER.total_seconds():
        yield "the last came too late"


def last(site: Site, way: Way) -> float:
    """How many seconds after the way was open again the last notice was tried."""
    return max((max(times) - way.back).total_seconds() for times in way.tried.values())


def quarter(site: Site, days: int) -> list[str]:
    """Days in which the worker is often down: beside one that never is, it makes each step late at most, and once."""
    site.become(replace(site.here, calendar=practice({"milford": "Milford"})[0].calendar))
    site.now = START
    twin = Office(site.here, START)
    refs, others = begun(site), begun(twin)
    hours = [START + timedelta(hours=number) for number in range(1, 24 * days)]
    missed = 0
    for now in track(hours, f"{days} days of the clock"):
        site.now = twin.now = now
        tick(twin.casework, twin.here.id)
        if now.hour in NIGHT or now.toordinal() % 10 == 0:
            continue
        tick(site.casework, site.here.id)
        keyed = site.casework.sealer.keyed(site.here.id, [each.id for each in site.here.people])
        with site.casework.records.work(site.here.id) as work:
            missed += sum(bool(due(case, site.here, now, keyed)) for case in work.cases())
    while site.installed.worker.deliver():
        pass
    made, expected = steps(site, refs), steps(twin, others)
    doubled = [step for case in made.values() for step, number in Counter(case).items() if number > 1]
    faults = [f"{missed} times a step was due after the clock was looked at"] * bool(missed)
    faults += [f"{step} was made twice" for step in doubled]
    faults += [
        f"case {case} ends with other steps than where nothing was down"
        for case in made
        if newest(made[case]) != newest(expected[case])
    ]
    print(f"{days} days, {len(hours)} hours: {sum(map(len, made.values()))} steps in {len(made)} cases", end="; ")
    print(f"{sum(map(len, expected.values()))} where nothing was down; notices {site.installed.outbox.counts()}")
    return [
        *faults,
        *("a notice of the clock was not delivered" for state in site.installed.outbox.counts() if state != "sent"),
    ]


def begun(office: Site | Office) -> list[str]:
    """Cases that wait for somebody in each of the ways there are: their references."""
    kinds = ("reported-contact", "child-concern", "radicalisation", "adult-concern", "online-incident")
    refs = [office.file(kind).ref for kind in kinds]
    _, waiting, read, adult, noted = refs
    office.do(waiting, "dsl", "acknowledge")
    office.do(waiting, "dsl", "propose-member", person="teacher")
    office.do(read, "dsl", "acknowledge")
    office.do(adult, "head", "acknowledge")
    office.do(noted, office.team(noted)[0], "note", "words")
    return refs


def steps(office: Site | Office, refs: list[str]) -> dict[int, list[Made]]:
    """The steps of the clock in each case."""
    entries = {number: office.case(ref).entries for number, ref in enumerate(refs)}
    return {
        number: [(each.kind, each.facts["timer"], each.facts["number"]) for each in of_one if "timer" in each.facts]
        for number, of_one in entries.items()
    }


def newest(made: list[Made]) -> tuple[set[Made], dict[str, str]]:
    """Every escalation, and the last reminder of each timer: what was late is made up for by the newest."""
    return {step for step in made if step[0] == "escalate"}, {
        timer: number for kind, timer, number in made if kind == "nudge"
    }
