"""From meaning to lines of text: a word and a sign say what colour only repeats, and all text stays text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import assert_never

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.channels.terminal import labels
from bot.channels.terminal.wrap import wrap
from bot.talk.form import Form, Kind, Question
from bot.talk.message import Alert, Block, Choices, Facts, Link, Message, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed

WIDEST = 88
"""Longer lines are hard to read."""

NARROWEST = 20
"""A narrower terminal breaks the lines itself."""

RULINGS = {
    "no": ("✘", "bold red"),
    "yes": ("✔", "bold green"),
    "approval": ("☝", "bold yellow"),
    "depends": ("±", "bold yellow"),
    "action": ("→", "bold blue"),
    "info": ("i", "bold blue"),
    "none": ("?", "bold"),
}
"""Sign and style of each kind of ruling; any other kind is drawn as `none`."""

BAR = "│ "

Lines = list[Text]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is put: its place in the form, what was given before, what is wrong with that."""

    question: Question
    number: int
    total: int
    given: tuple[Sealed, ...] = ()
    problem: str = ""


def render(message: Message, width: int, *, first: int = 1, colour: bool = False) -> str:
    """
    A message as text without a line break at its end.

    `first` numbers its first choice. The title is not drawn: it is a name for where blocks cannot be seen.
    """
    parts = []
    for block in message.blocks:
        parts.append(_draw(block, _fit(width), first))
        first += len(block.options) if isinstance(block, Choices) else 0
    return _joined(parts, colour)


def render_form(form: Form, problems: Iterable[str], width: int, *, colour: bool = False) -> str:
    """The head of a form, with the problems that belong to no single question."""
    lines = _lines(form.title, _fit(width), style="bold")
    lines += [line for problem in problems for line in _problem(problem, _fit(width))]
    return _joined([lines, _lines(labels.FORM_INTRO, _fit(width), style="dim")], colour)


def render_question(asked: Asked, width: int, *, colour: bool = False) -> str:
    """One question with its hint, what was given, its problem, its options by number, and how to answer it."""
    width, question = _fit(width), asked.question
    place = labels.PLACE.format(number=asked.number, total=asked.total)
    label = question.label if question.required else f"{question.label} {labels.OPTIONAL}"
    lines = [*_lines(place, width, style="dim"), *_lines(label, width, style="bold")]
    lines += _lines(question.hint, width)
    if asked.given:
        lines += [*_lines(labels.GIVEN, width, style="dim"), *_lines(_given(asked), width, BAR, BAR)]
    lines += _problem(asked.problem, width)
    lines += _numbered([option.label for option in question.options], width, 1)
    return _joined([[*lines, *_lines(_how(asked), width, style="dim")]], colour)


def render_points(items: tuple[tuple[str, str], ...], width: int, *, colour: bool = False) -> str:
    """A list of the channel's own."""
    return _joined([_draw(Points(items), _fit(width), 1)], colour)


def render_line(text: str, width: int) -> str:
    """A sentence of the channel's own."""
    return _joined([_lines(text, _fit(width))], colour=False)


def _fit(width: int) -> int:
    return max(NARROWEST, min(WIDEST, width))


def _draw(block: Block, width: int, first: int) -> Lines:
    match block:
        case Para(text):
            return _lines(text, width)
        case Alert(text):
            return _lines(f"{labels.ALERT}: {text}", width, "!! ", style="bold red")
        case Ruling(kind, label, text):
            sign, style = RULINGS.get(kind, RULINGS["none"])
            return _lines(label, width, f"{sign} ", style=style) + _lines(text, width)
        case Quote(text, source, ref):
            named = " ".join(part for part in (source, f"({ref})" if ref else "") if part)
            return _lines(text, width, BAR, BAR) + _lines(named, width, "— ", style="dim")
        case Facts(rows):
            return [line for name, value in rows for line in _named(name, value, width, "")]
        case Points(items):
            return [line for name, text in items for line in _named(name, text, width, "• ")]
        case Note(text):
            return _lines(f"{labels.NOTE}: {text}", width)
        case Choices(question, options):
            return _lines(question, width) + _numbered([option.label for option in options], width, first)
        case Link(label, address):
            return _named(label, address.reveal(), width, "")
        case _:
            assert_never(block)


def _lines(text: str, width: int, first: str = "", rest: str | None = None, style: str = "") -> Lines:
    """Wrapped lines behind `first`, those that follow behind `rest` or as many spaces; none for an empty text."""
    rest = " " * cell_len(first) if rest is None else rest
    wrapped = wrap(text, width - cell_len(first)) if text else []
    return [Text((rest if index else first) + line, style) for index, line in enumerate(wrapped)]


def _named(name: str, text: str, width: int, sign: str) -> Lines:
    colon = "" if not name or name.endswith((":", ".", "?", "!")) else ":"
    return _lines(f"{name}{colon} {text}".strip(" "), width, sign, " " * (len(sign) or 2))


def _numbered(names: list[str], width: int, first: int) -> Lines:
    room = len(str(first + len(names) - 1))
    numbered = enumerate(names, first)
    return [line for number, name in numbered for line in _lines(name or "-", width, f"  {number:>{room}}  ")]


def _problem(problem: str, width: int) -> Lines:
    return _lines(f"{labels.PROBLEM}: {problem}", width, "! ", style="bold red") if problem else []


def _given(asked: Asked) -> str:
    names = {option.value: option.label for option in asked.question.options}
    return "\n".join(names.get(text, text) for text in (sealed.reveal() for sealed in asked.given))


def _how(asked: Asked) -> str:
    """How to answer: the notation of this channel, nothing of the question itself."""
    question = asked.question
    skip = "" if question.required else labels.SKIP
    match question.kind:
        case Kind.LINE:
            told = [skip]
        case Kind.TEXT:
            told = [labels.TEXT, "" if question.required else labels.SKIP_TEXT, labels.TEXT_DOTS]
        case Kind.ONE:
            told = [labels.ONE, skip]
        case Kind.MANY:
            told = [labels.MANY, skip]
        case Kind.DAY:
            told = [labels.DAY, skip]
        case Kind.NUMBER:
            told = [labels.NUMBER, skip]
        case _:
            assert_never(question.kind)
    return " ".join(part for part in (*told, labels.KEEP if asked.given else "") if part)


def _joined(parts: Iterable[Lines], colour: bool) -> str:
    """Parts with an empty line between them; without colour not one escape sequence."""
    lines: Lines = []
    for part in parts:
        lines += [Text(), *part] if lines and part else part
    out = StringIO()
    console = Console(
        file=out,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        _environ={"TERM": "xterm"},  # so that only `colour` decides, not the environment a second time
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue().removesuffix("\n")
