"""One case as rows for a safeguarding system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.conversation import case_wording as say
from bot.domain.case import Entry
from bot.domain.casework import Opened
from bot.domain.people import School
from bot.paper import labels
from bot.paper.table import csv_bytes
from bot.talk.shown import shown

Answers = Mapping[int, Sequence[tuple[str, str]]]
"""Labelled texts by entry number: each a label and the text in full."""


def case_csv(opened: Opened, school: School, answers: Answers) -> bytes:
    """A row for each entry, under a row of names; level and outcome stand where they were decided.

    Cells that a spreadsheet could run as a formula begin with an apostrophe: take it off to read what was written.
    Spreadsheets themselves show no more than 32,767 characters of a cell; the file holds all of it.
    """
    case = opened.seen.case
    rows = (_row(case.ref, entry, school, answers.get(entry.seq, ())) for entry in case.entries)
    return csv_bytes([labels.CSV_COLUMNS, *rows])


def _row(ref: str, entry: Entry, school: School, answers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    at = labels.local(entry.at, school)
    level, outcome = entry.facts.get("level", ""), entry.facts.get("outcome", "")
    return (
        ref,
        str(entry.seq),
        labels.day(at),
        f"{at:%H:%M}",
        labels.what(entry),
        labels.who(entry.by, entry.kind, school),
        say.LEVELS.get(level, level),
        say.OUTCOMES.get(outcome, outcome),
        "\n".join(shown(f"{label}: {text}" if label else text) for label, text in answers),
    )
