"""The index of one policy: which clause, or which silence, a question is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from intents.catalogue import Catalogue
from intents.features import read
from intents.linear import Linear
from intents.model import Example
from policy_kb.model import Clause, Policy

ENGINE = "3"
"""Raised whenever the same phrasings would give another index, so that stored ones are built anew."""

SILENT = "silent:"
"""In front of an intent's id where the policy does not settle it."""

TOPICS = 0.6
"""What a clause's topics count beside its words where nobody wrote phrasings for it. Of the five packs' own phrasings
40 in 100 find their clause first so; 30 by its words alone; 23 where it is also taught its topic's phrasings."""


@dataclass(frozen=True, slots=True)
class Index:
    """Scores for each clause and silence of one policy, and the phrasings they were learned from."""

    linear: Linear
    examples: tuple[Example, ...]


def phrasings(policy: Policy, written: Sequence[Example], shared: Catalogue) -> Iterator[Example]:
    """What the index learns: phrasings written for clauses, the words of bare clauses, shared ones for silences.

    Where nothing was written, as for an import, all the shared ones: `blend` makes scores of clauses of them.
    """
    yield from written
    silent = {silence.intent for silence in policy.silences}
    for example in shared.phrasings:
        if example.label in silent:
            yield Example(example.text, SILENT + example.label)
        elif not written:
            yield example
    spoken_for = {example.label for example in written}
    yield from (Example(words(clause), clause.id) for clause in policy.clauses if clause.id not in spoken_for)


def blend(policy: Policy, examples: Sequence[Example], topics: Linear) -> Linear:
    """Fit clauses that nobody wrote phrasings for: each by its own words, and by the topics these words are near to."""
    linear = Linear.fit(examples)
    place = {label: row for row, label in enumerate(linear.labels)}
    topic_rows = [place[label if label in place else SILENT + label] for label in topics.labels]
    labels = (*(clause.id for clause in policy.clauses), *(SILENT + silence.intent for silence in policy.silences))
    counts = np.zeros((len(place), len(labels)), np.float32)
    for column, clause in enumerate(policy.clauses):
        near = np.maximum(topics.scores(read(words(clause))), 0)
        counts[topic_rows, column] = TOPICS * near / (np.linalg.norm(near) or 1)
    counts[[place[label] for label in labels], range(len(labels))] = 1
    return Linear(labels, linear.features, linear.weights @ counts)


def words(clause: Clause) -> str:
    """What a clause says by itself: its section and its text."""
    return f"{clause.section} {clause.text}"


def digest(parts: Sequence[Example]) -> str:
    """Names the index that these phrasings give with this engine."""
    seen = hashlib.sha256(ENGINE.encode())
    for example in parts:
        seen.update(f"{example.label}\t{example.text}\n".encode())
    return seen.hexdigest()
