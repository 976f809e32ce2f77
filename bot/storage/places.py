"""At which school somebody is, where a channel serves several: what they said last."""

from __future__ import annotations

from sqlalchemy import Engine, select

from bot.storage.engine import transaction
from bot.storage.tables import insert, places


class SqlPlaces:
    """Places in a database; both methods raise NotRecorded where it cannot be reached."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def at(self, name: str) -> str:
        """The school's id, empty where they have not said."""
        with transaction(self._engine) as connection:
            theirs = select(places.c.school).where(places.c.name == name)
            return connection.execute(theirs).scalar_one_or_none() or ""

    def go(self, name: str, school: str) -> None:
        """Remember it."""
        row = {"name": name, "school": school}
        with transaction(self._engine) as connection:
            new = insert(connection, places).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=row))
