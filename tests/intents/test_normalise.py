from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.normalise import _slang, normalise

TYPED = [
    ("Can I FRIEND an Ex-Pupil?", "can i friend an ex pupil ?"),
    ("can’t I ‘add’ “her”, don`t", "can't i add her don't"),
    ("dm a kid on insta", "message a pupil on instagram"),
    ("pupils' Tik Tok vids", "pupil tiktok video"),
    ("y7s and Yr 11", "year 7 and year 11"),
    ("Year-8, year 9's", "year 8 year 9"),
    ("the year 2024", "the year 2024"),
    ("is she 15yo", "is she 15 years old"),
    ("a 16-year-old and a 17 yr old", "a 16 years old and a 17 years old"),
    ("18 y/o", "18 years old"),
    ("sooooo coooool", "soo cool"),
    ("WHAT?!?", "what ? ! ?"),
    ("y?", "why ?"),
    ("ﬁne ＩＮＳＴＡ", "fine instagram"),
    ("😀 …", ""),
    ("", ""),
]
SCRAPS = "y yr yrs year years 7 11 old yo y/o 7yo . '' ' ’ s r u a aaa ? ! - / don't wa tik tok kids Year 10's".split()
messages = st.one_of(st.text(), st.lists(st.sampled_from(SCRAPS)).map(" ".join), st.text("yr7yoeas'’-./? ld"))


@pytest.mark.parametrize(("typed", "plain"), TYPED)
def test_what_was_typed_becomes_plain_words(typed: str, plain: str) -> None:
    assert " ".join(normalise(typed)) == plain


@given(messages)
def test_any_text_becomes_words_without_space_or_capital(text: str) -> None:
    assert [word for word in normalise(text) if not word or word != word.casefold() or " " in word] == []


@given(messages)
def test_plain_words_stay_as_they_are_but_for_a_year_that_was_split(text: str) -> None:
    once = " ".join(normalise(text))
    twice = " ".join(normalise(once))
    assert " ".join(normalise(twice)) == twice


@given(st.text())
def test_the_shape_of_quotes_makes_no_difference(text: str) -> None:
    assert normalise(text.replace("'", "’")) == normalise(text.replace("’", "'"))


def test_slang_is_written_out_once_and_for_all() -> None:
    assert [long for long in _slang().values() if normalise(long) != tuple(long.split())] == []


@pytest.mark.parametrize("short", _slang())
def test_every_short_form_is_understood_when_typed_alone(short: str) -> None:
    assert normalise(short) == tuple(_slang()[short].split())
