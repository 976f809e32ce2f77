"""Drafts are kept closed, one for each person and form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from bot.domain.ports import CannotOpen, Drafts
from bot.storage.drafts import SqlDrafts
from bot.storage.engine import open_engine
from bot.talk.sealed import Sealed
from tests.fake_records import FakeDrafts
from tests.storage.conftest import Urls
from tests.storage.stand_ins import OTHER, SCHOOL, Hands, StandInBox, secret


@pytest.fixture(params=["sqlite", "postgres", "fake"])
def drafts(urls: Urls, clock: Hands, request: pytest.FixtureRequest) -> Iterator[Drafts]:
    if request.param == "fake":
        yield FakeDrafts()
        return
    engine = open_engine(urls(request.param))
    yield SqlDrafts(engine, secret, StandInBox, clock)
    engine.dispose()


def read(drafts: Drafts, *place: str) -> str | None:
    kept = drafts.kept(*place)
    return kept.reveal() if kept else None


def test_the_last_draft_of_a_form_is_kept_until_it_is_dropped(drafts: Drafts) -> None:
    drafts.keep(SCHOOL, "keyed-me", "contact", Sealed("first"))
    drafts.keep(SCHOOL, "keyed-me", "contact", Sealed("second"))
    drafts.keep(SCHOOL, "keyed-me", "concern", Sealed("another form"))
    drafts.keep(OTHER, "keyed-me", "contact", Sealed("another school"))
    before = read(drafts, SCHOOL, "keyed-me", "contact")
    forms = drafts.forms(SCHOOL, "keyed-me"), drafts.forms(SCHOOL, "keyed-you")
    drafts.drop(SCHOOL, "keyed-me", "contact")
    drafts.drop(SCHOOL, "keyed-me", "contact")
    after = [
        read(drafts, *place)
        for place in (
            (SCHOOL, "keyed-me", "contact"),
            (SCHOOL, "keyed-me", "concern"),
            (OTHER, "keyed-me", "contact"),
            (SCHOOL, "keyed-you", "concern"),
        )
    ]
    assert (before, after) == ("second", [None, "another form", "another school", None])
    assert tuple(map(sorted, forms)) == (["concern", "contact"], [])


def test_a_draft_that_was_moved_to_somebody_else_does_not_open(engine: Engine, clock: Hands) -> None:
    drafts = SqlDrafts(engine, secret, StandInBox, clock)
    drafts.keep(SCHOOL, "keyed-me", "contact", Sealed("canary"))
    with engine.begin() as connection:
        (box,) = connection.execute(text("SELECT box FROM drafts")).scalars()
        connection.execute(text("UPDATE drafts SET keyed = 'keyed-you'"))
    with pytest.raises(CannotOpen):
        drafts.kept(SCHOOL, "keyed-you", "contact")
    assert b"canary" not in box
