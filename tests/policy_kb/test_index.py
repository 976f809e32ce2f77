from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intents.catalogue import by_any_hand
from intents.features import read
from intents.model import Example
from policy_kb.index import SILENT, blend, phrasings
from policy_kb.knowledge import Knowledge
from policy_kb.load import PACKS
from policy_kb.model import Policy
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
    linear = blend(small, tuple(phrasings(small, (), knowledge.shared)), knowledge.topics)
    assert linear.labels == ("small/1.1", "small/contact.2", "small/logo.1", "silent:wikipedia")
    asked = ("can I put our emblem on my page?", "is it ok to edit the school wikipedia entry")
    assert [linear.ranked(read(text), 1)[0].label for text in asked] == ["small/logo.1", "silent:wikipedia"]


def test_clauses_of_a_document_nobody_wrote_phrasings_for_are_found(knowledge: Knowledge) -> None:
    policy = replace(knowledge.policy("inspire"), silences=())
    linear = blend(policy, tuple(phrasings(policy, (), knowledge.shared)), knowledge.topics)
    asked = [example for example in by_any_hand(PACKS, "inspire") if policy.clause(example.label)]
    first = sum(linear.ranked(read(example.text), 1)[0].label == example.label for example in asked)
    assert first / len(asked) > 0.38
