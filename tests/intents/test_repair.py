"""Misspelt words: put right where a known word is near, as the words around suggest, else left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.normalise import normalise
from intents.repair import repair


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teh boy adn hte girl", "the boy and the girl"),
        ("isntagram photgraph of my colleage", "instagram photograph of my colleague"),
        ("the pupli's phone", "the pupil's phone"),
        ("set up a facebook acount", "set up a facebook account"),
        ("safegaurding", "safeguarding"),
        ("classtrip photos", "class trip photo"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    assert repair(normalise(typed)) == tuple(meant.split())


@pytest.mark.parametrize("word", ["pgce", "rmet", "xqzvw", "y7", "eal", "18", "?"])
def test_what_has_no_near_word_stays(word: str) -> None:
    assert repair([word]) == (word,)


@given(st.text())
def test_anything_typed_can_be_repaired_and_twice_is_once(text: str) -> None:
    once = repair(normalise(text))
    assert repair(once) == once
