"""A day as people type it, in British order; what could mean two days is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

HOW = "Please write the date as day/month/year, for example 21/11/2026."
NO_SUCH_DAY = "That day does not exist. Please check it."
DAY_FIRST = "The day comes first, then the month. Please check the date."
WHOLE_YEAR = "Please write the date with its whole year, for example 21/11/2026."
DAY_OR_YEAR = "That could be a day or a year. Please write the date as day/month/year, for example 21/11/2026."
TWO_DAYS = "That could mean two different days. Please write the date as day/month/year, for example 21/11/2026."
WEEKDAY = "The weekday and the date do not fit. Please check them."

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NTH = r"(?:st|nd|rd|th)"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        r"(?P<day>\d{1,2})([/.])(?P<month>\d{1,2})\2(?P<year>\d{2})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})",
        rf"(?P<day>\d{{1,2}}){_NTH}? ?(?:of )?(?P<month>[a-z]+)(?: (?P<year>\d{{2}}(?:\d\d)?))?",
        rf"(?P<month>[a-z]+) (?:the )?(?P<day>\d{{1,2}}){_NTH}?(?: (?P<year>\d{{4}}))?",
    )
)
_MONTH_FIRST = re.compile(r"[a-z]+ (\d{2})", re.ASCII)
_FROM_TODAY = {"today": 0, "tomorrow": 1}
_LEAP = 8  # years from one 29 February to the next, at most


def read_day(text: str, today: date | None = None) -> date:
    """The day that was typed; raises ValueError with a sentence that repeats nothing of it.

    Without `today` a date must be whole. With `today` it is one to come: without a year it means the next such day,
    today included; a year in two digits is in this century; and "tomorrow", "Friday", "next Friday" and "Friday week"
    are understood wherever they can mean one day only.
    """
    said = re.sub(r"(?<=[a-z])\.", "", " ".join(text.lower().replace(",", " ").split()))
    said = re.sub(r" ?/ ?", "/", said).removeprefix("on ").removeprefix("the ")
    first, _, rest = said.partition(" ")
    if rest and (weekday := _place(first, _WEEKDAYS)) and rest != "week":
        day = _date(rest.removeprefix("the "), today)
        if day and day.isoweekday() != weekday:
            raise ValueError(WEEKDAY)
    else:
        day = _date(said, today) or (_near(said, today) if today else None)
    if day is None:
        raise ValueError(HOW)
    return day


def _date(said: str, today: date | None) -> date | None:
    found = next((found for pattern in _DATES if (found := pattern.fullmatch(said))), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = int(parts["month"]) if parts["month"].isdigit() else _place(parts["month"], _MONTHS)
    day, year = int(parts["day"]), parts.get("year") or ""
    if month is None:
        return None
    if day <= 12 < month:
        raise ValueError(DAY_FIRST)
    if len(year) == 4:
        return _existing(int(year), month, day)
    if today is None:
        raise ValueError(WHOLE_YEAR)
    if year:
        return _existing(today.year // 100 * 100 + int(year), month, day)
    if (bare := _MONTH_FIRST.fullmatch(said)) and int(bare[1]) >= today.year % 100:
        raise ValueError(DAY_OR_YEAR)
    return _next(today, month, day)


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(NO_SUCH_DAY) from None


def _next(today: date, month: int, day: int) -> date:
    """The first such day from today on; 29 February may be years away."""
    _existing(2000, month, day)
    for year in range(today.year, today.year + _LEAP):
        if (month, day) >= (today.month, today.day) or year > today.year:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return date(today.year + _LEAP, month, day)


def _near(said: str, today: date) -> date | None:
    """A day that is named by its weekday, or as today or tomorrow."""
    if said in _FROM_TODAY:
        return today + timedelta(_FROM_TODAY[said])
    upcoming, week_later = said.startswith("next "), said.endswith(" week")
    name = said.removeprefix("next ").removeprefix("this ").removesuffix(" week")
    weekday = _place(name, _WEEKDAYS)
    if weekday is None or (upcoming and week_later):
        return None
    away = (weekday - today.isoweekday()) % 7
    # On a Friday "Friday" may be today; before a week's Friday "next Friday" may be that one or the one after.
    if (not upcoming and away == 0) or (upcoming and weekday > today.isoweekday()):
        raise ValueError(TWO_DAYS)
    return today + timedelta((away or 7) + (7 if week_later else 0))


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """The number, from 1, of the name that a word is or shortens."""
    word = {"weds": "wed"}.get(word, word)
    return next((at for at, name in enumerate(names, 1) if len(word) >= 3 and name.startswith(word)), None)
