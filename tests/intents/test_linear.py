from __future__ import annotations

import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import linear
from intents.catalogue import catalogue
from intents.features import read
from intents.linear import Linear
from intents.model import Example

TOPICS = ("former-pupil-contact", "school-logo", "wikipedia", "passwords", "copyright", "training")
EXAMPLES = tuple(example for example in catalogue().phrasings if example.label in TOPICS)
QUESTIONS = ["can I add an ex pupil", "school logo on my page?", "editing wikipedia at work", "my paswords", "", "zzz"]
FITTED = Linear.fit(EXAMPLES)

HASH = """
import hashlib
from intents.catalogue import catalogue
from intents import linear
from intents.linear import Linear
examples = [example for example in catalogue().phrasings if example.label in {topics!r}]
print(hashlib.sha256(Linear.fit(examples).dump()).hexdigest())
"""


def test_every_phrasing_finds_its_own_label_first() -> None:
    missed = [e for e in EXAMPLES if FITTED.ranked(read(e.text), most=1)[0].label != e.label]
    assert missed == []


def test_the_same_examples_give_the_same_bytes_in_every_process() -> None:
    def fitted_under(seed: str) -> str:
        code = HASH.format(topics=TOPICS)
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout

    assert fitted_under("1") == fitted_under("2")


def test_what_was_dumped_ranks_the_same_with_the_same_chances() -> None:
    loaded = Linear.load(FITTED.dump())
    for question in QUESTIONS:
        before, after = (model.ranked(read(question), most=6) for model in (FITTED, loaded))
        assert [scored.label for scored in before] == [scored.label for scored in after]
        assert [scored.score for scored in before] == [scored.score for scored in after]


def test_what_was_dumped_and_loaded_can_be_dumped_again() -> None:
    dumped = Linear.load(FITTED.dump()).dump()
    assert Linear.load(dumped).dump() == dumped


@pytest.mark.parametrize("question", QUESTIONS[:4])
def test_the_shares_that_explain_a_score_add_up_to_what_it_is_above_the_average(question: str) -> None:
    message = read(question)
    best = FITTED.ranked(message, most=1)[0]
    shares = FITTED.why(message, best.label, most=10_000)
    above = FITTED.scores(message) - FITTED.start
    expected = above[FITTED.labels.index(best.label)] - above.mean()
    assert sum(share for _, share in shares) == pytest.approx(float(expected), abs=1e-3)
    assert [share for _, share in shares] == sorted((share for _, share in shares), reverse=True)


def test_a_word_and_its_meaning_explain_its_topic_first() -> None:
    assert "=wikipedia" in [name for name, _ in FITTED.why(read("wikipedia"), "wikipedia", most=2)]


@pytest.mark.parametrize("nothing", ["", "   ", "…", "😀", "привет"])
def test_a_message_without_words_scores_nothing_anywhere(nothing: str) -> None:
    assert FITTED.scores(read(nothing)).tolist() == [0.0] * len(TOPICS)


def test_strange_words_weaken_a_score_step_by_step() -> None:
    texts = ["wikipedia", "wikipedia qqqzx", "wikipedia qqqzx vvvkj", "wikipedia qqqzx vvvkj jjjwq"]
    scores = [FITTED.ranked(read(text), most=1)[0].score for text in texts]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)


def test_equal_scores_stand_in_the_order_of_the_examples() -> None:
    assert [scored.label for scored in FITTED.ranked(read(""), most=6)] == list(FITTED.labels)


def test_the_order_of_the_examples_changes_no_score() -> None:
    shuffled = list(EXAMPLES)
    random.Random(7).shuffle(shuffled)
    other = Linear.fit(shuffled)
    for question in QUESTIONS:
        before = dict(zip(FITTED.labels, FITTED.scores(read(question)).tolist(), strict=True))
        after = dict(zip(other.labels, other.scores(read(question)).tolist(), strict=True))
        assert after == pytest.approx(before, abs=1e-4)


def test_a_rare_label_is_heard_beside_a_common_one() -> None:
    common = [Example(f"add a pupil on facebook number {n}", "common") for n in range(30)]
    model = Linear.fit([*common, Example("use the logo on facebook", "rare")])
    assert model.ranked(read("the logo on facebook"), most=1)[0].label == "rare"


@given(st.text())
def test_any_text_scores_a_finite_number_for_each_label(text: str) -> None:
    scores = FITTED.scores(read(text))
    assert scores.shape == (len(TOPICS),) and bool(np.isfinite(scores).all())


def test_a_large_set_is_fitted_as_a_small_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "LARGE", 1)
    large = Linear.fit(EXAMPLES)
    for question in QUESTIONS:
        found, known = (model.chances(read(question)) for model in (large, FITTED))
        assert found == pytest.approx(known, abs=0.05)
