from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intents.model import Route
from policy_kb.answer import about, answer, settle
from policy_kb.knowledge import Knowledge
from policy_kb.load import load_packs
from policy_kb.model import Fact, Option, Policy, Verdict
from tests.policy_kb.small import PACK, VOCABULARY, open_small

POLICIES = {policy.id: policy for policy in load_packs(VOCABULARY)}
OPTIONS = [(policy, fact, option) for policy in POLICIES.values() for fact in policy.facts for option in fact.options]


@pytest.mark.parametrize(
    ("policy", "fact", "option"), OPTIONS, ids=[f"{p.id}-{f.intent}-{o.label[:20]}" for p, f, o in OPTIONS]
)
def test_each_option_gives_its_own_verdict_with_its_own_clause_first(
    knowledge: Knowledge, policy: Policy, fact: Fact, option: Option
) -> None:
    asked = replace(about(knowledge, policy.id, fact.intent), silence=None, fact=fact)
    settled = settle(knowledge, asked, option)
    lead = settled.cited[0].clause
    assert [cited.clause.id for cited in settled.cited[: len(option.clauses)]] == list(option.clauses)
    assert (settled.verdict, settled.fact, lead.id) == (option.verdict, None, option.clauses[0])
    assert settled.condition == (option.condition or lead.condition)
    assert len(settled.cited) == len({cited.clause.id for cited in settled.cited}) <= 5


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_topic_says_yes_while_a_fact_is_missing(knowledge: Knowledge, policy: Policy) -> None:
    found = [about(knowledge, policy.id, intent) for intent in knowledge.shared.intents]
    assert [one.intent for one in found if one.fact and one.verdict is Verdict.YES] == []


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_phrasing_gets_a_yes_while_a_fact_is_missing(knowledge: Knowledge, policy: Policy) -> None:
    intents = {fact.intent for fact in policy.facts}
    asked = [phrasing.text for phrasing in knowledge.shared.phrasings if phrasing.label in intents]
    found = [(text, answer(knowledge, policy.id, text)) for text in asked]
    assert [text for text, one in found if one.fact and one.verdict is Verdict.YES] == []


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_every_topic_is_answered_with_its_clauses_or_with_whom_to_ask(knowledge: Knowledge, policy: Policy) -> None:
    covered = {intent for clause in policy.clauses for intent in clause.intents}
    covered |= {silence.intent for silence in policy.silences}
    found = {intent: about(knowledge, policy.id, intent) for intent in knowledge.shared.intents}
    assert {intent for intent, one in found.items() if one.route is Route.ANSWER and one.cited} == covered
    assert [intent for intent, one in found.items() if not one.ask] == []


@pytest.fixture
def small(tmp_path: Path) -> Knowledge:
    yes = PACK.replace('verdict = "no"\nintents', 'verdict = "yes"\nintents').replace('beside = ["small/1.1"]\n', "")
    return open_small(tmp_path, yes)


def test_a_yes_waits_until_the_missing_fact_is_known(small: Knowledge) -> None:
    policy = replace(small.policy("small"), clauses=small.policy("small").clauses[:1])
    small.policies = {"small": policy}
    asked = about(small, "small", "former-pupil-contact")
    assert (asked.verdict, asked.fact is not None) == (Verdict.DEPENDS, True)


def test_a_yes_beside_a_stricter_clause_depends(small: Knowledge) -> None:
    lenient, strict, logo = small.policy("small").clauses
    lenient = replace(lenient, beside=(strict.id,), intents=("wikipedia", "passwords"))
    strict = replace(strict, verdict=Verdict.NO, intents=("passwords", "training"))
    policy = replace(small.policy("small"), clauses=(lenient, strict, logo), facts=(), silences=())
    small.policies = {"small": policy}
    assert about(small, "small", "wikipedia").verdict is Verdict.DEPENDS
    small.policies = {"small": replace(policy, clauses=(replace(lenient, beside=()), strict, logo))}
    assert about(small, "small", "wikipedia").verdict is Verdict.YES


def test_the_strictest_of_the_clauses_mainly_on_a_topic_leads(small: Knowledge) -> None:
    small.policies = {"small": replace(small.policy("small"), facts=())}
    found = about(small, "small", "former-pupil-contact")
    assert [cited.clause.id for cited in found.cited] == ["small/contact.2", "small/1.1"]
    assert found.verdict is Verdict.DEPENDS
