"""The files that a dialog about requests can hand out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals import Opened
from bot.domain.people import School
from bot.domain.register import Entry
from bot.paper.register_csv import register_csv
from bot.paper.request_pdf import request_pdf
from bot.talk.turn import Download
from policy_kb.model import Policy


@dataclass(frozen=True, slots=True)
class Papers:
    """Prints requests and the register; `policies` gives a school's policy by its id."""

    policies: Callable[[str], Policy]

    def request(self, found: Opened, school: School, form_title: str, now: datetime, by: str) -> Download:
        """A request as a PDF; `by` is the name of who prints it."""
        pdf = request_pdf(found, school, self.policies(school.policy), form_title, now, by)
        return Download(f"{found.seen.request.ref}.pdf", "application/pdf", pdf)

    def register(self, entries: Sequence[Entry], school: School) -> Download:
        """These entries of the register as a table."""
        return Download("register.csv", "text/csv; charset=utf-8", register_csv(entries, school))
