"""Everything behind the dialogs, for tests: sample schools, records in memory, real keys, a clock that a test moves."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import count
from pathlib import Path

from bot.conversation.asking import Asking
from bot.conversation.assistant import StaffAssistant
from bot.conversation.cases import Cases
from bot.conversation.report import Reports
from bot.conversation.request_answers import register_fields
from bot.conversation.request_forms import RequestForm, load_request_forms
from bot.conversation.requests import Requests
from bot.conversation.router import Router
from bot.domain.approvals import Approvals
from bot.domain.casework import Casework
from bot.domain.people import School
from bot.domain.ports import Opener
from bot.paper.desk import Desk
from bot.paper.papers import Papers
from bot.storage.cipher import PublicSealer
from bot.storage.keys import Keys
from bot.storage.practice import practice
from bot.talk.sealed import Sealed
from bot.wiring import PRACTICE_PHRASE, PracticeOpener, rules
from policy_kb.knowledge import Knowledge
from tests.fake_records import FakeDrafts, FakeRecords
from tests.fake_requests import DUTIES, FakeBox, FakeRequests
from tests.fake_seal import FakeSealer

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = {name: f"{name.capitalize()} School" for name in ("whgs", "milford", "emlm", "rmet", "inspire")}
SCHOOLS = {school.id: school for school in practice(NAMES)}


@cache
def keys() -> Keys:
    """Case keys of the sample schools, made once a run: making them is slow on purpose."""
    made = Keys(Path(tempfile.mkdtemp()))
    for school in SCHOOLS:
        made.make(school, Sealed(PRACTICE_PHRASE))
        made.prepare(school, MONDAY.date())
    return made


@dataclass
class Office:
    """One installation; `now` is moved by hand, references and keys are counted."""

    now: datetime = MONDAY
    numbers: count[int] = field(default_factory=lambda: count(10**11, 10**9 + 7))
    drafts: FakeDrafts = field(default_factory=FakeDrafts)
    forms: Mapping[str, RequestForm] = field(default_factory=load_request_forms)

    def clock(self) -> datetime:
        """What time the test says it is."""
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def school(self, school_id: str) -> School:
        """A sample school."""
        return SCHOOLS[school_id]

    @cached_property
    def records(self) -> FakeRecords:
        """Records in memory."""
        return FakeRecords(self.clock)

    @cached_property
    def casework(self) -> Casework:
        """All that can be done with cases."""
        number = self.numbers
        return Casework(self.records, PublicSealer(keys()), self.school, rules(), self.clock, lambda: next(number))

    @cached_property
    def cases(self) -> Cases:
        """The dialogs of a case."""
        return Cases(self.casework, self.school)

    @cached_property
    def reports(self) -> Reports:
        """The dialogs of a report."""
        forms = count(1)
        return Reports(self.casework, self.school, lambda: f"form-{next(forms)}")

    @cached_property
    def desk(self) -> Desk:
        """What the case pages talk to."""
        return Desk(self.cases, lambda school: ((), "0:"))

    @cached_property
    def opener(self) -> Opener:
        """The opened case keys."""
        return PracticeOpener(keys())

    @cached_property
    def requests(self) -> FakeRequests:
        """Requests and the register in memory."""
        return FakeRequests(self.clock)

    @cached_property
    def approvals(self) -> Approvals:
        """All that can be done with requests and the register."""
        numbers = count(1)
        return Approvals(
            self.requests, FakeBox(), FakeSealer(), self.school, register_fields, DUTIES, self.clock,
            lambda: next(numbers) * 7919**3,
        )  # fmt: skip

    def router(self, knowledge: Knowledge) -> Router:
        """The dialogs, on a fixed day."""
        keys = count(1)
        asking = Asking(
            self.approvals, self.forms, self.school, knowledge.policy, self.drafts,
            lambda: f"form-{next(keys)}",
        )  # fmt: skip
        return Router(
            knowledge,
            self.school,
            lambda: self.now.date(),
            self.reports,
            self.cases,
            Requests(asking, Papers(knowledge.policy)),
        )

    def assistant(self, knowledge: Knowledge) -> StaffAssistant:
        """The assistant."""
        return StaffAssistant(self.router(knowledge), self.drafts)
