"""Sign-in links: each works once, for ten minutes; of its token only a hash is kept."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update

from bot.domain.ports import Clock
from bot.storage.audit import Secret
from bot.storage.engine import transaction
from bot.storage.tables import links
from bot.storage.transaction import Boxes
from bot.talk.sealed import Sealed

LIFE = timedelta(minutes=10)


class Links:
    """Sign-in links in a database; every method raises NotRecorded where it cannot be reached."""

    def __init__(self, engine: Engine, secret: Secret, box: Boxes, clock: Clock) -> None:
        self._engine = engine
        self._secret = secret
        self._box = box
        self._clock = clock

    def make(self, school: str, person: str, keyed: str) -> Sealed:
        """The token of a new link for a person, and for `keyed`, their keyed name; links past their time go."""
        token, now = token_urlsafe(32), self._clock()
        name = _hash(token)
        row = {
            "token_hash": name,
            "school": school,
            "keyed": keyed,
            "person": self._box(self._secret(school, "box")).put(Sealed(person), _place(school, name)),
            "expires": now + LIFE,
        }
        with transaction(self._engine) as connection:
            connection.execute(delete(links).where(links.c.expires <= now))
            connection.execute(insert(links).values(row))
        return Sealed(token)

    def look(self, token: str) -> bool:
        """Whether a link would work now; uses nothing up."""
        with transaction(self._engine) as connection:
            return connection.execute(select(links.c.school).where(self._open(token))).first() is not None

    def use(self, token: str) -> tuple[str, str] | None:
        """Use a link up: the ids of its school and person. Of two who try at once one gets them, the other None."""
        used = update(links).where(self._open(token)).values(used_at=self._clock())
        with transaction(self._engine) as connection:
            row = connection.execute(used.returning(links.c.school, links.c.person)).first()
        if row is None:
            return None
        box = self._box(self._secret(row.school, "box"))
        return row.school, box.take(row.person, _place(row.school, _hash(token))).reveal()

    def _open(self, token: str) -> ColumnElement[bool]:
        return and_(links.c.token_hash == _hash(token), links.c.used_at.is_(None), links.c.expires > self._clock())


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _place(school: str, name: str) -> str:
    return f"links/{school}/{name}"
