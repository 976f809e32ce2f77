"""How long a closed case is kept until a person looks at it again; nothing is ever deleted by a date alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.case import Case, State


@dataclass(frozen=True, slots=True)
class Class:
    """Cases that are kept equally long: `years` after closing or to an `age`, whichever is later.

    `unknown` are the years after closing where no birth is known; `check` is what a person compares before first use.
    """

    id: str
    guidance: str
    source: str
    check: str
    years: int = 0
    age: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """Which class a case falls in; each list that is empty fits all."""

    class_id: str
    kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Retentions:
    """The classes of one nation at one version, and the rules, of which the first that fits leads."""

    version: str
    classes: Mapping[str, Class]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """When a closed case comes up for review, and the period whose key its texts are put under."""

    class_id: str
    review_on: date
    period: str


def read_retentions(data: Mapping[str, Any]) -> Retentions:
    """Retentions from their data file; raises ValueError where a rule names no class or the last does not fit all."""
    classes = {name: Class(name, **row) for name, row in data["class"].items()}
    rules = tuple(_rule(row) for row in data["rule"])
    if not {rule.class_id for rule in rules} <= classes.keys() or rules[-1] != Rule(rules[-1].class_id):
        raise ValueError("every rule names a class, and the last fits all")
    return Retentions(data["version"], classes, rules)


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(row["class"], *(frozenset(row.get(name, ())) for name in ("kinds", "levels", "outcomes")))


def retain(
    retentions: Retentions, kind: str, level: str, outcome: str, closed_on: date, born: date | None = None
) -> Retention:
    """How long a case is kept; `born` is the child's birthday, or that of the adult whom an allegation is about."""
    class_id = next(rule.class_id for rule in retentions.rules if _fits(rule, kind, level, outcome))
    review_on = _review_on(retentions.classes[class_id], closed_on, born)
    return Retention(class_id, review_on, f"until-{review_on.year}")


def _fits(rule: Rule, kind: str, level: str, outcome: str) -> bool:
    pairs = ((rule.kinds, kind), (rule.levels, level), (rule.outcomes, outcome))
    return all(not known or given in known for known, given in pairs)


def _review_on(kept: Class, closed_on: date, born: date | None) -> date:
    if born is None:
        return _years_after(closed_on, max(kept.years, kept.unknown))
    # The end of the year: the date stands in the clear, and must not tell a child's birthday.
    return max(_years_after(closed_on, kept.years), date(born.year + kept.age, 12, 31))


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def reviews_due(cases: Iterable[Case], today: date) -> tuple[Case, ...]:
    """The closed cases that a person should look at now, the longest due first; those on hold too."""
    waiting = (case for case in cases if case.state is State.CLOSED and case.review_on)
    passed = (case for case in waiting if date.fromisoformat(case.review_on) <= today)
    return tuple(sorted(passed, key=lambda case: (case.review_on, case.ref)))


def still_under(cases: Iterable[Case], period: str) -> tuple[str, ...]:
    """The cases, on hold or not, that would be lost with a period's key: it may go when none are left."""
    return tuple(sorted(case.ref for case in cases if case.period == period and case.state is not State.DELETED))
