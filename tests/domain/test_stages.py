"""Who may sign a stage, and who when they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.people import Role, School
from bot.domain.stages import (
    LINE_MANAGER,
    Delegation,
    Signer,
    Staffing,
    StageRule,
    Waiting,
    can_be_named,
    helpers,
    levels,
    signers,
)
from tests.domain.schools import MONDAY, person, school

PEOPLE = (
    person("teacher", department="music"),
    person("leader", Role.LINE_MANAGER, manager="head"),
    person("head", Role.HEAD, delegates=["pa"]),
    person("pa"),
    person("assistant-head", Role.APPROVER),
    person("chair", Role.CHAIR),
    person("lead", Role.POLICY_LEAD),
    person("auditor", Role.AUDITOR),
)
SCHOOL = replace(school(*PEOPLE), departments={"music": "leader"})
MANAGER, HEAD = StageRule(LINE_MANAGER, ("approver",)), StageRule("head", ("approver",))
TODAY = date(2026, 11, 23)


def staffing(*delegations: Delegation, here: School = SCHOOL) -> Staffing:
    return Staffing(here, delegations, MONDAY)


def who(waiting: Waiting, at: Staffing | None = None) -> tuple[Signer, ...]:
    return signers(waiting, at or staffing())


def acts(by: str = "head", to: str = "assistant-head", since: date = TODAY, until: date = TODAY) -> Delegation:
    return Delegation(by, to, since, until)


def test_the_line_manager_is_a_persons_own_or_the_head_of_their_department() -> None:
    teacher = replace(PEOPLE[0], manager="assistant-head")
    own = replace(SCHOOL, people=(teacher, *PEOPLE[1:]))
    assert who(Waiting(MANAGER, "teacher")) == (Signer("leader", LINE_MANAGER),)
    assert who(Waiting(MANAGER, "teacher"), staffing(here=own)) == (Signer("assistant-head", LINE_MANAGER),)


def test_without_a_line_manager_the_stand_in_signs_in_their_own_role() -> None:
    assert who(Waiting(MANAGER, "teacher"), staffing(here=school(*PEOPLE))) == (Signer("assistant-head", "approver"),)


def test_nobody_signs_their_own_request_and_then_the_chair_stands_in_for_the_head() -> None:
    assert who(Waiting(StageRule("head"), "head")) == (Signer("chair", "chair"),)
    assert who(Waiting(HEAD, "head")) == (Signer("assistant-head", "approver"),)


def test_who_signed_an_earlier_stage_signs_no_other() -> None:
    assert who(Waiting(StageRule("head"), "leader", frozenset({"head"}))) == (Signer("chair", "chair"),)


def test_somebody_signs_for_another_on_the_days_that_were_given_and_in_their_name() -> None:
    at = staffing(acts())
    assert who(Waiting(HEAD, "teacher"), at) == (Signer("head", "head"), Signer("assistant-head", "head", "head"))
    for late in (acts(since=date(2026, 11, 24), until=date(2026, 11, 30)), acts(until=TODAY.replace(day=22))):
        assert who(Waiting(HEAD, "teacher"), staffing(late)) == (Signer("head", "head"),)


def test_the_newest_delegation_of_a_person_counts_and_one_to_nobody_ends_it() -> None:
    assert who(Waiting(HEAD, "teacher"), staffing(acts(), acts(to="leader")))[1:] == (Signer("leader", "head", "head"),)
    assert who(Waiting(HEAD, "teacher"), staffing(acts(), acts(to="")))[1:] == ()


def test_nobody_signs_for_a_requester_or_for_somebody_who_signed_before() -> None:
    at = staffing(acts())
    assert who(Waiting(StageRule("head"), "head"), at) == (Signer("chair", "chair"),)
    assert who(Waiting(StageRule("head"), "teacher", frozenset({"head"})), at) == (Signer("chair", "chair"),)
    assert who(Waiting(StageRule("head"), "assistant-head"), at) == (Signer("head", "head"),)


def test_the_heads_assistant_never_signs() -> None:
    assert who(Waiting(HEAD, "teacher"), staffing(acts(to="pa"))) == (Signer("head", "head"),)


def test_each_escalation_lets_the_next_sign_as_well() -> None:
    names = [[one.person for one in who(Waiting(MANAGER, "teacher", escalated=number))] for number in range(5)]
    assert names == [
        ["leader"],
        ["leader", "assistant-head"],
        ["leader", "assistant-head", "head"],
        ["leader", "assistant-head", "head", "chair"],
        ["leader", "assistant-head", "head", "chair"],
    ]


def test_a_stage_that_was_reassigned_waits_for_that_person_and_escalates_to_those_who_had_it() -> None:
    named = Waiting(HEAD, "teacher", named="leader")
    assert [[one.person for one in level] for level in levels(named, staffing())] == [
        ["leader"],
        ["head"],
        ["assistant-head"],
        ["chair"],
    ]
    gone = staffing(here=school(*(one for one in PEOPLE if one.id != "leader")))
    assert who(named, gone) == (Signer("head", "head"),)


def test_where_nobody_is_left_the_policy_lead_can_be_asked_but_not_about_their_own_request() -> None:
    few = staffing(here=school(person("teacher"), person("head", Role.HEAD), person("lead", Role.POLICY_LEAD)))
    assert (who(Waiting(HEAD, "head"), few), helpers(Waiting(HEAD, "head"), few)) == ((), ("lead",))
    assert helpers(Waiting(HEAD, "lead"), few) == ()


@pytest.mark.parametrize(
    ("named", "by", "can"),
    [
        ("leader", "head", True),
        ("chair", "lead", True),
        ("lead", "lead", False),
        ("teacher", "head", False),
        ("assistant-head", "head", False),
        ("pa", "head", False),
        ("auditor", "head", False),
        ("stranger", "head", False),
    ],
)
def test_a_stage_is_reassigned_to_somebody_trusted_who_is_not_barred_and_not_oneself(
    named: str, by: str, can: bool
) -> None:
    assert can_be_named(named, by, Waiting(HEAD, "teacher", frozenset({"assistant-head"})), SCHOOL) is can


@pytest.mark.parametrize("wrong", [{"role": "boss"}, {"role": "head", "instead": ("boss",)}])
def test_a_stage_of_an_unknown_role_is_refused(wrong: Mapping[str, object]) -> None:
    with pytest.raises(ValueError):
        StageRule(**wrong)  # type: ignore[arg-type]
