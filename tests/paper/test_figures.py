from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.case import Case, Entry, State
from bot.paper.figures import Figures, Hidden, figures, figures_csv, figures_message, protected
from bot.talk.message import Facts, Message, Note, Para
from tests.paper.cases import START, opened

SINCE, UNTIL = date(2026, 7, 1), date(2026, 7, 31)
BLANK = replace(opened().seen.case, state=State.RECEIVED, level="", outcome="", entries=(Entry(1, START, "filed"),))
NOTE = (
    "Numbers under 3 are not shown, nor others from which they could be worked out, because in a school they can point "
    "to a person. Hours count day and night, weekends and holidays included."
)


def _picked_up(hours: float) -> Case:
    return replace(
        BLANK,
        state=State.ACKNOWLEDGED,
        entries=(*BLANK.entries, Entry(2, START + timedelta(hours=hours), "acknowledge", "p-dsl")),
    )


def _then(case: Case, *kinds: tuple[str, str]) -> Case:
    entries = (Entry(number, START, kind, by) for number, (kind, by) in enumerate(kinds, len(case.entries) + 1))
    return replace(case, entries=(*case.entries, *entries))


CASES = (
    *(_picked_up(hours) for hours in (0.5, 2, 30)),
    BLANK,
    *(replace(BLANK, kind="adult-concern", level="low-level") for _ in range(5)),
    replace(BLANK, kind="online-incident"),
)


def test_a_period_is_counted() -> None:
    assert figures(CASES, SINCE, UNTIL) == Figures(
        since=SINCE,
        until=UNTIL,
        total=10,
        kinds={"child-concern": Hidden.COVER, "adult-concern": 5, "online-incident": Hidden.SMALL},
        states={"acknowledged": 3, "received": 7},
        levels={"": 5, "low-level": 5},
        outcomes={"": 10},
        late=0,
        exports=0,
        median_hours=2.0,
        longest_hours=30.0,
    )


def test_the_days_are_those_of_the_schools_clock() -> None:
    late_evening = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    cases = [replace(BLANK, opened=late_evening), replace(BLANK, opened=late_evening + timedelta(days=31))]
    assert figures(cases, SINCE, UNTIL).total == 1


def test_a_case_is_late_until_somebody_acts_on_its_reminder() -> None:
    reminded = _then(BLANK, ("nudge", ""), ("added", ""), ("read", "p-dsl"))
    cases = [reminded, reminded, _then(reminded, ("escalate", "")), _then(reminded, ("note", "p-dsl")), BLANK]
    closed = [replace(reminded, state=State.CLOSED)]
    assert figures(cases + closed, SINCE, UNTIL).late == 3


def test_hours_of_one_or_two_cases_are_kept_back() -> None:
    found = figures([_picked_up(1), _picked_up(2), BLANK], SINCE, UNTIL)
    assert (found.median_hours, found.longest_hours) == (None, None)


def test_exports_are_counted_and_small_numbers_of_them_kept_back() -> None:
    once, four = _then(BLANK, ("export", "p-dsl")), _then(BLANK, *[("export", "p-dsl")] * 4)
    assert [figures(cases, SINCE, UNTIL).exports for cases in ([once], [once, four])] == [Hidden.SMALL, 5]


def test_figures_are_shown_without_anything_that_points_to_a_person() -> None:
    assert figures_message(figures(CASES, SINCE, UNTIL)) == Message(
        "Figures",
        (
            Para("Reports received from 01/07/2026 to 31/07/2026."),
            Facts(
                (
                    ("Reports received", "10"),
                    ("Open, with a reminder that nobody has acted on", "0"),
                    ("Exports", "0"),
                    ("Hours until picked up, half of them within", "2"),
                    ("Hours until picked up, longest", "30"),
                )
            ),
            Para("By kind"),
            Facts(
                (
                    ("Concern about a child", "not shown"),
                    ("Concern about an adult", "5"),
                    ("Online incident", "under 3"),
                )
            ),
            Para("By state"),
            Facts((("Not picked up yet", "7"), ("Picked up", "3"))),
            Para("By level"),
            Facts((("Low-level concern", "5"), ("Not decided", "5"))),
            Para("By outcome"),
            Facts((("Not decided", "10"),)),
            Note(NOTE),
        ),
    )


def test_the_file_holds_the_same_figures() -> None:
    assert figures_csv(figures(CASES[:1], SINCE, UNTIL)).decode("utf-8-sig").splitlines() == [
        '"Figure","Of which","Number"',
        '"Reports received from 01/07/2026 to 31/07/2026.","",""',
        '"Reports received","","1"',
        '"Open, with a reminder that nobody has acted on","","0"',
        '"Exports","","0"',
        '"Hours until picked up, half of them within","","Too few to show"',
        '"Hours until picked up, longest","","Too few to show"',
        '"By kind","","Too few to show"',
        '"By state","","Too few to show"',
        '"By level","","Too few to show"',
        '"By outcome","","Too few to show"',
        f'"{NOTE}","",""',
    ]


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 7), max_size=4))
def test_no_small_number_can_be_worked_out_from_the_others_and_the_total(counts: dict[str, int]) -> None:
    seen = protected(counts)
    small = [code for code, count in seen.items() if count is Hidden.SMALL]
    possible = _possible(seen, sum(counts.values()))
    assert [code for code in small if len({fit[code] for fit in possible}) < 2] == []
    assert {code for code, count in counts.items() if count < 3} <= {*small} or seen == {}


def _possible(seen: Mapping[str, int | Hidden], total: int) -> list[dict[str, int]]:
    """All counts that a reader could think of behind what is shown."""
    ranges = {Hidden.SMALL: range(1, 3), Hidden.COVER: range(3, total + 1)}
    choices = [ranges[count] if isinstance(count, Hidden) else [count] for count in seen.values()]
    return [dict(zip(seen, fit, strict=True)) for fit in product(*choices) if sum(fit) == total]
