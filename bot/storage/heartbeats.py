"""Signs of life: when each part last did its round."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from bot.domain.ports import Clock
from bot.storage.engine import transaction
from bot.storage.tables import heartbeats, insert


class Heartbeats:
    """Signs of life in a database; every method raises NotRecorded where it cannot be reached."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def beat(self, name: str) -> None:
        """Note that a part is alive now."""
        with transaction(self._engine) as connection:
            new = insert(connection, heartbeats).values(name=name, at=self._clock())
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"at": new.excluded.at}))

    def last(self, name: str) -> datetime | None:
        """When a part was last alive, None where it never was."""
        with transaction(self._engine) as connection:
            return connection.execute(select(heartbeats.c.at).where(heartbeats.c.name == name)).scalar_one_or_none()
