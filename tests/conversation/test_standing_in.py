"""Letting somebody sign while one is away: chosen, shown to both, changed and ended."""

from __future__ import annotations

import pytest

from bot.conversation import request_wording as say
from bot.talk.message import Points
from bot.talk.turn import Reply
from policy_kb.knowledge import Knowledge
from tests.conversation.test_requests import Staff, blocks, buttons, page_of, texts
from tests.office import Office

THIS_WEEK = {"to": "leader", "since": "today", "until": "27/11"}


@pytest.fixture
def staff(office: Office, knowledge: Knowledge) -> Staff:
    return Staff(office, knowledge)


def goes_away(staff: Staff, who: str = "manager", **changed: str) -> Reply:
    return staff.fills(staff.says("while I am away", who), who, **{**THIS_WEEK, **changed})


def stands(staff: Staff, who: str) -> list[str]:
    """What the list of requests says of who signs for whom."""
    return [line for line in texts(staff.says("requests", who)) if "sign" in line]


def test_whoever_stands_in_is_asked_and_both_see_it_in_their_list(staff: Staff) -> None:
    ref = staff.asks()
    staff.told()
    form = staff.presses(staff.says("requests", "manager"), "While I am away", "manager")
    assert texts(form) == [say.NO_STAND_IN, say.STAND_IN_INTRO]
    done = staff.fills(form, "manager", **THIS_WEEK)
    assert texts(done) == [say.STAND_IN_DONE, "Until 27 November 2026, Senior leader signs for you."]
    assert staff.told() == [("leader", "ask")]
    assert stands(staff, "manager") == ["Until 27 November 2026, Senior leader signs for you."]
    assert stands(staff, "leader") == ["Until 27 November 2026, you sign for Line manager."]
    staff.presses(staff.says(ref, "leader"), "Approve", "leader")
    (history,) = [block.items for block in blocks(staff.says(ref, "manager")) if isinstance(block, Points)]
    assert [line for _, line in history][2:5] == [
        "You let someone else sign: Senior leader, from 23 November 2026 until 27 November 2026",
        "Signpost asked for a decision: Senior leader",
        "Senior leader (line manager, for you) approved it",
    ]


def test_what_is_to_come_is_said_with_its_first_day(staff: Staff) -> None:
    goes_away(staff, since="1 dec", until="4 dec")
    assert stands(staff, "leader") == ["From 1 December 2026 until 4 December 2026, you sign for Line manager."]


def test_it_is_ended_by_a_button_and_what_ended_can_be_seen(staff: Staff) -> None:
    ref = staff.asks()
    goes_away(staff)
    page = staff.says("requests", "manager")
    ended = staff.presses(page, "End it", "manager")
    assert texts(ended) == [say.STAND_IN_ENDED]
    assert (stands(staff, "manager"), stands(staff, "leader")) == ([], [])
    (history,) = [block.items for block in blocks(staff.says(ref, "manager")) if isinstance(block, Points)]
    assert history[-1][1] == "You stopped letting someone else sign"
    again = staff.presses(page, "End it", "manager")
    assert (texts(again), len(staff.records.shelf.delegations)) == ([say.NO_STAND_IN, say.STAND_IN_INTRO], 2)


def test_a_button_of_before_never_ends_what_was_chosen_since(staff: Staff) -> None:
    page = goes_away(staff)
    staff.fills(staff.presses(page, "Change it", "manager"), "manager", **{**THIS_WEEK, "to": "deputy"})
    shown = staff.presses(page, "End it", "manager")
    assert texts(shown) == ["Until 27 November 2026, Deputy DSL signs for you.", say.STAND_IN_INTRO]


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"until": "22/11/2026"}, {"until": say.UNFIT_STAND_IN["no-such-days"]}),
        ({"since": "30/11"}, {"until": say.UNFIT_STAND_IN["no-such-days"]}),
        ({"to": "pa"}, {"to": say.UNFIT_STAND_IN["cannot-be-named"]}),
        ({"to": "head"}, {"to": "Please choose from the list."}),
        ({"to": "", "until": ""}, dict.fromkeys(("to", "until"), "Please answer this question.")),
    ],
)
def test_what_does_not_fit_is_said_beside_its_question(
    staff: Staff, changed: dict[str, str], problems: dict[str, str]
) -> None:
    reply = goes_away(staff, "head", **changed)
    typed = {name: [text] for name, text in {**THIS_WEEK, **changed}.items() if text}
    assert page_of(reply) == ("stand-in", typed, problems)
    assert staff.records.shelf.delegations == ()


def test_there_is_a_sentence_for_all_that_does_not_fit() -> None:
    assert set(say.UNFIT_STAND_IN) == {"no-such-days", "not-on-the-list", "cannot-be-named"}


def test_the_same_form_twice_is_kept_once(staff: Staff) -> None:
    form = staff.says("someone signs for me", "manager")
    first, second = (staff.fills(form, "manager", **THIS_WEEK) for _ in range(2))
    assert (texts(first), len(staff.records.shelf.delegations)) == (texts(second), 1)


def test_what_could_not_be_kept_comes_back_as_it_was_typed(staff: Staff) -> None:
    form = staff.says("delegate", "manager")
    staff.records.broken = True
    page, stands_in, problems = page_of(staff.fills(form, "manager", **THIS_WEEK))
    assert (page, stands_in["until"], problems) == ("stand-in", ["27/11"], {"": say.NOT_SAVED})


def test_somebody_who_signs_nothing_is_told_so_and_has_no_button(staff: Staff) -> None:
    form = staff.says("delegate", "manager")
    for who in ("teacher", "auditor"):
        assert texts(staff.says("delegate", who)) == [say.NO_SIGNER]
        assert "While I am away" not in buttons(staff.says("requests", who))
        assert texts(staff.fills(form, who, **THIS_WEEK)) == [say.HIDDEN]
    assert staff.records.shelf.delegations == ()
