from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intents.evidence import nearest
from intents.model import Example

LOGO, PUPIL = (
    Example("can I use the school logo", "school-logo"),
    Example("may I add a pupil on insta", "pupil-contact"),
)


def test_the_same_words_are_as_near_as_can_be_whatever_their_order_or_case() -> None:
    assert nearest("the school LOGO can I use", [PUPIL, LOGO]) == (LOGO, 1.0)


def test_slang_is_written_out_on_both_sides() -> None:
    assert nearest("May I add a KID on Instagram", [LOGO, PUPIL]) == (PUPIL, 1.0)


def test_the_first_of_two_equal_examples_is_shown() -> None:
    twin = Example(LOGO.text, "another")
    assert nearest(LOGO.text, [twin, LOGO]) == (twin, 1.0)


def test_nothing_resembles_nothing() -> None:
    assert nearest("anything", []) is None


@given(st.text())
def test_any_text_is_somewhere_between_unlike_and_alike(text: str) -> None:
    found = nearest(text, [LOGO, PUPIL])
    assert found is not None and found[0] in (LOGO, PUPIL) and 0 <= found[1] <= 1
