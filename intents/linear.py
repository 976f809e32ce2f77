"""One linear score a label, fitted in closed form: small, exact, the same on every run, and it can say why."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intents.features import Features, Floats, Positions, Reading, read
from intents.model import Example, Scored

STIFFNESS = 1.0
"""Ridge penalty; chosen by cross-validation over the phrasings."""

BALANCE = 0.5
"""0: every example weighs the same; 1: every label does. Halfway keeps reports apart from questions best,
learned from one hand and asked another's messages."""

COMMON = 64
"""Examples that a feature stands in, from which it is cheaper to treat as dense."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Labels, features, and a weight for each pair of them (`weights[feature, label]`)."""

    labels: tuple[str, ...]
    features: Features
    weights: Floats

    @classmethod
    def fit(cls, examples: Sequence[Example], stiffness: float = STIFFNESS) -> Linear:
        """Least squares with a ridge, solved over the examples; an example of a rare label weighs more."""
        labels = tuple(dict.fromkeys(example.label for example in examples))
        readings = [read(example.text) for example in examples]
        features = Features.learn(readings)
        postings = features.postings(readings)
        place = {label: column for column, label in enumerate(labels)}
        columns = np.array([place[example.label] for example in examples])
        target = np.full((len(examples), len(labels)), -1 / len(labels), np.float32)
        target[np.arange(len(examples)), columns] = 1
        counts = np.bincount(columns)
        slack = ((counts[columns] / counts.mean()) ** BALANCE).astype(np.float32)
        pull = np.linalg.solve(_likeness(postings, len(examples)) + np.diag(stiffness * slack), target)
        weights = np.stack([values @ pull[rows] for rows, values in postings])
        return cls(labels, features, weights)

    def scores(self, reading: Reading) -> Floats:
        """One score a label, in the order of `labels`; about 1 for a clear match, about 0 for none."""
        positions, values = self.features.vector(reading)
        return np.asarray(values @ self.weights[positions], np.float32)

    def ranked(self, reading: Reading, most: int = 10) -> list[Scored]:
        """The best labels, best first; equal scores stand in the order of the examples."""
        scores = self.scores(reading)
        best = np.argsort(-scores, kind="stable")[:most]
        return [Scored(self.labels[at], float(scores[at])) for at in best]

    def why(self, reading: Reading, label: str, most: int = 8) -> list[tuple[str, float]]:
        """The features that spoke for a label, strongest first, with each one's share of the score."""
        positions, values = self.features.vector(reading)
        shares = values * self.weights[positions, self.labels.index(label)]
        names = list(self.features.index)
        return [(names[positions[at]], float(shares[at])) for at in np.argsort(-shares, kind="stable")[:most]]

    def dump(self) -> bytes:
        """The fitted scores as bytes; half precision, which moves a score by less than 0.001."""
        file = io.BytesIO()
        names = np.array(["\n".join(self.labels), "\n".join(self.features.index)])
        np.savez(file, names=names, idf=self.features.idf, weights=self.weights.astype(np.float16))
        return file.getvalue()

    @classmethod
    def load(cls, dumped: bytes) -> Linear:
        """Read what `dump` wrote."""
        with np.load(io.BytesIO(dumped), allow_pickle=False) as kept:
            labels, names = (str(text).split("\n") for text in kept["names"])
            features = Features({name: at for at, name in enumerate(names)}, kept["idf"])
            return cls(tuple(labels), features, kept["weights"].astype(np.float32))


def _likeness(postings: Sequence[tuple[Positions, Floats]], count: int) -> Floats:
    """How alike each two examples are; common features as one dense product, rare ones where they stand."""
    common = [feature for feature in postings if len(feature[0]) > COMMON]
    dense = np.zeros((count, len(common)), np.float32)
    for column, (rows, values) in enumerate(common):
        dense[rows, column] = values
    likeness = dense @ dense.T
    for rows, values in postings:
        if len(rows) <= COMMON:
            likeness[np.ix_(rows, rows)] += np.outer(values, values)
    return likeness
