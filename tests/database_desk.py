"""A desk whose requests lie in a database, closed with the real box."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from bot.domain.ports import Names
from bot.storage.audit import Secret
from bot.storage.cipher import Box
from bot.storage.inbox import Inbox
from bot.storage.outbox import Outbox
from bot.storage.requests import RequestBox, SqlRequests
from tests.fake_requests import Desk
from tests.fake_seal import FakeSealer
from tests.storage import stand_ins

STAND_INS = (stand_ins.secret, FakeSealer())


class DatabaseDesk(Desk):
    """All that is needed to work on requests in a database; `keys` are the secrets of schools, and keyed names."""

    def __init__(self, engine: Engine, *parts: Any, keys: tuple[Secret, Names] = STAND_INS, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._keys = keys
        self.open(engine)

    def open(self, engine: Engine) -> None:
        """Begin anew on a database."""
        secret, names = self._keys
        self.engine = engine
        self.records = SqlRequests(engine, secret, Box, lambda: self.now)
        self.approvals = replace(
            self.approvals,
            records=self.records,
            box=RequestBox(secret, Box),
            names=names,
            random=lambda: secrets.randbits(64),
        )

    def restart(self) -> None:
        """Forget all but the database, as a new process does."""
        self.engine.dispose()
        self.open(self.engine)

    def told(self) -> list[tuple[str, str]]:
        """Bring what waits: who is told with which notice."""
        clock = self.approvals.clock
        outbox, inbox = Outbox(self.engine, self._keys[0], Box, clock), Inbox(self.engine, clock)
        brought = []
        while taken := outbox.claim(100, 60):
            assert all(inbox.deliver(one) and outbox.sent(one) for one in taken)
            brought += [one.notice for one in taken]
        return [(one.to, one.template) for one in sorted(brought, key=lambda one: one.id)]
