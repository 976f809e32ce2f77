"""What has come in before: claimed on lease, noted as done, forgotten after a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, delete, select, update

from bot.domain.ports import Clock, Standing
from bot.storage.engine import transaction
from bot.storage.tables import insert, seen

LEASE = timedelta(seconds=30)
"""After so long without a word, whoever claimed it is taken for dead."""

LIFE = timedelta(days=1)
"""Far longer than anything is sent again."""


class SqlSeen:
    """What has come in, in a database; every method raises NotRecorded where it cannot be reached."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def claim(self, key: str, by: str) -> Standing:
        """Claim something under a name of one's own; of many who try at once one gets it."""
        now = self._clock()
        row = {"key": key, "by": by, "at": now, "lease_until": now + LEASE, "done": False}
        with transaction(self._engine) as connection:
            new = insert(connection, seen).values(row)
            lapsed = ~seen.c.done & (seen.c.lease_until <= now)
            taking = new.on_conflict_do_update(index_elements=["key"], set_=row, where=lapsed).returning(seen.c.key)
            if connection.execute(taking).first():
                return Standing.OURS
            done = connection.execute(select(seen.c.done).where(seen.c.key == key)).scalar_one_or_none()
        return Standing.DONE if done else Standing.BUSY

    def done(self, key: str) -> None:
        """Note that it is done, whoever holds it by now."""
        with transaction(self._engine) as connection:
            connection.execute(update(seen).where(seen.c.key == key).values(done=True))

    def give_up(self, key: str, by: str) -> None:
        """Let go of a claim, unless another one has it by now."""
        with transaction(self._engine) as connection:
            connection.execute(delete(seen).where(seen.c.key == key, seen.c.by == by, ~seen.c.done))

    def purge(self) -> None:
        """Forget what came in long ago."""
        with transaction(self._engine) as connection:
            connection.execute(delete(seen).where(seen.c.at < self._clock() - LIFE))
