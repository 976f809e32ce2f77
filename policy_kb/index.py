"""The index of one policy: which clause, or which silence, a question is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from intents.catalogue import SAYS, Catalogue
from intents.features import Positions, Reading, fingerprint, read
from intents.linear import Linear, rank, softmax
from intents.model import Example, Scored
from intents.table import Floats
from policy_kb.model import Clause, Policy, Verdict

ENGINE = "9"
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

    `permitting` are the clauses that can say yes: theirs is a yes, or that of a phrasing that tells a fact. `near` is
    how near the likeliest clause is, where nobody wrote phrasings: a chance only says how much nearer than the others.
    `strange` is how far the policy as a whole is about what is none of our business.
    """

    ranked: tuple[Scored, ...]
    said: Mapping[Verdict, float]
    permitting: frozenset[str]
    near: float | None = None
    strange: float = 0.0


@dataclass(frozen=True, slots=True)
class Index:
    """Scores for each clause and silence of one policy, and the phrasings they were learned from.

    A clause has a label for each verdict that its phrasings get. `labels` are the clauses and silences, `of[label]`
    is the place of each there, and `verdicts[label]` how strict its verdict is; `permitting` are the clauses that can
    say yes. `about[topic, label]` says how far a label is about a topic, and `share` what that counts.
    """

    linear: Linear
    source: Callable[[], tuple[Example, ...]]
    labels: tuple[str, ...]
    of: Positions
    verdicts: Positions
    permitting: frozenset[str]
    about: Floats
    share: float

    @classmethod
    def over(
        cls,
        policy: Policy,
        linear: Linear,
        source: Callable[[], tuple[Example, ...]],
        topics: Linear,
        share: float,
    ) -> Index:
        """The index that a fitted score makes of a policy; `source` gives the phrasings it was fitted on."""
        named = [label.partition(SAYS)[0] for label in linear.labels]
        labels = tuple(dict.fromkeys(named))
        place = {label: at for at, label in enumerate(labels)}
        of = np.array([place[name] for name in named], np.intp)
        says = [_verdict(policy, label) for label in linear.labels]
        verdicts = np.array([verdict.strictness for verdict in says], np.intp)
        permitting = frozenset(name for name, verdict in zip(named, says, strict=True) if verdict is Verdict.YES)
        return cls(linear, source, labels, of, verdicts, permitting, about(policy, named, topics), share)

    def find(self, message: Reading, topics: Floats, most: int = 10) -> Found:
        """What a message is about, from its own words and the chances of the shared topics."""
        chances = softmax(self.linear.scores(message) + self.share * np.log(topics @ self.about + UNLIKELY))
        summed = np.bincount(self.of, weights=chances, minlength=len(self.labels)).astype(np.float32)
        return Found(tuple(rank(self.labels, summed, most)), shares(self.verdicts, chances), self.permitting)

    def why(self, message: Reading, clause_id: str, most: int = 8) -> list[tuple[str, float]]:
        """The features that spoke for a clause or silence at its likeliest verdict, each with its share."""
        scores = self.linear.scores(message)
        cells = np.flatnonzero(self.of == self.labels.index(clause_id))
        return self.linear.why(message, self.linear.labels[cells[scores[cells].argmax()]], most)

    @property
    def examples(self) -> tuple[Example, ...]:
        """The phrasings it was learned from; read when they are asked for."""
        return self.source()

    def of_clause(self, clause_id: str) -> list[Example]:
        """The phrasings of a clause, whatever their verdict."""
        return [example for example in self.examples if example.label.partition(SAYS)[0] == clause_id]


def shares(verdicts: Positions, chances: Floats) -> dict[Verdict, float]:
    """How likely each verdict is, from the chances of labels with these verdicts, as strictness.

    The chances count squared: so that the many clauses which are hardly likely do not outvote the few that are.
    """
    squares = chances**2
    summed = np.bincount(verdicts, weights=squares / squares.sum(), minlength=len(Verdict))
    return dict(zip(Verdict, summed.tolist(), strict=True))


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
    told = "".join(f"{example.label}\t{example.text}\n" for example in parts)
    return hashlib.sha256(f"{ENGINE} {fingerprint()}{told}".encode()).hexdigest()
