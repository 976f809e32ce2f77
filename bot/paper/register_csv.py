"""The register as rows for a spreadsheet; the same columns can be taken in again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.conversation import register_wording as say
from bot.domain import case
from bot.domain.people import School
from bot.domain.register import COLUMNS, Entry
from bot.paper import labels
from bot.paper.table import csv_bytes
from bot.talk.shown import shown


def register_csv(entries: Sequence[Entry], school: School) -> bytes:
    """A row for each account, under a row of names: first what a list of accounts holds, then what became of it.

    Cells that a spreadsheet could run as a formula begin with an apostrophe: take it off to read what was written.
    """
    rows = ([shown(cell) for cell in _row(entry, school)] for entry in entries)
    return csv_bytes([(*COLUMNS, *labels.REGISTER_COLUMNS), *rows])


def _row(entry: Entry, school: School) -> Iterator[str]:
    for column in COLUMNS:
        yield _cell(getattr(entry, column), school)
    yield from (entry.ref, say.STATUS[entry.status], entry.request)
    yield labels.day(labels.local(entry.added, school))
    yield "\n".join(_line(line, school) for line in entry.history)


def _cell(value: str | date | tuple[str, ...] | None, school: School) -> str:
    match value:
        case tuple():
            return "; ".join(_who(person, school) for person in value)
        case date():
            return labels.day(value)
        case _:
            return value or ""


def _who(person_id: str, school: School) -> str:
    """Somebody by name, or by id where the name would not lead back to them."""
    person = school.person(person_id)
    if person is None:
        return say.GONE.format(id=person_id)
    name = person.name
    alone = sum(one.name.casefold() == name.casefold() for one in school.people) == 1
    readable = " ".join(name.split()) == name and ";" not in name and school.person(name) in (None, person)
    return name if name and alone and readable else person_id


def _line(line: case.Entry, school: School) -> str:
    at, facts = labels.local(line.at, school), line.facts
    duty = say.DUTIES.get(facts.get("duty", ""), "")
    moves = [text.format(who=_who(facts[each], school)) for each, text in say.MOVES.items() if facts.get(each)]
    what = say.ENTRY_EVENTS.get(line.kind, line.kind).format(duty=duty, role=facts.get("role", ""))
    said = f"{what}: {', '.join(moves)}" if moves else what
    who = _who(line.by, school) if line.by else say.SIGNPOST
    return labels.REGISTER_LINE.format(day=labels.day(at), who=who, what=said)
