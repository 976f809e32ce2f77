"""What is done with requests, whole: signed in order, told once, shown to those with a part in it, and audited."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from bot.domain.approvals import Moved, Submit
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.people import Role
from bot.domain.ports import NotRecorded
from bot.domain.request import State
from bot.domain.stages import Signer, StageRule
from bot.talk.sealed import Sealed
from tests.domain.schools import MONDAY, person, school
from tests.fake_requests import PEOPLE, Desk, FakeRequests


# --- from sending in to the decision ----------------------------------------------------------------------------------
def test_a_request_goes_through_its_stages_and_becomes_an_entry_of_the_register() -> None:
    desk = Desk()
    ref = desk.submit()
    assert desk.told() == [("leader", "ask")]
    desk.do(ref, "leader", "approve")
    assert (desk.told(), desk.entries()) == ([("head", "ask")], [])
    assert desk.do(ref, "head", "approve").request.state is State.APPROVED
    assert desk.told() == [("teacher", "decided"), ("leader", "decided")]
    (entry,) = desk.entries()
    assert (entry.ref, entry.request, entry.handle, entry.administrators) == (
        "E" + ref[1:],
        ref,
        "netball",
        ("teacher", "other"),
    )
    assert desk.trail(ref) == [
        ("submitted", "teacher"),
        ("asked", ""),
        ("approved", "leader"),
        ("asked", ""),
        ("approved", "head"),
        ("decided", ""),
    ]
    assert desk.trail(entry.ref) == [("registered", "")]


def test_a_sign_off_holds_name_role_time_and_the_digest_of_the_version_signed() -> None:
    desk = Desk()
    request = desk.request(desk.approved())
    assert [(one.name, one.role, one.at, one.version, one.stage) for one in request.signed] == [
        ("Leader", "line-manager-of-requester", MONDAY, 1, 1),
        ("Head", "head", MONDAY, 1, 2),
    ]
    assert {one.digest for one in request.signed} == {request.digest}
    again = desk.submit(text="another")
    assert desk.request(again).digest != request.digest


def test_who_signs_for_another_signs_in_their_own_name_and_says_for_whom() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.told()
    desk.delegate("leader", "assistant-head")
    assert desk.told() == [("assistant-head", "ask")]
    assert desk.trail(ref)[-2:] == [("delegated", "leader"), ("asked", "")]
    signed = desk.do(ref, "assistant-head", "approve").request.signed[0]
    assert (signed.by, signed.name, signed.behalf) == ("assistant-head", "Assistant-Head", "leader")


def test_a_refusal_cites_a_clause_of_the_schools_policy() -> None:
    desk = Desk()
    ref = desk.submit()
    for clause in ("", "emlm/A.3.1"):
        with pytest.raises(Unfit, match="no-clause"):
            desk.do(ref, "leader", "refuse", clause=clause)
    refused = desk.do(ref, "leader", "refuse", clause="milford/monitoring.1").request
    assert (refused.state, refused.happened("refused")[0].facts["clause"]) == (State.REFUSED, "milford/monitoring.1")
    assert desk.told() == [("teacher", "decided")]


def test_what_is_sent_back_says_what_to_change_and_only_its_requester_sends_it_in_again() -> None:
    desk = Desk()
    ref = desk.submit()
    with pytest.raises(Unfit, match="no-words"):
        desk.do(ref, "leader", "send-back")
    desk.do(ref, "leader", "send-back", "say who moderates it")
    assert desk.told() == [("teacher", "sent-back")]
    with pytest.raises(Hidden):
        desk.do(ref, "other", "resubmit", "mine")
    with pytest.raises(Unfit, match="no-words"):
        desk.do(ref, "teacher", "resubmit")
    desk.do(ref, "teacher", "resubmit", "with two moderators")
    assert desk.told() == [("leader", "ask")]


def test_a_notice_that_still_waits_is_taken_back_when_it_is_no_longer_true() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.do(ref, "teacher", "withdraw")
    assert (desk.told(), desk.request(ref).state) == ([("leader", "withdrawn")], State.WITHDRAWN)


def test_what_is_only_recorded_is_told_and_signed_by_nobody() -> None:
    desk = Desk()
    ref = desk.submit(stages=(StageRule("head"),), recorded_only=True)
    assert (desk.request(ref).state, desk.told(), desk.entries()) == (State.RECORDED, [("head", "recorded")], [])
    with pytest.raises(NotNow):
        desk.do(ref, "head", "reassign", person="chair")


def test_who_was_told_of_what_is_only_recorded_can_read_it() -> None:
    desk = Desk()
    ref = desk.submit(stages=(StageRule("approver"),), recorded_only=True)
    assert desk.seen(ref, "assistant-head").may == ("read",)


def test_where_nobody_is_left_it_says_who_could_name_somebody_and_they_can() -> None:
    desk = Desk(school(person("head", Role.HEAD), person("lead", Role.POLICY_LEAD), person("it", Role.IT_ADMIN)))
    ref = desk.submit("head", stages=(StageRule("head"),))
    seen = desk.seen(ref, "head")
    assert (seen.signers, seen.ask, desk.told()) == ((), ("lead",), [("lead", "ask")])
    named = desk.do(ref, "lead", "reassign", person="it")
    assert (named.signers, desk.told()) == ((Signer("it", "named"),), [("it", "ask")])
    assert desk.do(ref, "it", "approve").request.state is State.APPROVED


def test_who_signed_one_stage_does_not_choose_who_signs_the_next() -> None:
    desk = Desk()
    ref = desk.submit("leader", stages=(StageRule("head"), StageRule("approver")))
    desk.do(ref, "head", "approve")
    with pytest.raises(NotNow):
        desk.do(ref, "head", "reassign", person="chair")


# --- presses that come late or twice ----------------------------------------------------------------------------------
def test_a_stale_press_says_what_happened_instead_by_whom_and_when() -> None:
    desk = Desk()
    ref = desk.submit()
    seen = desk.request(ref).mark
    desk.delegate("leader", "chair")
    desk.do(ref, "leader", "approve")
    for who, action in (("chair", "approve"), ("chair", "refuse"), ("leader", "approve"), ("teacher", "withdraw")):
        with pytest.raises(Moved) as moved:
            desk.do(ref, who, action, seen=seen, clause="milford/scope.1")
        assert (moved.value.what, moved.value.by, moved.value.at) == ("approved", "leader", MONDAY)
    assert len(desk.request(ref).signed) == 1


def test_a_press_that_does_not_say_what_it_saw_does_nothing() -> None:
    desk = Desk()
    ref = desk.submit()
    with pytest.raises(Moved):
        desk.do(ref, "leader", "approve", seen=0)


def test_the_same_press_twice_is_one_decision() -> None:
    desk = Desk()
    ref = desk.submit(key="once")
    assert desk.submit(key="once") == ref
    first = desk.do(ref, "leader", "approve", seen=1, key="press")
    again = desk.do(ref, "leader", "approve", seen=1, key="press")
    assert (again.request, len(desk.requests()), desk.told()) == (first.request, 1, [("head", "ask")])


def test_of_fifty_who_press_at_once_one_decides() -> None:
    names = [f"p{number}" for number in range(50)]
    desk = Desk(school(person("teacher"), *(person(name, Role.HEAD) for name in names)))
    ref = desk.submit(stages=(StageRule("head"),))
    said: list[str] = []

    def press(who: str) -> None:
        try:
            said.append(desk.do(ref, who, "approve", seen=1).request.state)
        except Moved as moved:
            said.append(moved.what)

    threads = [Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (said, len(desk.request(ref).signed), len(desk.entries())) == (["approved"] * 50, 1, 1)
    assert sorted(desk.told()) == sorted(
        (who, "decided") for who in ("teacher", *names) if who != desk.request(ref).signed[0].by
    )


def test_who_may_no_longer_sign_is_told_so_though_nothing_moved() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.delegate("leader", "chair", days=1)
    desk.wait(3)
    with pytest.raises(NotNow):
        desk.do(ref, "chair", "approve")


# --- who sees what ----------------------------------------------------------------------------------------------------
def test_it_is_seen_by_its_requester_its_signers_and_overseers_and_nobody_else() -> None:
    desk = Desk()
    ref = desk.submit()
    seen = [one.id for one in PEOPLE if desk.approvals.listed("milford", one.id)]
    assert seen == ["teacher", "leader", "head", "lead"]
    for who in ("other", "pa", "auditor", "stranger"):
        with pytest.raises(Hidden):
            desk.approvals.open("milford", who, ref)
        with pytest.raises(Hidden):
            desk.do(ref, who, "approve")
    assert desk.trail(ref)[-2:] == [("turned-away", ""), ("turned-away", "")]


def test_nobody_signs_their_own_request_though_they_hold_the_role() -> None:
    desk = Desk()
    ref = desk.submit("head", stages=(StageRule("head"),))
    for action in ("approve", "refuse", "send-back", "reassign"):
        with pytest.raises(Hidden):
            desk.do(ref, "head", action, "words", person="leader", clause="milford/scope.1")
    assert desk.told() == [("chair", "ask")]


def test_whoever_acts_for_the_requester_signs_nothing_of_theirs_by_no_role_and_for_nobody() -> None:
    desk = Desk(school(*(one for one in PEOPLE if one.id != "pa"), person("pa", Role.APPROVER, Role.POLICY_LEAD)))
    desk.delegate("chair", "pa")
    ref = desk.submit("head", stages=(StageRule("head", ("approver",)),))
    desk.delegate("assistant-head", "pa")
    assert [one.person for one in desk.seen(ref, "head").signers] == ["assistant-head"]
    for action in ("approve", "reassign"):
        with pytest.raises(Hidden):
            desk.do(ref, "pa", action, person="chair")
    with pytest.raises(Unfit, match="cannot-be-named"):
        desk.do(ref, "assistant-head", "reassign", person="pa")


def test_who_was_named_to_sign_does_so_as_that_lets_another_do_it_and_not_once_trusted_with_nothing() -> None:
    desk = Desk()
    ref = desk.submit(stages=(StageRule("head"),))
    desk.do(ref, "lead", "reassign", person="leader")
    desk.told()
    desk.delegate("leader", "assistant-head")
    assert (desk.seen(ref, "teacher").signers, desk.told()) == (
        (Signer("leader", "named"), Signer("assistant-head", "named", "leader")),
        [("assistant-head", "ask")],
    )
    desk.here = school(*(person("leader") if one.id == "leader" else one for one in PEOPLE))
    assert desk.seen(ref, "teacher").signers == (Signer("head", "head"),)


def test_who_only_signs_for_another_passes_that_on_to_nobody() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.delegate("leader", "assistant-head")
    before = desk.request(ref)
    desk.delegate("assistant-head", "chair")
    assert (desk.request(ref), desk.told()) == (before, [("leader", "ask"), ("assistant-head", "ask")])


def test_a_requester_who_left_is_told_nothing_more() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.do(ref, "leader", "send-back", "say more")
    desk.leave("teacher")
    desk.told()
    desk.wait(7)
    assert desk.told() == []


def test_every_look_is_on_the_audit_trail() -> None:
    desk = Desk()
    ref = desk.submit()
    opened = desk.approvals.open("milford", "leader", ref)
    assert {seq: text.reveal() for seq, text in opened.words.items()} == {1: "netball"}
    assert desk.trail(ref)[-1] == ("read", "leader")


def test_what_is_kept_shows_no_words_and_notices_hold_a_reference_alone() -> None:
    desk = Desk()
    ref = desk.submit(text="canary in the text")
    desk.do(ref, "leader", "send-back", "canary in the answer")
    assert isinstance(desk.records, FakeRequests)
    assert "canary" not in repr(desk.records.shelf)
    assert desk.approvals.notices("milford", "teacher") == []
    desk.told()
    brought = desk.approvals.notices("milford", "teacher")
    assert [(one.ref, one.template, one.to) for one in brought] == [(ref, "sent-back", "")]


def test_what_the_storage_refuses_leaves_nothing() -> None:
    desk = Desk()
    ref = desk.submit()
    assert isinstance(desk.records, FakeRequests)
    desk.records.broken = True
    with pytest.raises(NotRecorded):
        desk.do(ref, "leader", "approve")
    with pytest.raises(NotRecorded):
        desk.submit()
    desk.records.broken = False
    assert (len(desk.requests()), desk.request(ref).signed, desk.told()) == (1, (), [("leader", "ask")])


def test_a_stranger_sends_nothing_in_and_a_request_has_at_least_one_stage() -> None:
    desk = Desk()
    with pytest.raises(Hidden):
        desk.submit("stranger")
    with pytest.raises(Unfit, match="no-stages"):
        desk.approvals.submit(Submit("key", "milford", "site", "teacher", (), Sealed("text")))
    assert (desk.requests(), desk.told()) == ([], [])


@pytest.mark.parametrize(("to", "days"), [("pa", 5), ("head", 5), ("stranger", 5), ("chair", -1)])
def test_nobody_lets_their_assistant_themselves_or_a_stranger_sign_nor_in_the_past(to: str, days: int) -> None:
    desk = Desk()
    with pytest.raises(Unfit):
        desk.delegate("head", to, days)
    with pytest.raises(Hidden):
        desk.delegate("stranger", "chair")


def test_who_signs_for_whom_is_told_to_both_while_it_runs_or_is_to_come() -> None:
    desk = Desk()
    desk.delegate("leader", "chair")
    desk.delegate("leader", "assistant-head", days=2, after=3)  # in place of the first: they share days
    desk.delegate("head", "assistant-head", days=1)

    def stands(by: str) -> list[tuple[str, str]]:
        return [(one.by, one.to) for one in desk.approvals.standing_in("milford", by)]

    assert stands("assistant-head") == [("head", "assistant-head"), ("leader", "assistant-head")]
    assert (stands("leader"), stands("chair"), stands("teacher")) == ([("leader", "assistant-head")], [], [])
    desk.wait(2)
    assert stands("head") == []
    desk.delegate("leader", "", days=9)
    assert (stands("leader"), stands("assistant-head")) == ([], [])


def test_who_signs_next_week_does_not_end_who_signs_this_week() -> None:
    desk = Desk()
    ref = desk.submit()
    desk.delegate("leader", "chair", days=2)
    desk.delegate("leader", "assistant-head", days=2, after=7)
    now = [one.person for one in desk.seen(ref, "teacher").signers]
    desk.now += timedelta(7)
    later = [one.person for one in desk.seen(ref, "teacher").signers]
    assert (now, later) == (["leader", "chair"], ["leader", "assistant-head"])


def test_an_account_that_was_damaged_does_not_hold_up_requests() -> None:
    desk = Desk()
    desk.submit()
    desk.told()
    desk.records.damaged = True  # type: ignore[attr-defined]
    assert (desk.wait(3), desk.told()) == (1, [("leader", "nudge-ask")])


def test_nobody_who_left_signs_for_anybody() -> None:
    desk = Desk()
    desk.delegate("head", "assistant-head")
    desk.delegate("leader", "chair")
    desk.leave("head", "chair")
    assert [desk.approvals.standing_in("milford", who) for who in ("assistant-head", "leader")] == [(), ()]


def test_what_was_delivered_is_shown_until_it_was_seen_each_for_itself() -> None:
    desk = Desk()
    first, second = desk.submit(), desk.submit()
    desk.told()
    desk.approvals.saw("milford", "leader", {first, "R-2222-2222"})
    assert [one.ref for one in desk.approvals.notices("milford", "leader")] == [second]
    assert desk.approvals.notices("milford", "stranger") == ()


# --- the register -----------------------------------------------------------------------------------------------------
def test_an_account_is_handed_over_and_closed_by_those_who_run_it_or_look_after_all() -> None:
    desk = Desk()
    desk.approved()
    (entry,) = desk.entries()
    desk.told()
    facts = {"role": "administrators", "from": "teacher", "to": "leader"}
    with pytest.raises(Hidden):
        desk.approvals.change("milford", Order("hand-over", entry.ref, "leader", facts))
    handed = desk.approvals.change("milford", Order("hand-over", entry.ref, "teacher", facts, seen=1))
    assert (handed.administrators, desk.told()) == (("other", "leader"), [("leader", "duty")])
    with pytest.raises(NotNow):
        desk.approvals.change("milford", Order("close", entry.ref, "leader", seen=1))
    desk.approvals.change("milford", Order("close", entry.ref, "leader", seen=2))
    assert desk.trail(entry.ref)[-2:] == [("handed-over", "teacher"), ("closed", "leader")]
    assert desk.approvals.registered("milford", "chair") == tuple(desk.entries())
    assert desk.approvals.registered("milford", "pa") == ()


def test_accounts_of_before_are_taken_in_by_those_who_look_after_all() -> None:
    desk = Desk()
    rows = [{"platform": "X", "handle": "@choir", "administrators": "Teacher; other"}, {"platform": "X"}]
    with pytest.raises(Hidden):
        desk.approvals.take_in("milford", "teacher", rows)
    entries, problems = desk.approvals.take_in("milford", "lead", rows)
    assert (desk.entries(), [one.line for one in problems]) == (list(entries), [3, 3])
    assert desk.trail()[-1] == ("taken-in", "lead")
