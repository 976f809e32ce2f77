"""From a typed line to what a person did: exactly, so that every text can be typed and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.talk.form import Kind, Question
from bot.talk.message import Choice, Choices, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import Pressed, Said

CLOSE, KEEP, HELP, QUIT, SCHOOL = "/close", "/keep", "/help", "/quit", "/school"

_WORDS = "close|keep|help|quit"
_COMMAND = re.compile(rf"\s*(/(?:{_WORDS}))\s*")
_SLASHED = re.compile(rf"(\s*)/(/+(?:{_WORDS})\s*)")
_END = re.compile(r"\s*\.\s*")
_DOTTED = re.compile(r"(\s*)\.(\.+\s*)")
_CHAT_COMMAND = re.compile(r"(/[a-z]+)(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


def choices_by_number(messages: Iterable[Message]) -> Mapping[str, Choice]:
    """The choices of a reply by the number that is typed for them, counted through all its messages."""
    blocks = (block for message in messages for block in message.blocks if isinstance(block, Choices))
    return {str(number): choice for number, choice in enumerate((c for b in blocks for c in b.options), 1)}


def read_act(line: Sealed, choices: Mapping[str, Choice]) -> Said | Pressed:
    """A choice where its number was typed, else something said."""
    choice = choices.get(line.reveal().strip())
    return Said(line) if choice is None else Pressed(choice.action)


def read_chat_command(line: Sealed) -> tuple[str, str] | None:
    """A command typed into the chat and the word behind it, or None for what is to be said."""
    found = _CHAT_COMMAND.fullmatch(line.reveal().strip())
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def read_form_command(line: Sealed) -> str | None:
    """A command typed into a form, or None for an answer."""
    found = _COMMAND.fullmatch(line.reveal())
    return found[1] if found else None


def read_line(line: Sealed) -> Sealed:
    """A line of an answer: where it is a command with one slash more, one slash goes."""
    return Sealed(_SLASHED.sub(_rest, line.reveal())) if _SLASHED.fullmatch(line.reveal()) else line


def read_text_line(line: Sealed) -> Sealed | None:
    """A line of a longer answer, None at its end; of a line of dots one dot goes."""
    typed = line.reveal()
    if _END.fullmatch(typed):
        return None
    found = _DOTTED.fullmatch(typed)
    return Sealed(_rest(found)) if found else read_line(line)


def _rest(found: re.Match[str]) -> str:
    return found[1] + found[2]


def read_text(lines: Iterable[Sealed]) -> Sealed:
    """Lines as one text."""
    return Sealed("\n".join(line.reveal() for line in lines))


def read_numbers(question: Question, line: Sealed) -> tuple[Sealed, ...] | None:
    """The values of the options whose numbers were typed, none for an empty line; None where they do not fit."""
    # Only numbers count: a value that looks like another option's number must never be taken for it.
    values = {str(number): option.value for number, option in enumerate(question.options, 1)}
    typed = [part for part in re.split(r"[,\s]+", line.reveal()) if part]
    if not values.keys() >= set(typed) or (question.kind is Kind.ONE and len(typed) > 1):
        return None
    return tuple(Sealed(values[number]) for number in typed)
