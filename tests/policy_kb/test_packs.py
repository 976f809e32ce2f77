"""What must hold in every pack that ships."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from intents.catalogue import SAYS, by_any_hand
from intents.normalise import normalise
from policy_kb.load import CONDITIONAL, PACKS, load_packs
from policy_kb.model import ASKABLE, BINDS, Fact, Option, Policy, Verdict
from tests.policy_kb.small import VOCABULARY

POLICIES = {policy.id: policy for policy in load_packs(VOCABULARY)}
FACTS = [(policy, fact) for policy in POLICIES.values() for fact in policy.facts]
OPTIONS = [(policy, fact, option) for policy, fact in FACTS for option in fact.options]
NEGATION = re.compile(r"\b(not|never|no|nor|cannot|\w+n't|if|when|while)\b", re.IGNORECASE)

each_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
each_fact = pytest.mark.parametrize(("policy", "fact"), FACTS, ids=[f"{p.id}-{f.intent}" for p, f in FACTS])


def test_the_five_packs_hold_every_clause_of_their_documents() -> None:
    counted = {policy.id: len(policy.clauses) for policy in POLICIES.values()}
    assert counted == {"emlm": 79, "inspire": 57, "milford": 85, "rmet": 70, "whgs": 127}
    assert sum(counted.values()) == 418


def test_every_review_was_overdue_in_november_2026() -> None:
    assert [policy.id for policy in POLICIES.values() if not policy.overdue(date(2026, 11, 21))] == []


@each_policy
def test_every_clause_has_phrasings_and_every_phrasing_a_clause(policy: Policy) -> None:
    written = Counter(example.label.partition(SAYS)[0] for example in by_any_hand(PACKS, policy.id))
    assert set(written) == {clause.id for clause in policy.clauses}
    assert [clause for clause, count in written.items() if count < 25] == []


@each_policy
def test_every_clause_binds_somebody_and_is_about_something(policy: Policy) -> None:
    bare = [c.id for c in policy.clauses if not c.intents or not c.binds or not set(c.binds) <= set(BINDS)]
    repeated = [c.id for c in policy.clauses if len(set(c.intents)) < len(c.intents)]
    assert (bare, repeated) == ([], [])


@each_policy
def test_every_clause_ends_like_a_sentence_and_no_text_stands_twice(policy: Policy) -> None:
    open_ended = [c.id for c in policy.clauses if c.text.strip()[-1] not in ".?!)"]
    twice = [text for text, count in Counter(c.text for c in policy.clauses).items() if count > 1]
    assert (open_ended, twice) == ([], [])


@each_policy
def test_no_clause_says_yes_to_what_its_text_limits_without_a_condition(policy: Policy) -> None:
    limited = [
        clause.id
        for clause in policy.clauses
        if clause.verdict is Verdict.YES
        and not clause.condition
        and (NEGATION.search(clause.text) or CONDITIONAL.search(clause.text))
    ]
    assert limited == []


@each_policy
def test_no_clause_stands_beside_itself(policy: Policy) -> None:
    assert [clause.id for clause in policy.clauses if clause.id in clause.beside] == []


@each_policy
def test_each_intent_has_one_missing_fact_and_one_silence_at_most(policy: Policy) -> None:
    counts = [Counter(row.intent for row in rows) for rows in (policy.facts, policy.silences)]
    assert [intent for count in counts for intent, times in count.items() if times > 1] == []


@each_policy
def test_every_silence_names_its_nearest_clauses_and_whom_to_ask(policy: Policy) -> None:
    assert [s.intent for s in policy.silences if not s.nearest or s.ask not in ASKABLE or not s.text] == []


@each_fact
def test_the_clauses_of_a_fact_are_about_its_intent(policy: Policy, fact: Fact) -> None:
    clauses = [clause for clause_id in fact.clauses if (clause := policy.clause(clause_id))]
    assert [clause.id for clause in clauses if fact.intent not in clause.intents] == []


@each_fact
def test_a_fact_is_a_question_with_at_least_two_different_options(policy: Policy, fact: Fact) -> None:
    labels = [option.label for option in fact.options]
    assert fact.question.endswith("?") and len(labels) >= 2 and len(set(labels)) == len(labels)


@each_fact
def test_every_clause_of_a_fact_is_heard_in_one_of_its_options(policy: Policy, fact: Fact) -> None:
    assert set(fact.clauses) - {clause for option in fact.options for clause in option.clauses} == set()


@each_fact
def test_the_options_of_a_fact_stand_strictest_first(policy: Policy, fact: Fact) -> None:
    ranks = [option.verdict.strictness for option in fact.options if option.verdict.permits]
    assert ranks == sorted(ranks)


@each_fact
def test_no_sign_of_a_stricter_option_holds_a_sign_of_a_laxer_one_before_it(policy: Policy, fact: Fact) -> None:
    hidden = [
        (early, late)
        for at, option in enumerate(fact.options)
        for early in option.signs
        for later in fact.options[at + 1 :]
        for late in later.signs
        if _strictness(later) < _strictness(option) and _holds(late, early)
    ]
    assert hidden == []


@each_fact
def test_no_sign_stands_for_two_options(policy: Policy, fact: Fact) -> None:
    counted = Counter(sign for option in fact.options for sign in {normalise(sign) for sign in option.signs})
    assert [sign for sign, count in counted.items() if count > 1] == []


def test_no_option_gives_a_yes_on_a_single_word() -> None:
    short = [(p.id, sign) for p, _, o in OPTIONS if o.verdict is Verdict.YES for sign in o.signs if " " not in sign]
    assert short == []


def test_every_option_that_depends_says_on_what() -> None:
    assert [(p.id, f.intent, o.label) for p, f, o in OPTIONS if o.verdict in (Verdict.DEPENDS, Verdict.APPROVAL)
            and not o.condition] == []  # fmt: skip


def test_every_option_names_each_of_its_clauses_once() -> None:
    assert [(p.id, f.intent, o.label) for p, f, o in OPTIONS if not o.clauses or len(set(o.clauses)) < len(o.clauses)
            ] == []  # fmt: skip


def test_every_sign_can_stand_in_a_message() -> None:
    assert [(policy.id, sign) for policy, sign in _signs() if not normalise(sign)] == []


def _signs() -> Iterator[tuple[Policy, str]]:
    yield from ((policy, sign) for policy, _, option in OPTIONS for sign in option.signs)


def _strictness(option: Option) -> int:
    return option.verdict.strictness


def _holds(longer: str, shorter: str) -> bool:
    return f" {' '.join(normalise(shorter))} " in f" {' '.join(normalise(longer))} "
