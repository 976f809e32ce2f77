from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge
from policy_kb.look_up import search, section, topic, topics


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("wikipedia", "whgs/staff-personal.14"),
        ("former pupils", "whgs/staff-personal.13"),
        ("logo", "whgs/faq.9"),
        ("what does the policy say about the logo?", "whgs/faq.9"),
    ],
)
def test_clauses_are_found_by_their_words_best_first(knowledge: Knowledge, words: str, first: str) -> None:
    assert search(knowledge, "whgs", words)[0].id == first


def test_slang_finds_the_words_of_the_policy(knowledge: Knowledge) -> None:
    assert search(knowledge, "whgs", "kids mums")[:1] != [] and search(knowledge, "whgs", "insta")[:1] != []


def test_no_more_is_found_than_was_asked_for(knowledge: Knowledge) -> None:
    assert [len(search(knowledge, "whgs", "pupils", most)) for most in (1, 3, 8)] == [1, 3, 8]


@pytest.mark.parametrize("words", ["", "the policy", "xyzzy", '"', "AND OR NOT", "* ( ) : ^ -", "zz' OR 1=1 --"])
def test_words_that_tell_nothing_find_nothing(knowledge: Knowledge, words: str) -> None:
    assert search(knowledge, "whgs", words) == []


@settings(deadline=None)
@given(words=st.text())
def test_any_words_can_be_looked_up(knowledge: Knowledge, words: str) -> None:
    policy = knowledge.policy("whgs")
    assert set(search(knowledge, "whgs", words)) <= set(policy.clauses)
    assert topic(knowledge, "whgs", words) in (None, *topics(knowledge, policy))


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("former pupils", "former-pupil-contact"),
        ("logo", "school-logo"),
        ("Wikipedia?", "wikipedia"),
        ("passwrds", None),
        ("xyzzy", None),
        ("the rules", None),
        ("", None),
    ],
)
def test_a_topic_is_found_by_its_name(knowledge: Knowledge, words: str, intent: str | None) -> None:
    found = topic(knowledge, "whgs", words)
    assert (found.id if found else None) == intent


def test_the_topics_of_a_policy_are_those_it_speaks_of_or_leaves_open_in_the_shared_order(knowledge: Knowledge) -> None:
    policy = knowledge.policy("emlm")
    covered = {intent for clause in policy.clauses for intent in clause.intents}
    covered |= {silence.intent for silence in policy.silences}
    expected = [intent for intent in knowledge.shared.intents.values() if intent.id in covered]
    assert topics(knowledge, policy) == expected


def test_a_section_is_shown_whole_and_in_order(knowledge: Knowledge) -> None:
    policy = knowledge.policy("whgs")
    clause = policy.clause("whgs/staff-personal.4")
    assert clause is not None
    ids = [other.id for other in section(policy, clause)]
    assert ids == [f"whgs/staff-personal.{number}" for number in range(1, len(ids) + 1)]


def test_an_unknown_policy_cannot_be_searched(knowledge: Knowledge) -> None:
    with pytest.raises(PolicyError, match=r"^There is no policy called eton\."):
        search(knowledge, "eton", "logo")
