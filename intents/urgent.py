"""Whether somebody may be hurt now: plain words first, since a missed one costs most."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from intents.normalise import normalise


def cues(words: Sequence[str]) -> tuple[str, ...]:
    """The words of danger among a message's normalised words; empty where there are none."""
    plain = " ".join(words)
    danger = tuple(_found("danger", plain))
    if danger:
        return danger
    grave, now = tuple(_found("grave", plain)), tuple(_found("now", plain))
    return (*grave, *now) if grave and now else ()


def _found(group: str, plain: str) -> list[str]:
    return [found.group() for found in _pattern(group).finditer(plain)]


@cache
def _pattern(group: str) -> re.Pattern[str]:
    lists = tomllib.loads((Path(__file__).parent / "urgent.toml").read_text(encoding="utf-8"))
    stems = sorted((" ".join(normalise(stem)) for stem in lists[group]), key=len, reverse=True)
    tail = r"\b" if group == "now" else r"\w*"
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, stems))}){tail}")
