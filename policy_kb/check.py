"""What a policy lead should look at: late reviews, rules nobody can find, rules that pull apart, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy, Verdict

REACHED = 5
"""A clause is reached when it stands among this many best for a question."""

FOUND = 0.2
"""A clause that scores less for a question is not found by it, even when nothing scores more."""

AGAINST = {Verdict.YES: {Verdict.NO, Verdict.APPROVAL}, Verdict.DEPENDS: {Verdict.NO}}
"""Verdicts that contradict one another on the same intent."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `kind` is overdue, unreached, apart or gap."""

    policy: str
    kind: str
    text: str


def check(knowledge: Knowledge, policy_id: str, today: date) -> list[Finding]:
    """All findings on one policy; takes about a second, as it asks every shared question."""
    policy = knowledge.policy(policy_id)
    found = [("overdue", text) for text in _overdue(policy, today)]
    found += [("unreached", text) for text in _unreached(knowledge, policy)]
    found += [("apart", text) for text in _apart(policy)]
    found += [("gap", text) for text in _gaps(knowledge, policy)]
    return [Finding(policy_id, kind, text) for kind, text in found]


def _overdue(policy: Policy, today: date) -> Iterator[str]:
    if policy.overdue(today):
        yield f"The review was due in {policy.review_due}."
    elif not policy.review_due:
        yield "The policy does not say when it is to be reviewed."


def _unreached(knowledge: Knowledge, policy: Policy) -> Iterator[str]:
    """Clauses that none of the shared questions brings up; those questions were not written for these clauses."""
    index, topics = knowledge.index(policy), knowledge.topics
    reached = {
        scored.label
        for reading in knowledge.readings
        for scored in index.find(reading, topics.chances(reading), REACHED).ranked
        if scored.score >= FOUND
    }
    yield from (f"{clause.id} is found by no shared question." for clause in policy.clauses if clause.id not in reached)


def _apart(policy: Policy) -> Iterator[str]:
    for one, other in combinations(policy.clauses, 2):
        shared = one.intents[:1] == other.intents[:1] and one.intents[:1]
        told = other.id in one.beside or one.id in other.beside
        if shared and not told and _contradict(one, other):
            yield f"{one.id} says {one.verdict} and {other.id} says {other.verdict} on {shared[0]}."


def _contradict(one: Clause, other: Clause) -> bool:
    return other.verdict in AGAINST.get(one.verdict, ()) or one.verdict in AGAINST.get(other.verdict, ())


def _gaps(knowledge: Knowledge, policy: Policy) -> Iterator[str]:
    covered = policy.covers()
    yield from (f"No clause is about {intent}." for intent in knowledge.shared.intents if intent not in covered)
