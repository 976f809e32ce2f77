"""From what was typed to values: strictly, in one place, whatever channel it came through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.talk import limits
from bot.talk.day import read_day
from bot.talk.form import Form, Kind, Question
from bot.talk.sealed import Sealed
from bot.talk.turn import Typed

Value = Sealed | str | tuple[str, ...] | date | int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """Values by question name, and problems by question name; a problem never repeats what was typed."""

    values: Mapping[str, Value]
    problems: Mapping[str, str]


def check(form: Form, typed: Typed, today: date | None = None) -> Checked:
    """Turn what was typed into values; every question is in exactly one of the two results.

    `today` is given where days are asked for that are still to come: then "4 Sept" and "tomorrow" will do.
    """
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for question in form.questions:
        try:
            values[question.name] = _value(question, typed.get(question.name, ()), today)
        except ValueError as problem:
            problems[question.name] = str(problem)
    return Checked(values, problems)


def _value(question: Question, typed: tuple[Sealed, ...], today: date | None) -> Value:
    given = [text for text in (_clean(sealed) for sealed in typed) if text]
    if not given:
        if question.required:
            raise ValueError("Please answer this question.")
        return () if question.kind is Kind.MANY else None
    match question.kind:
        case Kind.LINE | Kind.TEXT:
            return _text(question, given)
        case Kind.ONE:
            return _options(question, given[:1])[0]
        case Kind.MANY:
            return _options(question, given)
        case Kind.DAY:
            return read_day(given[0], today)
        case Kind.NUMBER:
            return _number(question, given[0])
        case _:
            assert_never(question.kind)


def _clean(sealed: Sealed) -> str:
    return sealed.reveal().replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(question: Question, given: list[str]) -> Sealed:
    text = "\n".join(given)
    if question.kind is Kind.LINE:
        text = " ".join(text.split())
    most = limits.LINE if question.kind is Kind.LINE else limits.TEXT
    if len(text) > most:
        raise ValueError(f"Please shorten this to {most} characters.")
    return Sealed(text)


def _options(question: Question, given: list[str]) -> tuple[str, ...]:
    known = {option.value for option in question.options}
    if not known.issuperset(given):
        raise ValueError("Please choose from the list.")
    return tuple(option.value for option in question.options if option.value in given)


def _number(question: Question, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("Please write a whole number in digits.")
    number = int(text)
    if question.least is not None and number < question.least:
        raise ValueError(f"Please give {question.least} or more.")
    if question.most is not None and number > question.most:
        raise ValueError(f"Please give {question.most} or fewer.")
    return number
