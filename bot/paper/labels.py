"""The words of what goes out, and an entry's date, doer and title in words."""

from __future__ import annotations

from datetime import date, datetime

from bot.conversation import case_wording as say
from bot.domain.case import Entry
from bot.domain.people import School

TITLE = "Case {ref}"
MARK = "Confidential: safeguarding record"
PRINTED = "Printed {when} by {by}"
PAGE = ("Page ", " of ")
NONE_YET = "Not decided"
KIND, STATE, LEVEL, OUTCOME, OPENED = "Kind", "State", "Level", "Outcome", "Received"
REVIEW, REVIEWED = "Kept until reviewed", "{day}{hold}"
NO_REVIEW, HELD = "Set when the case is closed", " (on hold: not to be deleted)"
GUIDANCE, ROUTE = "Guidance version", "Route"
SIGNS = "Signs that could not be printed stand in square brackets, by their name or their Unicode number."
DECISIONS, NO_DECISIONS = "Decisions", "None yet."
CHRONOLOGY = "Chronology"
CORRECTED = " (corrected in entry {numbers})"
WHO = "{when}, by {who}"
AUDIT = "Audit trail of this case"
AUDIT_COLUMNS = ("Link", "Time (UTC)", "What", "By", "Text (digest)", "Seal")
AUDIT_HOW = (
    "Each link seals the one before it. To check that nothing was changed, run “signpost audit verify” where the "
    "records are kept, and compare the seal of link {seq} with the last line here."
)
NO_AUDIT = "No links came with this case."

CSV_COLUMNS = ("Reference", "Number", "Date", "Time", "What", "By", "Level", "Outcome", "Details")

FIGURES = "Figures"
FIGURES_COLUMNS = ("Figure", "Of which", "Number")
PERIOD = "Reports received from {since} to {until}."
TOTAL = "Reports received"
LATE = "Open, with a reminder that nobody has acted on"
EXPORTS = "Exports"
MEDIAN, LONGEST = "Hours until picked up, half of them within", "Hours until picked up, longest"
TOO_FEW = "Too few to show"
BY_KIND, BY_STATE, BY_LEVEL, BY_OUTCOME = "By kind", "By state", "By level", "By outcome"
FIGURES_NOTE = (
    "Numbers under 3 are not shown, nor others from which they could be worked out, because in a school they can point "
    "to a person. Hours count day and night, weekends and holidays included."
)


def day(at: date) -> str:
    """A day as it is written in Britain."""
    return f"{at:%d/%m/%Y}"


def local(at: datetime, school: School) -> datetime:
    """A time by the school's own clock."""
    return school.calendar.local(at)


def moment(at: datetime, school: School) -> str:
    """Date and time by the school's own clock."""
    return f"{local(at, school):%d/%m/%Y %H:%M}"


def who(by: str, kind: str, school: School) -> str:
    """Who did something: a name, or what stands for someone without one."""
    if not by:
        return say.BY_NOBODY.get(kind, "Signpost")
    person = school.person(by)
    return person.name if person else say.SOMEONE_GONE


def what(entry: Entry) -> str:
    """What an entry says happened."""
    return say.ENTRIES.get(entry.kind, entry.kind)
