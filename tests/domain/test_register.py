"""The register: what is in it, how it changes hands, and how the accounts of before come in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

import pytest

from bot.domain.calendar import Calendar
from bot.domain.orders import Unfit
from bot.domain.register import (
    Entry,
    Problem,
    Row,
    Status,
    accounts_of,
    answer_by,
    at_school,
    changed,
    entered,
    may_change,
    may_see,
    read_duties,
    search,
    taken_in,
)
from bot.domain.request import State
from tests.domain.schools import MONDAY, person, school
from tests.fake_requests import PEOPLE, Desk

SCHOOL = school(*PEOPLE, person("twin"), person("TWIN"))


def account(handle: str = "netball", *administrators: str, **fields: object) -> Entry:
    known = {"platform": "Facebook", "administrators": administrators or ("teacher", "other"), **fields}
    return Entry(f"E-{handle}", "milford", "account", handle=handle, added=MONDAY, **known)  # type: ignore[arg-type]


def handed(entry: Entry, **facts: str) -> Entry:
    return changed(entry, "hand-over", facts, "teacher", SCHOOL, MONDAY)


def take(*rows: Row, known: tuple[Entry, ...] = ()) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    numbers = count(1)
    return taken_in(rows, SCHOOL, known, MONDAY, lambda: next(numbers) * 7919**3)


# --- entries ----------------------------------------------------------------------------------------------------------
def test_only_a_fully_approved_request_becomes_an_entry() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.do(ref, "leader", "approve")
    with pytest.raises(ValueError, match="only what was approved"):
        entered(desk.request(ref), {}, MONDAY)
    desk.do(ref, "head", "approve")
    fields = {
        "platform": "Facebook",
        "handle": "netball",
        "purpose": "results",
        "administrators": "teacher other",
        "opens": "2026-12-01",
        "closes": "2027-07-20",
    }
    entry = entered(desk.request(ref), fields, MONDAY)
    assert (entry.request, entry.administrators, entry.opens, entry.closes, entry.status) == (
        ref,
        ("teacher", "other"),
        date(2026, 12, 1),
        date(2027, 7, 20),
        Status.LIVE,
    )


@pytest.mark.parametrize("state", [state for state in State if state is not State.APPROVED])
def test_a_request_in_any_other_state_has_no_entry(state: State) -> None:
    desk = Desk()
    done = {
        State.WITHDRAWN: ("teacher", "withdraw"),
        State.REFUSED: ("leader", "refuse"),
        State.SENT_BACK: ("leader", "send-back"),
    }
    ref = desk.submit(recorded_only=state is State.RECORDED)
    if state in done:
        desk.do(ref, *done[state], "words", clause="milford/scope.1")
    if state is State.EXPIRED:
        desk.wait(31)
    assert (desk.request(ref).state, desk.entries()) == (state, [])


def test_an_administrator_is_added_replaced_or_taken_off() -> None:
    assert handed(account(), to="leader").administrators == ("teacher", "other", "leader")
    assert handed(account(), to="leader", **{"from": "teacher"}).administrators == ("other", "leader")
    assert handed(account(), **{"from": "teacher"}).administrators == ("other",)
    assert handed(account(), to="head", role="moderators").moderators == ("head",)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"to": "stranger"}, "cannot-take-over"),
        ({"to": "other"}, "cannot-take-over"),
        ({"from": "leader"}, "not-among-them"),
        ({"to": "leader", "role": "owners"}, "no-such-role"),
        ({}, "no-such-role"),
    ],
)
def test_a_hand_over_that_does_not_fit_is_refused(facts: dict[str, str], code: str) -> None:
    with pytest.raises(Unfit, match=code):
        handed(account(), **facts)


def test_nothing_is_done_to_an_account_that_was_closed() -> None:
    closed = changed(account(), "close", {}, "teacher", SCHOOL, MONDAY)
    assert (closed.status, [line.kind for line in closed.history]) == (Status.CLOSED, ["closed"])
    for action in ("close", "done", "hand-over"):
        with pytest.raises(Unfit, match="closed"):
            changed(closed, action, {"duty": "review", "to": "leader"}, "teacher", SCHOOL, MONDAY)
    with pytest.raises(Unfit, match="no-such-action"):
        changed(account(), "rename", {}, "teacher", SCHOOL, MONDAY)


def test_it_is_seen_by_who_runs_it_and_who_looks_after_all_and_changed_by_fewer() -> None:
    entry = account("netball", "teacher", moderators=("other",))
    assert [one.id for one in SCHOOL.people if may_see(entry, one)] == [
        "teacher",
        "head",
        "assistant-head",
        "chair",
        "lead",
        "auditor",
        "other",
    ]
    assert [one.id for one in SCHOOL.people if may_change(entry, one)] == ["teacher", "head", "lead"]


def test_every_word_of_a_search_is_found_in_an_entry() -> None:
    netball = account(purpose="Match results")
    choir = changed(account("choir"), "close", {}, "teacher", SCHOOL, MONDAY)
    both = (netball, choir)
    assert search(both, "facebook results") == (netball,)
    assert search(both, "FACEBOOK") == both
    assert (search(both, "", Status.LIVE), search(both, "", Status.CLOSED)) == ((netball,), (choir,))
    assert search(both, "rugby") == ()


def test_what_a_leaver_runs_is_one_list() -> None:
    runs, moderates = account(), account("choir", "other", moderators=("teacher",))
    closed = changed(account("old"), "close", {}, "teacher", SCHOOL, MONDAY)
    assert accounts_of((runs, moderates, account("chess", "other"), closed), "teacher") == (runs, moderates)
    assert at_school(("teacher", "stranger"), SCHOOL) == ("teacher",)


def test_what_people_wrote_is_not_shown_by_printing_an_entry() -> None:
    assert "canary" not in repr(account(purpose="canary", audience="canary", conditions="canary"))


# --- accounts of before -----------------------------------------------------------------------------------------------
def test_accounts_come_in_by_name_or_id_with_days_as_people_write_them() -> None:
    (entry,), problems = take(
        {
            "platform": " Facebook ",
            "handle": "netball",
            "administrators": "Teacher; other",
            "moderators": "Assistant-Head",
            "opens": "1/9/2026",
            "closes": "2027-07-20",
            "purpose": None,
        }
    )
    assert (problems, entry.platform, entry.administrators, entry.moderators) == (
        (),
        "Facebook",
        ("teacher", "other"),
        ("assistant-head",),
    )
    assert (entry.opens, entry.closes, entry.request) == (date(2026, 9, 1), date(2027, 7, 20), "")
    assert entry.ref.startswith("E-")


def test_every_problem_is_said_with_its_line_and_column_and_the_other_lines_come_in() -> None:
    right = {"platform": "X", "handle": "choir", "administrators": "teacher"}
    entries, problems = take(
        right,
        {"purpose": "news"},
        {**right, "handle": "chess", "administrators": "Nobody; Twin"},
        {**right, "handle": "drama", "opens": "31/2/2026", "closes": "soon"},
        {**right, "handle": "trip", "opens": "2026-12-02", "closes": "2026-12-01"},
        {**right, "handle": "@Choir"},
        {**right, "platform": "facebook", "handle": "NETBALL"},
        {**right, "handle": "h" * 201, "": "beyond"},
        {**right, "handle": "band", "status": "Closed"},
        known=(account(),),
    )
    assert [entry.handle for entry in entries] == ["choir"]
    assert problems == (
        Problem(3, "platform", "missing"),
        Problem(3, "handle", "missing"),
        Problem(3, "administrators", "missing"),
        Problem(4, "administrators", "unknown-person", "Nobody"),
        Problem(4, "administrators", "two-of-that-name", "Twin"),
        Problem(5, "opens", "not-a-date", "31/2/2026"),
        Problem(5, "closes", "not-a-date", "soon"),
        Problem(6, "closes", "closes-before-it-opens"),
        Problem(7, "handle", "already-there", "@Choir"),
        Problem(8, "handle", "already-there", "NETBALL"),
        Problem(9, "", "too-many-cells"),
        Problem(9, "handle", "too-long"),
        Problem(10, "", "closed"),
    )


def test_a_line_left_empty_is_passed_over_and_counted() -> None:
    right = {"platform": "X", "handle": "choir", "administrators": "teacher"}
    (entry,), problems = take({}, {"platform": " ", "handle": None}, right, {**right, "opens": "soon"})
    assert (entry.handle, problems) == ("choir", (Problem(5, "opens", "not-a-date", "soon"),))


@pytest.mark.parametrize("people", ["Teacher; other", "teacher\nOther", "Teacher, other;teacher", " other ;; teacher "])
def test_people_stand_in_one_cell_as_people_write_them(people: str) -> None:
    (entry,), problems = take({"platform": "X", "handle": "choir", "administrators": people})
    assert (sorted(entry.administrators), problems) == (["other", "teacher"], ())


def test_the_same_list_sent_again_adds_nothing() -> None:
    rows = [{"platform": "X", "handle": f"team {number}", "administrators": "teacher"} for number in range(3)]
    entries, _ = take(*rows)
    again, problems = take(*rows, known=entries)
    assert (len(entries), again, [one.code for one in problems]) == (3, (), ["already-there"] * 3)


# --- duties -----------------------------------------------------------------------------------------------------------
def test_a_duty_that_comes_otherwise_than_known_is_refused() -> None:
    with pytest.raises(ValueError, match="a duty comes"):
        read_duties({"duty": [{"id": "review", "every": "month"}]})


@pytest.mark.parametrize(
    ("received", "answered"),
    [
        ("2026-11-24T10:00", "2026-11-25T10:00"),
        ("2026-11-27T20:00", "2026-11-28T20:00"),
        ("2026-11-28T10:00", "2026-11-30T17:00"),
        ("2026-11-29T23:30", "2026-11-30T17:00"),
        ("2026-12-25T10:00", "2026-12-29T17:00"),
    ],
)
def test_a_comment_is_answered_within_a_day_or_on_the_next_working_day(received: str, answered: str) -> None:
    calendar = Calendar(closed=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    at = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert answer_by(at, calendar).isoformat() == f"{answered}:00+00:00"
