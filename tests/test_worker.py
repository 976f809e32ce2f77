"""The worker: everything is delivered once and in order, whatever goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.domain.disclosure import FileDisclosure
from bot.domain.orders import Order
from bot.domain.ports import NotRecorded, TryLater, Undeliverable
from bot.domain.routing import Reported
from bot.settings import Settings
from bot.storage.outbox import Leased
from bot.talk.sealed import Sealed
from bot.wiring import Installation
from bot.worker import Worker
from policy_kb.store import Store
from tests.office import MONDAY, keys

Seen = list[tuple[str, str]]


@dataclass
class Hand:
    """A messenger that hands notices over, or fails as it is told, once each."""

    faults: list[Exception] = field(default_factory=list)
    seen: Seen = field(default_factory=list)

    def deliver(self, leased: Leased) -> bool:
        if self.faults:
            raise self.faults.pop(0)
        self.seen.append((leased.notice.ref, leased.notice.to))
        return True


@dataclass
class Shop:
    """An installation on a clock that the test moves."""

    here: Installation
    now: datetime = MONDAY
    hand: Hand = field(default_factory=Hand)

    @property
    def worker(self) -> Worker:
        return Worker(self.here.outbox, self.hand, self.here.clocks, self.here.schools, lambda: self.now)

    def files(self, kind: str = "child-concern") -> str:
        order = FileDisclosure(f"{kind}-{self.now}", "whgs", "teacher", Reported(kind), Sealed("x"))
        return self.here.casework.file(order).ref


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    Store(tmp_path / "policies.db").close()
    shop: Shop
    here = Installation(Settings(data=tmp_path, keys=keys().folder), clock=lambda: shop.now)
    shop = Shop(here)
    return shop


def test_what_waits_is_delivered_and_nothing_waits_afterwards(shop: Shop) -> None:
    ref = shop.files()
    assert (shop.worker.once(), shop.hand.seen) == (2, [(ref, "dsl"), (ref, "deputy")])
    assert (shop.worker.once(), shop.here.outbox.counts()) == (0, {"sent": 2})


@pytest.mark.parametrize("fault", [TryLater(), TryLater(30), RuntimeError("canary"), NotRecorded("canary")])
def test_a_notice_that_failed_comes_again(shop: Shop, fault: Exception) -> None:
    ref = shop.files()
    shop.hand.faults = [fault]
    shop.worker.once()
    shop.now += timedelta(minutes=2)
    shop.worker.once()
    assert sorted(shop.hand.seen) == [(ref, "deputy"), (ref, "dsl")]


def test_a_notice_that_can_never_be_delivered_is_dead_and_said_so(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.logs._set", "INFO")
    shop.files()
    shop.hand.faults = [Undeliverable()]
    shop.worker.once()
    assert (shop.here.outbox.counts(), "notice_dead" in capsys.readouterr().err) == ({"dead": 1, "sent": 1}, True)


def test_when_nobody_acts_the_next_person_is_told_and_nudges_stop_once_it_is_picked_up(shop: Shop) -> None:
    ref = shop.files()
    shop.worker.once()
    shop.hand.seen.clear()
    shop.now += timedelta(hours=5, minutes=30)
    shop.worker.once()
    assert shop.hand.seen == [(ref, "dsl"), (ref, "deputy"), (ref, "head")]
    shop.here.casework.do("whgs", Order("acknowledge", ref, "head"))
    shop.now += timedelta(days=1)
    shop.hand.seen.clear()
    shop.worker.once()
    assert shop.hand.seen == [(ref, "teacher")]


def test_it_goes_on_after_a_failure_and_ends_when_it_is_told_to(shop: Shop) -> None:
    stop, rounds = Event(), []

    class Broken(Worker):
        def once(self) -> int:
            rounds.append(1)
            if len(rounds) == 3:
                stop.set()
            raise RuntimeError("canary")

    Broken(shop.here.outbox, shop.hand, shop.here.clocks, shop.here.schools, lambda: shop.now).run(stop, 0.0)
    assert len(rounds) == 3
