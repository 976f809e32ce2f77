"""The drills of approvals in small."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"approvals-model": 8, "reminders": 1}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
