"""What a person says of an imported clause, in place of what was worked out from its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intents.normalise import normalise
from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge
from policy_kb.model import ASKABLE, Clause, Policy, Verdict


@dataclass(frozen=True, slots=True)
class Correction:
    """What to change of a clause; None leaves it as it is. `answers` are questions that it answers, to be added."""

    verdict: str | None = None
    intents: Sequence[str] | None = None
    condition: str | None = None
    ask: str | None = None
    answers: Sequence[str] = ()


def correct(knowledge: Knowledge, clause_id: str, said: Correction) -> Clause:
    """Store a new version of the policy in which the clause is as a person said, and checked; returns the clause.

    Raises PolicyError, with nothing stored, for a sample policy and for what there is not.
    """
    policy = knowledge.policy(clause_id.partition("/")[0])
    if policy.id in knowledge.store.samples():
        raise PolicyError(f"{policy.id} is a sample policy. Import your own to correct it.")
    clause = policy.clause(clause_id)
    if clause is None:
        raise PolicyError(f"There is no clause {clause_id}. 'signpost policy show {policy.id}' lists them.")
    _refuse_unknown(knowledge, said)
    changed = {name: value for name in ("condition", "ask") if (value := getattr(said, name)) is not None}
    corrected = replace(
        clause,
        verdict=clause.verdict if said.verdict is None else Verdict(said.verdict),
        intents=clause.intents if said.intents is None else tuple(dict.fromkeys(said.intents)),
        asked=tuple(dict.fromkeys((*clause.asked, *said.answers))),
        inferred=False,
        **changed,
    )
    put(knowledge, replace(policy, clauses=tuple(corrected if c.id == clause_id else c for c in policy.clauses)))
    return corrected


def put(knowledge: Knowledge, policy: Policy) -> int:
    """Make an imported policy the current version; returns its number, the same where nothing changed."""
    return knowledge.store.put(policy, hashlib.sha256(repr(policy).encode()).hexdigest(), imported=True)


def kept(clauses: Sequence[Clause], before: Policy | None) -> tuple[Clause, ...]:
    """Clauses with what a person said of those that have the same words in an earlier version."""
    checked = {clause.text: clause for clause in before.clauses if not clause.inferred} if before else {}
    return tuple(_as_checked(clause, checked) for clause in clauses)


def _as_checked(clause: Clause, checked: Mapping[str, Clause]) -> Clause:
    known = checked.get(clause.text)
    if known is None:
        return clause
    said = {name: getattr(known, name) for name in ("verdict", "condition", "intents", "ask", "asked")}
    return replace(clause, inferred=False, **said)


def _refuse_unknown(knowledge: Knowledge, said: Correction) -> None:
    for value, known, what in (
        ([said.verdict] if said.verdict is not None else [], list(Verdict), "verdict"),
        (said.intents or [], list(knowledge.shared.intents), "topic"),
        ([said.ask] if said.ask else [], ASKABLE, "role"),
    ):
        for one in value:
            if one not in known:
                raise PolicyError(f"There is no {what} called {one}. There is: {', '.join(known)}.")
    if any(not normalise(question) for question in said.answers):
        raise PolicyError("A question needs words.")
