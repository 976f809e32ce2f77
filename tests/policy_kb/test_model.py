from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from policy_kb.model import Clause, Verdict
from tests.policy_kb.small import small_policy


@pytest.mark.parametrize(
    ("clause_id", "number", "citation"),
    [
        ("small/6.2.1", "6.2.1", "Online Policy, 6.2.1"),
        ("small/A.2.5", "A.2.5", "Online Policy, A.2.5"),
        ("small/7", "7", "Online Policy, 7"),
        ("small/staff-personal.4", "4", "Online Policy, staff use 4"),
        ("small/intro.10", "10", "Online Policy, staff use 10"),
    ],
)
def test_a_clause_is_cited_by_its_printed_number_or_its_place(
    tmp_path: Path, clause_id: str, number: str, citation: str
) -> None:
    clause = Clause(clause_id, "Staff use", "Text.", Verdict.INFO)
    assert (clause.policy, clause.number, small_policy(tmp_path).cite(clause)) == ("small", number, citation)


@pytest.mark.parametrize(
    ("due", "today", "overdue"),
    [
        ("2024-07", date(2024, 7, 31), False),
        ("2024-07", date(2024, 8, 1), True),
        ("2024-07-15", date(2024, 7, 15), False),
        ("2024-07-15", date(2024, 7, 16), True),
        ("", date(2099, 1, 1), False),
    ],
)
def test_a_review_is_overdue_from_the_day_after_its_date(tmp_path: Path, due: str, today: date, overdue: bool) -> None:
    assert replace(small_policy(tmp_path), review_due=due).overdue(today) is overdue


def test_a_clause_is_found_by_its_id(tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    assert (policy.clause("small/1.1"), policy.clause("small/9.9")) == (policy.clauses[0], None)
