from __future__ import annotations

import pytest

from intents.model import Route
from policy_kb.compare import compare
from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge
from policy_kb.model import Verdict


def test_the_five_schools_stand_side_by_side_on_ex_pupils(knowledge: Knowledge) -> None:
    rows = [
        (found.policy.id, found.verdict, found.cited[0].clause.id, found.silence is not None)
        for found in compare(knowledge, "former-pupil-contact")
    ]
    assert rows == [
        ("emlm", Verdict.DEPENDS, "emlm/6.2.1", True),
        ("inspire", Verdict.NO, "inspire/staff.2", False),
        ("milford", Verdict.DEPENDS, "milford/personal-pupils.2", False),
        ("rmet", Verdict.DEPENDS, "rmet/general.7", True),
        ("whgs", Verdict.NO, "whgs/staff-personal.4", False),
    ]


def test_every_intent_has_a_row_for_each_school(knowledge: Knowledge) -> None:
    for intent in knowledge.shared.intents:
        found = compare(knowledge, intent)
        assert [one.policy.id for one in found] == list(knowledge.policies)
        assert [one.policy.id for one in found if one.route is Route.NONE and (one.cited or not one.ask)] == []


@pytest.mark.parametrize(
    ("intent", "hint"),
    [
        ("former", "Did you mean: former-pupil-contact?"),
        ("logo-new", "Did you mean: school-logo, new-staff, new-account?"),
        ("zzz", "'signpost policy list --intents' shows them all."),
        ("", "'signpost policy list --intents' shows them all."),
    ],
)
def test_an_unknown_intent_is_refused_with_those_that_are_near(knowledge: Knowledge, intent: str, hint: str) -> None:
    with pytest.raises(PolicyError) as refused:
        compare(knowledge, intent)
    assert str(refused.value) == f"There is no intent called {intent}. {hint}"
