"""What is said: meaning, never markup. Every channel draws each kind, and the type checker proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.talk.sealed import Sealed

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for: a name and plain values; never anything a person typed."""

    name: str
    values: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class Para:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What must be seen first: danger, 999."""

    text: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict in one word or two (`kind` is the policy's verdict) and the sentence that says it."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a policy with their source; `ref` is the clause's id."""

    text: str
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Named values, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short texts, each with a name in front that may be empty."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """A question, which may be empty, and its buttons.

    `once` is set where one answer is all there is: a channel that can shows what was chosen in their place.
    """

    question: str
    options: tuple[Choice, ...]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of the conversation, to an address that is as secret as what it opens."""

    label: str
    address: Sealed


Block = Para | Alert | Ruling | Quote | Facts | Points | Note | Choices | Link


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks that belong together; `title` is its name for a screen reader or a notification, without content.

    `opened_by` is set where it holds what people wrote: a channel whose messages stay where others could find them
    shows it in passing, or posts a button with this action in its place.
    """

    title: str
    blocks: tuple[Block, ...]
    opened_by: Action | None = None
