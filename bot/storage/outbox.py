"""Notices on their way: taken on lease, sent at least once, in order for each case and recipient."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select, update

from bot.domain.ports import CannotOpen, Clock, KeyMissing, Notice
from bot.storage.audit import Secret
from bot.storage.engine import transaction
from bot.storage.tables import notices
from bot.storage.transaction import Boxes, place

TRIES = 1000
"""After so many, three days of them, a notice is dead and a person must look."""

LONGEST_WAIT = 300
"""Seconds between two tries, at most, where the other side names no time."""

_OPEN = ("waiting", "leased")


@dataclass(frozen=True, slots=True)
class Leased:
    """A notice that is ours to send until its lease ends; `keyed` is its recipient's keyed name."""

    notice: Notice
    keyed: str
    token: str


class Outbox:
    """The queue of notices, filled by the transactions that cause them."""

    def __init__(self, engine: Engine, secret: Secret, box: Boxes, clock: Clock) -> None:
        self._engine = engine
        self._secret = secret
        self._box = box
        self._clock = clock

    def claim(self, limit: int, lease_seconds: float) -> list[Leased]:
        """Take what is due, oldest first: the first of each case and recipient only, so that their order is kept."""
        now, token = self._clock(), secrets.token_hex(16)
        lease = {"state": "leased", "lease_until": now + timedelta(seconds=lease_seconds), "lease_token": token}
        with transaction(self._engine) as connection:
            _bury(connection, now)
            taken = update(notices).where(notices.c.id.in_(_due(now, limit))).returning(*notices.c)
            rows = connection.execute(taken.values(**lease, attempts=notices.c.attempts + 1)).all()
            opened = [(row, self._opened(row)) for row in sorted(rows, key=lambda row: row.id)]
            lost = [row.id for row, notice in opened if notice is None]
            if lost:
                connection.execute(update(notices).where(notices.c.id.in_(lost)).values(state="dead"))
        return [Leased(notice, row.keyed, token) for row, notice in opened if notice]

    def sent(self, leased: Leased) -> bool:
        """Note that it was sent; False where the lease is no longer ours."""
        return self._settle(leased, state="sent", sent_at=self._clock())

    def again(self, leased: Leased, after_seconds: float | None = None) -> bool:
        """Try it later: after the time that the other side named, or twice as long as before; some time it is dead."""
        if leased.notice.attempts >= TRIES:
            return self.dead(leased)
        wait = min(2 ** (leased.notice.attempts - 1), LONGEST_WAIT) if after_seconds is None else after_seconds
        return self._settle(leased, state="waiting", not_before=self._clock() + timedelta(seconds=wait))

    def dead(self, leased: Leased) -> bool:
        """Give it up: it cannot be sent, and a person must look."""
        return self._settle(leased, state="dead")

    def oldest_waiting(self, now: datetime) -> float:
        """For how many seconds the oldest notice has not been delivered; 0 where none waits."""
        oldest = select(func.min(notices.c.created)).where(notices.c.state.in_(_OPEN))
        with transaction(self._engine) as connection:
            created = connection.execute(oldest).scalar_one()
        return max(0.0, (now - created).total_seconds()) if created else 0.0

    def counts(self) -> dict[str, int]:
        """How many notices are in each state; states without any are left out."""
        counted = select(notices.c.state, func.count()).group_by(notices.c.state)
        with transaction(self._engine) as connection:
            return {state: number for state, number in connection.execute(counted)}

    def _opened(self, row: Any) -> Notice | None:
        """The notice of a row, or None where its recipient cannot be read: that must not hold up the others."""
        try:
            box = self._box(self._secret(row.school, "box"))
            to = box.take(row.recipient, place(row.school, row.ref, row.keyed)).reveal()
        except (CannotOpen, KeyMissing):
            return None
        return Notice(row.school, row.ref, to, row.template, row.id, row.attempts, row.created)

    def _settle(self, leased: Leased, **values: object) -> bool:
        ours = (notices.c.id == leased.notice.id, notices.c.state == "leased", notices.c.lease_token == leased.token)
        with transaction(self._engine) as connection:
            return connection.execute(update(notices).where(*ours).values(**values)).rowcount == 1


def _due(now: datetime, limit: int) -> Any:
    earlier = notices.alias()
    first = ~(
        select(earlier.c.id)
        .where(earlier.c.ref == notices.c.ref, earlier.c.keyed == notices.c.keyed)
        .where(earlier.c.id < notices.c.id, earlier.c.state.in_(_OPEN))
        .exists()
    )
    waits = (notices.c.state == "waiting") & (notices.c.not_before <= now)
    lapsed = (notices.c.state == "leased") & (notices.c.lease_until <= now)
    chosen = select(notices.c.id).where(or_(waits, lapsed), first).order_by(notices.c.id).limit(limit)
    # Materialised, so that PostgreSQL cannot run it again for each row and take more than the limit.
    locked = chosen.with_for_update(skip_locked=True, of=notices).cte("due").prefix_with("MATERIALIZED")
    return select(locked.c.id)


def _bury(connection: Connection, now: datetime) -> None:
    """Give up what stopped its worker every time it was tried."""
    lapsed = (notices.c.state == "leased", notices.c.lease_until <= now, notices.c.attempts >= TRIES)
    connection.execute(update(notices).where(*lapsed).values(state="dead"))
