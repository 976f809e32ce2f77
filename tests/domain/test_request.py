"""A request is what its entries say, and what somebody may do with it follows from who they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.disclosure import reference as disclosure_reference
from bot.domain.request import ACTIONS, Part, Request, State, folded, is_reference, may, parts, reference
from bot.domain.stages import Staffing
from tests.domain.schools import MONDAY, school
from tests.fake_requests import PEOPLE, STAGES, Desk

STAFFING = Staffing(school(*PEOPLE), (), MONDAY)
OPENED = Request("R-2222-2222", "milford", "site", "teacher", STAGES)


def sent_in() -> Request:
    return OPENED.then(MONDAY, "submitted", "teacher", {"digest": "one"}, True)


def test_a_new_request_waits_for_its_first_stage_at_version_one() -> None:
    request = sent_in()
    assert (request.state, request.version, request.stage, request.digest, request.mark) == (
        State.PENDING,
        1,
        1,
        "one",
        1,
    )


def test_each_version_is_signed_from_the_first_stage_and_the_old_signatures_stay() -> None:
    desk = Desk()
    ref = desk.submit(text="first")
    desk.do(ref, "leader", "approve")
    desk.do(ref, "head", "send-back", "say who moderates it")
    desk.do(ref, "teacher", "resubmit", "second")
    request = desk.request(ref)
    assert (request.state, request.version, request.stage, request.text) == (State.PENDING, 2, 1, 6)
    assert [(one.verdict, one.version, one.stage, one.by) for one in request.signed] == [
        ("approved", 1, 1, "leader"),
        ("sent-back", 1, 2, "head"),
    ]
    assert request.waiting.signed == frozenset()
    words = desk.approvals.open("milford", "teacher", ref).words
    assert [text.reveal() for text in words.values()] == ["first", "say who moderates it", "second"]


def test_what_is_folded_from_its_entries_is_the_request() -> None:
    desk = Desk()
    for ref in (desk.approved(), desk.submit("leader")):
        request = desk.request(ref)
        opened = Request(ref, "milford", "site", request.requester, STAGES, register="account")
        assert folded(opened, request.entries) == request


def test_only_what_moves_a_request_changes_its_mark() -> None:
    desk = Desk()
    ref = desk.submit()
    before = desk.request(ref).mark
    desk.wait(14)
    desk.delegate("leader", "chair")
    assert {entry.kind for entry in desk.request(ref).entries} >= {"nudge", "escalate", "asked", "delegated"}
    assert desk.request(ref).mark == before
    assert desk.do(ref, "lead", "reassign", person="chair").request.mark > before


@pytest.mark.parametrize(
    ("who", "part"),
    [
        ("teacher", {Part.REQUESTER}),
        ("leader", {Part.SIGNER}),
        ("head", {Part.OVERSEER}),
        ("lead", {Part.OVERSEER}),
        ("pa", set()),
        ("chair", set()),
        ("other", set()),
        ("stranger", set()),
    ],
)
def test_somebodys_part_follows_from_who_they_are(who: str, part: set[Part]) -> None:
    assert parts(sent_in(), STAFFING, who) == part


def test_a_requester_has_no_other_part_in_their_request() -> None:
    heads = replace(OPENED, requester="head").then(MONDAY, "submitted", "head", {"digest": "one"}, True)
    assert parts(heads, STAFFING, "head") == {Part.REQUESTER}
    assert may(heads, STAFFING, "head") == ("read", "withdraw")


def test_nothing_but_reading_is_left_once_it_is_over() -> None:
    over = (State.APPROVED, State.REFUSED, State.WITHDRAWN, State.EXPIRED, State.RECORDED)
    assert [name for name, row in ACTIONS.items() if row.states & set(over)] == ["read"]


def test_its_reference_is_never_that_of_a_disclosure() -> None:
    assert reference(7919**3)[1:] == disclosure_reference(7919**3)[1:]
    assert is_reference(reference(7919**3))
    assert not is_reference(disclosure_reference(1)) and not is_reference("R-0000-0000")
