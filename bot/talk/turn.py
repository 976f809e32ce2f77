"""One exchange: what a person did, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.talk.form import Form
from bot.talk.message import Action, Message
from bot.talk.sealed import Sealed

Typed = Mapping[str, tuple[Sealed, ...]]
"""What was typed or ticked, by question name, exactly as it came in."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something typed into the chat."""

    text: Sealed


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; `about` is a message that somebody pointed at with it."""

    action: Action
    about: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent in; `key` is what the form was handed out with."""

    form: str
    typed: Typed
    key: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in a form that was put away or left for something else: a draft, to be given back."""

    form: str
    typed: Typed
    key: str = ""


Act = Said | Pressed | Submitted | Kept


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person of one school did in one conversation."""

    conversation: str
    person: str
    school: str
    act: Act


@dataclass(frozen=True, slots=True)
class FormReply:
    """A form to fill in, with what was given before and the problem beside each question's name.

    `key` travels with the form and comes back with it, so that what is sent twice is known. `opened_by` is set where
    words brought it: the button that does the same, for a channel that opens forms by buttons alone.
    """

    form: Form
    given: Typed = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    opened_by: Action | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A file that goes out: its name, its media type, its bytes."""

    name: str
    media: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: messages in order, then a form where one is opened, or a file to keep.

    `done` is set where somebody was asked to act and has: nobody need ask them any more.
    """

    messages: tuple[Message, ...] = ()
    form: FormReply | None = None
    file: Download | None = None
    done: bool = False


class Assistant(Protocol):
    """Whatever a channel hands its turns to."""

    def greet(self, person: str, school: str) -> Reply:
        """What is shown to a person of a school before the first turn."""

    def reply(self, turn: Turn) -> Reply:
        """Take one turn; never raises: what goes wrong is said in the reply."""
