"""School hours and working days, across nights, weekends, holidays, both clock changes and 29 February."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, bank_holidays

LONDON = ZoneInfo("Europe/London")
TERMS = (
    (date(2026, 1, 5), date(2026, 2, 13)),
    (date(2026, 2, 23), date(2026, 3, 27)),
    (date(2026, 4, 13), date(2026, 5, 22)),
    (date(2026, 6, 1), date(2026, 7, 21)),
    (date(2026, 9, 2), date(2026, 10, 23)),
)
YEAR = Calendar(terms=TERMS, closed=bank_holidays([2026]))
ANY = st.datetimes(datetime(2025, 12, 1), datetime(2027, 12, 1), timezones=st.just(UTC))


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-01-06 09:00", 4, "2026-01-06 13:00"),  # within a day
        ("2026-01-06 13:00", 4, "2026-01-06 17:00"),  # to its last minute
        ("2026-01-06 13:01", 4, "2026-01-07 08:01"),  # over a night
        ("2026-01-06 22:15", 4, "2026-01-07 12:00"),  # from the evening
        ("2026-01-06 05:00", 0.5, "2026-01-06 08:30"),  # from before it opens
        ("2026-01-09 16:00", 4, "2026-01-12 11:00"),  # over a weekend
        ("2026-01-10 12:00", 4, "2026-01-12 12:00"),  # from a Saturday
        ("2026-02-13 16:00", 4, "2026-02-23 11:00"),  # over half-term
        ("2026-05-01 16:00", 4, "2026-05-05 11:00"),  # over a bank holiday within a term
        ("2026-03-27 16:00", 4, "2026-04-13 11:00"),  # over the night when clocks go forward
        ("2026-07-21 16:00", 4, "2026-09-02 11:00"),  # over the summer
        ("2026-10-23 16:00", 4, "2026-10-26 11:00"),  # clocks go back, and no later term is known
        ("2026-12-24 16:00", 4, "2026-12-29 11:00"),  # after the last term that is known
        ("2026-01-06 09:00", 90, "2026-01-20 09:00"),  # ten days of nine hours
    ],
)
def test_only_school_hours_count(start: str, hours: float, end: str) -> None:
    assert YEAR.after_hours(london(start), hours) == london(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-01-06 09:00", 1, "2026-01-07 09:00"),
        ("2026-01-09 16:30", 1, "2026-01-12 16:30"),  # over a weekend
        ("2026-01-10 23:50", 1, "2026-01-12 23:50"),  # from a Saturday
        ("2026-07-31 09:00", 1, "2026-08-03 09:00"),  # in the holidays
        ("2026-04-02 09:00", 1, "2026-04-07 09:00"),  # over Easter
        ("2026-12-24 09:00", 1, "2026-12-29 09:00"),  # over Christmas, with the day in lieu
        ("2026-03-27 09:00", 1, "2026-03-30 09:00"),  # clocks go forward: 71 hours
        ("2026-10-23 09:00", 1, "2026-10-26 09:00"),  # clocks go back: 73 hours
        ("2026-03-29 02:30", 1, "2026-03-30 02:30"),  # from the very night
        ("2026-03-27 09:00", 10, "2026-04-14 09:00"),
        ("2026-01-06 09:00", 0, "2026-01-06 09:00"),
    ],
)
def test_working_days_count_in_term_or_not_and_keep_the_time_of_day(start: str, days: int, end: str) -> None:
    assert YEAR.after_days(london(start), days) == london(end)


def test_the_clock_changes_make_one_working_day_71_and_73_hours_long() -> None:
    forward, back = london("2026-03-27 09:00"), london("2026-10-23 09:00")
    assert (YEAR.after_days(forward, 1) - forward, YEAR.after_days(back, 1) - back) == (
        timedelta(hours=71),
        timedelta(hours=73),
    )


def test_the_29th_of_february_is_a_day_like_any_other() -> None:
    calendar = Calendar()
    start = london("2028-02-28 16:00")
    assert calendar.after_hours(start, 2) == london("2028-02-29 09:00")
    assert calendar.after_hours(start, 11) == london("2028-03-01 09:00")
    assert [calendar.after_days(start, days) for days in (1, 2)] == [
        london("2028-02-29 16:00"),
        london("2028-03-01 16:00"),
    ]
    assert Calendar().after_days(london("2027-02-28 16:00"), 1) == london("2027-03-01 16:00")


def test_without_terms_every_weekday_that_is_not_closed_counts() -> None:
    calendar = Calendar(closed=frozenset({date(2026, 8, 31)}))
    assert calendar.after_hours(london("2026-08-28 16:00"), 4) == london("2026-09-01 11:00")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-01-06 08:00", True),
        ("2026-01-06 16:59", True),
        ("2026-01-06 17:00", False),
        ("2026-01-06 07:59", False),
        ("2026-01-10 10:00", False),  # Saturday
        ("2026-02-17 10:00", False),  # half-term
        ("2026-05-04 10:00", False),  # bank holiday
        ("2026-07-01 08:30", True),  # half past seven in UTC
        ("2026-11-04 10:00", True),  # after the last term that is known
    ],
)
def test_a_school_is_open_in_its_hours_on_its_days(at: str, is_open: bool) -> None:
    assert YEAR.is_open(london(at)) is is_open


@pytest.mark.parametrize("closes", [time(8), time(9)])
def test_a_school_that_is_never_open_is_refused(closes: time) -> None:
    with pytest.raises(ValueError):
        Calendar(opens=time(9), closes=closes)


def test_bank_holidays_are_those_of_england() -> None:
    christmas = {date(2027, 12, 25), date(2027, 12, 26), date(2027, 12, 27), date(2027, 12, 28)}
    spring = {date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31)}
    assert bank_holidays([2027]) == {date(2027, 1, 1), date(2027, 8, 30)} | spring | christmas


@settings(deadline=None)
@given(ANY, st.integers(1, 400), st.integers(1, 400))
def test_hours_add_up_and_end_while_somebody_is_there(start: datetime, first: int, then: int) -> None:
    in_one = YEAR.after_hours(start, (first + then) / 10)
    in_two = YEAR.after_hours(YEAR.after_hours(start, first / 10), then / 10)
    assert abs(in_one - in_two) < timedelta(milliseconds=1)
    assert in_one > start and YEAR.is_open(in_one - timedelta(minutes=1))


@settings(deadline=None)
@given(ANY, st.integers(1, 15), st.integers(1, 15))
def test_days_add_up_and_keep_the_time_of_day(start: datetime, first: int, then: int) -> None:
    end = YEAR.after_days(start, first + then)
    assert YEAR.after_days(YEAR.after_days(start, first), then) == end
    local = end.astimezone(LONDON)
    assert local.time() == start.astimezone(LONDON).time()
    assert local.weekday() < 5 and local.date() not in YEAR.closed


@settings(deadline=None)
@given(ANY, st.integers(0, 10_000), st.integers(1, 90))
def test_a_later_start_never_ends_earlier(start: datetime, minutes: int, hours: int) -> None:
    later = start + timedelta(minutes=minutes)
    assert YEAR.after_hours(start, hours) <= YEAR.after_hours(later, hours)
