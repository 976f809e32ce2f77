"""Whether somebody may be hurt now: plain words first, since a missed one costs most."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.normalise import normalise

LONG = 6
"""Letters a word needs before one slip of the finger is forgiven."""


def danger(words: Sequence[str]) -> tuple[str, ...]:
    """The words that mean danger by themselves, in whatever message they stand; empty where there are none."""
    plain = " ".join(words)
    return tuple(_found("danger", plain)) or tuple(word for word in words if len(word) >= LONG and _misspelled(word))


def cues(words: Sequence[str]) -> tuple[str, ...]:
    """As `danger`, and in a report also what is pressing."""
    return danger(words) or pressing(words)


def pressing(words: Sequence[str]) -> tuple[str, ...]:
    """The words that are grave, with those that say it happens now; empty where either is missing."""
    plain = " ".join(words)
    grave, now = tuple(_found("grave", plain)), tuple(_found("now", plain))
    return (*grave, *now) if grave and now else ()


def _misspelled(word: str) -> bool:
    near = process.extractOne(word, _lists()["spelled"], scorer=OSA.distance, score_cutoff=1)
    return near is not None and near[0][0] == word[0]


def _found(group: str, plain: str) -> list[str]:
    return [found.group() for found in _pattern(group).finditer(plain)]


@cache
def _pattern(group: str) -> re.Pattern[str]:
    stems = sorted((" ".join(normalise(stem)) for stem in _lists()[group]), key=len, reverse=True)
    tail = r"\b" if group == "now" else r"\w*"
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, stems))}){tail}")


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "urgent.toml").read_text(encoding="utf-8"))
