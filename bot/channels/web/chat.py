"""What one browser shows of a conversation: frozen, so that a page is always drawn from one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.people import Person, School
from bot.talk.message import Choice, Choices, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Reply, Typed

EXCHANGES = 60
"""How much of a conversation stays on the page."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the person did, where it shows, and the messages that came back."""

    number: int
    said: Sealed | None
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form on the page; its number is new each time it is drawn, so that none is taken twice."""

    number: int
    reply: FormReply


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation of one person of one school."""

    conversation: str
    school: School
    person: Person
    exchanges: tuple[Exchange, ...] = ()
    form: OpenForm | None = None
    count: int = 0
    sent: tuple[int, str] = (0, "")

    def taking(self, said: Sealed | None, reply: Reply) -> Chat:
        """This chat with one more exchange; a form in the reply takes the place of the one that was open."""
        number = self.count + 1
        exchanges = self.exchanges
        if said is not None or reply.messages:
            exchanges = (*exchanges, Exchange(number, said, reply.messages))[-EXCHANGES:]
        form = OpenForm(number, reply.form) if reply.form else self.form
        return replace(self, exchanges=exchanges, form=form, count=number)

    def keeping(self, typed: Typed) -> Chat:
        """This chat with what stands in its open form, so that doing something else first loses none of it."""
        if self.form is None:
            return self
        return replace(self, form=replace(self.form, reply=replace(self.form.reply, given=typed)))

    def without_form(self) -> Chat:
        """This chat with its form put away."""
        return replace(self, form=None)

    def after_sending(self, digest: str) -> Chat:
        """This chat with its form sent: put away, and remembered, so that a second copy is known."""
        return replace(self, form=None, sent=(self.form.number, digest)) if self.form else self

    def choice(self, spot: str) -> Choice | None:
        """The button at `exchange.message.block.option`, or None once it has left the page."""
        try:
            number, message, block, option = (int(part) for part in spot.split("."))
            exchange = next(shown for shown in self.exchanges if shown.number == number)
            found = exchange.messages[message].blocks[block]
            return found.options[option] if isinstance(found, Choices) else None
        except (ValueError, IndexError, StopIteration):
            return None

    @property
    def newest(self) -> str:
        """The id of the element that the page opens at."""
        if self.form and self.form.reply.problems:
            return "problems"
        if self.exchanges and (self.form is None or self.exchanges[-1].number >= self.form.number):
            return f"turn-{self.exchanges[-1].number}"
        return "answers-title" if self.form else "log"
