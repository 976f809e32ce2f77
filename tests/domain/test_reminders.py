"""What the clock of requests and of the register asks for and when, whoever was asleep meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.case import Entry as Line
from bot.domain.orders import Order
from bot.domain.people import Role, School
from bot.domain.register import Entry
from bot.domain.reminders import coming, reminders
from bot.domain.request import State
from tests.domain.schools import MONDAY, person, school
from tests.fake_requests import DUTIES, PEOPLE, Desk

LONDON = ZoneInfo("Europe/London")
YEAR = Calendar(
    terms=((date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))),
    closed=bank_holidays([2026, 2027]),
)
START = datetime(2026, 9, 28, 8, tzinfo=UTC)


def here(policy: str = "emlm") -> School:
    return replace(school(*PEOPLE, policy=policy), calendar=YEAR)


def made(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The steps of the clock: when in London, and which."""
    kinds = ("nudge", "escalate", "expired", "reminded")
    return [
        (f"{line.at.astimezone(LONDON):%a %d %b %H:%M}", line.facts.get("duty", line.kind))
        for line in lines
        if line.kind in kinds
    ]


def run(desk: Desk, until: datetime, awake: Callable[[datetime], bool] = lambda _: True, hours: float = 1) -> None:
    while desk.now < until:
        desk.now += timedelta(hours=hours)
        if awake(desk.now):
            desk.approvals.tick("milford")


# --- requests ---------------------------------------------------------------------------------------------------------
def test_approvers_are_nudged_and_the_next_are_asked_in_school_hours_until_it_expires() -> None:
    desk = Desk(here(), now=datetime(2026, 11, 3, 9, tzinfo=UTC))
    ref = desk.submit()
    run(desk, datetime(2026, 12, 8, tzinfo=UTC))
    assert made(desk.request(ref).entries) == [
        ("Thu 05 Nov 09:00", "nudge"),
        ("Mon 09 Nov 09:00", "nudge"),
        ("Tue 10 Nov 09:00", "escalate"),
        ("Wed 11 Nov 09:00", "nudge"),
        ("Fri 13 Nov 09:00", "nudge"),
        ("Tue 17 Nov 09:00", "escalate"),
        ("Tue 17 Nov 09:00", "nudge"),
        ("Thu 19 Nov 09:00", "nudge"),
        ("Mon 23 Nov 09:00", "nudge"),
        ("Wed 25 Nov 09:00", "nudge"),
        ("Fri 27 Nov 09:00", "nudge"),
        ("Tue 01 Dec 09:00", "nudge"),
        ("Thu 03 Dec 09:00", "expired"),
    ]
    assert desk.request(ref).state is State.EXPIRED
    told = Counter(desk.told())
    assert (told["leader", "expired"], told["teacher", "expired"], told["head", "ask"]) == (1, 1, 0)


def test_who_is_asked_by_an_escalation_may_sign_and_the_first_may_still() -> None:
    desk = Desk(here(), now=datetime(2026, 11, 3, 9, tzinfo=UTC))
    ref = desk.submit()
    run(desk, datetime(2026, 11, 10, 12, tzinfo=UTC))
    assert [one.person for one in desk.seen(ref, "teacher").signers] == ["leader", "head"]
    assert Counter(desk.told()) == {("leader", "ask"): 1, ("leader", "nudge-ask"): 2, ("head", "ask"): 1}
    desk.do(ref, "head", "approve")
    assert [one.person for one in desk.seen(ref, "teacher").signers] == ["assistant-head"]


def test_holidays_and_nights_are_quiet_and_nothing_is_lost() -> None:
    desk = Desk(here(), now=datetime(2026, 10, 22, 9, tzinfo=UTC))
    ref = desk.submit()
    run(desk, datetime(2026, 11, 5, 18, tzinfo=UTC))
    assert made(desk.request(ref).entries) == [
        ("Mon 02 Nov 10:00", "nudge"),
        ("Wed 04 Nov 10:00", "nudge"),
        ("Thu 05 Nov 10:00", "escalate"),
    ]


def test_downtime_gives_every_escalation_and_only_the_newest_nudge() -> None:
    desk = Desk(here(), now=datetime(2026, 11, 3, 9, tzinfo=UTC))
    ref = desk.submit()
    assert desk.wait(15) > 0
    assert [kind for _, kind in made(desk.request(ref).entries)] == ["escalate", "escalate", "nudge"]
    assert (desk.approvals.tick("milford"), desk.wait(0.01)) == (0, 0)


def test_who_begins_to_sign_for_another_or_takes_up_a_role_is_asked_then() -> None:
    desk = Desk(here(), now=datetime(2026, 11, 3, 9, tzinfo=UTC))
    ref = desk.submit()
    desk.delegate("leader", "chair", after=1)
    assert (desk.told(), desk.wait(1), desk.told()) == ([("leader", "ask")], 1, [("chair", "ask")])
    desk.here = replace(desk.here, people=(*desk.here.people, person("new", Role.HEAD)))
    desk.do(ref, "leader", "approve")
    assert ("new", "ask") in desk.told()


def test_what_was_sent_in_before_a_long_holiday_does_not_end_before_anybody_could_act_on_it() -> None:
    terms = ((date(2026, 4, 13), date(2026, 7, 17)), (date(2026, 9, 1), date(2026, 12, 18)))
    desk = Desk(replace(school(*PEOPLE), calendar=Calendar(terms=terms)), datetime(2026, 7, 16, 9, tzinfo=UTC))
    ref = desk.submit()
    desk.told()
    stands = []
    for day in (1, 10, 11, 14):
        desk.now = datetime(2026, 9, day, 9, 30, tzinfo=UTC)
        desk.approvals.tick("milford")
        stands.append(str(desk.request(ref).state))
    assert stands == ["pending", "pending", "expired", "expired"]


def test_whoever_has_to_change_a_request_is_nudged_and_then_it_expires() -> None:
    desk = Desk(here(), now=datetime(2026, 11, 3, 9, tzinfo=UTC))
    ref = desk.submit()
    desk.do(ref, "leader", "send-back", "say more")
    desk.wait(2)
    assert Counter(desk.told()) == {("teacher", "sent-back"): 2}
    run(desk, datetime(2026, 12, 8, tzinfo=UTC))
    kinds = Counter(kind for _, kind in made(desk.request(ref).entries))
    assert kinds == {"nudge": 10, "expired": 1}
    assert desk.told() == [("teacher", "expired"), ("leader", "expired")]


@pytest.mark.parametrize("over", ["withdraw", "refuse"])
def test_what_is_over_has_no_steps(over: str) -> None:
    desk = Desk(here(), now=START)
    ref = desk.submit()
    desk.do(ref, "teacher" if over == "withdraw" else "leader", over, clause="emlm/A.3.1")
    assert desk.wait(80) == 0


# --- the register -----------------------------------------------------------------------------------------------------
def account(**fields: object) -> Entry:
    known = {"administrators": ("teacher", "other"), **fields}
    return Entry("E-1", "milford", "account", "X", "netball", MONDAY, **known)  # type: ignore[arg-type]


def asked(entry: Entry, at: str, here: School | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON).astimezone(UTC)
    due = reminders(entry, here or school(*PEOPLE, policy="emlm"), DUTIES, now)
    return [(one.duty, one.day.isoformat(), one.people) for one in due]


def test_an_account_is_reviewed_a_year_after_it_was_added_or_reviewed_last() -> None:
    both = ("teacher", "other")
    assert asked(account(), "2027-11-22 12:00") == []
    assert asked(account(), "2027-11-23 12:00") == [("review", "2027-11-23", both)]
    reminded = account().then(MONDAY, "reminded", duty="review", day="2027-11-23")
    assert asked(reminded, "2027-12-20 12:00") == []
    assert asked(reminded, "2027-12-21 12:00") == [("review", "2027-12-21", both)]
    done = reminded.then(datetime(2028, 1, 10, 9, tzinfo=UTC), "done", "teacher", duty="review")
    assert (asked(done, "2028-06-01 12:00"), asked(done, "2029-01-10 12:00")) == ([], [("review", "2029-01-10", both)])


def test_whgs_signs_its_acceptable_use_policy_every_year() -> None:
    whgs = school(*PEOPLE, policy="whgs")
    assert [one[0] for one in asked(account(), "2027-11-23 12:00", whgs)] == ["review", "acceptable-use"]


def test_the_closing_date_comes_up_four_weeks_ahead_on_the_day_and_after() -> None:
    entry = account(closes=date(2027, 7, 20))
    people = ("teacher", "other", "lead", "head")
    assert asked(entry, "2027-06-21 12:00") == []
    assert asked(entry, "2027-06-22 12:00") == [("closure", "2027-06-22", people)]
    late = entry.then(MONDAY, "reminded", duty="closure", day="2027-06-22")
    assert asked(late, "2027-07-20 12:00") == [("closure", "2027-07-20", people)]


def test_milford_watches_its_accounts_every_day_from_the_hour_the_school_opens() -> None:
    milford = replace(school(*PEOPLE), calendar=YEAR)
    assert asked(account(), "2026-11-23 12:00", milford) == []
    assert asked(account(), "2026-12-26 07:59", milford) == []
    assert asked(account(), "2026-12-26 08:00", milford) == [("monitor", "2026-12-26", ("teacher", "other"))]


def test_fewer_than_two_administrators_are_an_alert_at_once_and_again_when_another_goes() -> None:
    desk = Desk(here())
    desk.approved()
    desk.told()
    assert (desk.wait(1), desk.told()) == (0, [])
    desk.leave("teacher")
    assert (desk.wait(0.1), desk.told()) == (1, [("other", "duty"), ("lead", "duty"), ("head", "duty")])
    assert desk.wait(7) == 0
    desk.leave("other")
    assert (desk.wait(0.1), desk.told()) == (1, [("lead", "duty"), ("head", "duty")])
    (entry,) = desk.entries()
    desk.approvals.change("milford", Order("hand-over", entry.ref, "lead", {"to": "leader"}))
    desk.told()
    assert (desk.wait(0.01), desk.told()) == (1, [("leader", "duty"), ("lead", "duty"), ("head", "duty")])
    desk.approvals.change("milford", Order("hand-over", entry.ref, "lead", {"to": "assistant-head"}))
    assert desk.wait(0.01) == 0


def test_a_closed_account_has_no_reminders() -> None:
    assert reminders(account().then(MONDAY, "closed"), here("milford"), DUTIES, MONDAY + timedelta(days=800)) == ()


def test_a_day_that_is_no_school_day_holds_no_review_but_loses_none() -> None:
    entry = account(opens=date(2026, 11, 28))
    assert asked(entry, "2027-11-28 12:00") == []
    assert asked(entry, "2027-11-29 12:00") == [("review", "2027-11-28", ("teacher", "other"))]


# --- ninety days ------------------------------------------------------------------------------------------------------
def ninety(awake: Callable[[datetime], bool]) -> Desk:
    """A school's quarter: the clock goes back, half-term and Christmas come, people act or do not."""
    desk = Desk(here("milford"), now=START)
    desk.approved(text="kept")
    random, end = Random(5), START + timedelta(days=91)
    for number in range(12):
        run(desk, START + timedelta(days=7 * number, hours=random.randrange(48)), awake)
        ref = desk.submit("teacher" if number % 2 else "other", f"club {number}")
        if number % 3 == 0:
            desk.do(ref, "leader", "approve")
        elif number % 4 == 1:
            desk.do(ref, "leader", "send-back", "say more")
    run(desk, end, awake)
    return desk


def down(now: datetime) -> bool:
    """Down three hours every night and a whole day in ten."""
    return now.hour not in (1, 2, 3) and (now - START).days % 10 != 9


def test_over_ninety_days_with_the_worker_down_nothing_is_lost_and_nothing_doubled() -> None:
    steady, shaky = ninety(lambda _: True), ninety(down)
    for one, other in zip(steady.requests(), shaky.requests(), strict=True):
        kinds = [Counter(line.kind for line in request.entries) for request in (one, other)]
        for kind in ("escalate", "asked", "expired", "decided"):
            assert kinds[1][kind] == kinds[0][kind]
        nudges = [(line.facts["number"], _stage(other.entries, line)) for line in other.happened("nudge")]
        assert len(set(nudges)) == len(nudges)
        assert one.state == other.state
        _only_in_school_hours(one.entries)
    for desk in (steady, shaky):
        (entry,) = desk.entries()
        days = [line.facts["day"] for line in entry.happened("reminded", "monitor")]
        awake = {START.date() + timedelta(n) for n in range(1, 91) if desk is steady or n % 10 != 9}
        assert len(set(days)) == len(days)
        assert {date.fromisoformat(day) for day in days} >= awake
    told = Counter((one.notice.to, one.notice.ref, one.notice.template) for one in shaky.records.shelf.queue)  # type: ignore[attr-defined]
    assert {times for (_, _, template), times in told.items() if template in ("decided", "expired")} == {1}


def _stage(entries: tuple[Line, ...], nudge: Line) -> int:
    """The entry since which a nudge is counted."""
    begins = ("submitted", "approved", "sent-back", "resubmitted")
    return max(line.seq for line in entries if line.kind in begins and line.seq < nudge.seq)


def _only_in_school_hours(entries: tuple[Line, ...]) -> None:
    assert all(YEAR.is_open(line.at) for line in entries if line.kind in ("nudge", "escalate", "expired"))


# --- what comes up ----------------------------------------------------------------------------------------------------
def comes_up(entry: Entry, policy: str, now: datetime) -> list[tuple[str, str, bool]]:
    """The duties that come up: which, when, and whether there is something to do about it now."""
    return [(one.duty.id, f"{one.day:%d %b %Y}", one.due) for one in coming(entry, here(policy), DUTIES, now)]


def test_what_comes_up_next_is_told_by_its_day_and_what_was_done_comes_up_later() -> None:
    administrators, closes = ("teacher", "other"), date(2026, 12, 20)
    entry = Entry("E-1", "milford", "account", "X", "choir", MONDAY, administrators=administrators, closes=closes)
    assert comes_up(entry, "milford", MONDAY) == [
        ("monitor", "24 Nov 2026", False),
        ("closure", "20 Dec 2026", True),
        ("review", "23 Nov 2027", False),
    ]
    late = MONDAY + timedelta(days=400)
    assert comes_up(entry, "whgs", late) == [
        ("closure", "20 Dec 2026", True),
        ("review", "23 Nov 2027", True),
        ("acceptable-use", "23 Nov 2027", True),
    ]
    done = entry.then(late, "done", "teacher", duty="review").then(late, "done", "teacher", duty="monitor")
    assert comes_up(done, "milford", late) == [
        ("closure", "20 Dec 2026", True),
        ("monitor", "29 Dec 2027", False),
        ("review", "28 Dec 2028", False),
    ]
    assert comes_up(done.then(late, "closed", "teacher"), "milford", late) == []
