"""What words mean, as numbers: a look-up made once from a sentence encoder, so that new words stand near known ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PATH = Path(__file__).parent / "words.npz"


@dataclass(frozen=True, slots=True)
class Table:
    """A row of small whole numbers for each word, with what it counts and how common the word is (natural log)."""

    index: Mapping[str, int]
    rows: NDArray[np.int8]
    strength: Floats
    common: Floats

    def meaning(self, words: Sequence[str]) -> Floats:
        """The direction in which a message points: length 1, or nothing where no word is known."""
        at = [place for word in words if (place := self.index.get(word)) is not None]
        total = self.strength[at] @ self.rows[at].astype(np.float32)
        length = float(np.sqrt(total @ total))
        return total / np.float32(length) if length else total

    @property
    def dimensions(self) -> int:
        """How many numbers a meaning has."""
        return int(self.rows.shape[1])


@cache
def table() -> Table:
    """The table that ships with the package; `making/words.py` says how it was made."""
    with np.load(PATH, allow_pickle=False) as kept:
        words = kept["words"].item().decode().split("\n")
        strength = kept["scale"].astype(np.float32) * kept["weight"].astype(np.float32)
        index = {word: at for at, word in enumerate(words)}
        return Table(index, kept["Q"], strength, kept["logfreq"].astype(np.float32))
