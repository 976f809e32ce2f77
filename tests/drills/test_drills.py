"""The drills that need no index of their own; `hands` builds five times and `scale` takes times: both run by hand."""

from collections.abc import Callable

import pytest

from tests.drills import documents, messages

Drill = Callable[[int | None], bool]


@pytest.mark.parametrize("drill", [documents.drill, messages.drill])
def test_a_drill_holds(drill: Drill) -> None:
    assert drill(None)
