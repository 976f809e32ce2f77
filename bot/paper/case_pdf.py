"""One case on paper: what is known, what was decided, everything that was done, and how to check it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.conversation import case_wording as say
from bot.domain.case import Case, Entry
from bot.domain.casework import Opened
from bot.domain.people import School
from bot.paper import labels
from bot.paper.case_csv import Answers
from bot.paper.sheet import Item, Part, Rows, Sheet, audit, printed

DECIDED = ("triage", "close", "reopen")


def case_pdf(opened: Opened, school: School, answers: Answers, now: datetime, by: str) -> bytes:
    """The case as a PDF on A4; `by` is who prints it, and no answer is ever cut."""
    case = opened.seen.case
    decided = [entry for entry in case.entries if entry.kind in DECIDED]
    links = [(say.ENTRIES.get(one.action, one.action), labels.who(one.by, one.action, school)) for one in opened.trail]
    sheet = Sheet(
        title=labels.TITLE.format(ref=case.ref),
        school=school.name,
        ref=case.ref,
        mark=labels.MARK,
        printed=labels.PRINTED.format(when=labels.moment(now, school), by=by),
        facts=_facts(case, school),
        parts=(
            Part(labels.DECISIONS, _items(decided, case, school, answers), "" if decided else labels.NO_DECISIONS),
            Part(labels.CHRONOLOGY, _items(case.entries, case, school, answers)),
        ),
        audit=audit(labels.AUDIT, opened.trail, links),
    )
    return printed(sheet)


def _facts(case: Case, school: School) -> Rows:
    review = labels.day(date.fromisoformat(case.review_on)) if case.review_on else labels.NO_REVIEW
    return [
        (labels.KIND, say.KINDS.get(case.kind, case.kind)),
        (labels.STATE, say.STATES[case.state]),
        (labels.LEVEL, say.LEVELS.get(case.level, case.level) or labels.NONE_YET),
        (labels.OUTCOME, say.OUTCOMES.get(case.outcome, case.outcome) or labels.NONE_YET),
        (labels.OPENED, labels.moment(case.opened, school)),
        (labels.REVIEW, review + (labels.HELD if case.hold else "")),
        (labels.GUIDANCE, case.guidance),
        (labels.ROUTE, case.route),
    ]


def _items(entries: Sequence[Entry], case: Case, school: School, answers: Answers) -> list[Item]:
    corrected = case.happened("correct")
    return [_item(entry, corrected, school, answers.get(entry.seq, ())) for entry in entries]


def _item(entry: Entry, corrections: Sequence[Entry], school: School, answers: Rows) -> Item:
    later = ", ".join(str(one.seq) for one in corrections if one.facts.get("entry") == str(entry.seq))
    title = f"{entry.seq}. {labels.what(entry)}" + (labels.CORRECTED.format(numbers=later) if later else "")
    who = labels.who(entry.by, entry.kind, school)
    return Item(title, labels.WHO.format(when=labels.moment(entry.at, school), who=who), answers)
