"""The drills of answers; `hands` builds five times and `scale` takes times: both run by hand."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"documents": None, "messages": None}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
