"""All that holds for requests in memory holds in a database: what is done and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from sys import modules
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.storage.audit import Audit
from bot.storage.cipher import Box
from bot.storage.requests import SqlRequests
from bot.storage.tables import metadata
from tests.database_desk import DatabaseDesk
from tests.domain import test_approvals, test_register, test_reminders, test_request
from tests.storage.stand_ins import secret


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


def test_of_a_list_that_comes_in_twice_at_once_each_account_is_there_once(engine: Engine) -> None:
    begin = Barrier(2 if engine.dialect.name == "postgresql" else 1)  # on SQLite the second begins after the first
    desk = DatabaseDesk(engine)

    def together(step: str) -> None:
        if step == "begun":
            begin.wait(10)

    records = SqlRequests(engine, secret, Box, lambda: desk.now, together)
    approvals = replace(desk.approvals, records=records)
    rows = [{"platform": "X", "handle": f"@choir{number}", "administrators": "teacher"} for number in range(20)]
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda _: len(approvals.take_in("milford", "lead", rows)[0]), range(2)))
    assert (sorted(taken), len(desk.entries())) == ([0, 20], 20)
