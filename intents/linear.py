"""One linear score a label, fitted by softmax regression: small, the same on every run, and it can say why."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from intents.features import Features, Positions, Reading, read
from intents.model import Example, Scored
from intents.table import Floats

Posting: TypeAlias = tuple[Positions, Floats]
"""The rows of the examples that have a feature, and its values there."""

Solved: TypeAlias = tuple[Floats, Floats, Floats]
"""Weights for the features, for the meaning, and what each label starts with."""

STIFFNESS = 0.1
"""Ridge penalty; chosen by asking one hand's phrasings of what learned from another's."""

MEANING = 1.0
"""What the meaning of the words counts beside the words, pairs and letters; from 1 to 1.5 they do alike."""

LARGE, FEW = 10_000, 16
"""More examples than the one, and no more labels than the other: what each two examples share would take gigabytes."""

ROUNDS = 12
"""Steps of the fit: from here on neither the loss nor what is found moves."""

STEPS = 150
"""The same for many examples: from here on nothing more is found."""

BOUND = 0.25
"""How strongly the loss bends at most: the steps are as long as that allows."""

COMMON = 64
"""Examples that a feature stands in, from which it is cheaper to treat as dense."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Labels, features, and a weight for each pair of them (`weights[feature, label]`).

    The weights are whole numbers, each row with its own `scale`; `meanings` weighs the meaning of a message
    (`[dimension, label]`), `start` is what each label has before a word is read.
    """

    labels: tuple[str, ...]
    features: Features
    weights: NDArray[np.int8]
    scale: Floats
    meanings: Floats
    start: Floats

    @classmethod
    def fit(cls, examples: Sequence[Example], stiffness: float = STIFFNESS, meaning: float = MEANING) -> Linear:
        """Softmax regression with a ridge."""
        labels = tuple(dict.fromkeys(example.label for example in examples))
        readings = [read(example.text) for example in examples]
        features = Features.learn(readings)
        postings = features.postings(readings)
        meanings: Floats = np.float32(meaning) * np.stack([reading.meaning for reading in readings])
        place = {label: column for column, label in enumerate(labels)}
        target = np.zeros((len(examples), len(labels)), np.float32)
        target[np.arange(len(examples)), [place[example.label] for example in examples]] = 1
        solve = _solve_large if len(examples) > LARGE and len(labels) <= FEW else _solve_exactly
        weights, meant, start = solve(postings, meanings, target, stiffness)
        scale = (np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127).astype(np.float32)
        whole = np.rint(weights / scale[:, None]).astype(np.int8)
        return cls(
            labels,
            features,
            whole,
            scale,
            np.float32(meaning) * meant,
            start,
        )

    def scores(self, reading: Reading) -> Floats:
        """One score a label, in the order of `labels`; all zero for a message without a word."""
        if not reading.words:
            return np.zeros(len(self.labels), np.float32)
        positions, values = self.features.vector(reading)
        spoken = (values * self.scale[positions]) @ self.weights[positions].astype(np.float32)
        return np.asarray(spoken + reading.meaning @ self.meanings + self.start, np.float32)

    def chances(self, reading: Reading) -> Floats:
        """How likely each label is, in the order of `labels`; together 1."""
        return softmax(self.scores(reading))

    def ranked(self, reading: Reading, most: int = 10) -> list[Scored]:
        """The likeliest labels, best first; equal ones stand in the order of the examples."""
        return rank(self.labels, self.chances(reading), most)

    def why(self, reading: Reading, label: str, most: int = 8) -> list[tuple[str, float]]:
        """The features that spoke for a label rather than for any, strongest first, each with its share."""
        column = self.labels.index(label)
        positions, values = self.features.vector(reading)
        rows = self.weights[positions].astype(np.float32)
        shares = values * self.scale[positions] * (rows[:, column] - rows.mean(axis=1))
        names = list(self.features.index)
        told = [(names[position], float(share)) for position, share in zip(positions, shares, strict=True)]
        meant = reading.meaning @ (self.meanings[:, column] - self.meanings.mean(axis=1))
        return sorted([*told, ("meaning", float(meant))], key=lambda share: -share[1])[:most]

    def dump(self) -> bytes:
        """The fitted scores as bytes."""
        file = io.BytesIO()
        names = np.array(["\n".join(self.labels), "\n".join(self.features.index)])
        np.savez(
            file,
            names=names,
            idf=self.features.idf,
            weights=self.weights,
            scale=self.scale,
            meanings=self.meanings,
            start=self.start,
        )
        return file.getvalue()

    @classmethod
    def load(cls, dumped: bytes) -> Linear:
        """Read what `dump` wrote."""
        with np.load(io.BytesIO(dumped), allow_pickle=False) as kept:
            labels, names = (str(text).split("\n") for text in kept["names"])
            features = Features.of(names, kept["idf"])
            return cls(tuple(labels), features, kept["weights"], kept["scale"], kept["meanings"], kept["start"])


def softmax(scores: Floats) -> Floats:
    """Chances from scores, along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def rank(labels: Sequence[str], chances: Floats, most: int) -> list[Scored]:
    """The labels with the highest numbers, best first; equal ones in their own order."""
    most = min(most, len(labels))
    if not most:
        return []
    near = np.flatnonzero(chances >= -np.partition(-chances, most - 1)[most - 1])
    best = near[np.argsort(-chances[near], kind="stable")][:most]
    return [Scored(labels[at], float(chances[at])) for at in best]


def _solve_large(postings: Sequence[Posting], meanings: Floats, target: Floats, stiffness: float) -> Solved:
    """The weights as L-BFGS finds them; it needs no more room than the examples take."""
    from scipy.optimize import minimize  # only where something is built: it takes 0.2 s to import
    from scipy.sparse import csc_array, csr_array, hstack

    rows = np.concatenate([rows for rows, _ in postings])
    values = np.concatenate([values for _, values in postings])
    cuts = np.cumsum([0, *(len(rows) for rows, _ in postings)])
    spoken = csc_array((values, rows, cuts), shape=(len(target), len(postings)))
    told = hstack([spoken, csr_array(meanings), csr_array(np.ones((len(target), 1), np.float32))], format="csr")
    back = told.T.tocsr()
    shape = (told.shape[1], target.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        chances = softmax(told @ weights)
        missed = -float(np.log(np.maximum((chances * target).sum(axis=1), 1e-12)).sum())
        slope = back @ (chances - target) + stiffness * weights
        return missed + stiffness / 2 * float(flat @ flat), slope.ravel().astype(np.float64)

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights = found.x.reshape(shape).astype(np.float32)
    return weights[: len(postings)], weights[len(postings) : -1], weights[-1]


def _solve_exactly(postings: Sequence[Posting], meanings: Floats, target: Floats, stiffness: float) -> Solved:
    """The weights from what each example pulls for each label, by accelerated steps along a bound of the curvature.

    The bound is that of Böhning (1992), tightened to the two-label case; the steps are Nesterov's, started over
    whenever one leads uphill. It needs room for how alike each two examples are, twice.
    """
    from scipy.linalg import cho_factor, cho_solve  # only where something is built: it takes 0.2 s to import

    count = len(target)
    likeness = _likeness(postings, count) + meanings @ meanings.T + 1
    curve = BOUND * likeness
    curve[np.diag_indices(count)] += stiffness
    factor = cho_factor(curve, overwrite_a=True, check_finite=False)
    pull = ahead = np.zeros_like(target)
    speed = 1.0
    for _ in range(ROUNDS):
        slope = softmax(likeness @ ahead) - target + np.float32(stiffness) * ahead
        moved = np.asarray(ahead - cho_solve(factor, slope, check_finite=False), np.float32)
        uphill = float(np.sum(slope * (likeness @ (moved - pull)))) > 0
        faster = 1.0 if uphill else (1 + math.sqrt(1 + 4 * speed**2)) / 2
        ahead = moved if uphill else moved + np.float32((speed - 1) / faster) * (moved - pull)
        pull, speed = moved, faster
    weights = np.stack([values @ pull[rows] for rows, values in postings])
    return weights, meanings.T @ pull, pull.sum(axis=0, dtype=np.float32)


def _likeness(postings: Sequence[Posting], count: int) -> Floats:
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
