"""Drafts: what people have typed and not sent, closed with the application's own key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Engine, delete, select

from bot.domain.ports import Clock
from bot.storage.audit import Secret
from bot.storage.engine import transaction
from bot.storage.tables import drafts, insert
from bot.storage.transaction import Box, Boxes
from bot.talk.sealed import Sealed

LIFE = timedelta(days=30)


class SqlDrafts:
    """Drafts in a database, one for each person and form."""

    def __init__(self, engine: Engine, secret: Secret, box: Boxes, clock: Clock) -> None:
        self._engine = engine
        self._secret = secret
        self._box = box
        self._clock = clock

    def keep(self, school: str, keyed: str, form: str, typed: Sealed) -> None:
        """Keep a draft in place of an earlier one. Raises NotRecorded."""
        closed = self._school_box(school).put(typed, _place(school, keyed, form))
        row = {"school": school, "keyed": keyed, "form": form, "box": closed, "at": self._clock()}
        with transaction(self._engine) as connection:
            new = insert(connection, drafts)
            changed = {"box": new.excluded.box, "at": new.excluded.at}
            connection.execute(new.on_conflict_do_update(index_elements=["school", "keyed", "form"], set_=changed), row)

    def kept(self, school: str, keyed: str, form: str) -> Sealed | None:
        """The draft, or None. Raises CannotOpen where it was changed."""
        with transaction(self._engine) as connection:
            closed = connection.execute(select(drafts.c.box).where(*_one(school, keyed, form))).scalar_one_or_none()
        return None if closed is None else self._school_box(school).take(closed, _place(school, keyed, form))

    def drop(self, school: str, keyed: str, form: str) -> None:
        """Forget a draft. Raises NotRecorded."""
        with transaction(self._engine) as connection:
            connection.execute(delete(drafts).where(*_one(school, keyed, form)))

    def forms(self, school: str, keyed: str) -> Sequence[str]:
        """Of which forms somebody has a draft, the newest first."""
        theirs = select(drafts.c.form).where(drafts.c.school == school, drafts.c.keyed == keyed)
        with transaction(self._engine) as connection:
            return connection.execute(theirs.order_by(drafts.c.at.desc(), drafts.c.form)).scalars().all()

    def purge(self) -> None:
        """Forget what nobody went on with for a month. Raises NotRecorded."""
        with transaction(self._engine) as connection:
            connection.execute(delete(drafts).where(drafts.c.at < self._clock() - LIFE))

    def _school_box(self, school: str) -> Box:
        return self._box(self._secret(school, "box"))


def _one(school: str, keyed: str, form: str) -> tuple[ColumnElement[bool], ...]:
    return (drafts.c.school == school, drafts.c.keyed == keyed, drafts.c.form == form)


def _place(school: str, keyed: str, form: str) -> str:
    return f"drafts/{school}/{keyed}/{form}"
