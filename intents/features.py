"""A message as numbers: its words, neighbouring words, the letter groups inside each word, and what the words mean."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.cues import cues
from intents.normalise import normalise
from intents.repair import repair
from intents.table import Floats, table

Positions = NDArray[np.intp]
_NO_POSITIONS, _NO_VALUES = np.empty(0, np.intp), np.empty(0, np.float32)
LETTERS = range(2, 6)
WEIGHTS = (1.0, 0.7, 1.0, 0.7)
"""Words, pairs, letters and cues: each block counts as a whole, however long the message."""

MANY = 1000
"""Messages from which a feature must stand in one more of them: halves what is kept, and finds no less."""

UNKNOWN = 1.0
"""How much a feature that no example has weakens the rest: a message full of strange words must not score high."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read once: its normalised words, its features by block in reading order, and its meaning."""

    words: tuple[str, ...]
    cues: tuple[str, ...]
    blocks: tuple[list[str], ...]
    meaning: Floats = field(compare=False)


def read(text: str) -> Reading:
    """Read a message for all that will be asked of it."""
    words = repair(normalise(text))
    edged = ("^", *words, "$")
    pairs = [f"{left} {right}" for left, right in zip(edged, edged[1:], strict=False)]
    letters = [f"‹{word}›"[at : at + size] for word in words for size in LETTERS for at in range(len(word) + 3 - size)]
    found = cues(words)
    shape = [f"«{cue}»" for cue in found]
    shape += [f"{one}{other}" for one, other in combinations(shape, 2)]
    return Reading(words, found, ([f"={word}" for word in words], pairs, letters, shape), table().meaning(words))


@cache
def fingerprint() -> str:
    """Names the data that messages are read with: another table, spelling, slang or cue makes other numbers."""
    folder = Path(__file__).parent
    seen = hashlib.blake2b(digest_size=8)
    for name in ("words.npz", "spelling.txt", "slang.toml", "cues.toml"):
        seen.update((folder / name).read_bytes())
    return seen.hexdigest()


@dataclass(frozen=True, slots=True)
class Features:
    """The features that were seen in the examples, with how telling each is (inverse document frequency)."""

    index: Mapping[str, int]
    idf: Floats
    rarest: float

    @classmethod
    def of(cls, names: Sequence[str], idf: Floats) -> Features:
        """The features of these names, in order."""
        return cls({name: position for position, name in enumerate(names)}, idf, float(idf.max(initial=0.0)))

    @classmethod
    def learn(cls, readings: Sequence[Reading], seen_in: int = 2) -> Features:
        """Take the features that stand in at least `seen_in` of the messages, of many messages in one more; words
        count from one."""
        documents: Counter[str] = Counter()
        for reading in readings:
            documents.update(list(dict.fromkeys(name for block in reading.blocks for name in block)))
        total = len(readings)
        least = seen_in + (total >= MANY)
        kept = [name for name, count in documents.items() if count >= least or name.startswith("=")]
        idf = np.array([np.log((1 + total) / (1 + documents[name])) + 1 for name in kept], np.float32)
        return cls.of(kept, idf)

    def vector(self, reading: Reading) -> tuple[Positions, Floats]:
        """Positions and values of a message's features: sublinear tf x idf, each block at its weight."""
        positions, values = [_NO_POSITIONS], [_NO_VALUES]
        for weight, block in zip(WEIGHTS, reading.blocks, strict=True):
            counted: dict[int, int] = {}
            for name in block:
                if (at := self.index.get(name)) is not None:
                    counted[at] = counted.get(at, 0) + 1
            if counted:
                known = np.fromiter(counted, np.intp, len(counted))
                counts = np.fromiter(counted.values(), np.float32, len(counted))
                raw = (1 + np.log(counts)) * self.idf[known]
                strange = UNKNOWN * (len(block) - sum(counted.values())) * self.rarest**2
                positions.append(known)
                values.append(raw * np.float32(weight / math.sqrt(float(raw @ raw) + strange)))
        return np.concatenate(positions), np.concatenate(values)

    def postings(self, readings: Sequence[Reading]) -> list[tuple[Positions, Floats]]:
        """For each feature the rows of the messages that have it, rising, and their values."""
        vectors = [self.vector(reading) for reading in readings]
        rows = np.repeat(np.arange(len(readings)), [len(positions) for positions, _ in vectors])
        columns = np.concatenate([positions for positions, _ in vectors])
        values = np.concatenate([values for _, values in vectors])
        order = np.argsort(columns, kind="stable")
        cuts = np.searchsorted(columns[order], np.arange(1, len(self.index)))
        return list(zip(np.split(rows[order], cuts), np.split(values[order], cuts), strict=True))
