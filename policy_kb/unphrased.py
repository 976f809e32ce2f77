"""The index of a policy for which nobody wrote phrasings: its clauses' own words, reached across the bridge.

A clause is scored by how near it lies to the question, with a share of its section's nearness; by whether each word of
the question finds a near word in it; by shared topics; and less the longer it is. What a person said that a clause
answers counts beside that.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intents.bridge import Bridge, Places, Text, unit
from intents.features import Positions, Reading, read
from intents.linear import rank, softmax
from intents.model import Example
from intents.normalise import normalise
from intents.table import Floats
from policy_kb.index import UNLIKELY, Found, shares, words
from policy_kb.model import Policy, Verdict

ACROSS, SECTION, ALIGNED, TOPICS, LENGTH = 12.0, 3.6, 12.0, 0.8, -1.0
"""What each part of a score counts; by softmax regression, each pack asked of a bridge learned from the others."""

LINKED, AGAIN = 4.0, 8.0
"""What nearness to a question that a person linked to a clause counts, and what more when it is asked again."""

ALIKE = 8
"""The power of nearness by which only the same question in hardly other words is asked again."""

SHORTLIST = 64
"""Clauses that are read word by word."""

_HALF, _WHOLE = ("across", "about", "start", "vocabulary"), ("tokens", "starts")


@dataclass(frozen=True, slots=True)
class Crossing:
    """The clauses of one document on the far side of the bridge, as arrays.

    `across[clause]` is where a clause lies with its share of the section, `about[clause, topic]` how likely its words
    make a topic, `start` what its length costs. `vocabulary` are the directions of all its words, spelt in `spelt`;
    the places of a clause's words in it are `tokens[starts[clause] : starts[clause + 1]]`. `strange` is how likely its
    clauses, on the whole, are none of our business: from 0 for a social media policy to 0.7 for one on fees.
    """

    across: Floats
    about: Floats
    start: Floats
    vocabulary: Floats
    tokens: Positions
    starts: Positions
    spelt: tuple[str, ...]
    strange: float

    @classmethod
    def of(cls, bridge: Bridge, clauses: Sequence[Text], about: Floats, strange: float) -> Crossing:
        """Read every clause once; `about` has a row for each, `strange` is said of the document."""
        heads = [len(normalise(clause.heading)) for clause in clauses]
        spoken = [clause.words() for clause in clauses]
        names = list(dict.fromkeys(word for run in spoken for word in run))
        place = {word: at for at, word in enumerate(names)}
        pairs = bridge.places(names)
        vectors = bridge.words(pairs, clause=True)
        runs = [np.array([place[word] for word in run], np.intp) for run in spoken]
        own = [run[head:] if len(run) > head else run for run, head in zip(runs, heads, strict=True)]
        meant = unit(np.stack([vectors[run].sum(axis=0) for run in own]))
        section = _others([clause.heading for clause in clauses], meant)
        tokens = [np.unique(run) for run in runs]
        return cls(
            np.float32(ACROSS) * meant + np.float32(SECTION) * section,
            about,
            np.float32(LENGTH) * np.log([1 + len(run) for run in own]).astype(np.float32),
            bridge.apart(pairs, vectors),
            np.concatenate(tokens),
            np.cumsum([0, *map(len, tokens)]),
            tuple(names),
            strange,
        )

    def dump(self) -> bytes:
        """The arrays as bytes, sixteen bits a number."""
        file = io.BytesIO()
        kept: dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in _HALF}
        kept |= {name: getattr(self, name).astype(np.int32) for name in _WHOLE}
        np.savez(file, spelt=np.array("\n".join(self.spelt)), strange=self.strange, **kept)
        return file.getvalue()

    @classmethod
    def load(cls, dumped: bytes) -> Crossing:
        """Read what `dump` wrote."""
        with np.load(io.BytesIO(dumped), allow_pickle=False) as kept:
            across, about, start, vocabulary = (kept[name].astype(np.float32) for name in _HALF)
            tokens, starts = (kept[name].astype(np.intp) for name in _WHOLE)
            spelt = tuple(str(kept["spelt"]).split("\n"))
            return cls(across, about, start, vocabulary, tokens, starts, spelt, float(kept["strange"]))


@dataclass(frozen=True, slots=True)
class Unphrased:
    """Scores for each clause of one policy, from its own words and from the questions that people linked to it."""

    bridge: Bridge
    crossing: Crossing
    labels: tuple[str, ...]
    verdicts: Positions
    permitting: frozenset[str]
    examples: tuple[Example, ...]
    linked: Floats
    linked_to: Positions

    @classmethod
    def over(cls, policy: Policy, bridge: Bridge, crossing: Crossing) -> Unphrased:
        """The index of a policy whose crossing has its clauses in the same order."""
        linked = [(at, asked) for at, clause in enumerate(policy.clauses) for asked in clause.asked]
        meant = [_direction(bridge, bridge.places(read(asked).words)) for _, asked in linked]
        return cls(
            bridge,
            crossing,
            tuple(clause.id for clause in policy.clauses),
            np.array([clause.verdict.strictness for clause in policy.clauses], np.intp),
            frozenset(clause.id for clause in policy.clauses if clause.verdict is Verdict.YES),
            tuple(Example(text, c.id) for c in policy.clauses for text in (*c.asked, words(c))),
            np.array(meant, np.float32).reshape(len(meant), bridge.rows.shape[1]),
            np.array([at for at, _ in linked], np.intp),
        )

    def find(self, message: Reading, topics: Floats, most: int = 10) -> Found:
        """What a message is about, from its own words and the chances of the shared topics."""
        if not message.words:
            scores = np.zeros(len(self.labels), np.float32)
        else:
            scores = self._scores(message, topics)
        chances = softmax(scores)
        near = float(scores.max(initial=-np.inf))
        return Found(
            tuple(rank(self.labels, chances, most)),
            shares(self.verdicts, chances),
            self.permitting,
            near,
            self.crossing.strange,
        )

    def why(self, message: Reading, clause_id: str, most: int = 8) -> list[tuple[str, float]]:
        """What spoke for a clause: its meaning, and for each word of the question the nearest of its own."""
        at = self.labels.index(clause_id)
        places, vectors, force = self._asked(message)
        own = self.crossing.tokens[self.crossing.starts[at] : self.crossing.starts[at + 1]]
        near = self.crossing.vocabulary[own] @ self.bridge.apart(places, vectors).T
        best = own[near.argmax(axis=0)]
        told = [
            (f"{asked} → {self.crossing.spelt[found]}", float(ALIGNED * share * weight))
            for asked, found, share, weight in zip(message.words, best, near.max(axis=0), force, strict=True)
        ]
        meant = float(self.crossing.across[at] @ unit(vectors.sum(axis=0)))
        return sorted([*told, ("meaning", meant)], key=lambda part: -part[1])[:most]

    def of_clause(self, clause_id: str) -> list[Example]:
        """The questions that were linked to a clause, and its own words."""
        return [example for example in self.examples if example.label == clause_id]

    def _scores(self, message: Reading, topics: Floats) -> Floats:
        places, vectors, force = self._asked(message)
        scores = self.crossing.across @ unit(vectors.sum(axis=0)) + self.crossing.start
        scores += np.float32(TOPICS) * np.log(self.crossing.about @ topics + np.float32(UNLIKELY))
        best = np.arange(len(scores))
        if len(scores) > SHORTLIST:
            best = np.sort(np.argpartition(-scores, SHORTLIST)[:SHORTLIST])
        near = self._aligned(self.bridge.apart(places, vectors), force, best)
        scores += np.float32(ALIGNED) * near.min()
        scores[best] += np.float32(ALIGNED) * (near - near.min())
        if len(self.linked):
            near = np.maximum(self.linked @ unit(vectors.sum(axis=0)), 0)
            most = np.zeros_like(scores)
            np.maximum.at(most, self.linked_to, LINKED * near + AGAIN * near**ALIKE)
            scores += most
        return np.asarray(scores)

    def _asked(self, message: Reading) -> tuple[Places, Floats, Floats]:
        """The words of a question: their places, their vectors, and how much each of them says, together 1."""
        places = self.bridge.places(message.words)
        vectors = self.bridge.words(places, clause=False)
        force = np.linalg.norm(vectors, axis=1) + np.float32(1e-3)
        force[(places[:, 0] >= len(self.bridge.rows) - 1) & (places[:, 1] == 0)] = 1
        return places, vectors, np.asarray(force / force.sum())

    def _aligned(self, asked: Floats, force: Floats, clauses: Positions) -> Floats:
        """For each word of the question its nearest word in each clause, weighted by how much the word says."""
        starts = self.crossing.starts
        runs = [self.crossing.tokens[starts[at] : starts[at + 1]] for at in clauses]
        used, at = np.unique(np.concatenate(runs), return_inverse=True)
        near = self.crossing.vocabulary[used] @ asked.T
        cuts = np.cumsum([0, *(len(run) for run in runs[:-1])])
        return np.asarray(np.maximum.reduceat(near[at], cuts, axis=0) @ force, np.float32)


def texts(policy: Policy) -> list[Text]:
    """The clauses of a policy, as the bridge reads them."""
    return [Text(clause.section, clause.text) for clause in policy.clauses]


def _direction(bridge: Bridge, places: Places) -> Floats:
    """Where a question lies."""
    return unit(bridge.words(places, clause=False).sum(axis=0))


def _others(headings: Sequence[str], meant: Floats) -> Floats:
    """For each clause the mean of the others under its heading."""
    _, at, count = np.unique(np.array(headings), return_inverse=True, return_counts=True)
    total = np.zeros((len(count), meant.shape[1]), np.float32)
    np.add.at(total, at, meant)
    return np.asarray((total[at] - meant) / np.maximum(count[at] - 1, 1)[:, None], np.float32)
