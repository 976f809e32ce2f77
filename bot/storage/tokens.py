"""The tokens of workspaces, closed with the application's own key, and installations that are under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Engine, delete, select
from sqlalchemy import insert as plain_insert

from bot.domain.ports import Clock
from bot.storage.engine import transaction
from bot.storage.tables import insert, states, tokens
from bot.storage.transaction import Boxes
from bot.talk.sealed import Sealed

LIFE = timedelta(minutes=10)
"""How long an installation may take."""


class SqlTokens:
    """Tokens in a database, one text for each workspace; `key` gives the 32 bytes they are closed with.

    Every method raises NotRecorded where the database cannot be reached.
    """

    def __init__(self, engine: Engine, key: Callable[[], bytes], box: Boxes, clock: Clock) -> None:
        self._engine = engine
        self._key = key
        self._box = box
        self._clock = clock

    def keep(self, workspace: str, token: Sealed) -> None:
        """Keep a workspace's token in place of an earlier one."""
        row = {"workspace": workspace, "box": self._box(self._key()).put(token, _place(workspace)), "at": self._clock()}
        with transaction(self._engine) as connection:
            new = insert(connection, tokens).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=["workspace"], set_=row))

    def kept(self, workspace: str) -> Sealed | None:
        """A workspace's token, or None. Raises CannotOpen where it was changed."""
        with transaction(self._engine) as connection:
            theirs = select(tokens.c.box).where(tokens.c.workspace == workspace)
            closed = connection.execute(theirs).scalar_one_or_none()
        return None if closed is None else self._box(self._key()).take(closed, _place(workspace))

    def drop(self, workspace: str) -> None:
        """Forget a workspace's token."""
        with transaction(self._engine) as connection:
            connection.execute(delete(tokens).where(tokens.c.workspace == workspace))

    def workspaces(self) -> Sequence[str]:
        """All that have one, by id."""
        with transaction(self._engine) as connection:
            return connection.execute(select(tokens.c.workspace).order_by(tokens.c.workspace)).scalars().all()


class SqlStates:
    """What is handed out when an installation begins, and must come back once; only a hash of it is kept."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self) -> str:
        """A new one; those past their time go."""
        state, now = token_urlsafe(32), self._clock()
        with transaction(self._engine) as connection:
            connection.execute(delete(states).where(states.c.expires <= now))
            connection.execute(plain_insert(states).values(state_hash=_hash(state), expires=now + LIFE))
        return state

    def consume(self, state: str) -> bool:
        """Use one up: of two who try at once one may go on."""
        theirs = (states.c.state_hash == _hash(state), states.c.expires > self._clock())
        with transaction(self._engine) as connection:
            return connection.execute(delete(states).where(*theirs)).rowcount == 1


def _hash(state: str) -> str:
    return sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


def _place(workspace: str) -> str:
    return f"tokens/{workspace}"
