"""The index of one policy: which clause, or which silence, a question is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from intents.catalogue import SAYS, Catalogue
from intents.features import Positions, Reading, fingerprint, read
from intents.linear import Linear, rank, softmax
from intents.model import Example, Scored
from intents.table import Floats
from policy_kb.model import Clause, Policy, Verdict

ENGINE = "8"
"""Raised whenever the same phrasings and data would give another index, so that stored ones are built anew."""

SILENT = "silent:"
"""In front of an intent's id where the policy does not settle it."""

SHARE = 0.4
"""What the topic of a message counts beside its likeness to the phrasings of a clause."""

SHARE_BARE = 1.0
"""The same where nobody wrote phrasings, so that a clause has its own words alone."""

UNLIKELY = 1e-3
"""The least chance that a topic has, so that no clause is ruled out by its topics."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question is about: clauses and silences, likeliest first, and how likely each verdict is.

    `permitting` are the clauses that can say yes: theirs is a yes, or that of a phrasing that tells a fact.
    """

    ranked: tuple[Scored, ...]
    said: Mapping[Verdict, float]
    permitting: frozenset[str]


@dataclass(frozen=True, slots=True)
class Index:
    """Scores for each clause and silence of one policy, and the phrasings they were learned from.

    A clause has a label for each verdict that its phrasings get. `labels` are the clauses and silences, `of[label]`
    is the place of each there, and `verdicts[label]` how strict its verdict is; `permitting` are the clauses that can
    say yes. `about[topic, label]` says how far a label is about a topic, and `share` what that counts.
    """

    linear: Linear
    examples: tuple[Example, ...]
    labels: tuple[str, ...]
    of: Positions
    verdicts: Positions
    permitting: frozenset[str]
    about: Floats
    share: float

    @classmethod
    def over(cls, policy: Policy, linear: Linear, examples: Sequence[Example], topics: Linear, share: float) -> Index:
        """The index that a fitted score makes of a policy."""
        named = [label.partition(SAYS)[0] for label in linear.labels]
        labels = tuple(dict.fromkeys(named))
        place = {label: at for at, label in enumerate(labels)}
        of = np.array([place[name] for name in named], np.intp)
        says = [_verdict(policy, label) for label in linear.labels]
        verdicts = np.array([verdict.strictness for verdict in says], np.intp)
        permitting = frozenset(name for name, verdict in zip(named, says, strict=True) if verdict is Verdict.YES)
        return cls(linear, tuple(examples), labels, of, verdicts, permitting, about(policy, named, topics), share)

    def find(self, message: Reading, topics: Floats, most: int = 10) -> Found:
        """What a message is about, from its own words and the chances of the shared topics."""
        chances = softmax(self.linear.scores(message) + self.share * np.log(topics @ self.about + UNLIKELY))
        shares = np.bincount(self.verdicts, weights=_sharpened(chances), minlength=len(Verdict))
        said = dict(zip(Verdict, shares.tolist(), strict=True))
        summed = np.bincount(self.of, weights=chances, minlength=len(self.labels)).astype(np.float32)
        return Found(tuple(rank(self.labels, summed, most)), said, self.permitting)

    def why(self, message: Reading, clause_id: str, most: int = 8) -> list[tuple[str, float]]:
        """The features that spoke for a clause or silence at its likeliest verdict, each with its share."""
        scores = self.linear.scores(message)
        cells = np.flatnonzero(self.of == self.labels.index(clause_id))
        return self.linear.why(message, self.linear.labels[cells[scores[cells].argmax()]], most)

    def of_clause(self, clause_id: str) -> list[Example]:
        """The phrasings of a clause, whatever their verdict."""
        return [example for example in self.examples if example.label.partition(SAYS)[0] == clause_id]


def _sharpened(chances: Floats) -> Floats:
    """Squares, together 1: so that the many clauses which are hardly likely do not outvote the few that are."""
    squares = chances**2
    return np.asarray(squares / squares.sum(), np.float32)


def _verdict(policy: Policy, label: str) -> Verdict:
    name, _, instead = label.partition(SAYS)
    clause = policy.clause(name)
    return Verdict(instead) if instead else clause.verdict if clause else Verdict.DEPENDS


def phrasings(policy: Policy, written: Sequence[Example], shared: Catalogue) -> Iterator[Example]:
    """What the index learns: phrasings written for clauses, the words of bare clauses, shared ones for silences."""
    yield from written
    silent = {silence.intent for silence in policy.silences}
    yield from (Example(e.text, SILENT + e.label) for e in shared.phrasings if e.label in silent)
    spoken_for = {example.label.partition(SAYS)[0] for example in written}
    yield from (Example(words(clause), clause.id) for clause in policy.clauses if clause.id not in spoken_for)


def about(policy: Policy, labels: Sequence[str], topics: Linear) -> Floats:
    """How far each label is about each topic: what a person said it settles, else what its words are near to."""
    place = {topic: row for row, topic in enumerate(topics.labels)}
    found = np.zeros((len(topics.labels), len(labels)), np.float32)
    for column, label in enumerate(labels):
        clause = policy.clause(label)
        if clause is None:
            found[place[label.removeprefix(SILENT)], column] = 1
        elif clause.inferred:
            found[:, column] = topics.chances(read(words(clause)))
        else:
            found[[place[intent] for intent in clause.intents], column] = 1
    return found


def words(clause: Clause) -> str:
    """What a clause says by itself: its section and its text."""
    return f"{clause.section} {clause.text}"


def digest(parts: Sequence[Example]) -> str:
    """Names the index that these phrasings give with this engine and the data that messages are read with."""
    seen = hashlib.sha256(f"{ENGINE} {fingerprint()}".encode())
    for example in parts:
        seen.update(f"{example.label}\t{example.text}\n".encode())
    return seen.hexdigest()
