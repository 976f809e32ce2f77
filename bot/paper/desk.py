"""The case desk: the dialogs of a case, and what goes out on paper or in figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation import case_wording as say
from bot.conversation.case_page import labelled
from bot.conversation.cases import Cases
from bot.domain.casework import Hidden
from bot.domain.ports import Opener
from bot.paper.case_csv import case_csv
from bot.paper.case_pdf import case_pdf
from bot.paper.figures import figures, figures_message
from bot.talk.message import Facts, Message, Note, Para
from bot.talk.turn import Download, Pressed, Reply, Turn

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes the turns of the case pages; `verified` says what is wrong with a school's audit chain, and its head."""

    cases: Cases
    verified: Callable[[str], tuple[tuple[str, ...], str]]

    def take(self, turn: Turn, opener: Opener | None) -> Reply:
        """Take one turn. Raises Hidden, NotNow, NotRecorded."""
        match turn.act:
            case Pressed(action) if action.name == "figures":
                return Reply((self._figures(turn),))
            case Pressed(action) if action.name == "trail":
                return Reply((self._trail(turn),))
            case _:
                return self.cases.take(turn, opener)

    def export(self, turn: Turn, opener: Opener) -> Download:
        """A case as a file; that it goes out is on the audit trail before its first byte. Raises Hidden, NotNow."""
        assert isinstance(turn.act, Pressed)
        ref, form = turn.act.action.values.get("ref", ""), turn.act.action.values.get("form", "")
        if form not in ("pdf", "csv"):
            raise Hidden
        casework = self.cases.casework
        found = casework.open(turn.school, turn.person, ref, opener, "export")
        school = self.cases.schools(turn.school)
        answers = labelled(found, school)
        if form == "csv":
            return Download(f"{ref}.csv", "text/csv; charset=utf-8", case_csv(found, school, answers))
        by = school.person(turn.person)
        pdf = case_pdf(found, school, answers, casework.clock(), by.name if by else "")
        return Download(f"{ref}.pdf", "application/pdf", pdf)

    def _figures(self, turn: Turn) -> Message:
        today = self.cases.casework.clock().date()
        return figures_message(figures(self.cases.casework.counted(turn.school, turn.person), today - YEAR, today))

    def _trail(self, turn: Turn) -> Message:
        self.cases.casework.check_role(turn.school, turn.person, "verify-audit")
        faults, head = self.verified(turn.school)
        found = [Para(fault) for fault in faults] or [Para(say.TRAIL_SOUND)]
        number, _, mac = head.partition(":")
        return Message(
            say.TRAIL, (*found, Facts(((say.TRAIL_LINKS, number), (say.TRAIL_HEAD, mac))), Note(say.TRAIL_KEEP))
        )
