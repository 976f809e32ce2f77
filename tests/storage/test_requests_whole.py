"""All that holds for requests in memory holds in a database: what is done, in whatever order, and at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from sys import modules
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.approvals import Moved
from bot.domain.people import Role
from bot.domain.stages import StageRule
from bot.storage.audit import Audit
from bot.storage.cipher import Box
from bot.storage.engine import open_engine
from bot.storage.inbox import Inbox
from bot.storage.outbox import Outbox
from bot.storage.requests import RequestBox, SqlRequests
from bot.storage.tables import metadata
from tests.domain import test_approvals, test_register, test_reminders, test_request
from tests.domain.schools import person, school
from tests.fake_requests import Desk
from tests.laws.test_approvals import histories
from tests.storage.conftest import Urls
from tests.storage.stand_ins import secret


class DatabaseDesk(Desk):
    """A desk whose requests lie in a database, with the real box."""

    def __init__(self, engine: Engine, *parts: Any, **more: Any) -> None:
        self._engine = engine
        more["made"] = lambda clock: SqlRequests(engine, secret, Box, clock)
        super().__init__(*parts, **more)
        self.approvals = replace(self.approvals, box=RequestBox(secret, Box))

    def told(self) -> list[tuple[str, str]]:
        """Bring what waits: who is told with which notice."""
        clock = self.approvals.clock
        outbox, inbox = Outbox(self._engine, secret, Box, clock), Inbox(self._engine, clock)
        brought = []
        while taken := outbox.claim(100, 60):
            assert all(inbox.deliver(one) and outbox.sent(one) for one in taken)
            brought += [one.notice for one in taken]
        return [(one.to, one.template) for one in sorted(brought, key=lambda one: one.id)]


def _at_a_desk(test: Any) -> bool:
    code = getattr(test, "__code__", None)
    names = code.co_names if code and code.co_name.startswith("test_") and not code.co_argcount else ()
    return "Desk" in names and "FakeRequests" not in names


TESTS = {
    name: test
    for module in (test_approvals, test_register, test_reminders, test_request)
    for name, test in vars(module).items()
    if _at_a_desk(test)
}


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_what_holds_in_memory_holds_in_a_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, test: Callable[[], None]
) -> None:
    monkeypatch.setattr(modules[test.__module__], "Desk", lambda *parts, **more: DatabaseDesk(engine, *parts, **more))
    test()
    assert Audit(engine, secret).verify("milford") == ()


@pytest.mark.parametrize("sort", ["sqlite", "postgres"])
def test_whatever_happens_nobody_signs_their_own_and_no_stage_is_skipped(urls: Urls, sort: str) -> None:
    opened: list[Engine] = []

    def made(clock: Callable[[], Any]) -> SqlRequests:
        for engine in opened:
            engine.dispose()
        opened.append(open_engine(urls(sort)))
        return SqlRequests(opened[-1], secret, Box, clock)

    assert histories(5, made).total() > 0
    opened[-1].dispose()


def test_of_fifty_who_press_at_once_in_two_processes_one_decides(engine: Engine) -> None:
    names = [f"p{number}" for number in range(50)]
    desk = DatabaseDesk(engine, school(person("teacher"), *(person(name, Role.HEAD) for name in names)))
    other = open_engine(engine.url.render_as_string(hide_password=False))
    beside = DatabaseDesk(other, desk.here)
    ref = desk.submit(stages=(StageRule("head"),))
    said: list[str] = []

    def press(at: Desk, who: str) -> None:
        try:
            said.append(f"mine: {at.do(ref, who, 'approve', seen=1).request.state}")
        except Moved as moved:
            said.append(f"{moved.by}: {moved.what}")

    threads = [Thread(target=press, args=(at, who)) for at, who in zip([desk, beside] * 25, names, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    (signed,) = desk.request(ref).signed
    assert sorted(said) == sorted(["mine: approved", *[f"{signed.by}: approved"] * 49])
    assert [entry.request for entry in desk.entries()] == [ref]
    assert sorted(desk.told()) == sorted((who, "decided") for who in ("teacher", *names) if who != signed.by)


def test_the_database_holds_nothing_that_was_written_in_the_clear(engine: Engine) -> None:
    desk = DatabaseDesk(engine)
    ref = desk.approved(text="canary in the text")
    desk.do(desk.submit(text="another canary"), "leader", "send-back", "canary in the answer")
    row = dict.fromkeys(("purpose", "audience", "conditions"), "canary")
    rows = [{**row, "platform": "canary", "handle": "@canary", "administrators": "teacher"}]
    desk.approvals.take_in("milford", "lead", rows)
    with engine.connect() as connection:
        found = [tuple(row) for table in metadata.tables.values() for row in connection.execute(table.select())]
    assert (desk.entries()[1].handle, len(found) > 20, "canary" in repr(found)) == ("canary in the text", True, False)
    assert desk.approvals.open("milford", "teacher", ref).words[1].reveal() == "canary in the text"
