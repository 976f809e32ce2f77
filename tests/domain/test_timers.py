"""What the clock of a case asks for and when, whoever was asleep meanwhile."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.case import Case, Entry, Keyed, State, next_rung
from bot.domain.people import Person, Role, School
from bot.domain.timers import Deadline, Step, Timer, deadlines, due, expect_word

LONDON = ZoneInfo("Europe/London")
YEAR = Calendar(
    terms=((date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))),
    closed=bank_holidays([2026, 2027]),
)
HOLDERS = {"dsl": Role.DSL, "deputy": Role.DEPUTY, "head": Role.HEAD, "chair": Role.CHAIR}
PEOPLE = tuple(Person(name, name.title(), frozenset({Role.STAFF, role})) for name, role in HOLDERS.items())
SCHOOL = School("whgs", "West Hill Girls' School", "whgs", PEOPLE, calendar=YEAR)
KEYED = Keyed({person.id: f"k-{person.id}" for person in PEOPLE})
LADDER = ((Role.DSL, Role.DEPUTY), (Role.HEAD,), (Role.CHAIR,))


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def case(opened: str | datetime = "2026-11-03 09:00", **changed: object) -> Case:
    at = london(opened) if isinstance(opened, str) else opened
    filed = Case("S-1", "whgs", "child-concern", State.RECEIVED, at, LADDER, 1, "k-teacher")
    return filed.grown(Entry(1, at, "filed"), **changed)


def then(
    before: Case, at: str | datetime, kind: str, by: str = "", *, state: State | None = None, **facts: str
) -> Case:
    when = london(at) if isinstance(at, str) else at
    entry = Entry(len(before.entries) + 1, when, kind, by, facts)
    return before.grown(entry, state=state or before.state)


def tick(before: Case, now: datetime, school: School = SCHOOL) -> Case:
    """What the worker does: every step becomes an entry, an escalation climbs the ladder."""
    for step in due(before, school, now, KEYED):
        before = then(before, now, step.kind, timer=step.timer, number=str(step.number))
        if step.kind == "escalate":
            before = replace(before, reached=next_rung(before, school, KEYED))
    return before


def minutes(first: str, last: str, every: int = 1) -> Iterator[datetime]:
    now, end = london(first), london(last)
    while now <= end:
        yield now
        now += timedelta(minutes=every)


def made(watched: Case) -> list[tuple[str, str, str, str]]:
    """The steps of a case: when in London, kind, timer, number."""
    return [
        (f"{entry.at.astimezone(LONDON):%a %d %b %H:%M}", entry.kind, entry.facts["timer"], entry.facts["number"])
        for entry in watched.entries
        if "timer" in entry.facts
    ]


def run(watched: Case, ticks: Iterable[datetime], school: School = SCHOOL) -> Case:
    for now in ticks:
        watched = tick(watched, now, school)
    return watched


# --- somebody should pick it up ---------------------------------------------------------------------------------------


def test_when_nobody_acts_those_told_are_nudged_then_each_rung_is_told_then_one_nudge_a_working_day() -> None:
    watched = run(case(), minutes("2026-11-03 09:00", "2026-11-09 23:00", 5))
    assert made(watched) == [
        ("Tue 03 Nov 13:00", "nudge", "acknowledge", "1"),
        ("Tue 03 Nov 14:00", "escalate", "acknowledge", "1"),
        ("Tue 03 Nov 15:00", "escalate", "acknowledge", "2"),
        ("Wed 04 Nov 15:00", "nudge", "acknowledge", "2"),
        ("Thu 05 Nov 15:00", "nudge", "acknowledge", "3"),
        ("Fri 06 Nov 15:00", "nudge", "acknowledge", "4"),
        ("Mon 09 Nov 15:00", "nudge", "acknowledge", "5"),
    ]
    assert watched.reached == 3


def test_what_is_urgent_runs_by_the_half_hour_day_and_night() -> None:
    watched = run(case("2026-11-07 23:40", urgent=True), minutes("2026-11-07 23:40", "2026-11-09 23:00"))
    assert made(watched) == [
        ("Sun 08 Nov 00:10", "nudge", "acknowledge", "1"),
        ("Sun 08 Nov 00:40", "escalate", "acknowledge", "1"),
        ("Sun 08 Nov 01:10", "escalate", "acknowledge", "2"),
        ("Mon 09 Nov 01:10", "nudge", "acknowledge", "2"),
    ]


def test_what_becomes_urgent_is_late_at_once() -> None:
    late = due(replace(case(), urgent=True), SCHOOL, london("2026-11-03 10:05"), KEYED)
    assert [(step.kind, step.due) for step in late] == [
        ("nudge", london("2026-11-03 09:30")),
        ("escalate", london("2026-11-03 10:00")),
    ]


def test_holidays_do_not_stop_the_ladder() -> None:
    watched = run(case("2026-10-23 16:30"), minutes("2026-10-23 16:30", "2026-10-29 23:00", 5))
    assert made(watched) == [
        ("Mon 26 Oct 16:30", "nudge", "acknowledge", "1"),
        ("Tue 27 Oct 16:30", "escalate", "acknowledge", "1"),
        ("Wed 28 Oct 16:30", "escalate", "acknowledge", "2"),
        ("Thu 29 Oct 16:30", "nudge", "acknowledge", "2"),
    ]


def test_a_rung_that_nobody_holds_is_passed_over() -> None:
    headless = replace(SCHOOL, people=tuple(person for person in PEOPLE if person.id != "head"))
    watched = run(case(), minutes("2026-11-03 09:00", "2026-11-03 17:00"), headless)
    assert [step[1:] for step in made(watched)] == [
        ("nudge", "acknowledge", "1"),
        ("escalate", "acknowledge", "1"),
    ]
    assert watched.reached == 3


def test_whoever_is_kept_out_is_no_rung() -> None:
    watched = run(case(barred=frozenset({"k-head", "k-chair"})), minutes("2026-11-03 09:00", "2026-11-03 17:00"))
    assert [step[1:] for step in made(watched)] == [("nudge", "acknowledge", "1")]


def test_somebody_who_comes_to_the_ladder_late_is_told_late() -> None:
    headless = replace(SCHOOL, people=PEOPLE[:2])
    alone = run(case(), minutes("2026-11-03 09:00", "2026-11-05 17:00"), headless)
    assert [step[1:] for step in made(alone)] == [("nudge", "acknowledge", str(number)) for number in (1, 2, 3)]
    now = london("2026-11-05 17:01")
    assert due(alone, SCHOOL, now, KEYED) == (
        Step("escalate", Timer.ACKNOWLEDGE, 1, london("2026-11-03 14:00")),
        Step("escalate", Timer.ACKNOWLEDGE, 2, london("2026-11-03 15:00")),
    )


@pytest.mark.parametrize("kind", ["acknowledge", "note", "correct"])
def test_nudges_stop_when_somebody_picks_it_up(kind: str) -> None:
    nudged = run(case(), minutes("2026-11-03 09:00", "2026-11-03 13:30"))
    picked_up = then(nudged, "2026-11-03 13:31", kind, "deputy")
    assert due(picked_up, SCHOOL, london("2026-11-13 09:00"), KEYED) == ()


@pytest.mark.parametrize("kind", ["read", "export", "hand-over", "propose-member", "hold"])
def test_looking_at_it_or_passing_it_on_is_not_picking_it_up(kind: str) -> None:
    looked_at = then(case(), "2026-11-03 10:00", kind, "dsl", person="head")
    assert Step("nudge", Timer.ACKNOWLEDGE, 1, london("2026-11-03 13:00")) in due(
        looked_at, SCHOOL, london("2026-11-03 13:00"), KEYED
    )


def test_what_the_reporter_adds_does_not_put_the_deadline_off() -> None:
    added = then(case(), "2026-11-03 12:59", "added")
    assert run(added, [london("2026-11-03 13:00")]).happened("nudge") != ()


def test_what_the_reporter_adds_to_a_case_with_a_note_waits_in_its_turn() -> None:
    added = then(then(case(), "2026-11-03 09:30", "note", "dsl"), "2026-11-03 11:00", "added")
    assert deadlines(added, SCHOOL, KEYED) == (Deadline(Timer.ACKNOWLEDGE, london("2026-11-03 15:00")),)


def test_a_case_that_is_opened_again_waits_anew_with_steps_counted_from_one() -> None:
    watched = run(case(), minutes("2026-11-03 09:00", "2026-11-03 14:30"))
    closed = then(then(watched, "2026-11-04 09:00", "acknowledge", "head"), "2026-11-05 09:00", "close", "head")
    again = then(closed, "2026-11-12 10:00", "reopen", "head", state=State.REOPENED)
    assert made(run(again, minutes("2026-11-12 10:00", "2026-11-12 17:00")))[2:] == [
        ("Thu 12 Nov 14:00", "nudge", "acknowledge", "1"),
        ("Thu 12 Nov 15:00", "escalate", "acknowledge", "1"),
    ]


def test_when_the_only_one_at_work_steps_back_it_waits_anew_for_those_who_are_left() -> None:
    noted = then(case(), "2026-11-03 09:30", "note", "dsl")
    alone = then(noted, "2026-11-03 12:00", "recuse", "dsl")
    left = replace(alone, barred=frozenset({"k-dsl"}))
    assert deadlines(left, SCHOOL, KEYED) == (Deadline(Timer.ACKNOWLEDGE, london("2026-11-03 16:00")),)


def test_downtime_gives_every_escalation_and_only_the_newest_nudge() -> None:
    assert due(case(), SCHOOL, london("2026-11-05 16:00"), KEYED) == (
        Step("escalate", Timer.ACKNOWLEDGE, 1, london("2026-11-03 14:00")),
        Step("escalate", Timer.ACKNOWLEDGE, 2, london("2026-11-03 15:00")),
        Step("nudge", Timer.ACKNOWLEDGE, 3, london("2026-11-05 15:00")),
    )


@pytest.mark.parametrize(
    ("opened", "urgent", "word"),
    [
        ("2026-11-03 09:00", False, "2026-11-03 13:00"),
        ("2026-11-03 15:00", False, "2026-11-04 10:00"),
        ("2026-11-06 16:00", False, "2026-11-09 11:00"),
        ("2026-12-18 16:30", False, "2026-12-21 11:30"),
        ("2026-10-23 16:30", False, "2026-10-26 16:30"),
        ("2026-11-07 23:40", True, "2026-11-08 00:10"),
    ],
)
def test_the_reporter_is_promised_word_when_it_should_be_picked_up(opened: str, urgent: bool, word: str) -> None:
    filed = case(opened, urgent=urgent)
    assert expect_word(filed.opened, SCHOOL, urgent) == london(word)
    assert deadlines(filed, SCHOOL, KEYED) == (Deadline(Timer.ACKNOWLEDGE, london(word)),)


# --- the LADO within one working day ----------------------------------------------------------------------------------


def allegation(opened: str = "2026-11-03 10:00", **changed: object) -> Case:
    return then(case(opened, kind="adult-concern", **changed), opened, "acknowledge", "head", state=State.ACKNOWLEDGED)


def test_the_lado_is_asked_for_at_half_time_at_the_deadline_and_then_once_a_working_day() -> None:
    watched = run(allegation(reached=2), minutes("2026-11-03 10:00", "2026-11-09 17:00", 5))
    assert made(watched) == [
        ("Tue 03 Nov 14:30", "nudge", "lado", "1"),
        ("Wed 04 Nov 10:00", "nudge", "lado", "2"),
        ("Thu 05 Nov 10:00", "nudge", "lado", "3"),
        ("Fri 06 Nov 10:00", "nudge", "lado", "4"),
        ("Mon 09 Nov 10:00", "nudge", "lado", "5"),
    ]


def test_the_lado_clock_runs_in_the_holidays_too() -> None:
    assert made(run(allegation("2026-10-26 10:00", reached=2), minutes("2026-10-26 10:00", "2026-10-27 12:00"))) == [
        ("Mon 26 Oct 14:30", "nudge", "lado", "1"),
        ("Tue 27 Oct 10:00", "nudge", "lado", "2"),
    ]


def test_half_time_never_comes_after_the_deadline() -> None:
    assert made(run(allegation("2026-11-07 09:00", reached=2), minutes("2026-11-07 09:00", "2026-11-09 17:00"))) == [
        ("Mon 09 Nov 09:00", "nudge", "lado", "2"),
    ]


def test_a_call_to_the_lado_or_a_low_level_ends_it_and_another_action_does_not() -> None:
    now = london("2026-11-05 12:00")
    police = then(allegation(), "2026-11-03 11:00", "action", "head", sort="police")
    lado = then(police, "2026-11-03 12:00", "action", "head", sort="lado")
    low = replace(police, level="low-level")
    assert [len(due(one, SCHOOL, now, KEYED)) for one in (police, lado, low)] == [1, 0, 0]


def test_a_child_concern_that_meets_the_harm_threshold_has_the_lado_clock_from_its_filing() -> None:
    child = then(case(), "2026-11-03 09:10", "triage", "dsl", state=State.TRIAGED)
    assert Deadline(Timer.LADO, london("2026-11-04 09:00")) in deadlines(
        replace(child, level="harm-threshold"), SCHOOL, KEYED
    )
    assert [deadline.timer for deadline in deadlines(child, SCHOOL, KEYED)] == [Timer.REVIEW]


# --- reviews and proposals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.TRIAGED])
def test_a_case_that_nobody_touches_is_nudged_every_ten_working_days(state: State) -> None:
    quiet = then(case(), "2026-11-03 09:30", "acknowledge", "dsl", state=state)
    watched = run(quiet, minutes("2026-11-03 09:30", "2026-12-17 12:00", 30))
    assert made(watched) == [
        ("Tue 17 Nov 09:30", "nudge", "review", "1"),
        ("Tue 01 Dec 09:30", "nudge", "review", "2"),
        ("Tue 15 Dec 09:30", "nudge", "review", "3"),
    ]
    touched = then(watched, "2026-12-17 13:00", "note", "dsl")
    assert made(run(touched, minutes("2026-12-17 13:00", "2027-01-06 17:00", 30)))[3:] == [
        ("Tue 05 Jan 13:00", "nudge", "review", "1"),
    ]


def test_a_case_that_was_noted_and_never_acknowledged_is_reviewed_too() -> None:
    noted = then(case(), "2026-11-03 09:30", "note", "dsl")
    assert deadlines(noted, SCHOOL, KEYED) == (Deadline(Timer.REVIEW, london("2026-11-17 09:30")),)


def test_each_proposal_that_no_second_person_settles_is_nudged_once() -> None:
    begun = then(case(), "2026-11-03 09:10", "acknowledge", "dsl", state=State.ACKNOWLEDGED)
    first = then(begun, "2026-11-03 10:00", "propose-member", "dsl", person="deputy")
    both = then(first, "2026-11-03 11:00", "propose-member", "dsl", person="chair")
    watched = run(both, minutes("2026-11-03 11:00", "2026-11-10 12:00", 30))
    assert made(watched) == [
        ("Wed 04 Nov 10:00", "nudge", "proposal", "3"),
        ("Wed 04 Nov 11:00", "nudge", "proposal", "4"),
    ]
    settled = then(both, "2026-11-03 12:00", "confirm-member", "head", proposal="3")
    assert [(step.timer, step.number) for step in due(settled, SCHOOL, london("2026-11-05 09:00"), KEYED)] == [
        ("proposal", 4)
    ]


@pytest.mark.parametrize("over", [State.CLOSED, State.DELETED])
def test_a_case_that_is_over_has_no_steps_and_no_deadlines(over: State) -> None:
    ended = replace(allegation(), state=over)
    assert (due(ended, SCHOOL, london("2027-11-03 09:00"), KEYED), deadlines(ended, SCHOOL, KEYED)) == ((), ())


def test_a_case_that_nobody_in_the_school_receives_has_no_steps() -> None:
    outside = case(ladder=(), reached=0)
    assert due(outside, SCHOOL, london("2027-11-03 09:00"), KEYED) == ()


# --- whatever the worker does -----------------------------------------------------------------------------------------

MOMENTS = st.lists(st.integers(0, 40 * 24 * 60), max_size=40).map(sorted)
KINDS = st.sampled_from(("child-concern", "adult-concern"))
OUT = st.frozensets(st.sampled_from(("k-head", "k-chair", "k-deputy")))


def steps(watched: Case, kind: str) -> list[tuple[str, int]]:
    return [(entry.facts["timer"], int(entry.facts["number"])) for entry in watched.happened(kind)]


def newest(watched: Case) -> dict[str, int]:
    """The last nudge of each timer; dict keeps the last of equal keys."""
    return dict(sorted(steps(watched, "nudge")))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 60 * 24 * 60), MOMENTS, st.booleans(), KINDS, OUT)
def test_downtime_loses_no_escalation_and_doubles_no_nudge(
    start: int, moments: list[int], urgent: bool, kind: str, out: frozenset[str]
) -> None:
    opened = london("2026-10-01 00:00") + timedelta(minutes=start)
    filed = case(opened, urgent=urgent, kind=kind, barred=out)
    end = 41 * 24 * 60
    always = run(filed, (opened + timedelta(minutes=number) for number in range(0, end + 1, 480)))
    sometimes = run(filed, (opened + timedelta(minutes=number) for number in [*moments, end]))
    rungs = 2 - len(out - {"k-deputy"})
    told = [("acknowledge", number) for number in range(1, rungs + 1)]
    assert (steps(sometimes, "escalate"), steps(always, "escalate")) == (told, told)
    assert newest(sometimes) == newest(always)
    assert len(set(steps(sometimes, "nudge"))) == len(steps(sometimes, "nudge"))
    assert due(sometimes, SCHOOL, opened + timedelta(minutes=end), KEYED) == ()


def test_over_ninety_days_with_the_worker_down_at_night_no_case_stands_still_and_no_step_is_doubled() -> None:
    random = Random(4)
    start = london("2026-10-01 00:00")
    hours = [start + timedelta(hours=number) for number in range(91 * 24)]
    for number in range(3):
        opened = start + timedelta(minutes=random.randrange(70 * 24 * 60))
        filed = case(opened, urgent=number % 4 == 0)
        days = [now for now in hours if now >= opened]
        awake = [now for now in days if now.hour not in (1, 2, 3) and (now - start).days % 10 != 9]
        steady, shaky = run(filed, days), run(filed, awake)
        told = [("acknowledge", 1), ("acknowledge", 2)]
        assert (steps(steady, "escalate"), steps(shaky, "escalate")) == (told, told)
        assert newest(shaky) == newest(steady)
        _never_stands_still(shaky, awake[-1], 1)
        taken = run(then(filed, opened, "acknowledge", "dsl", state=State.ACKNOWLEDGED), awake)
        assert {timer for timer, _ in steps(taken, "nudge")} | {"review"} == {"review"}
        _never_stands_still(taken, awake[-1], 10)


def _never_stands_still(watched: Case, end: datetime, days: int) -> None:
    """Between two steps pass so many working days, and a day of downtime with a night on either side, at most."""
    at = [watched.opened, *(entry.at for entry in watched.entries if "timer" in entry.facts), end]
    late = timedelta(hours=30)
    assert all(after <= YEAR.after_days(before, days) + late for before, after in zip(at, at[1:], strict=False))
    assert len(set(steps(watched, "nudge"))) == len(steps(watched, "nudge"))
