"""A school's year: when it is open, so that a deadline never falls due while nobody is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours on weekdays within the terms; `closed` are bank holidays and other days without school.

    After the last term that is known, and where none is, every weekday that is not closed counts as term.
    """

    opens: time = time(8)
    closes: time = time(17)
    terms: tuple[tuple[date, date], ...] = ()
    closed: frozenset[date] = frozenset()
    zone: str = "Europe/London"

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a school opens before it closes")

    def local(self, at: datetime) -> datetime:
        """A moment by the school's own clock."""
        return at.astimezone(ZoneInfo(self.zone))

    def after_hours(self, start: datetime, hours: float) -> datetime:
        """When so many school hours have passed since `start`; both in UTC."""
        left = timedelta(hours=hours)
        for opens, closes in self._open_after(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("there is always another day")

    def after_days(self, start: datetime, days: int) -> datetime:
        """The same time of day so many working days later, in term or not; both in UTC."""
        local = self.local(start)
        day = local.date()
        for _ in range(days):
            day = next(later for later in _days(day + timedelta(1)) if self._works(later))
        return datetime.combine(day, local.timetz()).astimezone(UTC)

    def is_open(self, at: datetime) -> bool:
        """Whether it is school hours."""
        local = self.local(at)
        return self._teaches(local.date()) and self.opens <= local.time() < self.closes

    def _open_after(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of each school day from `start` on, in UTC."""
        zone = ZoneInfo(self.zone)
        for day in _days(start.astimezone(zone).date()):
            closes = datetime.combine(day, self.closes, zone).astimezone(UTC)
            if self._teaches(day) and start < closes:
                yield max(start, datetime.combine(day, self.opens, zone).astimezone(UTC)), closes

    def _works(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.closed

    def _teaches(self, day: date) -> bool:
        in_term = any(first <= day <= last for first, last in self.terms)
        return self._works(day) and (in_term or all(last < day for _, last in self.terms))


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(number) for number in count())


def bank_holidays(years: Iterable[int]) -> frozenset[date]:
    """England's bank holidays of these years, as far as they are known; for `Calendar.closed`."""
    from holidays import country_holidays  # a fifth of a second, and only where a calendar is made

    return frozenset(country_holidays("GB", subdiv="ENG", years=years))
