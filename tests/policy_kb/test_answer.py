from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.catalogue import by_any_hand, catalogue
from intents.model import Route
from policy_kb.answer import MOST, answer
from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge
from policy_kb.load import PACKS
from policy_kb.model import ASKABLE, Verdict
from tests.policy_kb.small import PACK, open_small

EX_PUPIL = "can I friend an ex-pupil?"
TODAY = date(2026, 11, 21)
SCHOOLS = ("emlm", "inspire", "milford", "rmet", "whgs")

each_school = pytest.mark.parametrize("school", SCHOOLS)
spoken = sorted({word for phrasing in catalogue().phrasings for word in phrasing.text.split()})
messages = st.one_of(st.text(), st.lists(st.sampled_from(spoken), max_size=14).map(" ".join))


def test_whgs_bars_every_ex_pupil_and_offers_the_exception(knowledge: Knowledge) -> None:
    found = answer(knowledge, "whgs", EX_PUPIL)
    assert [cited.clause.id for cited in found.cited[:2]] == ["whgs/staff-personal.4", "whgs/staff-personal.13"]
    assert found.cited[0].citation == "Social Media Policy, staff personal use 4"
    assert (found.route, found.verdict, found.intent) == (Route.ANSWER, Verdict.NO, "former-pupil-contact")
    assert found.condition == (
        "Existing relationships and exceptions are discussed with your line manager or the Leadership Team."
    )
    assert found.fact is not None and found.fact.question == (
        "Is the former pupil still under 18, or in full-time education (secondary or 16 to 19)?"
    )
    assert ([kind.id for kind in found.actions], found.ask) == (["contact-exception"], "line manager")
    assert (found.silence, found.urgent, found.policy.overdue(TODAY)) == (None, False, True)


def test_inspire_bars_ex_pupils_under_18_and_asks_for_the_age(knowledge: Knowledge) -> None:
    found = answer(knowledge, "inspire", EX_PUPIL)
    assert (found.verdict, found.cited[0].clause.id) == (Verdict.NO, "inspire/terms.7")
    assert found.condition == "For former pupils the ban holds while they are under 18"
    assert found.fact is not None and [found.fact.question, *(option.label for option in found.fact.options)] == [
        "Is the former pupil under 18?", "Yes, under 18", "No, 18 or over"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("can I friend an ex-pupil who is under 18?", Verdict.NO),
        ("can I friend an ex-pupil who is 16?", Verdict.NO),
        ("can I friend an ex-pupil who is 17 but is over 18 in May?", Verdict.NO),
        ("can I friend an ex-pupil who is over 18?", Verdict.DEPENDS),
        ("can I add a former pupil who has turned 18 on facebook?", Verdict.DEPENDS),
    ],
)
def test_at_inspire_an_age_in_the_question_settles_it(knowledge: Knowledge, text: str, verdict: Verdict) -> None:
    found = answer(knowledge, "inspire", text)
    assert (found.route, found.verdict, found.cited[0].clause.id) == (Route.ANSWER, verdict, "inspire/staff.2")
    assert found.fact is None and (verdict is Verdict.NO or found.condition.startswith("The policy's ban covers"))


def test_milford_advises_against_it(knowledge: Knowledge) -> None:
    found = answer(knowledge, "milford", EX_PUPIL)
    assert (found.verdict, found.cited[0].clause.id) == (Verdict.DEPENDS, "milford/personal-pupils.2")
    assert found.condition.startswith("Advised against, but on some occasions it may be appropriate")


@pytest.mark.parametrize(
    ("school", "nearest", "ask"),
    [
        ("emlm", ["emlm/6.2.1", "emlm/6.5.1"], "head"),
        ("rmet", ["rmet/general.7", "rmet/general.9"], "SLT"),
    ],
)
def test_where_the_policy_is_silent_it_says_so_with_the_nearest_clauses(
    knowledge: Knowledge, school: str, nearest: list[str], ask: str
) -> None:
    found = answer(knowledge, school, EX_PUPIL)
    assert found.silence is not None and found.silence.intent == "former-pupil-contact"
    assert [cited.clause.id for cited in found.cited[:2]] == nearest == list(found.silence.nearest)
    assert (found.verdict, found.condition, found.ask, found.fact) == (Verdict.DEPENDS, found.silence.text, ask, None)


@each_school
@pytest.mark.parametrize("text", ["what's the weather tomorrow", "tell me a joke", "", "😀", "zzzz qqqq"])
def test_what_is_not_our_business_gets_no_clause_but_a_person_to_ask(
    knowledge: Knowledge, school: str, text: str
) -> None:
    found = answer(knowledge, school, text)
    assert (found.route, found.verdict, found.cited, found.actions, found.fact) == (Route.NONE, None, (), (), None)
    assert found.ask == knowledge.policy(school).ask and found.ask in ASKABLE


@each_school
def test_a_report_leads_to_its_form_without_a_verdict(knowledge: Knowledge, school: str) -> None:
    found = answer(knowledge, school, "a pupil sent me a friend request on insta last night")
    assert (found.route, found.verdict, found.fact) == (Route.DISCLOSURE, None, None)
    assert found.actions[0].id == "reported-contact" and found.cited


@each_school
def test_a_request_leads_to_its_form_without_a_verdict(knowledge: Knowledge, school: str) -> None:
    found = answer(knowledge, school, "I'd like to set up an Instagram account for the PE department please")
    assert (found.route, found.verdict, found.urgent) == (Route.APPROVAL, None, False)
    assert found.actions[0].id == "new-account" and found.cited


def test_danger_is_seen_whatever_the_policy(knowledge: Knowledge) -> None:
    found = [answer(knowledge, school, "Jordan in year 8 says he wants to die") for school in SCHOOLS]
    assert [(one.route, one.urgent, one.actions[0].id) for one in found] == [
        (Route.DISCLOSURE, True, "child-concern")
    ] * 5


def test_an_unknown_policy_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(PolicyError, match=r"^There is no policy called eton\. There is: emlm, inspire"):
        answer(knowledge, "eton", EX_PUPIL)


@settings(deadline=None, max_examples=200)
@given(school=st.sampled_from(SCHOOLS), text=messages)
def test_any_text_is_answered_and_a_yes_rests_on_a_yes(knowledge: Knowledge, school: str, text: str) -> None:
    found = answer(knowledge, school, text)
    assert len(found.cited) <= MOST and 0 <= found.confidence <= 1
    assert (found.verdict is None) == (found.route is not Route.ANSWER)
    assert bool(found.cited) == (found.route is not Route.NONE) and found.ask
    if found.verdict is Verdict.YES:
        assert found.fact is None and found.cited[0].clause.id in _may_say_yes(knowledge, school)


def test_a_policy_with_more_silences_than_clauses_still_answers_a_report(knowledge: Knowledge, tmp_path: Path) -> None:
    silence = PACK[PACK.index("[[silence]]") :]
    many = [silence.replace("wikipedia", intent) for intent in list(catalogue().intents)[:30] if intent != "wikipedia"]
    small = open_small(tmp_path, "\n".join([PACK, *many]))
    small.router, small.topics = knowledge.router, knowledge.topics
    wordings = ("a pupil sent me a request", "I saw a colleague message a pupil", "pupil images, facebook, passwords")
    assert [bool(answer(small, "small", text).cited) for text in wordings] == [True] * 3


def _may_say_yes(knowledge: Knowledge, school: str) -> set[str]:
    """Clauses that say yes, by themselves or to a message that tells a fact, and those an option says yes with."""
    policy = knowledge.policy(school)
    options = [option for fact in policy.facts for option in fact.options if option.verdict is Verdict.YES]
    told = {e.label.removesuffix("=yes") for e in by_any_hand(PACKS, school) if e.label.endswith("=yes")}
    return {c.id for c in policy.clauses if c.verdict is Verdict.YES} | {o.clauses[0] for o in options} | told


def test_a_report_about_a_child_offers_no_request_form_and_names_the_dsl(knowledge: Knowledge) -> None:
    found = answer(knowledge, "whgs", "Jordan in year 8 says he wants to die")
    assert ([kind.id for kind in found.actions], found.ask) == (["child-concern"], "DSL")


def test_a_denied_sign_gives_no_yes(knowledge: Knowledge) -> None:
    found = answer(knowledge, "whgs", "we're not both on school email, can I email a pupil")
    assert found.verdict is not Verdict.YES
