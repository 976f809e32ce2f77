"""The worker: delivers what waits, makes the steps of the clock, and says when something could not be delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Protocol

from bot.domain.people import School
from bot.domain.ports import Clock, NotRecorded, TryLater, Undeliverable
from bot.logs import log
from bot.storage.outbox import Leased, Outbox

AT_ONCE = 20
"""Notices taken at a time."""

LEASE = 60.0
"""Seconds after which another worker takes a notice that this one has not settled."""

EVERY = timedelta(seconds=30)
"""How often the clocks are looked at."""


class Messenger(Protocol):
    """A way to tell people that something waits. It must bear being told the same notice twice."""

    def deliver(self, leased: Leased) -> bool:
        """Tell its recipient; False where it was taken back. Raises TryLater, Undeliverable."""


@dataclass(slots=True)
class Worker:
    """One worker; any number may run beside each other. `clocks` make the steps that are due at a school."""

    outbox: Outbox
    messenger: Messenger
    clocks: Sequence[Callable[[str], object]]
    schools: Callable[[], Sequence[School]]
    clock: Clock
    chores: Sequence[Callable[[], object]] = ()
    ticked: datetime | None = None

    def run(self, stop: Event, pause: float = 1.0) -> None:
        """Work until told to stop; a failure is logged by its kind and tried again."""
        while not stop.is_set():
            busy = False
            try:
                busy = self.once() > 0
            except Exception as fault:  # the next round tries again: the worker must never end by itself
                log("worker_failed", level=logging.ERROR, kind=type(fault).__name__)
            if not busy:
                stop.wait(pause)

    def once(self) -> int:
        """One round: what is due on the clock, then what waits to be delivered; how many were taken."""
        now = self.clock()
        if self.ticked is None or now - self.ticked >= EVERY:
            self.ticked = now
            self._tick()
        return self.deliver()

    def _tick(self) -> None:
        clocks: list[Callable[[], object]] = [
            partial(clock, school.id) for school in self.schools() for clock in self.clocks
        ]
        for chore in (*clocks, *self.chores):
            try:
                chore()
            except Exception as fault:  # one school's trouble must not keep the others waiting
                log("clock_failed", level=logging.ERROR, kind=type(fault).__name__)

    def deliver(self) -> int:
        """Take a batch and settle each; how many were taken."""
        taken = self.outbox.claim(AT_ONCE, LEASE)
        for leased in taken:
            self._settle(leased)
        return len(taken)

    def _settle(self, leased: Leased) -> None:
        try:
            if self.messenger.deliver(leased):
                self.outbox.sent(leased)
        except TryLater as later:
            self.outbox.again(leased, later.seconds)
        except Undeliverable:
            self.outbox.dead(leased)
            log("notice_dead", level=logging.ERROR, notice=leased.notice.id)
        except NotRecorded:
            log("delivery_in_doubt", level=logging.WARNING, notice=leased.notice.id)
        except Exception as fault:
            self.outbox.again(leased)
            log("delivery_failed", level=logging.WARNING, notice=leased.notice.id, kind=type(fault).__name__)
