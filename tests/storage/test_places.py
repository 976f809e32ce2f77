"""At which school somebody is holds until they say otherwise."""

from __future__ import annotations

from sqlalchemy import Engine

from bot.storage.places import SqlPlaces


def test_the_last_school_that_somebody_named_is_where_they_are(engine: Engine) -> None:
    places = SqlPlaces(engine)
    before = places.at("slack/T1/U1")
    places.go("slack/T1/U1", "oak")
    places.go("slack/T1/U2", "elm")
    places.go("slack/T1/U1", "ash")
    assert (before, places.at("slack/T1/U1"), places.at("slack/T1/U2")) == ("", "ash", "elm")
