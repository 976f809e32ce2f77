"""A day as people type it, in British order; what could mean two days is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

HOW = "Please write the date as day/month/year, for example 21/11/2026."
NO_SUCH_DAY = "That day does not exist. Please check it."
DAY_FIRST = "The day comes first, then the month. Please check the date."
WHOLE_YEAR = "Please write the date with its whole year, for example 21/11/2026."
TWO_WEEKS = "That could mean this week or the one after. Please write the date, for example 21/11/2026."
DAY_OR_YEAR = "That could be a day or a year. Please write the date as day/month/year, for example 21/11/2026."
WEEKDAY = "The weekday and the date do not fit. Please check them."

_NTH = r"(?P<nth>st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        r"(?P<day>\d{1,2})([/.])(?P<month>\d{1,2})\2(?P<year>\d{2})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})",
        rf"(?:(?P<weekday>[a-z]+) )?(?:the )?(?P<day>\d{{1,2}}){_NTH} ?(?:of )?(?P<month>[a-z]+)(?: (?P<year>\d{{2}}(?:\d\d)?))?",
        rf"(?:(?P<weekday>[a-z]+) )?(?P<month>[a-z]+) (?:the )?(?P<day>\d{{1,2}}){_NTH}(?: (?P<year>\d{{4}}))?",
    )
)
_WEEKDAY = re.compile(r"(?:(?P<which>this|next) )?(?P<weekday>[a-z]+)(?P<later> week)?")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NEAR = {"today": 0, "tomorrow": 1}
_LEAP = 8  # years from one 29 February to the next, at most


def read_day(text: str, today: date | None = None) -> date:
    """The day that was typed.

    With `today` it is one to come: without a year it is the next such day, today among them, a year in two digits is in
    this century, and "tomorrow", "Friday", "this Friday", "next Friday" and "Friday week" are understood, the weekday's
    own name apart when it is that day now, and "next" apart while the week still holds one. Without `today` a date must
    be whole. Raises ValueError with a sentence for the person, in which nothing of what was typed stands.
    """
    said = re.sub(r"(?<=[a-z])\.", "", " ".join(text.lower().replace(",", " ").split())).removeprefix("on ")
    said = re.sub(r" ?/ ?", "/", said)
    for pattern in _DATES:
        if found := pattern.fullmatch(said):
            return _date(found.groupdict(), today)
    if today and said in _NEAR:
        return today + timedelta(_NEAR[said])
    if today and (found := _WEEKDAY.fullmatch(said)):
        return _coming(found.groupdict(), today)
    raise ValueError(HOW)


def _date(parts: dict[str, str | None], today: date | None) -> date:
    day, month, year = int(parts["day"] or 0), _month(parts["month"] or ""), parts["year"] or ""
    if day <= 12 < month:
        raise ValueError(DAY_FIRST)
    if len(year) < 4 and today is None:
        raise ValueError(WHOLE_YEAR)
    if today and not year and not parts.get("nth", "nth") and _month_first(parts) and day >= today.year % 100:
        raise ValueError(DAY_OR_YEAR)
    if year:
        typed = _whole(int(year) + (2000 if len(year) == 2 else 0), month, day)
    else:
        assert today
        typed = _next(today, month, day)
    if weekday := parts.get("weekday"):
        if typed.weekday() != _named(weekday, _WEEKDAYS):
            raise ValueError(WEEKDAY)
    return typed
