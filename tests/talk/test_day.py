"""Days as people type them: read one way or refused with a sentence of their own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.talk import day as days
from bot.talk.check import check
from bot.talk.day import read_day
from bot.talk.form import Form, Kind, Question
from bot.talk.sealed import Sealed

TODAY = date(2026, 8, 4)  # a Tuesday
SENTENCES = {text for name, text in vars(days).items() if name.isupper() and isinstance(text, str) and name[0] != "_"}
WAYS = (
    "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%dth of %B, %Y", "%B %d, %Y",
    "%a %d %b %Y", "%A %d/%m/%Y", "on %A the %dth of %B %Y", " %d / %m / %Y ",
)  # fmt: skip
SHORT = ("%d/%m/%y", "%d.%m.%y", "%d %b %y", "%a, %dth %B %y")
NO_YEAR = ("%d/%m", "%d %B", "%d %b", "%dst of %b", "%b %dth", "the %d %b.")
any_day = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("4/9/2026", date(2026, 9, 4)),
        ("4/9/26", date(2026, 9, 4)),
        ("4 sept", date(2026, 9, 4)),
        ("4th Sept.", date(2026, 9, 4)),
        ("Fri 4 sep", date(2026, 9, 4)),
        ("the 4th of September", date(2026, 9, 4)),
        ("September 4", date(2026, 9, 4)),
        ("4/9", date(2026, 9, 4)),
        ("3 August", date(2027, 8, 3)),
        ("4 August", TODAY),
        ("29 feb", date(2028, 2, 29)),
        ("sept 26th", date(2026, 9, 26)),
        ("sept 26 2026", date(2026, 9, 26)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 8, 5)),
        ("friday", date(2026, 8, 7)),
        ("on Friday", date(2026, 8, 7)),
        ("this friday", date(2026, 8, 7)),
        ("friday week", date(2026, 8, 14)),
        ("next monday", date(2026, 8, 10)),
        ("next tues", date(2026, 8, 11)),
        ("4/9/25", date(2025, 9, 4)),
    ],
)
def test_a_day_to_come_is_read_as_people_type_it(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("31/2/2026", days.NO_SUCH_DAY),
        ("31 feb", days.NO_SUCH_DAY),
        ("30/2", days.NO_SUCH_DAY),
        ("29/2/27", days.NO_SUCH_DAY),
        ("12/25/2026", days.DAY_FIRST),
        ("9/13", days.DAY_FIRST),
        ("sept 26", days.DAY_OR_YEAR),
        ("next friday", days.TWO_DAYS),
        ("tuesday", days.TWO_DAYS),
        ("this tuesday", days.TWO_DAYS),
        ("tuesday week", days.TWO_DAYS),
        ("mon 4 sept", days.WEEKDAY),
        ("mon 4/9/2026", days.WEEKDAY),
        ("next friday week", days.HOW),
        ("4 thursday", days.HOW),
        ("4-9-26", days.HOW),
        ("end of term", days.HOW),
        ("soon", days.HOW),
        ("20260904", days.HOW),
        ("٤/٩/٢٠٢٦", days.HOW),
        ("4/9/026", days.HOW),
        ("ju 4", days.HOW),
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused_with_its_own_sentence(typed: str, problem: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_day(typed, TODAY)
    assert str(refused.value) == problem


@pytest.mark.parametrize("typed", ["4/9/26", "4 sept", "4/9", "fri 4 sept", "4 sept 26"])
def test_where_days_gone_by_are_asked_for_a_year_is_never_guessed(typed: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_day(typed)
    assert str(refused.value) == days.WHOLE_YEAR


@pytest.mark.parametrize("typed", ["tomorrow", "today", "friday", "next monday"])
def test_where_days_gone_by_are_asked_for_none_to_come_is_understood(typed: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_day(typed)
    assert str(refused.value) == days.HOW


@given(any_day, st.sampled_from(WAYS), st.none() | any_day)
def test_a_whole_date_is_read_back_however_it_is_written_and_whatever_day_it_is(
    day: date, way: str, today: date | None
) -> None:
    assert (read_day(day.strftime(way), today), read_day(day.strftime(way).upper(), today)) == (day, day)


@given(any_day, st.sampled_from(SHORT), any_day)
def test_a_year_in_two_digits_is_in_this_century(day: date, way: str, today: date) -> None:
    assert read_day(day.strftime(way), today) == day


@given(any_day, st.sampled_from(NO_YEAR), any_day)
def test_without_a_year_it_is_the_next_such_day(day: date, way: str, today: date) -> None:
    read = read_day(day.strftime(way), today)

    between = (today + timedelta(number) for number in range((read - today).days))
    assert ((read.day, read.month), read >= today) == ((day.day, day.month), True)
    assert [each for each in between if (each.day, each.month) == (day.day, day.month)] == []


@given(any_day, st.integers(0, 6))
def test_next_means_the_one_day_that_is_in_the_next_week_and_the_next_of_its_name(today: date, weekday: int) -> None:
    name = (date(2026, 8, 3) + timedelta(weekday)).strftime("%A")
    soonest = today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    in_next_week = today - timedelta(today.weekday()) + timedelta(7 + weekday)
    assume(soonest == in_next_week)

    assert read_day(f"next {name}", today) == soonest


@given(any_day, st.integers(0, 6))
def test_next_is_refused_where_the_week_still_holds_that_day(today: date, weekday: int) -> None:
    assume(weekday > today.weekday())
    with pytest.raises(ValueError, match="two different days"):
        read_day(f"next {(date(2026, 8, 3) + timedelta(weekday)):%a}", today)


@given(
    st.text(max_size=30) | st.from_regex(r"(?i)[a-z0-9 /.,-]{1,20}|\d{1,4}[/. -]\d{1,4}[/. -]?\d{0,4}", fullmatch=True),
    st.none() | any_day,
)
def test_whatever_is_typed_is_a_day_or_refused_with_a_known_sentence(typed: str, today: date | None) -> None:
    try:
        read_day(typed, today)
    except ValueError as refused:
        assert str(refused) in SENTENCES


def test_a_form_reads_days_to_come_only_where_it_is_told_the_day() -> None:
    form = Form("form", "Form", "Send", (Question("day", "When?", Kind.DAY),))
    typed = {"day": (Sealed("4 sept"),)}

    read, refused = check(form, typed, TODAY), check(form, typed)

    assert (read.values, read.problems) == ({"day": date(2026, 9, 4)}, {})
    assert (refused.values, refused.problems) == ({}, {"day": days.WHOLE_YEAR})
