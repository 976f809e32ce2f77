"""A form on paper, so to speak: its questions one after the other, then one line that sends it."""

from __future__ import annotations

from typing import assert_never

from bot.channels.terminal import labels
from bot.channels.terminal.desk import Desk, Gone
from bot.channels.terminal.read import (
    CLOSE,
    HELP,
    KEEP,
    QUIT,
    read_form_command,
    read_line,
    read_numbers,
    read_text,
    read_text_line,
)
from bot.channels.terminal.render import Asked, render, render_form, render_question
from bot.talk.form import Kind
from bot.talk.message import Message, Points
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Typed


class Closed(Exception):
    """The form was put away; holds what was typed up to then."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed


class _Close(Exception):
    """/close was typed."""


class _Keep(Exception):
    """/keep was typed."""


def fill(reply: FormReply, desk: Desk) -> Typed:
    """
    Ask a form's questions, or only those with a problem, and keep every other answer.

    Raises Closed where the form is put away, Gone where nobody answers any more.
    """
    form, typed = reply.form, dict(reply.given)
    known = {question.name for question in form.questions}
    of_the_form = [problem for name, problem in reply.problems.items() if name not in known]
    desk.show(render_form(form, of_the_form, desk.width, colour=desk.colour))
    try:
        for asked in _asked(reply):
            _put(asked, typed, desk)
        _send(form.submit, desk)
    except _Close:
        raise Closed(typed) from None
    return typed


def _asked(reply: FormReply) -> list[Asked]:
    questions = reply.form.questions
    every = [
        Asked(question, number, len(questions), reply.given.get(question.name, ()), reply.problems.get(question.name, ""))
        for number, question in enumerate(questions, 1)
    ]
    return [asked for asked in every if asked.problem] or every


def _put(asked: Asked, typed: dict[str, tuple[Sealed, ...]], desk: Desk) -> None:
    """Ask one question and note its answer; of a text that is left half typed, its lines are noted too."""
    desk.show(render_question(asked, desk.width, colour=desk.colour))
    lines: list[Sealed] = []
    try:
        typed[asked.question.name] = _answer(asked, desk, lines)
    except _Keep:
        pass
    except _Close:
        if lines:
            typed[asked.question.name] = (read_text(lines),)
        raise
    finally:
        desk.show("") if False else None


def _answer(asked: Asked, desk: Desk, lines: list[Sealed]) -> tuple[Sealed, ...]:
    return ()


def _send(submit: str, desk: Desk) -> None:
    pass
