"""The drill of request forms in small, in a browser and at a terminal."""

from tests.drills.__main__ import DRILLS


def test_the_drill_of_request_forms_holds() -> None:
    assert DRILLS["forms"].drill(4)
