"""A policy as clauses: frozen data, no behaviour beyond naming itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What a clause says of an act, strictest first."""

    NO = "no"
    APPROVAL = "approval"
    DEPENDS = "depends"
    YES = "yes"
    ACTION = "action"
    INFO = "info"

    @property
    def strictness(self) -> int:
        """0 for the strictest."""
        return list(Verdict).index(self)

    @property
    def permits(self) -> bool:
        """Whether it says if something is allowed, rather than what to do or to know."""
        return self not in (Verdict.ACTION, Verdict.INFO)


BINDS = ("staff", "leaders", "governors", "volunteers", "contractors", "pupils", "parents", "school", "everyone")
"""Whom a clause can bind. `school` is the organisation itself."""

ASKABLE = (
    "head", "DSL", "SLT", "line manager", "chair", "LADO", "IT manager", "director of ICT",
    "online safety lead", "account moderator", "class teacher", "policy lead",
)  # fmt: skip
"""Roles a person can be sent to."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest part of a policy that can be read alone."""

    id: str
    section: str
    text: str
    verdict: Verdict
    condition: str = ""
    binds: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    form: str = ""
    disclosure: str = ""
    ask: str = ""
    beside: tuple[str, ...] = ()
    inferred: bool = False
    asked: tuple[str, ...] = ()
    """Questions that a person said it answers."""

    @property
    def policy(self) -> str:
        """The id of the policy it belongs to."""
        return self.id.partition("/")[0]

    @property
    def number(self) -> str:
        """How the document numbers it: `6.2.1` where printed, else its place in the section."""
        local = self.id.partition("/")[2]
        return local if re.fullmatch(r"(?:[A-Z]\.)?\d+(?:\.\d+)*(?:\.[a-z]{1,5})?", local) else local.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause in an answer, where it stands, and how well it fits the question."""

    clause: Clause
    citation: str
    score: float


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a missing fact, and what it makes of the verdict."""

    label: str
    verdict: Verdict
    clauses: tuple[str, ...]
    condition: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that decides a verdict and that the question may have left out."""

    intent: str
    question: str
    clauses: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Something staff ask that the policy does not settle."""

    intent: str
    text: str
    nearest: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A document in force at a version, as clauses."""

    id: str
    title: str
    organisation: str
    version: str
    approved: str
    review_due: str
    owner: str
    ask: str
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...] = ()
    silences: tuple[Silence, ...] = ()

    _by_id: Mapping[str, Clause] = field(init=False, repr=False, compare=False)
    _covers: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look-ups, made once: a trust's policies have thousands of clauses."""
        covered = {intent for clause in self.clauses for intent in clause.intents}
        object.__setattr__(self, "_by_id", {clause.id: clause for clause in reversed(self.clauses)})
        object.__setattr__(self, "_covers", frozenset(covered | {silence.intent for silence in self.silences}))

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return self._by_id.get(clause_id)

    def cite(self, clause: Clause) -> str:
        """Where the clause stands, as one would write it in a letter."""
        if clause.id.endswith(f"/{clause.number}"):
            return f"{self.title}, {clause.number}"
        return f"{self.title}, {clause.section[:1].lower()}{clause.section[1:]} {clause.number}"

    def covers(self) -> frozenset[str]:
        """The intents on which it says something, be it that it does not settle them."""
        return self._covers

    def overdue(self, today: date) -> bool:
        """Whether the review date has passed."""
        return is_overdue(self.review_due, today)


def is_overdue(review_due: str, today: date) -> bool:
    """Whether a review date (`YYYY-MM` or `YYYY-MM-DD`, may be empty) has passed."""
    return bool(review_due) and review_due < today.isoformat()[: len(review_due)]
