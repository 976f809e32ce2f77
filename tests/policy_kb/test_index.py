from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intents.catalogue import by_any_hand
from intents.features import read
from intents.linear import Linear
from intents.model import Example
from policy_kb.index import SHARE_BARE, SILENT, Index, phrasings
from policy_kb.knowledge import Knowledge
from policy_kb.load import PACKS
from policy_kb.model import Policy, Verdict
from tests.policy_kb.small import small_policy


@pytest.fixture
def small(tmp_path: Path) -> Policy:
    return small_policy(tmp_path)


def test_a_policy_with_phrasings_learns_them_its_silences_and_the_words_of_its_bare_clauses(
    small: Policy, knowledge: Knowledge
) -> None:
    written = (Example("add an old pupil?", "small/1.1"), Example("ex pupil now 19", "small/contact.2"))
    silent = [Example(e.text, SILENT + e.label) for e in knowledge.shared.phrasings if e.label == "wikipedia"]
    bare = Example("Logo Anyone may use the logo.", "small/logo.1")
    assert list(phrasings(small, written, knowledge.shared)) == [*written, *silent, bare]


def test_a_policy_without_phrasings_is_scored_by_clause_and_silence_and_by_nothing_else(
    small: Policy, knowledge: Knowledge
) -> None:
    index = bare(small, knowledge)
    assert set(index.labels) == {"small/1.1", "small/contact.2", "small/logo.1", "silent:wikipedia"}
    asked = ("can I put our logo on my page?", "is it ok to edit the school wikipedia entry")
    found = [index.find(read(text), knowledge.topics.chances(read(text)), 1).ranked[0].label for text in asked]
    assert found == ["small/logo.1", "silent:wikipedia"]


def test_a_message_that_tells_a_fact_gets_the_verdict_of_the_phrasings_that_tell_it(
    small: Policy, knowledge: Knowledge
) -> None:
    written = [Example(text, "small/1.1") for text in ("add an old pupil?", "ex pupil friend request ok", "old pupil")]
    written += [Example(text, "small/1.1=yes") for text in ("add an old pupil, he is my nephew", "nephew left, ok?")]
    linear = Linear.fit(written)
    index = Index.over(small, linear, lambda: tuple(written), knowledge.topics, share=0.0)
    said = [index.find(read(text), knowledge.topics.chances(read(text))).said for text in ("old pupil?", "my nephew?")]
    own = small.clauses[0].verdict
    assert said[0][own] > said[0][Verdict.YES] and said[1][Verdict.YES] > said[1][own]
    assert [sum(shares.values()) for shares in said] == pytest.approx([1, 1], abs=1e-5)


def test_clauses_of_a_document_nobody_wrote_phrasings_for_are_found(knowledge: Knowledge) -> None:
    policy = replace(knowledge.policy("inspire"), silences=())
    index = bare(replace(policy, clauses=tuple(replace(c, inferred=True) for c in policy.clauses)), knowledge)
    asked = [e for e in by_any_hand(PACKS, "inspire") if "=" not in e.label][::4]
    first = 0
    for example in asked:
        message = read(example.text)
        first += index.find(message, knowledge.topics.chances(message), 1).ranked[0].label == example.label
    assert first / len(asked) > 0.38


def bare(policy: Policy, knowledge: Knowledge) -> Index:
    """The index of a policy for which nobody wrote phrasings."""
    examples = tuple(phrasings(policy, (), knowledge.shared))
    return Index.over(policy, Linear.fit(examples), lambda: examples, knowledge.topics, SHARE_BARE)
