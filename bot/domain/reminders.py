"""The clock of requests and of the register: what is due, worked out from entries alone, so that nothing comes twice.

Nothing is due outside school hours, but for what a policy asks every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.domain.calendar import Calendar
from bot.domain.people import Role, School
from bot.domain.register import LEAST, Duty, Entry, Status, at_school, days_from
from bot.domain.request import Change, Request, State, asked, asked_now, settled
from bot.domain.stages import Staffing, levels

ASK = "ask"
NUDGE = "nudge"
ESCALATE = "escalate"
EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Rules:
    """School hours between nudges, before a stage goes on to the next who may sign it, and before a request ends."""

    nudge_hours: float = 18
    escalate_hours: float = 45
    expire_hours: float = 90


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Step:
    """What the worker does next; `number` counts each kind from 1 since the stage began."""

    kind: str
    number: int
    due: datetime


def due(request: Request, staffing: Staffing, rules: Rules = RULES) -> tuple[Step, ...]:
    """The steps that are due and not made: every escalation that was missed, but only the newest nudge."""
    calendar, now = staffing.school.calendar, staffing.now
    if request.state not in (State.PENDING, State.SENT_BACK) or not calendar.is_open(now):
        return ()
    at = request.moved.at
    # After a long holiday there must be time to act on it.
    expires = max(at + timedelta(days=request.days), calendar.after_hours(at, rules.expire_hours))
    if expires <= now:
        return (Step(EXPIRE, 1, expires),)
    return tuple(sorted(_steps(request, staffing, rules), key=lambda step: step.due))


def _steps(request: Request, staffing: Staffing, rules: Rules) -> Iterator[Step]:
    since, calendar, now = request.moved.at, staffing.school.calendar, staffing.now
    if request.state is State.PENDING:
        if not request.asked.issuperset(asked_now(request, staffing)):
            yield Step(ASK, 1, now)
        rungs = len(levels(request.waiting, staffing)) - 1
        for number, at in enumerate(islice(_every(rules.escalate_hours, since, calendar), max(rungs, 0)), 1):
            if request.escalated < number and at <= now:
                yield Step(ESCALATE, number, at)
    passed = list(takewhile(lambda at: at <= now, _every(rules.nudge_hours, since, calendar)))
    if len(passed) > _nudged(request):
        yield Step(NUDGE, len(passed), passed[-1])


def _nudged(request: Request) -> int:
    made = (int(entry.facts["number"]) for entry in request.happened(NUDGE) if entry.seq > request.since)
    return max(made, default=0)


def _every(hours: float, at: datetime, calendar: Calendar) -> Iterator[datetime]:
    while True:
        at = calendar.after_hours(at, hours)
        yield at


def stepped(request: Request, step: Step, staffing: Staffing) -> Change:
    """What a step of the clock does to a request."""
    if step.kind == ASK:
        return asked(request, staffing)
    if step.kind == EXPIRE:
        return settled(request.then(staffing.now, "expired"), "", staffing)
    grown = request.then(staffing.now, step.kind, facts={"number": str(step.number)})
    if step.kind == ESCALATE:
        return asked(grown, staffing)
    template = "sent-back" if request.state is State.SENT_BACK else "nudge-ask"
    return Change(grown, tuple((person, template) for person in asked_now(grown, staffing)))


# --- the register -----------------------------------------------------------------------------------------------------
_AHEAD = 28
"""Days before its closing date that an account comes up."""
_AGAIN = 28
"""Days after which what was not done comes up again."""
_OVERSEE = (Role.POLICY_LEAD, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A duty that is due about an entry, since which day, and who is told; `left` are administrators still there."""

    duty: str
    day: date
    people: tuple[str, ...]
    left: str = ""


def reminders(entry: Entry, school: School, duties: Iterable[Duty], now: datetime) -> tuple[Reminder, ...]:
    """The reminders about a live entry that are due and not made: of each duty the newest."""
    if entry.status is Status.CLOSED:
        return ()
    found = (_reminder(entry, school, duty, now) for duty in applying(duties, school))
    return tuple(one for one in found if one)


def applying(duties: Iterable[Duty], school: School) -> tuple[Duty, ...]:
    """The duties that are asked for at a school."""
    return tuple(duty for duty in duties if not duty.policies or school.policy in duty.policies)


@dataclass(frozen=True, slots=True)
class Coming:
    """The day a duty comes up next, and whether there is something to do about it now."""

    duty: Duty
    day: date
    due: bool


def coming(entry: Entry, school: School, duties: Iterable[Duty], now: datetime) -> tuple[Coming, ...]:
    """What is to be done next about a live entry, soonest first; too few administrators come up on no day."""
    if entry.status is Status.CLOSED:
        return ()
    today = school.calendar.local(now).date()
    days = ((duty, _next(entry, school, duty, today)) for duty in applying(duties, school))
    found = (Coming(duty, day, day - _ahead(duty) <= today) for duty, day in days if day)
    return tuple(sorted(found, key=lambda one: one.day))


def _next(entry: Entry, school: School, duty: Duty, today: date) -> date | None:
    match duty.every:
        case "day":
            done = max(
                (school.calendar.local(line.at).date() for line in entry.happened("done", duty.id)), default=None
            )
            first = next(_days(entry, school, duty, done))
            return max(first, today)
        case "year":
            return next(_days(entry, school, duty, None))
        case "closing":
            return entry.closes
        case _:
            return None


def _ahead(duty: Duty) -> timedelta:
    return timedelta(_AHEAD if duty.every == "closing" else 0)


def _reminder(entry: Entry, school: School, duty: Duty, now: datetime) -> Reminder | None:
    if duty.every == "too-few":
        return _too_few(entry, school, duty, now)
    local = school.calendar.local(now)
    awake = local.time() >= school.calendar.opens if duty.every == "day" else school.calendar.is_open(now)
    last = max((date.fromisoformat(line.facts["day"]) for line in entry.happened("reminded", duty.id)), default=None)
    passed = list(takewhile(lambda day: day <= local.date(), _days(entry, school, duty, last)))
    if not awake or not passed or (last and passed[-1] <= last):
        return None
    return Reminder(duty.id, passed[-1], _told(entry, school, duty.every == "closing"))


def _days(entry: Entry, school: School, duty: Duty, last: date | None) -> Iterator[date]:
    """The days on which a duty comes up, the first of them since it was done last."""
    zone = ZoneInfo(school.calendar.zone)
    opened = max(entry.opens or date.min, entry.added.astimezone(zone).date())
    if duty.every == "day":
        return days_from(max(opened, last) + timedelta(1) if last else opened + timedelta(1))
    if duty.every == "closing":
        return _about(entry.closes) if entry.closes else iter(())
    done = entry.happened("done", duty.id)
    return _again(_year_after(done[-1].at.astimezone(zone).date() if done else opened))


def _about(closes: date) -> Iterator[date]:
    yield closes - timedelta(_AHEAD)
    yield from _again(closes)


def _again(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(_AGAIN)


def _year_after(day: date) -> date:
    """The same day a year later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _too_few(entry: Entry, school: School, duty: Duty, now: datetime) -> Reminder | None:
    """Told at once, and once for those who are left, until somebody takes over."""
    left = at_school(entry.administrators, school)
    handed = max((line.seq for line in entry.happened("handed-over")), default=0)
    told = [line.facts["left"] for line in entry.happened("reminded", duty.id) if line.seq > handed]
    if len(left) >= LEAST or not school.calendar.is_open(now) or " ".join(left) in told[-1:]:
        return None
    today = school.calendar.local(now).date()
    return Reminder(duty.id, today, _told(entry, school, True), " ".join(left))


def _told(entry: Entry, school: School, overseers: bool) -> tuple[str, ...]:
    """Its administrators, and those who look after all accounts where asked for, or where none of them is left."""
    left = at_school(entry.administrators, school)
    above = (one.id for role in _OVERSEE for one in school.holders(role)) if overseers or not left else ()
    return tuple(dict.fromkeys((*left, *above)))
