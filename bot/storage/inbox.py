"""The messenger inside Signpost: each notice is seen once, however often it is delivered."""

from __future__ import annotations

from sqlalchemy import Engine, select

from bot.domain.ports import Clock
from bot.storage.engine import transaction
from bot.storage.outbox import Leased
from bot.storage.tables import inbox, insert, notices


class Inbox:
    """What people find waiting when they come to Signpost; `Work.notices` reads it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def deliver(self, leased: Leased) -> bool:
        """Lay a notice in its recipient's inbox; False where it was taken back or the lease is no longer ours."""
        notice = leased.notice
        # Locked until the end: whoever takes it back now waits, or has done so and we see it.
        state = select(notices.c.state).where(notices.c.id == notice.id, notices.c.lease_token == leased.token)
        row = {"notice": notice.id, "school": notice.school, "keyed": leased.keyed, "ref": notice.ref}
        with transaction(self._engine) as connection:
            if connection.execute(state.with_for_update()).scalar_one_or_none() != "leased":
                return False
            once = insert(connection, inbox).on_conflict_do_nothing(index_elements=["notice"])
            connection.execute(once, {**row, "template": notice.template, "at": self._clock()})
        return True
