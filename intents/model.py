"""What a message can be about and where it can go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Route(StrEnum):
    """Where a message goes."""

    ANSWER = "answer"
    DISCLOSURE = "disclosure"
    APPROVAL = "approval"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Intent:
    """A topic that staff ask about, shared by all schools; `topic` is how one would look it up."""

    id: str
    topic: str
    about: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Something to report or to ask for; `label` is its button, `to` the role that receives it."""

    id: str
    route: Route
    label: str
    to: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A phrasing and what it stands for: a clause, an intent, a route or a kind."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A label and how well it fits, about 0 to 1."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a message goes and how sure that is; `kind` is empty for a question and for `none`.

    `asked` tells how many times likelier it is a question than none of our business, as a logarithm; `told` how many
    times likelier a report than a question; `named` are the roles that the message speaks of, since whom a report is
    about must not be the one who receives it; `report` is the kind of report that it may be as well.
    """

    route: Route
    kind: str
    urgent: bool
    confidence: float
    asked: float
    named: frozenset[str] = frozenset()
    report: str = ""
    told: float = 0.0
