"""Law 7: who may do what is one table; every action has its cell, and every cell runs."""

from __future__ import annotations

import pytest

from bot.domain.case import Relation, State
from bot.domain.people import Role
from tests.domain.schools import RULES
from tests.laws.matrix import SCHOOL, Cell, cells, lines, tried


def test_every_action_has_its_cell() -> None:
    assert {line.action for line in lines()} == set(RULES.access)


def test_the_table_that_decides_says_what_people_read() -> None:
    read = {(line.action, line.relation, frozenset(line.states), line.roles) for line in lines()}
    decides = {
        (row.id, relation, row.states, row.roles)
        for row in RULES.access.values()
        for relation in (row.relations or {SCHOOL})
    }
    assert decides == read


@pytest.mark.parametrize("role", Role)
def test_every_cell_does_what_people_read(role: Role) -> None:
    of_this = [cell for cell in cells() if cell.role is role]
    assert [(cell, found) for cell in of_this if (found := tried(cell)) != cell.expected] == []


def test_there_is_a_cell_for_every_role_action_relation_and_state() -> None:
    found = [(cell.action, cell.role, cell.relation, cell.state) for cell in cells()]
    of_a_case = sum(row.of_a_case for row in RULES.access.values())
    beside = len(RULES.access) - of_a_case
    assert len(found) == len(set(found)) == len(Role) * (of_a_case * len(Relation) * len(State) + beside)


def test_nothing_is_ever_allowed_to_the_subject() -> None:
    assert {cell.expected for cell in cells() if cell.relation is Relation.SUBJECT} == {"hidden"}


@pytest.mark.parametrize("action", ["read", "export", "note", "triage", "close", "name-subject", "delete"])
def test_who_runs_the_computers_reads_nothing_by_that(action: str) -> None:
    beside = (Relation.NONE, Relation.REPORTER, Relation.SECOND)
    allowed: list[Cell] = [cell for cell in cells() if cell.role is Role.IT_ADMIN and cell.action == action]
    assert {cell.expected for cell in allowed if cell.relation in beside} == {"hidden"}
