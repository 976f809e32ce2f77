"""A form as a conversation: its questions one after the other, then one line that sends it."""

from __future__ import annotations

from typing import assert_never

from bot.channels.terminal import labels, read
from bot.channels.terminal.desk import Desk, Gone
from bot.channels.terminal.read import read_form_command, read_line, read_numbers, read_text, read_text_line
from bot.channels.terminal.render import Asked, render_form, render_points, render_question
from bot.talk.form import Kind
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Typed


class Closed(Exception):
    """The form was put away; holds what was typed up to then."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed


class Left(Gone):
    """Nobody answers any more; holds what was typed up to then."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed


class _Close(Exception):
    """/close was typed."""


class _Keep(Exception):
    """/keep was typed, and there is something to keep."""


def fill(reply: FormReply, desk: Desk) -> Typed:
    """
    Ask a form's questions, or only those with a problem, and keep every other answer.

    Raises Closed where the form is put away, Left where nobody answers any more.
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
    except Gone:
        desk.tell(labels.FORM_LOST.format(title=form.title))
        raise Left(typed) from None
    return typed


def _asked(reply: FormReply) -> list[Asked]:
    questions, given, problems = reply.form.questions, reply.given, reply.problems
    every = [
        Asked(question, number, len(questions), given.get(question.name, ()), problems.get(question.name, ""))
        for number, question in enumerate(questions, 1)
    ]
    return [asked for asked in every if asked.problem] or every


def _put(asked: Asked, typed: dict[str, tuple[Sealed, ...]], desk: Desk) -> None:
    """Ask one question and note its answer; a longer text that is left half typed is noted as far as it goes."""
    desk.show(render_question(asked, desk.width, colour=desk.colour))
    lines: list[Sealed] = []
    try:
        typed[asked.question.name] = _answer(asked, desk, lines)
    except _Keep:
        return
    except (_Close, Gone):
        if lines:
            typed[asked.question.name] = (read_text(lines),)
        raise


def _answer(asked: Asked, desk: Desk, lines: list[Sealed]) -> tuple[Sealed, ...]:
    keep = bool(asked.given)
    match asked.question.kind:
        case Kind.LINE | Kind.DAY | Kind.NUMBER:
            line = read_line(_line(desk, keep))
            return (line,) if line else ()
        case Kind.TEXT:
            while (part := read_text_line(_line(desk, keep))) is not None:
                lines.append(part)
            return (read_text(lines),) if lines else ()
        case Kind.ONE | Kind.MANY:
            while (chosen := read_numbers(asked.question, _line(desk, keep))) is None:
                desk.tell(labels.NOT_ON_LIST)
            return chosen
        case _:
            assert_never(asked.question.kind)


def _send(submit: str, desk: Desk) -> None:
    desk.tell(labels.FORM_READY.format(submit=submit))
    while _line(desk, keep=False):
        desk.tell(labels.FORM_WAITS)


def _line(desk: Desk, keep: bool) -> Sealed:
    """The next typed line that is no command."""
    while True:
        line = desk.line()
        match read_form_command(line):
            case None:
                return line
            case read.CLOSE:
                raise _Close
            case read.QUIT:
                raise Gone
            case read.KEEP if keep:
                raise _Keep
            case read.HELP:
                desk.show(render_points(labels.FORM_HELP, desk.width, colour=desk.colour))
            case _:
                desk.tell(labels.NOTHING_TO_KEEP)
