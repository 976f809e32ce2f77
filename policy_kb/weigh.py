"""Weigh clauses against each other: which leads an answer, and what the verdict is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intents.model import Scored
from policy_kb.index import Found
from policy_kb.model import Cited, Clause, Fact, Policy, Verdict

MOST = 5
"""Clauses in one answer."""

RIVAL = 0.6
"""A clause on the same intent that scores this share of the best one is heard before a verdict is given."""

SURE = 0.5
"""The chance of a yes below which none is given."""

DOUBT = 0.1
"""The chance of a no or of having to ask first above which no plain yes is given."""

TOLD = 0.5
"""The chance from which a message is taken to tell the fact that turns a verdict."""


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


def _stricter(clause: Clause) -> bool:
    return clause.verdict in (Verdict.NO, Verdict.APPROVAL)


def _likeliest(said: Mapping[Verdict, float]) -> Verdict:
    """Of the verdicts on whether something is allowed."""
    return max((verdict for verdict in Verdict if verdict.permits), key=lambda verdict: said[verdict])


def told(lead: Clause, said: Mapping[Verdict, float]) -> bool:
    """Whether the message itself tells what turns the leading clause's verdict, so that nothing need be asked."""
    turned = _likeliest(said)
    return turned is not lead.verdict and said[turned] >= TOLD


def verdict(cited: Sequence[Cited], fact: Fact | None, found: Found | None = None) -> Verdict:
    """What the phrasings that a message is like were answered; never a plain yes while there is doubt.

    Without them, or while a fact is missing, it is the leading clause's verdict.
    """
    lead = cited[0].clause
    if fact or found is None:
        doubted = fact or any(other.clause.id in lead.beside and _stricter(other.clause) for other in cited[1:])
        return Verdict.DEPENDS if doubted and lead.verdict is Verdict.YES else lead.verdict
    said = found.said
    to_tell = said[Verdict.ACTION] + said[Verdict.INFO]
    likeliest = _likeliest(said)
    if to_tell > said[likeliest]:
        return max((Verdict.ACTION, Verdict.INFO), key=lambda v: said[v])
    if likeliest is not Verdict.YES:
        return likeliest
    doubt = said[Verdict.NO] + said[Verdict.APPROVAL]
    sure = lead.id in found.permitting and said[Verdict.YES] >= SURE and doubt <= DOUBT
    return Verdict.YES if sure else Verdict.DEPENDS
