"""The drills of confidentiality in small, through the real pages and the real chat."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"matrix": 80, "outage": 2, "requests": 40, "subject": 1, "tamper": 160}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
