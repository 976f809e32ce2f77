"""The drills of the Slack channel, in small."""

import pytest

from tests.drills.__main__ import DRILLS

SMALL = {"slack-bad": 500, "slack-contract": 3, "slack-latency": 20, "slack-mutants": 3, "slack-retry": 3}


@pytest.mark.parametrize("name", SMALL)
def test_a_drill_holds(name: str) -> None:
    assert DRILLS[name].drill(SMALL[name])
