"""What the table of access allows; every cell of it runs in tests/laws/test_matrix.py."""

from __future__ import annotations

import pytest

from bot.domain.access import allowed, ever, fits, may, read_access
from bot.domain.case import Case, Relation, State
from bot.domain.people import Role
from tests.domain.schools import MONDAY, PEOPLE, RULES, Office, person

OFFICE = Office()
KEYED = OFFICE.sealer.keyed(OFFICE.here.id, [one.id for one in PEOPLE])
CASE = Case("S-1", OFFICE.here.id, "child-concern", State.RECEIVED, MONDAY, ((Role.DSL,),), 1, KEYED.of("teacher"))


def who(person_id: str) -> tuple[str, ...]:
    found = OFFICE.here.person(person_id)
    assert found is not None
    return allowed(RULES.access, CASE, OFFICE.here, found, KEYED)


def test_a_reporter_may_only_add() -> None:
    assert who("teacher") == ("add",)


def test_whoever_stands_in_no_relation_may_do_nothing() -> None:
    assert [who(one) for one in ("head", "it", "auditor", "pa")] == [(), (), (), ()]


def test_a_recipient_may_do_what_fits_a_new_case() -> None:
    assert who("dsl") == (
        *("read", "acknowledge", "note", "correct", "hand-over", "propose-member", "confirm-member", "recuse"),
        *("name-subject", "hold", "release", "export"),
    )


def test_what_stands_in_no_row_is_refused() -> None:
    dsl = person("dsl", Role.DSL)
    assert not may(RULES.access, "sell", CASE, OFFICE.here, dsl, KEYED)
    assert not ever(RULES.access, "sell", CASE, OFFICE.here, dsl, KEYED)


def test_what_may_be_done_later_is_known_from_what_never_may() -> None:
    dsl, teacher = person("dsl", Role.DSL), person("teacher")
    assert not may(RULES.access, "close", CASE, OFFICE.here, dsl, KEYED)
    assert ever(RULES.access, "close", CASE, OFFICE.here, dsl, KEYED)
    assert not ever(RULES.access, "close", CASE, OFFICE.here, teacher, KEYED)


def test_an_action_of_a_case_is_none_of_the_school_and_the_other_way_round() -> None:
    head = person("head", Role.HEAD)
    found = [
        fits(RULES.access[one], head, Relation.NONE, state)
        for one in ("figures", "read")
        for state in (None, State.CLOSED)
    ]
    assert found == [True, False, False, False]


@pytest.mark.parametrize(
    "word", [{"relations": ["friend"]}, {"roles": ["wizard"]}, {"states": ["lost"]}, {"to": "lost"}]
)
def test_a_word_that_nobody_knows_is_refused(word: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        read_access({"action": [{"id": "one", **word}]})
