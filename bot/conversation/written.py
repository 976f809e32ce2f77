"""What was answered in a form, as one sealed text that explains itself for decades: each answer with its question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from bot.talk.check import Value
from bot.talk.form import Form, Question
from bot.talk.sealed import Sealed

Line = tuple[str, str, str]
"""The name of a question, the question as it was put, and the answer in words."""


def written(form: Form, values: Mapping[str, Value], *more: Line) -> Sealed:
    """All answers of a form that were given, and more lines of our own, as one text."""
    lines = [
        (question.name, question.label, words)
        for question in form.questions
        if (words := _words(question, values.get(question.name)))
    ]
    return Sealed(json.dumps([*lines, *more], ensure_ascii=False))


def lines(text: Sealed) -> tuple[Line, ...]:
    """The lines of a text that was written so."""
    return tuple((name, label, words) for name, label, words in json.loads(text.reveal()))


def _words(question: Question, value: Value) -> str:
    match value:
        case None:
            return ""
        case Sealed():
            return value.reveal()
        case tuple():
            return "\n".join(option.label for option in question.options if option.value in value)
        case date():
            return f"{value:%d/%m/%Y}"
        case int():
            return str(value)
        case str():
            return next((option.label for option in question.options if option.value == value), value)
