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
NO_AUDIT = "No links came with it."

REQUEST_MARK = "Request for permission"
SCHOOL, REFERENCE = "School", "Reference"
ANSWERS = "What was asked for"
SIGNATURES = "Signatures"
SIGNED_HOW = (
    "Each signature holds for one version. The digest is that version’s fingerprint: its first group of signs stands "
    "in the audit trail below, where that version was sent in and where it was signed."
)
STAGE = "{number}. {role}"
DECISION, NAME, ROLE, WHEN = "Decision", "Name", "Role", "Date and time"
FOR_WHOM = "{role}, for {behalf}"
VERSION_SIGNED, DIGEST = "Version signed", "Digest of what was signed"
RULE = "Rule it rests on"
WORDS = {"approved": "With these words", "refused": "Why it was refused", "sent-back": "What to change"}
NOT_YET, NOT_ASKED = "Not signed yet", "Not signed"
EARLIER = "Signatures on earlier versions"
EARLIER_VERSION = "Version {version}, stage {number}. {role}"
STATE_LINES = {
    "pending": "Not decided yet",
    "sent-back": "Sent back for changes on {day}",
    "approved": "Approved on {day}",
    "refused": "Refused on {day}",
    "withdrawn": "Withdrawn on {day}",
    "expired": "Ended on {day}: nobody acted in time",
    "recorded": "Recorded on {day}. Nobody has to sign it.",
}
"""What a request came to, in the one line that everybody reads."""
REQUEST_AUDIT = "Audit trail of this request"
REQUEST_LINKS = {
    "read": "looked at it",
    "words": "wrote something beside it",
    "registered": "put it in the register",
    "turned-away": "tried to open it and was turned away",
}
"""What a link says was done, where no entry of the request does."""

REGISTER_COLUMNS = ("reference", "status", "request", "added", "history")
REGISTER_LINE = "{day} {who} {what}"

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


def long_day(at: date) -> str:
    """A day with its month in words."""
    return f"{at.day} {at:%B %Y}"


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
