"""From how staff ask to how policies say it: learned from clauses and the questions that were written for them.

Both are the same thing said twice. The bridge moves the table of words so that the two meet: one map for questions and
one for clauses, a move for each stem, and how strongly each stem speaks on either side.
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
from intents.table import Floats, table

Places = NDArray[np.intp]
ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("ments", "ment"),
    ("ations", "at"), ("ation", "at"), ("ers", "er"), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
STRANGE = 4096
"""Directions for words that nobody knows: such a word meets itself, and another hardly ever."""


class Text(NamedTuple):
    """One clause: the heading it stands under, and its own words."""

    heading: str
    text: str

    def words(self) -> tuple[str, ...]:
        """Both, as they are compared."""
        return normalise(f"{self.heading} {self.text}")


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

    def places(self, words: Sequence[str]) -> Places:
        """Two numbers a word: its row in the table (from the last on: none) and its stem here (0: none)."""
        known, found = table().index, []
        for word in words:
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


def unit(vectors: Floats) -> Floats:
    """The same directions with length 1; nothing stays nothing."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6), np.float32)


@cache
def strange() -> Floats:
    """The directions of the words that nobody knows."""
    return unit(np.random.default_rng(0).standard_normal((STRANGE, table().dimensions), np.float32))
