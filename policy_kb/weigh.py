"""Weigh clauses against each other: which leads an answer, and what the verdict is."""

from __future__ import annotations

from collections.abc import Sequence

from intents.model import Scored
from policy_kb.model import Cited, Clause, Fact, Policy, Verdict

MOST = 5
"""Clauses in one answer."""

RIVAL = 0.6
"""A clause on the same intent that scores this share of the best one is heard before a verdict is given."""

SURE = 0.3
"""The score below which the leading clause never gives a plain yes."""


def cite(policy: Policy, first: Sequence[str], ranked: Sequence[Scored]) -> tuple[Cited, ...]:
    """Clauses in order: those named first, the best ones, and right after the best the clauses it must be read with."""
    scores = {scored.label: max(0.0, scored.score) for scored in ranked}
    best = next((clause for scored in ranked if (clause := policy.clause(scored.label))), None)
    together = (best.id, *best.beside) if best else ()
    order = dict.fromkeys([*first, *together, *scores])
    named = (clause for label in order if (clause := policy.clause(label)))
    return tuple(Cited(clause, policy.cite(clause), scores.get(clause.id, 0.0)) for clause in named)[:MOST]


def lead_with(policy: Policy, first: Sequence[str], cited: Sequence[Cited]) -> tuple[Cited, ...]:
    """The same clauses with those named in front."""
    scores = {other.clause.id: other.score for other in cited}
    named = (clause for clause_id in first if (clause := policy.clause(clause_id)))
    front = [Cited(clause, policy.cite(clause), scores.get(clause.id, 1.0)) for clause in named]
    return tuple([*front, *(other for other in cited if other.clause.id not in first)][:MOST])


def _pulls_apart(other: Clause, lead: Clause) -> bool:
    same = set(other.intents) & set(lead.intents)
    return lead.verdict.permits and bool(same) and other.verdict.strictness < lead.verdict.strictness


def stricter_first(cited: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """Where clauses that fit about as well pull apart, the stricter one leads."""
    lead = cited[0]
    rivals = [
        other for other in cited[1:] if other.score >= RIVAL * lead.score and _pulls_apart(other.clause, lead.clause)
    ]
    if not rivals:
        return cited
    first = min(rivals, key=lambda other: other.clause.verdict.strictness)
    return (first, *(other for other in cited if other is not first))


def strict_until_known(fact: Fact, cited: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """While a fact is missing, the clause that it names first leads where it fits about as well."""
    strict = next((other for other in cited if other.clause.id == fact.clauses[0]), None)
    if strict is None or strict.score < RIVAL * cited[0].score:
        return cited
    return (strict, *(other for other in cited if other is not strict))


def verdict(cited: Sequence[Cited], fact: Fact | None) -> Verdict:
    """The leading clause's verdict; never a plain yes while a fact is missing or a stricter clause stands by."""
    lead = cited[0].clause
    if lead.verdict is not Verdict.YES:
        return lead.verdict
    stricter = (other for other in cited[1:] if other.clause.verdict in (Verdict.NO, Verdict.APPROVAL))
    heard = any(o.clause.id in lead.beside or o.score >= RIVAL / 2 * cited[0].score for o in stricter)
    return Verdict.DEPENDS if fact or heard or cited[0].score < SURE else Verdict.YES
