"""The phrasing that a message resembles: rapidfuzz shows a person why, and how near the wording is."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from intents.model import Example
from intents.normalise import normalise


def nearest(text: str, examples: Sequence[Example]) -> tuple[Example, float] | None:
    """The example whose words are nearest, whatever their order, with a likeness from 0 to 1; None without examples."""
    spoken = [" ".join(normalise(example.text)) for example in examples]
    found = process.extractOne(" ".join(normalise(text)), spoken, scorer=fuzz.token_sort_ratio)
    return (examples[found[2]], found[1] / 100) if found else None
