"""From a request's body to what a person did: text only, sealed as soon as it is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request

from bot.channels.web import labels
from bot.channels.web.chat import Chat
from bot.talk import limits
from bot.talk.form import Form
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Kept, Pressed, Said, Submitted, Typed

BODY = 256 * 1024
"""Bytes of a body that we read."""

DRAINED = 1024 * 1024
"""Bytes we let a body run on before we answer: a browser shows our page only once it has sent everything."""

SECONDS = 20.0
"""How long a body may take to arrive."""

ANSWER = "q."
"""Stands before a question's name in a field's name, so that no question can be taken for our own fields."""


class Refused(Exception):
    """A body that is not read: a status and the sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Unfit(Exception):
    """Something that cannot be taken as a turn: one sentence for the person."""


class Again(Exception):
    """A form that came in a second time, word for word."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form post in their order; `digest` tells two posts apart without showing them."""

    pairs: tuple[tuple[str, Sealed], ...]
    digest: str

    def all(self, name: str) -> tuple[Sealed, ...]:
        """Every value of a field, as it came in."""
        return tuple(value for key, value in self.pairs if key == name)

    def plain(self, name: str) -> str:
        """The value of a field of our own making, such as a token; never of one that a person types into."""
        return next((value.reveal() for value in self.all(name)), "")

    def answers(self) -> tuple[Sealed, ...]:
        """Everything that was typed into a form, whichever form it was."""
        return tuple(value for key, value in self.pairs if key.startswith(ANSWER) and value)


@dataclass(frozen=True, slots=True)
class Step:
    """What the person did and how the transcript shows it."""

    act: Act
    shown: Sealed


async def read_body(request: Request) -> bytes:
    """The body of a request. Raises Refused when it is not a form, too big or too slow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(415, labels.FORMAT)
    body = bytearray()
    size = 0
    with anyio.move_on_after(SECONDS) as waiting:
        async for part in request.stream():
            size += len(part)
            if size <= BODY:
                body += part
            elif size > DRAINED:
                break
    if waiting.cancelled_caught:
        raise Refused(408, labels.TOO_SLOW)
    if size > BODY:
        raise Refused(413, labels.TOO_BIG)
    return bytes(body)


def read_fields(body: bytes) -> Fields:
    """The fields of a body. Raises Refused when it is not UTF-8 or not a form."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Refused(400, labels.NOT_UTF8) from None
    except ValueError:
        raise Refused(400, labels.FORMAT) from None
    return Fields(tuple((name, _sealed(value)) for name, value in pairs), hashlib.sha256(body).hexdigest())


def _sealed(value: str) -> Sealed:
    # A browser sends every line break as two characters; what was typed is one.
    return Sealed(value.replace("\r\n", "\n"))


def read_typed(form: Form, fields: Fields) -> Typed:
    """What was typed or ticked in a form, by question name."""
    return {question.name: fields.all(ANSWER + question.name) for question in form.questions}


def read_answers(fields: Fields) -> Typed:
    """What was typed or ticked in a form that is not at hand, by question name."""
    names = (name.removeprefix(ANSWER) for name, _ in fields.pairs if name.startswith(ANSWER))
    return {name: fields.all(ANSWER + name) for name in names}


def read_kept(chat: Chat, fields: Fields) -> Kept | None:
    """What stood in the open form when something else was done."""
    if chat.form is None or fields.plain("form") != str(chat.form.number):
        return None
    reply = chat.form.reply
    return Kept(reply.form.id, read_typed(reply.form, fields), reply.key)


def read_said(chat: Chat, fields: Fields) -> Step:
    """Something typed into the ask box. Raises Unfit when there is nothing, or too much."""
    text = next(iter(fields.all("text")), Sealed(""))
    if not text:
        raise Unfit(labels.EMPTY)
    if len(text.reveal()) > limits.SAID:
        raise Unfit(labels.LONG.format(most=limits.SAID))
    return Step(Said(text), text)


def read_pressed(chat: Chat, fields: Fields) -> Step:
    """A button, looked up by its place on the page: what it asks for never travels. Raises Unfit once it is gone."""
    choice = chat.choice(fields.plain("choice"))
    if choice is None:
        raise Unfit(labels.GONE)
    return Step(Pressed(choice.action), Sealed(choice.label))


def read_submitted(chat: Chat, fields: Fields) -> Step:
    """A form that was sent in. Raises Unfit when it is not the one on the page, Again when it was taken just now."""
    number = fields.plain("form")
    if chat.form is None or number != str(chat.form.number):
        if (number, fields.digest) == (str(chat.sent[0]), chat.sent[1]):
            raise Again
        raise Unfit(labels.NOT_OPEN)
    form, key = chat.form.reply.form, chat.form.reply.key
    return Step(Submitted(form.id, read_typed(form, fields), key), Sealed(labels.FORM_SENT.format(title=form.title)))
