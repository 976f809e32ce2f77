"""Spelling: a word that nobody knows becomes the known word it was most likely meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.table import Floats, table

PATH = Path(__file__).parent / "spelling.txt"

SHORTEST = 3
"""Letters a word needs to be repaired: shorter ones are too like too many others."""

SHORT = 3
"""Letters up to which only two that changed places are put right: `teh`, `adn`."""

LONG = 8
"""Letters from which two slips are forgiven instead of one."""

SLIP = 6.0
"""What one slip costs, in natural logarithms of how common a word is."""

NEIGHBOUR = 0.7
"""What is given back where the wrong key lies beside the right one."""

AROUND = 4.0
"""What it is given for lying in the direction that the other words of the message point to."""

READINGS = 5
"""Guesses that are weighed for a word."""

Guess: TypeAlias = tuple[float, tuple[str, ...]]
"""How likely it is, as a logarithm, and the words it stands for."""

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def repair(words: Iterable[str]) -> tuple[str, ...]:
    """The words, those that are misspelt put right as the others suggest; one without a near word stays as it is."""
    typed = list(words)
    guesses = [_guesses(word) for word in typed]
    if all(len(guess) == 1 for guess in guesses):
        return tuple(right for (guess,) in guesses for right in guess[1])
    sure = [right for guess in guesses if len(guess) == 1 for right in guess[0][1]]
    around = table().meaning(sure)
    return tuple(right for guess in guesses for right in _likeliest(guess, around))


def _likeliest(guesses: Sequence[Guess], around: Floats) -> tuple[str, ...]:
    """The guess that is common, near to what was typed, and near in meaning to the words around it."""
    if len(guesses) == 1:
        return guesses[0][1]
    fits = (likely + AROUND * float(table().meaning(words) @ around) for likely, words in guesses)
    return guesses[max(enumerate(fits), key=lambda fit: (fit[1], -fit[0]))[0]][1]


@lru_cache(maxsize=20_000)
def _guesses(word: str) -> tuple[Guess, ...]:
    """The likeliest readings of a word, best first: itself alone where it is known or has no near word."""
    stem, mark, ending = word.partition("'")
    if len(stem) < SHORTEST or word in _known() or stem in _known() or not stem.isalpha():
        return ((0.0, (word,)),)
    found = sorted(_meant(stem), key=lambda guess: (-guess[0], guess[1]))[:READINGS]
    return tuple((likely, (*right[:-1], right[-1] + mark + ending)) for likely, right in found) or ((0.0, (word,)),)


def _meant(word: str) -> list[Guess]:
    """What the word may have been meant to be, each with how likely that is; the first letter is seldom wrong."""
    return [*_near(word, word[:2]), *_parted(word)]


def _near(word: str, letters: str) -> Iterator[Guess]:
    """Known words that start with one of the letters and are a slip or two away."""
    known, slips = _known(), 2 if len(word) >= LONG else 1
    for length in range(len(word) - slips, len(word) + slips + 1):
        groups = (_by_length_and_letter().get((length, letter), ()) for letter in dict.fromkeys(letters))
        near = [other for group in groups for other in group]
        for right, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=None):
            if len(word) > SHORT or sorted(word) == sorted(right):
                yield known[right] - SLIP * distance + _beside(word, right), (right,)


def _parted(word: str) -> Iterator[Guess]:
    """Two known words that lost the space between them."""
    known = _known()
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
        if len(word) >= SHORTEST:
            groups[len(word), word[0]].append(word)
    return {key: tuple(group) for key, group in groups.items()}
