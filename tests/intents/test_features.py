from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.features import Features, Reading, read
from intents.table import table

SEEN = [read(text) for text in ("add a pupil", "add a parent", "school logo", "school logo?")]
LEARNED = Features.learn(SEEN)


def test_a_message_is_read_as_words_pairs_and_letters() -> None:
    assert read("Add u") == Reading(
        ("add", "you"),
        (),
        (
            ["=add", "=you"],
            ["^ add", "add you", "you $"],
            ["‹a", "ad", "dd", "d›", "‹ad", "add", "dd›", "‹add", "add›", "‹add›"]
            + ["‹y", "yo", "ou", "u›", "‹yo", "you", "ou›", "‹you", "you›", "‹you›"],
            [],
        ),
        table().meaning(("add", "you")),
    )


def test_cues_are_read_alone_and_two_together() -> None:
    assert read("please add?").blocks[3] == ["«question-mark»", "«please»", "«question-mark»«please»"]


def test_a_misspelt_word_is_read_as_the_word_it_was_meant_to_be() -> None:
    assert read("my freind on facebok").words == ("my", "friend", "on", "facebook")


def test_an_empty_message_has_no_words() -> None:
    assert read("") == Reading((), (), ([], ["^ $"], [], []), table().meaning(()))


def test_every_word_is_kept_but_pairs_and_letters_only_when_seen_twice() -> None:
    learned = Features.learn([read("logo me"), read("logo")])
    words = {name for name in learned.index if name.startswith("=")}
    pairs = {name for name in learned.index if " " in name}
    assert (words, pairs, "‹me" in learned.index, "‹logo" in learned.index) == (
        {"=logo", "=me"},
        {"^ logo"},
        False,
        True,
    )


def test_what_few_messages_have_tells_more() -> None:
    idf = {name: round(float(LEARNED.idf[at]), 3) for name, at in LEARNED.index.items()}
    assert [idf["=pupil"], idf["=add"]] == pytest.approx([np.log(5 / 2) + 1, np.log(5 / 3) + 1], abs=0.001)


def test_each_block_of_a_known_message_weighs_as_a_whole() -> None:
    _, values = LEARNED.vector(read("add a"))
    words = values[:2]
    assert float(words @ words) == pytest.approx(1.0, abs=1e-5)


def test_words_nobody_used_weaken_the_rest() -> None:
    def strength(text: str) -> float:
        return round(float(LEARNED.vector(read(text))[1].max()), 3)

    assert strength("add") > strength("add qqqq") > strength("add qqqq wwww")


def test_postings_hold_the_same_numbers_as_the_vectors() -> None:
    whole = np.zeros((len(SEEN), len(LEARNED.index)), np.float32)
    for column, (rows, values) in enumerate(LEARNED.postings(SEEN)):
        whole[rows, column] = values
    expected = np.zeros_like(whole)
    for row, reading in enumerate(SEEN):
        positions, values = LEARNED.vector(reading)
        expected[row, positions] = values
    assert np.array_equal(whole, expected)


@given(st.text())
def test_any_text_gives_finite_numbers_at_places_that_exist(text: str) -> None:
    positions, values = LEARNED.vector(read(text))
    assert len(positions) == len(values) == len(set(positions.tolist()))
    assert bool(np.isfinite(values).all()) and all(0 <= at < len(LEARNED.index) for at in positions)
