"""The drills of confidentiality in small, through the real pages and the real chat."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"matrix": 40, "outage": 1, "requests": 20, "subject": 1, "tamper": 160}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
