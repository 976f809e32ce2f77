"""Who receives what is reported: rows of data, read from the top; whoever it is about is taken out first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.people import Role, School


class About(StrEnum):
    """Whom a report is about, as far as its route depends on it."""

    NOBODY_HERE = "nobody-here"
    STAFF = "staff"
    HEAD = "head"
    CHAIR = "chair"
    DSL = "DSL"
    PROPRIETOR = "proprietor"
    PROVIDER = "provider"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a report is about: a picked person, someone from a provider, someone not known, or nobody who works here."""

    person: str = ""
    unsure: bool = False
    provider: bool = False


NOBODY_HERE = Subject()


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `to` are the rungs of its ladder, each the roles told together; `screen` what the reporter is shown.

    A row fits where `kinds`, `about`, `themes` and `policies` each are empty or hold the report's own; `conflict` rows
    fit only where telling the usual person would be a conflict of interest.
    """

    id: str
    to: tuple[tuple[Role, ...], ...]
    screen: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    about: frozenset[About] = frozenset()
    themes: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    conflict: bool = False
    clause: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    """The rows of one nation at one version; a person checks them when the statutory guidance is issued again."""

    version: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """What routing looks at: no name but the subject's id, and no word that was typed."""

    kind: str
    subject: Subject = NOBODY_HERE
    theme: str = ""
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a report goes: its row, its ladder from the rung that is told now, who that is, and what is shown."""

    row: str
    ladder: tuple[tuple[Role, ...], ...]
    recipients: tuple[str, ...]
    screen: tuple[str, ...]
    guidance: str


LADO = "lado"


def read_guidance(data: Mapping[str, Any]) -> Guidance:
    """Guidance from its data file; raises ValueError for an unknown role, or where the last row does not fit all."""
    rows = tuple(_row(row) for row in data["route"])
    if rows[-1].conflict or any((rows[-1].kinds, rows[-1].about, rows[-1].themes, rows[-1].policies)):
        raise ValueError("the last route fits all")
    return Guidance(data["version"], rows)


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        row["id"],
        tuple(tuple(Role(role) for role in rung) for rung in row.get("to", ())),
        tuple(row.get("screen", ())),
        frozenset(row.get("kinds", ())),
        frozenset(About(about) for about in row.get("about", ())),
        frozenset(row.get("themes", ())),
        frozenset(row.get("policies", ())),
        row.get("conflict", False),
        row.get("clause", ""),
        row.get("source", ""),
    )


def route(guidance: Guidance, school: School, reported: Reported) -> Routed:
    """Where a report goes. Where no rung has anybody left, it shows the LADO's contact and tells nobody here."""
    about = _about(school, reported.subject)
    row = next(row for row in guidance.rows if _fits(row, school, reported, about))
    barred = school.close_to(reported.subject.person) if reported.subject.person else frozenset()
    for number in range(len(row.to)):
        if told := recipients(school, row.to[number], barred):
            return Routed(row.id, row.to[number:], told, row.screen, guidance.version)
    screen = row.screen if LADO in row.screen else (*row.screen, LADO)
    return Routed(row.id, row.to, (), screen, guidance.version)


def recipients(school: School, roles: tuple[Role, ...], barred: frozenset[str]) -> tuple[str, ...]:
    """The ids of all who hold one of the roles now and are not kept out, each once."""
    holders = (person for role in roles for person in school.holders(role))
    return tuple(dict.fromkeys(person.id for person in holders if person.id not in barred))


def _about(school: School, subject: Subject) -> About:
    if subject.unsure:
        return About.UNSURE
    if subject.provider:
        return About.PROVIDER
    person = school.person(subject.person)
    if person is None:
        return About.UNSURE if subject.person else About.NOBODY_HERE
    return next((about for role, about in _RANKS if role in person.roles), About.STAFF)


# A head who is also the DSL counts as the head, a chair who is also the proprietor as that: the strictest route leads.
_RANKS = (
    (Role.PROPRIETOR, About.PROPRIETOR),
    (Role.CHAIR, About.CHAIR),
    (Role.HEAD, About.HEAD),
    (Role.DSL, About.DSL),
    (Role.DEPUTY, About.DSL),
)


def _fits(row: Row, school: School, reported: Reported, about: About) -> bool:
    return (
        (not row.kinds or reported.kind in row.kinds)
        and (not row.about or about in row.about)
        and (not row.themes or reported.theme in row.themes)
        and (not row.policies or school.policy in row.policies)
        and (not row.conflict or reported.conflict)
    )
