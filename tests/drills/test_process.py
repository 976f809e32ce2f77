"""The drills that watch a real process, in small."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"canary": 30, "fuzz": 150}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
