"""What the shape of a message says: that it asks, supposes, tells or requests; who does it to whom; what turns it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path


def cues(words: Sequence[str]) -> tuple[str, ...]:
    """The names of the cues in a message, in the order of `cues.toml`."""
    plain = " ".join(words)
    return tuple(name for name, pattern in _patterns() if pattern.search(plain))


@cache
def names() -> frozenset[str]:
    """The names of all cues."""
    return frozenset(name for name, _ in _patterns())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    groups = tomllib.loads((Path(__file__).parent / "cues.toml").read_text(encoding="utf-8"))
    return tuple((name, _whole_words(pattern)) for group in groups.values() for name, pattern in group.items())


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)" if not pattern.startswith("^") else rf"{pattern}(?!\w)")
