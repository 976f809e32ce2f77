"""How somebody stands to a case, and who is next on its ladder."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import Case, Entry, Relation, State, kept_out, next_rung, relation, relations, team
from bot.domain.people import Role
from tests.domain.schools import MONDAY, PEOPLE, person, school, without
from tests.fake_seal import FakeSealer

HERE = school()
KEYED = FakeSealer().keyed(HERE.id, [one.id for one in PEOPLE])
LADDER = ((Role.DSL, Role.DEPUTY), (Role.HEAD,), (Role.CHAIR,))
CASE = Case(
    "S-1",
    HERE.id,
    "child-concern",
    State.RECEIVED,
    MONDAY,
    LADDER,
    1,
    KEYED.of("teacher"),
    barred=frozenset({KEYED.of("deputy")}),
    members=frozenset({"officer"}),
)


def test_everybody_stands_to_a_case_in_one_way() -> None:
    assert {one.id: relation(CASE, HERE, one.id, KEYED).value for one in PEOPLE} == {
        "teacher": "reporter",
        "dsl": "recipient",
        "deputy": "subject",
        "head": "second",
        "pa": "none",
        "chair": "second",
        "vice": "none",
        "independent": "none",
        "officer": "member",
        "it": "none",
        "auditor": "none",
    }


def test_a_stranger_stands_in_none() -> None:
    assert relation(CASE, HERE, "stranger", KEYED) is Relation.NONE


@pytest.mark.parametrize("way", [{"reporter": KEYED.of("deputy")}, {"members": frozenset({"deputy"})}])
def test_whom_it_is_about_is_that_before_all_else(way: dict[str, object]) -> None:
    case = replace(CASE, **way)  # type: ignore[arg-type]
    assert relations(case, HERE, "deputy", KEYED) == {Relation.SUBJECT}


def test_who_receives_what_they_reported_is_its_reporter_too() -> None:
    case = replace(CASE, reporter=KEYED.of("dsl"))
    assert relations(case, HERE, "dsl", KEYED) == {Relation.RECIPIENT, Relation.REPORTER}


def test_a_new_holder_of_a_role_receives_it_and_a_former_one_no_longer() -> None:
    here = without(dsl=person("dsl"), it=person("it", Role.DSL))
    assert (team(CASE, here, KEYED), relation(CASE, here, "dsl", KEYED)) == (("it",), Relation.NONE)


def test_who_reads_the_subjects_post_since_is_kept_out_from_then_on() -> None:
    case = replace(CASE, subject=KEYED.of("teacher"))
    here = without(teacher=person("teacher", delegates=["dsl"]))
    assert relation(case, HERE, "dsl", KEYED) is Relation.RECIPIENT
    assert relation(case, here, "dsl", KEYED) is Relation.SUBJECT
    assert (kept_out(case, here, KEYED), team(case, here, KEYED)) == (case.barred | {KEYED.of("dsl")}, ())


def test_the_next_rung_is_the_first_with_anybody_left() -> None:
    assert [next_rung(CASE, here, KEYED) for here in (HERE, without("head"), without("head", "chair"))] == [2, 3, 1]


def test_a_proposal_waits_until_it_is_confirmed() -> None:
    proposed = CASE.grown(Entry(1, MONDAY, "propose-member", "dsl", {"person": "it"}))
    confirmed = proposed.grown(Entry(2, MONDAY, "confirm-member", "head", {"proposal": "1"}))
    assert (proposed.proposed, confirmed.proposed) == ({1: "it"}, {})
