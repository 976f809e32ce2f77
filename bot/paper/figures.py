"""Figures for governors: how many, and how soon; nobody can be recognised in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile
from statistics import median
from zoneinfo import ZoneInfo

from bot.conversation import case_wording as say
from bot.domain.case import Case, State
from bot.paper import labels
from bot.paper.table import csv_bytes
from bot.talk.message import Facts, Message, Note, Para

SMALL = 3
_ZONE = ZoneInfo("Europe/London")
_ONLY_LOOKS = frozenset({"read", "export"})


class Hidden(StrEnum):
    """Stands for a number that is not shown: it is small, or a small one could be worked out from it."""

    SMALL = "under 3"
    COVER = "not shown"


Count = int | Hidden
Breakdown = Mapping[str, Count]
"""How many by code; empty where there are too few to break down."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The cases opened in a period, both days included.

    Hours are elapsed hours, and None where fewer than 3 cases were picked up.
    """

    since: date
    until: date
    total: int
    kinds: Breakdown
    states: Breakdown
    levels: Breakdown
    outcomes: Breakdown
    late: Count
    exports: Count
    median_hours: float | None
    longest_hours: float | None


def figures(cases: Sequence[Case], since: date, until: date) -> Figures:
    """Count the cases that were opened in a period, and keep small numbers back."""
    within = [case for case in cases if since <= case.opened.astimezone(_ZONE).date() <= until]
    hours = [waited for case in within if (waited := _waited(case)) is not None]
    enough = len(hours) >= SMALL
    return Figures(
        since,
        until,
        len(within),
        _by(within, lambda case: case.kind),
        _by(within, lambda case: case.state),
        _by(within, lambda case: case.level),
        _by(within, lambda case: case.outcome),
        _count(sum(_late(case) for case in within)),
        _count(sum(len(case.happened("export")) for case in within)),
        round(median(hours), 1) if enough else None,
        round(max(hours), 1) if enough else None,
    )


def _waited(case: Case) -> float | None:
    """Elapsed hours until somebody first picked it up."""
    first = next(iter(case.happened("acknowledge")), None)
    return (first.at - case.opened).total_seconds() / 3600 if first else None


def _late(case: Case) -> bool:
    """Whether the clock has reminded somebody and nobody has acted since: looking at it is not acting."""
    since = takewhile(lambda entry: not entry.by or entry.kind in _ONLY_LOOKS, reversed(case.entries))
    reminded = any(entry.kind in ("nudge", "escalate") for entry in since)
    return reminded and case.state not in (State.CLOSED, State.DELETED)


def _by(cases: Sequence[Case], code: Callable[[Case], str]) -> Breakdown:
    return protected(Counter(code(case) for case in cases))


def _count(number: int) -> Count:
    return Hidden.SMALL if 0 < number < SMALL else number


def protected(counts: Mapping[str, int]) -> Breakdown:
    """The counts with small ones hidden, and as many others as it takes to hide those from a reader of the total."""
    hidden = {code for code, number in counts.items() if 0 < number < SMALL}
    while _gives_away([counts[code] for code in hidden]):
        left = [code for code in counts if code not in hidden]
        if not left:
            return {}
        hidden.add(min(left, key=lambda code: counts[code]))
    return {code: _shown(number) if code in hidden else number for code, number in counts.items()}


def _shown(number: int) -> Hidden:
    return Hidden.SMALL if number < SMALL else Hidden.COVER


def _gives_away(hidden: Sequence[int]) -> bool:
    """Whether the sum of the hidden numbers leaves a small one only a single value: 1 or 2."""
    bounds = [(1, SMALL - 1) if number < SMALL else (SMALL, sum(hidden)) for number in hidden]
    least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return any(
        max(low, sum(hidden) - (most - high)) == min(high, sum(hidden) - (least - low))
        for low, high in bounds
        if high < SMALL
    )


def figures_message(found: Figures) -> Message:
    """The figures as they are shown in a conversation or on a page."""
    period = labels.PERIOD.format(since=labels.day(found.since), until=labels.day(found.until))
    blocks: list[Para | Facts | Note] = [Para(period), Facts(_single(found))]
    for title, rows in _broken_down(found):
        blocks += [Para(title), Facts(rows)]
    return Message(labels.FIGURES, (*blocks, Note(labels.FIGURES_NOTE)))


def figures_csv(found: Figures) -> bytes:
    """The same figures as rows: the figure, of which, how many."""
    single = [(label, "", number) for label, number in _single(found)]
    parts = [(title, label, number) for title, rows in _broken_down(found) for label, number in rows]
    period = (labels.PERIOD.format(since=labels.day(found.since), until=labels.day(found.until)), "", "")
    return csv_bytes([labels.FIGURES_COLUMNS, period, *single, *parts, (labels.FIGURES_NOTE, "", "")])


def _single(found: Figures) -> tuple[tuple[str, str], ...]:
    return (
        (labels.TOTAL, str(found.total)),
        (labels.LATE, str(found.late)),
        (labels.EXPORTS, str(found.exports)),
        (labels.MEDIAN, _hours(found.median_hours)),
        (labels.LONGEST, _hours(found.longest_hours)),
    )


def _hours(hours: float | None) -> str:
    return labels.TOO_FEW if hours is None else f"{hours:g}"


def _broken_down(found: Figures) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    parts = (
        (labels.BY_KIND, found.kinds, say.KINDS),
        (labels.BY_STATE, found.states, say.STATES),
        (labels.BY_LEVEL, found.levels, say.LEVELS),
        (labels.BY_OUTCOME, found.outcomes, say.OUTCOMES),
    )
    return [(title, _rows(counts, words)) for title, counts, words in parts]


def _rows(counts: Breakdown, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The numbers in the order of the words, what is not decided last."""
    if not counts:
        return (("", labels.TOO_FEW),)
    order = [*words, *(code for code in counts if code not in words and code), ""]
    named = {**words, "": labels.NONE_YET}
    return tuple((named.get(code, code), str(counts[code])) for code in order if code in counts)
