"""What is asked: a form is data, and a channel draws it as it can."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of answer a question takes."""

    LINE = "line"
    TEXT = "text"
    ONE = "one"
    MANY = "many"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Choosable:
    """One of the answers that a question offers: what is stored and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form; `options` for ONE and MANY, `least` and `most` for NUMBER."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    hint: str = ""
    required: bool = True
    options: tuple[Choosable, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that are sent in together."""

    id: str
    title: str
    submit: str
    questions: tuple[Question, ...]
