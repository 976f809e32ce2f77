"""Which reminders there must be at a school, worked out by hand: hours counted minute by minute, days one by one.

Nothing here asks the code that is under test. `Book` is told of every act and of every moment at which a worker has
looked at its clock, and writes down what must have been done by then, and who must have been told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
TERMS = (
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
)
HOLIDAYS = frozenset(map(date.fromisoformat, ("2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29")))
LADDERS = {
    "site": ("leader head chair", "head approver chair"),
    "logo": ("approver head chair",),
    "channel": ("it approver head chair", "head chair"),
}
"""Who may sign each stage of a form, in the order in which they are asked; `leader` is everybody's line manager."""
NUDGE, ESCALATE, EXPIRE, LEAST = 18, 45, timedelta(days=30), 90
"""School hours, school hours, days of any sort, and the school hours there must be before something expires."""
AGAIN = 28

Made = tuple[str, str, datetime, str]
"""A step of the clock: about what, its kind or its duty, when, and its number, its day or who was asked."""
Told = tuple[str, str, str, datetime]
"""Who was told about what with which notice, and when."""


class Hours:
    """The school hours of a quarter of a year."""

    def __init__(self, start: datetime, days: int, terms: bool) -> None:
        self._start = start
        self._open = [_is_open(start + timedelta(minutes=number), terms) for number in range(days * 24 * 60)]
        self._before = list(accumulate(self._open, initial=0))

    def open_at(self, at: datetime) -> bool:
        """Whether it is school hours."""
        return self._open[self._minute(at)]

    def between(self, since: datetime, until: datetime) -> float:
        """How many school hours lie between two moments."""
        return (self._before[self._minute(until)] - self._before[self._minute(since)]) / 60

    def _minute(self, at: datetime) -> int:
        return int((at - self._start).total_seconds()) // 60


def _is_open(at: datetime, terms: bool) -> bool:
    local = at.astimezone(LONDON)
    day = local.date()
    at_school = not terms or any(first <= day <= last for first, last in TERMS)
    return at_school and day.weekday() < 5 and day not in HOLIDAYS and 8 <= local.hour < 17


@cache
def hours(start: datetime, days: int, terms: bool) -> Hours:
    """The same for all schools with the same terms."""
    return Hours(start, days, terms)


def london(at: datetime) -> date:
    """The day it is in London."""
    return at.astimezone(LONDON).date()


@dataclass
class Waiting:
    """A request as it is written down by hand: where it stands, since when, and who was told of that."""

    ref: str
    form: str
    requester: str
    since: datetime
    state: str = "pending"
    stage: int = 0
    named: str = ""
    escalated: int = 0
    nudged: int = 0
    signed: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    involved: set[str] = field(default_factory=set)

    @property
    def rungs(self) -> list[str]:
        """Who may sign, one after another, those left out who may not."""
        ladder = [self.named] * bool(self.named) + LADDERS[self.form][self.stage].split()
        return [one for one in ladder if one not in (self.requester, *self.signed)]

    def begin(self, at: datetime) -> None:
        """A stage begins to wait."""
        self.since, self.named, self.escalated, self.nudged, self.asked = at, "", 0, 0, set()


@dataclass
class Live:
    """An account of the register as it is written down by hand; `last` is the newest day of each duty."""

    ref: str
    opened: date
    closes: date | None
    administrators: list[str]
    closed: bool = False
    done: dict[str, date] = field(default_factory=dict)
    last: dict[str, date] = field(default_factory=dict)
    alerted: list[str] | None = None


@dataclass
class Book:
    """All that must have been done at one school: the steps of its clock, and who was told what."""

    policy: str
    hours: Hours
    requests: dict[str, Waiting] = field(default_factory=dict)
    accounts: dict[str, Live] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    covers: list[tuple[date, date]] = field(default_factory=list)
    moved: dict[str, datetime] = field(default_factory=dict)
    steps: Counter[Made] = field(default_factory=Counter)
    told: Counter[Told] = field(default_factory=Counter)

    # --- what people do -------------------------------------------------------------------------------------------
    def submitted(self, at: datetime, ref: str, form: str, requester: str) -> Waiting:
        """A request was sent in."""
        self.requests[ref] = one = Waiting(ref, form, requester, at)
        self.ask(one, at)
        return one

    def approved(self, at: datetime, one: Waiting, by: str) -> bool:
        """A stage was signed; whether it was the last."""
        self._signed(at, one, by)
        last = one.stage + 1 == len(LADDERS[one.form])
        if last:
            self._over(one, at, "decided", by)
        else:
            one.stage += 1
            self.ask(one, at)
        return last

    def sent_back(self, at: datetime, one: Waiting, by: str) -> None:
        """Its requester was asked to change it."""
        self._signed(at, one, by)
        one.state = "sent-back"
        self._tell(at, one.ref, "sent-back", one.requester)

    def refused(self, at: datetime, one: Waiting, by: str) -> None:
        """It was refused."""
        self._signed(at, one, by)
        self._over(one, at, "decided", by)

    def withdrawn(self, at: datetime, one: Waiting) -> None:
        """Its requester took it back."""
        self._over(one, at, "withdrawn", one.requester)

    def resubmitted(self, at: datetime, one: Waiting) -> None:
        """It was sent in again."""
        one.state, one.stage, one.signed = "pending", 0, []
        self._begun(at, one)

    def reassigned(self, at: datetime, one: Waiting, to: str) -> None:
        """Somebody was named to sign it."""
        self._begun(at, one, to)

    def covered(self, at: datetime, since: date, until: date) -> None:
        """`leader` lets `cover` sign; this takes the place of all that it shares a day with."""
        theirs = [one for one in self.waiting() if "leader" in self.signers(one, at)]
        self.covers = [span for span in self.covers if span[1] < since or until < span[0]] + [(since, until)]
        for one in theirs:
            self.ask(one, at)

    def registered(self, at: datetime, ref: str, opens: date | None, closes: date | None, run_by: list[str]) -> None:
        """An account came into the register."""
        self.accounts[ref] = Live(ref, max(opens or date.min, london(at)), closes, run_by)

    def handed_over(self, at: datetime, one: Live, old: str, new: str) -> None:
        """Somebody took an account over."""
        one.administrators = [*(each for each in one.administrators if each != old), new]
        one.alerted = None
        self._tell(at, one.ref, "duty", new)

    # --- what the clock does --------------------------------------------------------------------------------------
    def ticked(self, at: datetime) -> None:
        """A worker has looked at the clock."""
        for request in self.waiting("pending", "sent-back"):
            if self.hours.open_at(at):
                self._look(request, at)
        for account in self.accounts.values():
            if not account.closed:
                self._look_after(account, at)

    def _look(self, one: Waiting, at: datetime) -> None:
        if at >= one.since + EXPIRE and self.hours.between(one.since, at) >= LEAST:
            self.steps[one.ref, "expired", at, ""] += 1
            self._over(one, at, "expired", "")
            return
        passed = self.hours.between(one.since, at)
        late = one.state == "pending" and not one.asked.issuperset(self.signers(one, at))
        for _, kind, number in sorted(self._missed(one, passed)):
            self.steps[one.ref, kind, at, str(number)] += 1
            if kind == "escalate":
                one.escalated += 1
                self.ask(one, at)
            else:
                one.nudged = number
                nudged = self.signers(one, at) if one.state == "pending" else [one.requester]
                self._tell(at, one.ref, "nudge-ask" if one.state == "pending" else "sent-back", *nudged)
        if late:
            self.ask(one, at)

    def _missed(self, one: Waiting, passed: float) -> Iterator[tuple[float, str, int]]:
        """Every escalation that is due, and the newest nudge, each with the hour since when it is."""
        if one.state == "pending":
            for number in range(one.escalated + 1, len(one.rungs)):
                if passed >= number * ESCALATE:
                    yield number * ESCALATE, "escalate", number
        newest = int(passed // NUDGE)
        if newest > one.nudged:
            yield newest * NUDGE, "nudge", newest

    def _look_after(self, one: Live, at: datetime) -> None:
        left = [each for each in one.administrators if each not in self.gone]
        today, open_now = london(at), self.hours.open_at(at)
        above = ["lead", "head"]
        for duty in ("review", *(["acceptable-use"] if self.policy == "whgs" else [])):
            done = one.done.get(duty, one.opened)
            first = date(done.year + 1, done.month, done.day)
            if open_now:
                self._remind(one, duty, at, _newest(first, today), left or above)
        if one.closes and open_now:
            ahead = one.closes - timedelta(AGAIN)
            self._remind(one, "closure", at, _newest(ahead, today), left + above)
        if self.policy == "milford" and at.astimezone(LONDON).hour >= 8 and today > one.opened:
            self._remind(one, "monitor", at, today, left or above)
        if open_now and len(left) < 2 and left != one.alerted:
            one.alerted = left
            one.last.pop("administrators", None)
            self._remind(one, "administrators", at, today, left + above)

    def _remind(self, one: Live, duty: str, at: datetime, day: date | None, people: list[str]) -> None:
        if day and day > one.last.get(duty, date.min):
            one.last[duty] = day
            self.steps[one.ref, duty, at, day.isoformat()] += 1
            self._tell(at, one.ref, "duty", *people)

    # --- how it is written down -----------------------------------------------------------------------------------
    def waiting(self, *states: str) -> list[Waiting]:
        """The requests that stand in these states, or that wait to be signed."""
        return [one for one in self.requests.values() if one.state in (states or ("pending",))]

    def signers(self, one: Waiting, at: datetime) -> list[str]:
        """Who may sign now."""
        found = one.rungs[: one.escalated + 1]
        covers = any(since <= london(at) <= until for since, until in self.covers)
        return [*found, "cover"] if covers and "leader" in found else found

    def ask(self, one: Waiting, at: datetime) -> None:
        """Ask those who may sign and were not asked."""
        new = [each for each in self.signers(one, at) if each not in one.asked]
        one.asked.update(new)
        one.involved.update(new)
        self._tell(at, one.ref, "ask", *new)
        if new:
            self.steps[one.ref, "asked", at, " ".join(sorted(new))] += 1

    def _begun(self, at: datetime, one: Waiting, named: str = "") -> None:
        self.moved[one.ref] = at
        one.begin(at)
        one.named = named
        self.ask(one, at)

    def _signed(self, at: datetime, one: Waiting, by: str) -> None:
        self.moved[one.ref] = at
        one.signed.append(by)
        one.involved.add(by)
        one.begin(at)

    def _over(self, one: Waiting, at: datetime, template: str, by: str) -> None:
        self.moved[one.ref], one.state = at, "over"
        self._tell(at, one.ref, template, *({one.requester, *one.involved} - {by}))

    def _tell(self, at: datetime, ref: str, template: str, *people: str) -> None:
        for person in dict.fromkeys(people):
            self.told[person, ref, template, at] += 1


def _newest(first: date, today: date) -> date | None:
    """The newest day until today among one and those every four weeks after it."""
    found, day = None, first
    while day <= today:
        if (day - first).days % AGAIN == 0:
            found = day
        day += timedelta(1)
    return found
