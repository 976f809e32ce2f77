import tomllib
from itertools import chain
from pathlib import Path

import pytest

from bot.conversation import case_wording as say
from bot.domain.access import read_access
from bot.domain.case import State
from bot.talk import limits
from intents.catalogue import catalogue
from intents.model import Route

ACCESS = read_access(tomllib.loads(Path("bot/domain/access.toml").read_text(encoding="utf-8")))


def test_everything_that_can_be_done_to_a_case_has_a_word() -> None:
    assert {*ACCESS, "filed", "added", "nudge", "escalate", "refused", "rewrap"} == say.ENTRIES.keys()


def test_every_state_and_kind_has_a_word() -> None:
    kinds = {kind.id for kind in catalogue().kinds.values() if kind.route is Route.DISCLOSURE}
    assert ({*say.STATES}, {*say.KINDS}) == ({*State}, kinds)


@pytest.mark.parametrize("table", [say.LEVELS, say.OUTCOMES, say.SORTS, say.HARM])
def test_what_can_be_chosen_fits_every_channel(table: dict[str, str]) -> None:
    assert [words for words in table.values() if len(words) > limits.LABEL] == []


def test_no_two_codes_of_a_table_look_the_same() -> None:
    tables = (say.STATES, say.KINDS, say.LEVELS, say.OUTCOMES, say.SORTS, say.HARM)
    assert [table for table in tables if len({*table.values()}) < len(table)] == []


def test_no_word_is_a_code() -> None:
    tables = (say.STATES, say.KINDS, say.LEVELS, say.OUTCOMES, say.SORTS, say.HARM, say.ENTRIES)
    words = chain.from_iterable(table.values() for table in tables)
    assert [word for word in words if not word[:1].isupper() or "-" in word.replace("Low-level", "")] == []
