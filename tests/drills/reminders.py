"""Ninety days at schools of every policy, with workers that fail, are killed and sleep: no reminder lost, none doubled.

The days cross half-term, holidays, bank holidays and a change of the clock. Two workers, at times both at once, look at
their clocks after minutes or after days, and are struck between any two steps; beside them people send in, sign, hand
over and leave. All that was done is compared with what was worked out by hand. Nudges that were slept over come as one,
the newest; escalations all come. `--count` is how many schools, on SQLite and PostgreSQL by turns.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from random import Random
from typing import Any

from rich.progress import track
from sqlalchemy import Row, select

from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.people import School
from bot.storage import tables
from bot.storage.cipher import PublicSealer
from bot.storage.engine import open_engine
from bot.storage.migrate import migrate
from tests.database_desk import DatabaseDesk
from tests.drills.approvals_model import MEMORY
from tests.drills.by_hand import TERMS, Book, Made, Told, hours
from tests.drills.quarter import DAYS, PEOPLE, Chance, Quarter, fields
from tests.office import keys
from tests.postgres import databases

SCHOOLS = 100
STARTS = (datetime(2026, 10, 12, tzinfo=UTC), datetime(2027, 1, 25, tzinfo=UTC))
POLICIES = ("emlm", "milford", "whgs", "inspire", "rmet")
ALWAYS = ("monitor", "asked")
"""What comes outside school hours too: what a policy asks every day, and what people do."""


# --- what was done ----------------------------------------------------------------------------------------------------
def wrong(quarter: Quarter) -> dict[str, list[object]]:
    """What is lost, doubled, at the wrong hour, and not delivered."""
    book, steps, told = quarter.book, Counter(_steps(quarter.desk)), Counter(_told(quarter.desk))
    return {
        "lost": [*(book.steps - steps).elements(), *(book.told - told).elements()],
        "doubled": [*(steps - book.steps).elements(), *(told - book.told).elements()],
        "outside school hours": [one for one in steps if one[1] not in ALWAYS and not book.hours.open_at(one[2])],
        "not delivered": [*_undelivered(quarter)],
    }


def _steps(desk: DatabaseDesk) -> Iterator[Made]:
    """The steps of the clock as they are kept."""
    for request in desk.requests():
        for line in request.entries:
            match line.kind:
                case "nudge" | "escalate":
                    yield request.ref, line.kind, line.at, line.facts["number"]
                case "asked":
                    yield request.ref, line.kind, line.at, " ".join(sorted(line.facts["people"].split()))
                case "expired":
                    yield request.ref, line.kind, line.at, ""
    for entry in desk.entries():
        for line in entry.happened("reminded"):
            yield entry.ref, line.facts["duty"], line.at, line.facts["day"]


def _told(desk: DatabaseDesk) -> Iterator[Told]:
    """Who was told, with which notice, about what, when."""
    people = [one.id for one in PEOPLE]
    keyed = desk.approvals.names.keyed(desk.here.id, people)
    names = {keyed.of(one): one for one in people}
    for row in _notices(desk):
        yield names[row.keyed], row.ref, row.template, row.created


def _undelivered(quarter: Quarter) -> Iterator[object]:
    """Notices that nobody found, but for those that were overtaken by what happened to their request."""
    for row in _notices(quarter.desk):
        overtaken = row.state == "withdrawn" and row.created < quarter.book.moved.get(row.ref, row.created)
        if not overtaken and (row.state, row.laid) != ("sent", True):
            yield row.ref, row.template, row.state, row.created


def _notices(desk: DatabaseDesk) -> Sequence[Row[Any]]:
    """All notices, and whether each lies in an inbox."""
    notices, inbox = tables.notices, tables.inbox
    joined = notices.outerjoin(inbox, inbox.c.notice == notices.c.id)
    with desk.engine.connect() as connection:
        return connection.execute(select(notices, inbox.c.notice.is_not(None).label("laid")).select_from(joined)).all()


# --- all schools ------------------------------------------------------------------------------------------------------
def drill(count: int | None) -> bool:
    """Print how many reminders there were, and how many were lost or doubled; whether none was."""
    found, made, kills = Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, databases() as server:
        for number in track(range(count or SCHOOLS), "Ninety days"):
            url = server.fresh() if number % 2 else f"sqlite:///{folder}/{number}.db"
            quarter = _lived(number, url)
            for name, ones in wrong(quarter).items():
                found[name] += len(ones)
                for one in ones[:3]:
                    print(f"school {number}, {quarter.book.policy}: {name}: {one}")
            made.update(kind for _, kind, *_ in quarter.book.steps.elements())
            kills += quarter.chance.kills
            quarter.desk.engine.dispose()
            if number % 2:
                server.give_back(url)
    del made["asked"]
    print(", ".join(f"{times} {kind}" for kind, times in made.most_common()))
    figures = ", ".join(f"{times} {name}" for name, times in found.items())
    print(f"{count or SCHOOLS} schools, {kills} workers killed, {made.total()} reminders: {figures}")
    return made.total() > 0 and not found.total()


def _lived(number: int, url: str) -> Quarter:
    """A school after its ninety days."""
    policy, start, terms = POLICIES[number % 5], STARTS[number // 2 % 2], number % 3 > 0
    calendar = Calendar(terms=TERMS if terms else (), closed=bank_holidays((2026, 2027)))
    engine = open_engine(url)
    migrate(engine)
    here = School(policy, policy, policy, PEOPLE, {}, calendar)
    desk = DatabaseDesk(engine, here, keys=(keys().secret, PublicSealer(keys())))
    desk.approvals = replace(desk.approvals, fields=fields)
    book = Book(policy, hours(start, DAYS + 2, terms))
    quarter = Quarter(desk, book, Chance(Random(number)), start)
    with redirect_stderr(StringIO()):  # the workers say what went wrong
        quarter.run()
    return quarter
