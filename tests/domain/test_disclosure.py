"""References, and the case that a report becomes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import Case, Entry, State
from bot.domain.disclosure import FileDisclosure, is_reference, opened, reference
from bot.domain.people import Role
from bot.domain.routing import NOBODY_HERE, Reported, Subject, route
from bot.talk.sealed import Sealed
from tests.domain.schools import MONDAY, PEOPLE, RULES, school
from tests.fake_seal import FakeSealer

HERE = school()
KEYED = FakeSealer().keyed(HERE.id, [one.id for one in PEOPLE])


def case(subject: Subject = NOBODY_HERE, kind: str = "adult-concern") -> Case:
    order = FileDisclosure("key", HERE.id, "teacher", Reported(kind, subject, "threat"), Sealed("canary"), urgent=True)
    routed = route(RULES.guidance, HERE, order.reported)
    return opened(order, HERE, routed, KEYED, "S-2222-2222", MONDAY)


@given(st.integers(0, 2**64))
def test_a_reference_can_be_read_out_on_the_phone_and_known_again(number: int) -> None:
    found = reference(number)
    assert re.fullmatch("S-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", found)
    assert is_reference(found)


def test_references_are_all_different_over_their_whole_length() -> None:
    numbers = [0, 1, 29, 30, 30**4, 30**7, 30**8 - 1]
    assert len({reference(number) for number in numbers}) == len(numbers)


@pytest.mark.parametrize(
    "text",
    ["", "S-2222", "s-2222-2222", "S-2222-2222\n", "S-2O22-2222", "S-2222-22222", "Ann S-2222-2222", "٢-2222-2222"],
)
def test_what_only_resembles_a_reference_is_none(text: str) -> None:
    assert not is_reference(text)


def test_a_report_becomes_a_case_that_names_nobody() -> None:
    found = case(Subject("head"))
    assert found == Case(
        ref="S-2222-2222",
        school="milford",
        kind="adult-concern",
        state=State.RECEIVED,
        opened=MONDAY,
        ladder=((Role.CHAIR,), (Role.VICE_CHAIR,)),
        reached=1,
        reporter=KEYED.of("teacher"),
        subject=KEYED.of("head"),
        barred=frozenset({KEYED.of("head"), KEYED.of("pa")}),
        urgent=True,
        theme="threat",
        route="about-the-head",
        guidance=RULES.guidance.version,
        period="open-2026",
        entries=(Entry(1, MONDAY, "filed", written=True),),
    )
    assert not [who for who in ("teacher", "head", "pa") if f"'{who}'" in repr(found)]


def test_where_nobody_is_told_no_rung_was_reached() -> None:
    order = FileDisclosure(
        "key", HERE.id, "teacher", Reported("adult-concern", Subject("independent"), "", True), Sealed("")
    )
    routed = route(RULES.guidance, HERE, order.reported)
    assert (opened(order, HERE, routed, KEYED, "S-1", MONDAY).reached, routed.recipients) == (0, ())


@pytest.mark.parametrize("subject", [Subject(unsure=True), Subject("somebody-gone")])
def test_a_subject_who_is_not_known_yet_leaves_the_case_unsure(subject: Subject) -> None:
    found = case(subject)
    assert (found.unsure, found.subject, found.route) == (True, "", "not-sure-who")
