"""What one browser shows of a conversation: frozen, so that a page is always drawn from one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.school import Persona, School
from bot.talk.message import Choice, Choices, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Reply, Typed

EXCHANGES = 60
"""How much of a conversation stays on the page."""

DRAFTS = 8
"""How many forms a person can leave half filled."""


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
    """A conversation of one persona of one school; `drafts` keeps what was typed into forms left open, by form id."""

    conversation: str
    school: School
    persona: Persona
    exchanges: tuple[Exchange, ...] = ()
    form: OpenForm | None = None
    count: int = 0
    drafts: Mapping[str, Typed] = field(default_factory=dict)
    sent: tuple[int, str] = (0, "")

    def taking(self, said: Sealed | None, reply: Reply) -> Chat:
        """This chat with one more exchange; a form in the reply takes the place of the one that was open."""
        number = self.count + 1
        exchanges = self.exchanges
        if said is not None or reply.messages:
            exchanges = (*exchanges, Exchange(number, said, reply.messages))[-EXCHANGES:]
        form = OpenForm(number, self._with_draft(reply.form)) if reply.form else self.form
        return replace(self, exchanges=exchanges, form=form, count=number)

    def _with_draft(self, form: FormReply) -> FormReply:
        return form if form.given else replace(form, given=self.drafts.get(form.form.id, {}))

    def keeping(self, typed: Typed) -> Chat:
        """This chat with what stands in its open form, so that doing something else first loses none of it."""
        if self.form is None:
            return self
        form_id = self.form.reply.form.id
        others = [(name, draft) for name, draft in self.drafts.items() if name != form_id][1 - DRAFTS :]
        return replace(
            self,
            form=replace(self.form, reply=replace(self.form.reply, given=typed)),
            drafts=dict([*others, (form_id, typed)]),
        )

    def without_form(self) -> Chat:
        """This chat with its form put away; what was typed into it comes back when it is opened again."""
        return replace(self, form=None)

    def after_sending(self, digest: str) -> Chat:
        """This chat with its form sent: put away with its draft, and remembered, so that a second copy is known."""
        if self.form is None:
            return self
        drafts = {name: typed for name, typed in self.drafts.items() if name != self.form.reply.form.id}
        return replace(self, form=None, drafts=drafts, sent=(self.form.number, digest))

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
