"""The clock of a case: what is due now, worked out from its entries, so that no downtime loses or doubles a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, islice, takewhile

from bot.domain.calendar import Calendar
from bot.domain.case import Case, Entry, Keyed, State, next_rung, team
from bot.domain.people import School

NUDGE = "nudge"
ESCALATE = "escalate"


class Timer(StrEnum):
    """What is waited for."""

    ACKNOWLEDGE = "acknowledge"
    LADO = "lado"
    REVIEW = "review"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Rules:
    """How long each may take: `hours` are school hours, `days` working days, `urgent` counts day and night."""

    acknowledge_hours: float = 4
    escalate_hours: float = 1
    urgent: timedelta = timedelta(minutes=30)
    lado_half_hours: float = 4.5
    lado_days: int = 1
    review_days: int = 10
    proposal_days: int = 1


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Step:
    """What the worker does next.

    `number` counts each kind from 1 since its timer started; a nudge about a proposal bears its entry's number.
    """

    kind: str
    timer: Timer
    number: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something should be done."""

    timer: Timer
    at: datetime


@dataclass(frozen=True, slots=True)
class _Running:
    """A timer that runs since an entry; `nudges` may have no end, `first` is the number of the first of them."""

    timer: Timer
    since: int
    deadline: datetime
    nudges: Iterable[datetime]
    escalations: tuple[datetime, ...] = ()
    first: int = 1


def due(case: Case, school: School, now: datetime, keyed: Keyed, rules: Rules = RULES) -> tuple[Step, ...]:
    """The steps that are due and not made: every escalation that was missed, and the newest nudge of each timer."""
    steps = (step for running in _running(case, school, keyed, rules) for step in _steps(case, running, now))
    return tuple(sorted(steps, key=lambda step: step.due))


def deadlines(case: Case, school: School, keyed: Keyed, rules: Rules = RULES) -> tuple[Deadline, ...]:
    """What runs on a case and until when, the nearest first; past ones too, until they are met."""
    running = (Deadline(one.timer, one.deadline) for one in _running(case, school, keyed, rules))
    return tuple(sorted(running, key=lambda deadline: deadline.at))


def expect_word(opened: datetime, school: School, urgent: bool = False, rules: Rules = RULES) -> datetime:
    """When a reporter can expect that somebody has picked it up."""
    return _soon(opened, rules.acknowledge_hours, school.calendar, urgent, rules)


def _steps(case: Case, running: _Running, now: datetime) -> Iterator[Step]:
    escalated = _highest(case, ESCALATE, running.timer, running.since)
    for number, at in enumerate(running.escalations, 1):
        if number > escalated and at <= now:
            yield Step(ESCALATE, running.timer, number, at)
    passed = list(takewhile(lambda at: at <= now, running.nudges))
    newest = running.first + len(passed) - 1
    if passed and newest > _highest(case, NUDGE, running.timer, running.since):
        yield Step(NUDGE, running.timer, newest, passed[-1])


def _highest(case: Case, kind: str, timer: Timer, since: int) -> int:
    made = (entry.facts for entry in case.happened(kind) if entry.seq > since)
    return max((int(facts["number"]) for facts in made if facts["timer"] == timer), default=0)


def _running(case: Case, school: School, keyed: Keyed, rules: Rules) -> Iterator[_Running]:
    """Nothing runs on a case that is closed, or that nobody inside the school receives."""
    if case.state in (State.CLOSED, State.DELETED) or not case.ladder:
        return
    at_work = {*team(case, school, keyed), *case.members}
    if waiting := _waiting(case, at_work):
        yield _acknowledge(case, waiting, school, keyed, rules)
    else:
        yield _review(case, school.calendar, rules)
    if _lado_waits(case):
        yield _lado(case, school.calendar, rules)
    yield from _proposals(case, school.calendar, rules)


_PICKED_UP = frozenset({"acknowledge", "triage", "action", "note", "correct"})
"""Who only looks at a case, hands it over or steps back has not picked it up."""


def _waiting(case: Case, at_work: set[str]) -> Entry | None:
    """What nobody has picked up yet: the first of it, so that more from the reporter never puts the deadline off."""
    if case.state not in (State.RECEIVED, State.REOPENED):
        return None
    waiting = None
    for entry in case.entries:
        if entry.kind == "reopen" or (entry.kind == "recuse" and waiting):
            waiting = entry
        elif entry.kind in ("filed", "added"):
            waiting = waiting or entry
        elif entry.kind in _PICKED_UP and entry.by in at_work:
            waiting = None
    return waiting


def _acknowledge(case: Case, waiting: Entry, school: School, keyed: Keyed, rules: Rules) -> _Running:
    calendar = school.calendar
    deadline = expect_word(waiting.at, school, case.urgent, rules)
    rungs = _highest(case, ESCALATE, Timer.ACKNOWLEDGE, waiting.seq) + _rungs_left(case, school, keyed)
    escalations = tuple(islice(_climbing(deadline, calendar, case.urgent, rules), rungs))
    daily = _every(1, escalations[-1] if escalations else deadline, calendar)
    return _Running(Timer.ACKNOWLEDGE, waiting.seq, deadline, chain((deadline,), daily), escalations)


def _climbing(at: datetime, calendar: Calendar, urgent: bool, rules: Rules) -> Iterator[datetime]:
    while True:
        at = _soon(at, rules.escalate_hours, calendar, urgent, rules)
        yield at


def _soon(at: datetime, hours: float, calendar: Calendar, urgent: bool, rules: Rules) -> datetime:
    """So many school hours later; in the holidays the next working day, so that a summer does not stop the clock."""
    return at + rules.urgent if urgent else min(calendar.after_hours(at, hours), calendar.after_days(at, 1))


def _every(days: int, at: datetime, calendar: Calendar) -> Iterator[datetime]:
    while True:
        at = calendar.after_days(at, days)
        yield at


def _rungs_left(case: Case, school: School, keyed: Keyed) -> int:
    rungs = 0
    while (reached := next_rung(case, school, keyed)) > case.reached:
        case, rungs = replace(case, reached=reached), rungs + 1
    return rungs


def _review(case: Case, calendar: Calendar, rules: Rules) -> _Running:
    last = next((entry for entry in reversed(case.entries) if entry.by), None)
    seq, at = (last.seq, last.at) if last else (0, case.opened)
    return _Running(
        Timer.REVIEW,
        seq,
        calendar.after_days(at, rules.review_days),
        _every(rules.review_days, at, calendar),
    )


def _lado_waits(case: Case) -> bool:
    told = any(entry.facts.get("sort") == "lado" for entry in case.happened("action"))
    return case.concerns_an_adult and case.level != "low-level" and not told


def _lado(case: Case, calendar: Calendar, rules: Rules) -> _Running:
    deadline = calendar.after_days(case.opened, rules.lado_days)
    all_year = replace(calendar, terms=())
    half = min(deadline, all_year.after_hours(case.opened, rules.lado_half_hours))
    return _Running(Timer.LADO, 0, deadline, chain((half, deadline), _every(1, deadline, calendar)))


def _proposals(case: Case, calendar: Calendar, rules: Rules) -> Iterator[_Running]:
    for entry in case.entries:
        if entry.seq in case.proposed:
            deadline = calendar.after_days(entry.at, rules.proposal_days)
            yield _Running(Timer.PROPOSAL, entry.seq, deadline, (deadline,), first=entry.seq)
