"""A case to print, with everything that can stand in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.case import Case, Entry, Relation, State
from bot.domain.casework import Opened, Seen
from bot.domain.people import Person, Role, School
from bot.domain.ports import Audited

START = datetime(2026, 7, 1, 8, 5, tzinfo=UTC)
"""Summer: five past nine by the school's clock."""

SCHOOL = School(
    "whgs",
    "West Hill Girls' School",
    "whgs",
    (Person("p-dsl", "The DSL", frozenset({Role.DSL})), Person("p-head", "The Head", frozenset({Role.HEAD}))),
)
ENTRIES = (
    Entry(1, START, "filed", written=True),
    Entry(2, START + timedelta(minutes=20), "acknowledge", "p-dsl"),
    Entry(3, START + timedelta(hours=1), "triage", "p-dsl", {"level": "child-protection"}, True),
    Entry(4, START + timedelta(hours=2), "correct", "p-dsl", {"entry": "1"}, True),
    Entry(5, START + timedelta(days=1), "close", "p-head", {"outcome": "resolved"}, True),
)
ANSWERS: Mapping[int, Sequence[tuple[str, str]]] = {
    1: (
        ("What happened?", "A pupil told me.\nI wrote it down."),
        ("The child’s own words", "“I do not want to go home.”"),
    ),
    3: (("Level", "Child protection"), ("Why?", "It fits the threshold of the area.")),
    4: (("Which entry?", "1"), ("What is right?", "It was Tuesday.")),
    5: (("Outcome", "Resolved in school"), ("Why?", "All is in place.")),
}


def opened(entries: Sequence[Entry] = ENTRIES) -> Opened:
    """A case that somebody has opened, with its audit trail."""
    case = Case(
        ref="S-4F7K-9Q2M",
        school="whgs",
        kind="child-concern",
        state=State.CLOSED,
        opened=START,
        ladder=((Role.DSL,), (Role.HEAD,)),
        reached=1,
        reporter="keyed",
        level="child-protection",
        outcome="resolved",
        route="child",
        guidance="england-2025-09",
        hold=True,
        review_on="2051-07-02",
        entries=tuple(entries),
    )
    return Opened(Seen(case, Relation.RECIPIENT, ("read", "export")), {}, trail(entries))


def trail(entries: Sequence[Entry]) -> tuple[Audited, ...]:
    """A link for each entry."""
    return tuple(
        Audited(
            "whgs",
            entry.seq + 40,
            entry.at,
            entry.kind,
            "S-4F7K-9Q2M",
            entry.by,
            f"{entry.seq:016x}" + "f" * 48 if entry.written else "",
            f"{entry.seq:032x}" + "a" * 32,
        )
        for entry in entries
    )
