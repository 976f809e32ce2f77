"""What may be done to a case: its whole life, and what each order does to it and tells whom."""

from __future__ import annotations

import pytest

from bot.domain.case import State
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Unfit
from bot.domain.people import Role
from bot.domain.routing import LADO, NOBODY_HERE, Subject
from tests.domain.schools import Office, person, school, without

NEVER_SURE = Subject(unsure=True)


def new(office: Office) -> list[tuple[str, str]]:
    """Who is told since this was asked last."""
    waiting = office.told()
    office.records.deliver()
    return waiting


def filed(office: Office, subject: Subject = NOBODY_HERE, kind: str = "child-concern", **more: object) -> str:
    ref = office.file(kind, subject, **more).ref  # type: ignore[arg-type]
    new(office)
    return ref


def triaged(office: Office) -> str:
    ref = filed(office)
    office.do(ref, "dsl", "acknowledge")
    office.do(ref, "dsl", "triage", level="low-level")
    return ref


# --- a whole life -------------------------------------------------------------------------------------------
def test_a_case_lives_from_the_report_until_it_is_deleted() -> None:
    office = Office()
    ref = office.file().ref
    states = [
        office.do(ref, by, action, "why", **facts).case.state
        for by, action, facts in (
            ("dsl", "acknowledge", {}),
            ("deputy", "triage", {"level": "low-level"}),
            ("dsl", "action", {"sort": "parents"}),
            ("teacher", "add", {}),
            ("dsl", "close", {"outcome": "malicious"}),
            ("dsl", "reopen", {}),
            ("dsl", "acknowledge", {}),
            ("dsl", "triage", {"level": "low-level"}),
            ("dsl", "close", {"outcome": "malicious"}),
            ("deputy", "delete", {}),
        )
    ]
    assert [state.value for state in states] == [
        *("acknowledged", "triaged", "triaged", "triaged", "closed", "reopened"),
        *("acknowledged", "triaged", "closed", "deleted"),
    ]
    assert [(entry.seq, entry.kind, entry.by) for entry in office.case(ref).entries] == [
        (1, "filed", ""),
        (2, "acknowledge", "dsl"),
        (3, "triage", "deputy"),
        (4, "action", "dsl"),
        (5, "added", ""),
        (6, "close", "dsl"),
        (7, "reopen", "dsl"),
        (8, "acknowledge", "dsl"),
        (9, "triage", "dsl"),
        (10, "close", "dsl"),
        (11, "delete", "deputy"),
    ]


def test_the_reporter_hears_once_that_it_was_read_and_when_it_is_dealt_with() -> None:
    office = Office()
    ref = triaged(office)
    office.open(ref, "deputy")
    office.do(ref, "dsl", "close", outcome="child-file")
    assert [one for one in new(office) if one[0] == "teacher"] == [("teacher", "read"), ("teacher", "done")]


def test_what_the_reporter_adds_bears_no_name_and_is_told_to_all_who_receive_it() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "teacher", "add", "more")
    assert (new(office), office.case(ref).entries[1].by) == ([("dsl", "added"), ("deputy", "added")], "")


def test_who_receives_what_they_reported_can_add_to_it() -> None:
    office = Office()
    ref = filed(office, by="dsl")
    assert "add" in office.do(ref, "dsl", "add", "more").may


# --- close, reopen, hold, delete ----------------------------------------------------------------------------
def test_closing_says_how_long_it_is_kept_and_never_shows_a_birthday() -> None:
    office = Office()
    ref = triaged(office)
    case = office.do(ref, "dsl", "close", outcome="child-file", born="2015-05-06").case
    assert (case.outcome, case.retention, case.period) == ("child-file", "low-level", "until-2033")
    assert case.entries[-1].facts == {"outcome": "child-file"}


def test_a_case_that_is_opened_again_has_no_outcome_and_is_told_to_the_others() -> None:
    office = Office()
    ref = triaged(office)
    office.do(ref, "dsl", "close", outcome="child-file")
    new(office)
    case = office.do(ref, "dsl", "reopen").case
    assert (case.outcome, case.retention, case.review_on, case.period) == ("", "", "", "until-2033")
    assert new(office) == [("deputy", "new")]


def test_a_case_is_deleted_only_when_it_is_due_and_not_on_hold() -> None:
    office = Office()
    ref = triaged(office)
    office.do(ref, "dsl", "close", outcome="child-file")
    with pytest.raises(Unfit, match="not-due-for-review"):
        office.do(ref, "deputy", "delete")
    office.wait(8 * 366)
    office.do(ref, "dsl", "hold")
    with pytest.raises(Unfit, match="on-hold"):
        office.do(ref, "deputy", "delete")
    office.do(ref, "dsl", "release")
    with pytest.raises(Unfit, match="closed-by-you"):
        office.do(ref, "dsl", "delete")
    assert office.do(ref, "deputy", "delete", "why").case.state is State.DELETED
    with office.records.work(office.here.id) as work:
        assert (work.envelopes(ref), office.told()) == ({}, [])


# --- hand over ----------------------------------------------------------------------------------------------
def test_handing_over_tells_those_of_that_rung_and_nobody_passed_over() -> None:
    office = Office()
    ref = filed(office)
    case = office.do(ref, "dsl", "hand-over", person="chair").case
    assert new(office) == [("chair", "new")]
    assert (case.ladder, case.reached) == (((Role.DSL, Role.DEPUTY), (Role.CHAIR,), (Role.HEAD,)), 2)
    assert office.team(ref) == ("dsl", "deputy", "chair")


def test_handing_over_to_one_who_has_it_already_asks_them_to_take_it() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "hand-over", person="deputy")
    assert (new(office), office.team(ref)) == ([("deputy", "new")], ("dsl", "deputy"))


def test_a_head_who_reported_it_can_be_handed_it() -> None:
    office = Office()
    ref = filed(office, by="head")
    office.do(ref, "dsl", "hand-over", person="head")
    assert office.team(ref) == ("dsl", "deputy", "head")


@pytest.mark.parametrize("who", ["teacher", "it", "dsl", "chair", "pa", "stranger", ""])
def test_it_is_handed_to_nobody_who_is_not_on_the_ladder_or_is_kept_out(who: str) -> None:
    office = Office(school(person("teacher"), person("dsl", Role.DSL), person("deputy", Role.DEPUTY), person("it")))
    ref = filed(office)
    with pytest.raises(Unfit, match="not-on-the-ladder"):
        office.do(ref, "dsl", "hand-over", person=who)


# --- another member needs two people ------------------------------------------------------------------------
def test_a_member_is_proposed_by_one_and_confirmed_by_another() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "propose-member", person="officer")
    assert new(office) == [("deputy", "nudge"), ("head", "nudge"), ("chair", "nudge")]
    with pytest.raises(Hidden):
        office.open(ref, "officer")
    office.do(ref, "head", "confirm-member", proposal="2")
    assert new(office) == [("officer", "new")]
    assert office.team(ref) == ("dsl", "deputy", "officer")
    assert dict(office.open(ref, "officer").seen.case.proposed) == {}


@pytest.mark.parametrize(("by", "person_id"), [("dsl", "officer"), ("head", "head")])
def test_neither_who_proposed_it_nor_who_is_proposed_confirms_it(by: str, person_id: str) -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "propose-member", person=person_id)
    with pytest.raises(Unfit, match="second-person-needed"):
        office.do(ref, by, "confirm-member", proposal="2")
    assert office.team(ref) == ("dsl", "deputy")


def test_a_proposal_is_confirmed_once_and_only_if_there_is_one() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "propose-member", person="officer")
    office.do(ref, "deputy", "confirm-member", proposal="2")
    for proposal in ("2", "1", "99", "two", ""):
        with pytest.raises(Unfit, match="no-such-proposal"):
            office.do(ref, "deputy", "confirm-member", proposal=proposal)


@pytest.mark.parametrize("who", ["deputy", "head", "pa", "stranger", ""])
def test_nobody_is_proposed_who_has_it_is_kept_out_or_is_not_of_the_school(who: str) -> None:
    office = Office(without("chair", teacher=person("teacher", Role.DSL)))
    ref = filed(office, by="it")
    office.do(ref, "dsl", "name-subject", "who", person="head")
    with pytest.raises(Unfit, match="cannot-be-added"):
        office.do(ref, "dsl", "propose-member", person=who)


def test_nobody_is_proposed_where_no_second_person_could_agree() -> None:
    office = Office(school(person("teacher"), person("dsl", Role.DSL), person("officer"), person("head", Role.HEAD)))
    ref = filed(office, by="head")
    with pytest.raises(Unfit, match="no-second-person"):
        office.do(ref, "dsl", "propose-member", person="officer")


def test_a_proposal_falls_with_who_made_it() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "propose-member", person="officer")
    office.do(ref, "deputy", "name-subject", "who", person="dsl")
    with pytest.raises(Unfit, match="no-such-proposal"):
        office.do(ref, "deputy", "confirm-member", proposal="2")


def test_who_was_proposed_and_turns_out_to_be_the_subject_is_not_added() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "propose-member", person="officer")
    office.do(ref, "deputy", "name-subject", "who", person="officer")
    with pytest.raises(Unfit, match="cannot-be-added"):
        office.do(ref, "deputy", "confirm-member", proposal="2")


def test_who_could_confirm_sees_the_case_only_while_a_proposal_waits() -> None:
    office = Office()
    ref = filed(office)
    here = office.here.id
    with pytest.raises(Hidden):
        office.casework.see(here, "head", ref)
    office.do(ref, "dsl", "propose-member", person="officer")
    assert office.casework.see(here, "head", ref).may == ("confirm-member",)
    assert [seen.case.ref for seen in office.casework.listed(here, "head")] == [ref]
    with pytest.raises(Hidden):
        office.open(ref, "head")
    office.do(ref, "deputy", "confirm-member", proposal="2")
    with pytest.raises(Hidden):
        office.casework.see(here, "head", ref)


# --- stepping back ------------------------------------------------------------------------------------------
def test_who_stands_down_never_sees_it_again_and_the_others_keep_it() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "recuse", "a friend")
    assert (office.team(ref), new(office)) == (("deputy",), [])
    with pytest.raises(Hidden):
        office.open(ref, "dsl")


def test_where_the_last_one_stands_down_the_next_rung_is_told() -> None:
    office = Office(without("deputy", "head"))
    ref = filed(office)
    seen = office.do(ref, "dsl", "recuse", "a friend")
    assert (office.team(ref), new(office), seen.screen) == (("chair",), [("chair", "escalated")], ())


def test_where_nobody_is_left_the_lado_is_shown_to_who_stands_down_and_to_the_reporter() -> None:
    office = Office(school(person("teacher"), person("dsl", Role.DSL)))
    ref = filed(office)
    assert office.do(ref, "dsl", "recuse", "a friend").screen == (LADO,)
    assert [seen.screen for seen in office.casework.own(office.here.id, "teacher")] == [(LADO,)]


def test_a_notice_that_still_waits_is_taken_back_from_who_stands_down() -> None:
    office = Office()
    ref = office.file().ref
    office.do(ref, "dsl", "recuse", "a friend")
    assert (office.told(), office.told("withdrawn")) == ([("deputy", "new")], [("dsl", "new")])


# --- the subject is named later -----------------------------------------------------------------------------
def test_a_subject_who_is_named_late_loses_it_all_and_the_route_begins_anew() -> None:
    office = Office()
    ref = office.file().ref
    office.do(ref, "dsl", "acknowledge")
    case = office.do(ref, "deputy", "name-subject", "who", person="dsl").case
    assert (case.route, case.ladder, case.reached) == (
        "about-the-dsl",
        ((Role.HEAD,), (Role.DSL, Role.DEPUTY), (Role.CHAIR,)),
        2,
    )
    assert (office.told("withdrawn"), office.told()) == (
        [("dsl", "new")],
        [("deputy", "new"), ("teacher", "read"), ("head", "new")],
    )
    assert office.team(ref) == ("head", "deputy")
    with pytest.raises(Hidden):
        office.open(ref, "dsl")
    assert [entry.facts for entry in case.happened("name-subject")] == [{}]


def test_whoever_is_named_as_head_loses_it_with_who_reads_their_post() -> None:
    office = Office(without("deputy", pa=person("pa", Role.DEPUTY)))
    ref = office.file().ref
    office.do(ref, "dsl", "name-subject", "who", person="head")
    assert (office.team(ref), office.told()) == (("chair", "dsl"), [("dsl", "new"), ("chair", "new")])
    assert office.told("withdrawn") == [("pa", "new")]


def test_a_member_who_stands_down_or_reads_the_subjects_post_is_on_the_team_no_longer() -> None:
    office = Office()
    ref = filed(office)
    for who in ("officer", "auditor"):
        office.do(ref, "dsl", "propose-member", person=who)
        office.do(ref, "deputy", "confirm-member", proposal=str(len(office.case(ref).entries)))
    office.do(ref, "dsl", "name-subject", "who", person="teacher")
    assert office.team(ref) == ("head", "dsl", "deputy", "auditor", "officer")
    office.do(ref, "officer", "recuse", "a friend")
    office.change(person("teacher", delegates=["auditor"]))
    assert (office.team(ref), office.case(ref).members) == (("head", "dsl", "deputy"), frozenset({"auditor"}))


def test_nobody_is_told_later_by_a_rung_of_the_old_route() -> None:
    office = Office(without(chair=person("chair", Role.PROPRIETOR)))
    ref = filed(office)
    case = office.do(ref, "dsl", "name-subject", "who", person="chair").case
    assert case.ladder == ((Role.INDEPENDENT,), (Role.DSL, Role.DEPUTY))


def test_a_conflict_of_interest_holds_when_the_subject_is_named() -> None:
    office = Office()
    ref = filed(office, NEVER_SURE, "adult-concern", conflict=True)
    office.do(ref, "independent", "name-subject", "who", person="teacher")
    assert (office.team(ref), office.case(ref).route, new(office)) == (("independent",), "conflict-of-interest", [])


def test_who_names_themselves_hands_it_to_the_next() -> None:
    office = Office()
    ref = filed(office, NEVER_SURE, "adult-concern")
    office.do(ref, "chair", "name-subject", "me", person="chair")
    assert (office.team(ref), new(office), office.case(ref).unsure) == (("vice",), [("vice", "new")], False)


def test_a_reporter_who_is_named_hears_no_more_of_it() -> None:
    office = Office()
    ref = filed(office)
    office.do(ref, "dsl", "name-subject", "who", person="teacher")
    new(office)
    office.do(ref, "head", "acknowledge")
    assert (new(office), office.casework.own(office.here.id, "teacher")) == ([], ())


def test_nobody_is_named_who_is_not_on_the_list() -> None:
    office = Office()
    ref = filed(office)
    with pytest.raises(Unfit, match="not-on-the-list"):
        office.do(ref, "dsl", "name-subject", "who", person="stranger")


# --- at the right time --------------------------------------------------------------------------------------
def test_what_does_not_fit_where_the_case_stands_is_refused() -> None:
    office = Office()
    ref = filed(office)
    for action in ("triage", "close", "reopen", "delete"):
        with pytest.raises(NotNow):
            office.do(ref, "dsl", action, level="low-level", outcome="child-file")
    assert len(office.case(ref).entries) == 1


def test_what_is_kept_after_its_review_comes_up_again_and_moves_to_the_key_of_that_year() -> None:
    office = Office()
    ref = triaged(office)
    office.do(ref, "dsl", "close", outcome="resolved")
    with pytest.raises(Unfit, match="not-in-the-future"):
        office.do(ref, "dsl", "keep", "why", until="2026-11-01")
    kept = office.do(ref, "dsl", "keep", "why", until="2040-05-01").case
    assert (kept.review_on, kept.period, kept.state) == ("2040-05-01", "until-2040", State.CLOSED)
    with office.records.work(office.here.id) as work:
        assert {envelope.period for envelope in work.envelopes(ref).values()} == {"until-2040"}


def test_when_the_one_who_picked_it_up_stands_down_it_waits_to_be_picked_up_again() -> None:
    office = Office()
    ref = office.file().ref
    office.do(ref, "dsl", "acknowledge")
    office.do(ref, "dsl", "recuse")
    assert office.case(ref).state is State.RECEIVED
