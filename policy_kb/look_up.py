"""Find clauses by words or by topic, and the section a clause stands in."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from intents.model import Intent
from intents.normalise import normalise
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy

COMMON = frozenset(
    "a about am an and any are at be can do does for from get have how i if in is it me my no not of on or our policy "
    "rule rules say says should so that the their them there they this to us we what when where who why with you your "
    "? !".split()
)
"""Words that tell nothing about a clause."""

LIKE = 82
"""How alike a topic and the words must be, of 100, to be taken for that topic."""


def search(knowledge: Knowledge, policy_id: str, words: str, most: int = 8) -> list[Clause]:
    """Clauses of a policy that hold the words, best first: full-text recall, then order by likeness."""
    policy = knowledge.policy(policy_id)
    wanted = [word for word in normalise(words) if word not in COMMON]
    typed = [word for word in words.lower().split() if word.isalnum() and word not in COMMON]
    found = knowledge.store.search(list(dict.fromkeys([*wanted, *typed])), policy_id, most=50)
    clauses = [clause for clause_id in found if (clause := policy.clause(clause_id))]
    spoken = " ".join(wanted)
    likeness = {c.id: fuzz.token_set_ratio(spoken, " ".join(normalise(c.text))) for c in clauses}
    place = {clause.id: -position for position, clause in enumerate(clauses)}
    return sorted(clauses, key=lambda clause: (likeness[clause.id] + place[clause.id], place[clause.id]), reverse=True)[
        :most
    ]


def topic(knowledge: Knowledge, policy_id: str, words: str) -> Intent | None:
    """The shared topic that the words name, where this policy says something on it; None when none is near."""
    policy = knowledge.policy(policy_id)
    names = {intent.id: f"{intent.topic} {intent.id.replace('-', ' ')}" for intent in topics(knowledge, policy)}
    spoken = " ".join(word for word in normalise(words) if word not in COMMON)
    names = {intent_id: " ".join(w for w in normalise(name) if w not in COMMON) for intent_id, name in names.items()}
    found = process.extractOne(spoken, names, scorer=fuzz.token_set_ratio, score_cutoff=LIKE) if spoken else None
    return knowledge.shared.intents[found[2]] if found else None


def topics(knowledge: Knowledge, policy: Policy) -> list[Intent]:
    """The shared topics on which a policy says something, in the order of the catalogue."""
    covered = policy.covers()
    return [intent for intent in knowledge.shared.intents.values() if intent.id in covered]


def section(policy: Policy, clause: Clause) -> tuple[Clause, ...]:
    """All clauses of the section that a clause stands in, in order."""
    return tuple(other for other in policy.clauses if other.section == clause.section)
