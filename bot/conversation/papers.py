"""What goes out of requests and the register as a file; the dialogs say when, and know nothing of how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.approvals import Opened
from bot.domain.people import School
from bot.domain.register import Entry
from bot.talk.turn import Download


class Papers(Protocol):
    """Makes the files."""

    def request(self, found: Opened, school: School, form_title: str, now: datetime, by: str) -> Download:
        """A request with its answers, its signatures and its hashes; `by` is who asked for the file."""

    def register(self, entries: Sequence[Entry], school: School) -> Download:
        """Entries of the register, one a line."""
