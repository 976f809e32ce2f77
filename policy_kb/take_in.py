"""Store an imported document as a new version of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intents.features import read
from policy_kb.correct import kept, put
from policy_kb.errors import PolicyError
from policy_kb.importing import read_document
from policy_kb.index import words
from policy_kb.knowledge import Knowledge
from policy_kb.load import PACKS
from policy_kb.model import Clause, Policy

LIKELY = 0.25
"""A shared intent that scores this much for a clause's text is taken to be what the clause settles."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of one document: the policy, the number of its version, whether that is new, what to look at."""

    policy: Policy
    number: int
    new: bool
    draft: bool
    notes: tuple[str, ...]


def take_in(
    knowledge: Knowledge, path: Path, policy_id: str, title: str = "", sections: Mapping[str, str] | None = None
) -> TakenIn:
    """Read a document and make it the current version; raises PolicyError, with nothing stored, where it cannot.

    What a person said of a clause stays with its words.
    """
    if (PACKS / f"{policy_id}.toml").exists() or policy_id in knowledge.store.samples():
        raise PolicyError(f"{policy_id} is the id of a sample policy. Choose another id.")
    document = read_document(path, policy_id, title, sections)
    before = knowledge.policies.get(policy_id)
    clauses = kept([_with_intents(knowledge, clause) for clause in document.clauses], before)
    policy = Policy(
        id=policy_id,
        title=document.title,
        organisation=document.title,
        version="",
        approved="",
        review_due="",
        owner="",
        ask="head",
        clauses=clauses,
    )
    known = {row["number"] for row in knowledge.store.versions(policy_id)}
    number = put(knowledge, policy)
    return TakenIn(policy, number, number not in known, document.draft, document.notes)


def _with_intents(knowledge: Knowledge, clause: Clause) -> Clause:
    """The clause with the shared intents that its words are nearest to; inferred, so open to correction."""
    ranked = knowledge.topics.ranked(read(words(clause)), most=3)
    likely = [scored.label for scored in ranked if scored.score >= LIKELY] or [ranked[0].label]
    return replace(clause, intents=tuple(likely))
