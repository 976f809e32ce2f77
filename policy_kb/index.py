"""The index of one policy: which clause, or which silence, a question is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intents.catalogue import Catalogue
from intents.linear import Linear
from intents.model import Example
from policy_kb.model import Policy

ENGINE = "2"
"""Raised whenever the same phrasings would give another index, so that stored ones are built anew."""

SILENT = "silent:"
"""In front of an intent's id where the policy does not settle it."""


@dataclass(frozen=True, slots=True)
class Index:
    """Scores for each clause and silence of one policy, and the phrasings they were learned from."""

    linear: Linear
    examples: tuple[Example, ...]


def phrasings(policy: Policy, written: Sequence[Example], shared: Catalogue) -> Iterator[Example]:
    """What the index learns: phrasings written for clauses; the shared ones for silences and bare clauses."""
    yield from written
    spoken_for = {example.label for example in written}
    by_intent: dict[str, list[str]] = {}
    for example in shared.phrasings:
        by_intent.setdefault(example.label, []).append(example.text)
    for silence in policy.silences:
        yield from (Example(text, SILENT + silence.intent) for text in by_intent[silence.intent])
    for clause in policy.clauses:
        if clause.id not in spoken_for:
            yield Example(clause.text, clause.id)
            yield from (Example(text, clause.id) for intent in clause.intents[:1] for text in by_intent[intent])


def digest(parts: Sequence[Example]) -> str:
    """Names the index that these phrasings give with this engine."""
    seen = hashlib.sha256(ENGINE.encode())
    for example in parts:
        seen.update(f"{example.label}\t{example.text}\n".encode())
    return seen.hexdigest()


def build(examples: Sequence[Example]) -> Index:
    """Fit the index; takes a second for a thousand phrasings."""
    return Index(Linear.fit(examples), tuple(examples))
