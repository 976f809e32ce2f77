"""Which clause of an imported document a staff question is about: learned from the packs, where both are known.

The packs' phrasings and clauses are the same thing said twice, as staff say it and as policies do. The bridge moves the
table of words so that the two meet: one map for questions and one for clauses, a move for each stem, and how strongly
each stem speaks on either side. A clause is then scored by how near it lies across the bridge, with a share of its
section's; by whether each word of the question finds a near word in it; by shared topics; and less the longer it is.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from intents.normalise import normalise
from intents.table import table
from tests.drills import bridge_fit

Floats = NDArray[np.float32]
Places = NDArray[np.intp]
ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("ments", "ment"),
    ("ations", "at"), ("ation", "at"), ("ers", "er"), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
ACROSS, SECTION, ALIGNED, TOPICS, LENGTH = 12.0, 3.6, 12.0, 0.8, -1.0
"""What each part of a score counts; by softmax regression, each pack asked of a bridge learned from the others."""

UNLIKELY = 1e-3
"""The least chance of a shared topic, so that no clause is ruled out by its topics."""

SHORTLIST = 64
"""Clauses that are read word by word."""

STRANGE = 4096
"""Directions for words that nobody knows: such a word meets itself, and another hardly ever."""


class Text(NamedTuple):
    """One clause as it was imported: the heading and lead-in it stands under, and its own words."""

    heading: str
    text: str


class Pack(NamedTuple):
    """Clauses, and phrasings with the place of the clause that each was written for."""

    clauses: Sequence[Text]
    phrasings: Sequence[tuple[str, int]]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without its ending; rough, and the same for question and clause."""
    word = word.removesuffix("'s")
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


@dataclass(frozen=True, slots=True)
class Bridge:
    """The fitted arrays. Row 0 of `moves`, `ask` and `say` is for stems that the packs do not have: all zero.

    `rows` are those of the table, and one of zeros; `nearest` finds the commonest word of a stem in it.
    """

    stems: Mapping[str, int]
    moves: Floats
    ask: Floats
    say: Floats
    asking: Floats
    saying: Floats
    rows: Floats = field(compare=False)
    nearest: Mapping[str, int] = field(compare=False)

    @classmethod
    def bare(cls, stems: Sequence[str]) -> Bridge:
        """A bridge that moves nothing."""
        known = table()
        rows = known.rows.astype(np.float32) * known.strength[:, None]
        rows /= np.median(np.linalg.norm(rows, axis=1))
        nearest: dict[str, int] = {}
        for word, at in sorted(known.index.items(), key=lambda entry: -known.common[entry[1]]):
            nearest.setdefault(stem(word), at)
        count, same = len(stems) + 1, np.eye(known.dimensions, dtype=np.float32)
        return cls(
            {name: at for at, name in enumerate(stems, 1)},
            np.zeros((count, known.dimensions), np.float32),
            np.zeros(count, np.float32),
            np.zeros(count, np.float32),
            same,
            same.copy(),
            np.concatenate([rows, np.zeros((1, known.dimensions), np.float32)]),
            nearest,
        )

    @classmethod
    def fit(cls, packs: Sequence[Pack], seed: int = 0) -> Bridge:
        """Learn the arrays from packs; the same packs and seed give the same arrays."""
        bridge = cls.bare(bridge_fit.shared_stems(packs))
        bridge_fit.learn(bridge, packs, seed)
        return bridge

    def places(self, text: str) -> Places:
        """Two numbers a word: its row in the table (from the last on: none) and its stem here (0: none)."""
        known, found = table().index, []
        for word in normalise(text):
            short = stem(word)
            row = known.get(word, self.nearest.get(short, -1))
            found.append((row if row >= 0 else len(known) + crc32(short.encode()) % STRANGE, self.stems.get(short, 0)))
        return np.array(found or [(len(known), 0)], np.intp)

    def words(self, places: Places, clause: bool) -> Floats:
        """The moved vector of each word, as question or as clause; of a word that nobody knows, nothing."""
        map_, strength = (self.saying, self.say) if clause else (self.asking, self.ask)
        moved = self.plain(places) @ map_ + self.moves[places[:, 1]]
        return np.asarray(np.exp(strength[places[:, 1]])[:, None] * moved, np.float32)

    def plain(self, places: Places) -> Floats:
        """The vector of each word in the table."""
        return np.asarray(self.rows[np.minimum(places[:, 0], len(self.rows) - 1)])

    def apart(self, places: Places, vectors: Floats) -> Floats:
        """Directions of words, with one of its own for each word that nobody knows, so that it meets itself."""
        row = places[:, 0] - (len(self.rows) - 1)
        nobody = (row >= 0) & (places[:, 1] == 0)
        return np.where(nobody[:, None], strange()[np.maximum(row, 0)], unit(vectors))

    def dump(self) -> bytes:
        """The fitted arrays as bytes: eight bits a number of `moves`, sixteen of the rest."""
        file = io.BytesIO()
        scale = np.maximum(np.abs(self.moves).max(axis=1), np.float32(1e-9)) / 127
        rest = {name: getattr(self, name).astype(np.float16) for name in ("ask", "say", "asking", "saying")}
        moves = np.rint(self.moves / scale[:, None]).astype(np.int8)
        np.savez(file, stems=np.array("\n".join(self.stems)), moves=moves, scale=scale, **rest)
        return file.getvalue()

    @classmethod
    def load(cls, dumped: bytes) -> Bridge:
        """Read what `dump` wrote."""
        with np.load(io.BytesIO(dumped), allow_pickle=False) as kept:
            bare = cls.bare(str(kept["stems"]).split("\n"))
            moves = (kept["moves"] * kept["scale"][:, None]).astype(np.float32)
            ask, say, asking, saying = (kept[name].astype(np.float32) for name in ("ask", "say", "asking", "saying"))
            return cls(bare.stems, moves, ask, say, asking, saying, bare.rows, bare.nearest)


@dataclass(frozen=True, slots=True)
class Index:
    """The clauses of one document, or of many, ready to be asked.

    `about[clause, topic]` is how likely a clause's words make a topic.
    """

    bridge: Bridge
    across: Floats
    about: Floats
    start: Floats
    vocabulary: Floats
    tokens: tuple[Places, ...]

    @classmethod
    def of(cls, bridge: Bridge, clauses: Sequence[Text], about: Floats | None = None) -> Index:
        """Read every clause once; `about` gives the chances of the shared topics for each clause's words."""
        whole = [bridge.places(" ".join(clause)) for clause in clauses]
        pairs, at = np.unique(np.concatenate(whole), axis=0, return_inverse=True)
        tokens = np.split(at.ravel(), np.cumsum([len(places) for places in whole[:-1]]))
        vectors = bridge.words(pairs, clause=True)
        heads = [len(normalise(clause.heading)) for clause in clauses]
        own = [run[head:] if len(run) > head else run for run, head in zip(tokens, heads, strict=True)]
        meant = unit(np.stack([vectors[run].sum(axis=0) for run in own]))
        return cls(
            bridge,
            np.float32(ACROSS) * meant + np.float32(SECTION) * _others([clause.heading for clause in clauses], meant),
            np.zeros((len(clauses), 0), np.float32) if about is None else about,
            np.float32(LENGTH) * np.log([1 + len(run) for run in own]).astype(np.float32),
            bridge.apart(pairs, vectors),
            tuple(np.unique(run) for run in tokens),
        )

    def scores(self, question: str, topics: Floats | None = None) -> Floats:
        """One score a clause; their softmax is how likely each is. `topics` are the chances for the question."""
        places = self.bridge.places(question)
        vectors = self.bridge.words(places, clause=False)
        scores = self.across @ unit(vectors.sum(axis=0)) + self.start
        if topics is not None:
            scores += np.float32(TOPICS) * np.log(self.about @ topics + np.float32(UNLIKELY))
        best = np.arange(len(scores))
        if len(scores) > SHORTLIST:
            best = np.sort(np.argpartition(-scores, SHORTLIST)[:SHORTLIST])
        near = self._aligned(places, vectors, [self.tokens[clause] for clause in best])
        scores += np.float32(ALIGNED) * near.min()
        scores[best] += np.float32(ALIGNED) * (near - near.min())
        return np.asarray(scores)

    def rank(self, question: str, topics: Floats | None = None, most: int = 10) -> list[tuple[int, float]]:
        """The places of the likeliest clauses, best first, with their scores; equal ones in the document's order."""
        scores = self.scores(question, topics)
        most = min(most, len(scores))
        near = np.flatnonzero(scores >= -np.partition(-scores, most - 1)[most - 1])
        best = near[np.argsort(-scores[near], kind="stable")][:most]
        return [(int(at), float(scores[at])) for at in best]

    def _aligned(self, places: Places, vectors: Floats, runs: Sequence[Places]) -> Floats:
        """For each word of the question its nearest word in each clause, weighted by how much the word says."""
        force = np.linalg.norm(vectors, axis=1) + np.float32(1e-3)
        force[(places[:, 0] >= len(self.bridge.rows) - 1) & (places[:, 1] == 0)] = 1
        used, at = np.unique(np.concatenate(runs), return_inverse=True)
        near = self.vocabulary[used] @ self.bridge.apart(places, vectors).T
        starts = np.cumsum([0, *(len(run) for run in runs[:-1])])
        return np.asarray(np.maximum.reduceat(near[at], starts, axis=0) @ (force / force.sum()), np.float32)


def unit(vectors: Floats) -> Floats:
    """The same directions with length 1; nothing stays nothing."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6), np.float32)


@cache
def strange() -> Floats:
    """The directions of the words that nobody knows."""
    return unit(np.random.default_rng(0).standard_normal((STRANGE, table().dimensions), np.float32))


def _others(headings: Sequence[str], meant: Floats) -> Floats:
    """For each clause the mean of the others under its heading."""
    _, at, count = np.unique(np.array(headings), return_inverse=True, return_counts=True)
    total = np.zeros((len(count), meant.shape[1]), np.float32)
    np.add.at(total, at, meant)
    return np.asarray((total[at] - meant) / np.maximum(count[at] - 1, 1)[:, None], np.float32)
