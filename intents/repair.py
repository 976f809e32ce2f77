"""Spelling: a word that nobody knows becomes the known word it was most likely meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

PATH = Path(__file__).parent / "spelling.txt"

SHORTEST = 4
"""Letters a word needs to be repaired: shorter ones are too like too many others."""

LONG = 8
"""Letters from which two slips are forgiven instead of one."""

SLIP = 6.0
"""What one slip costs, in natural logarithms of how common a word is."""

NEIGHBOUR = 0.7
"""What is given back where the wrong key lies beside the right one."""

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def repair(words: Iterable[str]) -> tuple[str, ...]:
    """The words with those that are misspelt put right; words without a near neighbour stay as they are."""
    return tuple(right for word in words for right in _right(word))


@lru_cache(maxsize=20_000)
def _right(word: str) -> tuple[str, ...]:
    if len(word) < SHORTEST or word in _known() or not word.isalpha():
        return (word,)
    found = sorted(_meant(word), key=lambda guess: (-guess[0], guess[1]))
    return found[0][1] if found else (word,)


def _meant(word: str) -> Iterator[tuple[float, tuple[str, ...]]]:
    """What the word may have been meant to be, each with how likely that is."""
    known, slips = _known(), 2 if len(word) >= LONG else 1
    for length in range(len(word) - slips, len(word) + slips + 1):
        near = _by_length_and_letter().get((length, word[0]), ())
        for right, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=None):
            yield known[right] - SLIP * distance + _beside(word, right), (right,)
    for at in range(3, len(word) - 2):
        left, right = word[:at], word[at:]
        if left in known and right in known:
            yield min(known[left], known[right]) - 2 * SLIP, (left, right)


def _beside(word: str, right: str) -> float:
    """A wrong letter is likelier where its key lies beside the right one."""
    if len(word) != len(right):
        return 0.0
    wrong = [(typed, meant) for typed, meant in zip(word, right, strict=True) if typed != meant]
    return NEIGHBOUR if len(wrong) == 1 and wrong[0][1] in _keys()[wrong[0][0]] else 0.0


@cache
def _known() -> Mapping[str, float]:
    """The words that are spelt right, and how common each is; `making/spelling.py` says how they were found."""
    lines = (line.split(" ") for line in PATH.read_text(encoding="utf-8").splitlines())
    return {word: float(common) for word, common in lines}


@cache
def _keys() -> Mapping[str, str]:
    """The keys around each key."""
    around: defaultdict[str, str] = defaultdict(str)
    for y, row in enumerate(ROWS):
        for x, key in enumerate(row):
            for other in ROWS[max(0, y - 1) : y + 2]:
                around[key] += other[max(0, x - 1) : x + 2].replace(key, "")
    return around


@cache
def _by_length_and_letter() -> Mapping[tuple[int, str], tuple[str, ...]]:
    """The known words, so that only a few of them need to be compared."""
    groups: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for word in _known():
        if len(word) >= SHORTEST - 1:
            groups[len(word), word[0]].append(word)
    return {key: tuple(group) for key, group in groups.items()}
