"""The dialogs of a case: what waits for a person, one case whole, and everything that may be done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.conversation import case_wording as say
from bot.conversation.buttons import press
from bot.conversation.case_forms import CASE_FORMS, FACTS, case_form
from bot.conversation.case_page import CasePage, name_of
from bot.conversation.written import lines, written
from bot.domain.access import fits
from bot.domain.case import Relation, State
from bot.domain.casework import Casework, Hidden, NotNow, Seen
from bot.domain.orders import Order, Unfit
from bot.domain.people import School
from bot.domain.ports import Opener
from bot.talk.check import Checked, Value, check
from bot.talk.form import Form
from bot.talk.message import Action, Block, Choice, Choices, Facts, Message, Para
from bot.talk.turn import FormReply, Pressed, Reply, Submitted, Turn


@dataclass(frozen=True, slots=True)
class Cases:
    """Takes turns about cases; without an `opener` it never shows a word of what was reported."""

    casework: Casework
    schools: Callable[[str], School]

    def take(self, turn: Turn, opener: Opener | None = None) -> Reply:
        """Take one turn. Raises Hidden, NotNow, NotRecorded."""
        match turn.act:
            case Pressed(action):
                return self._pressed(turn, action, opener)
            case Submitted():
                return self._submitted(turn, turn.act, opener)
            case _:
                raise Hidden

    def _pressed(self, turn: Turn, action: Action, opener: Opener | None) -> Reply:
        ref, act = action.values.get("ref", ""), action.values.get("act", "")
        match action.name:
            case "cases":
                return Reply((self._list(turn),))
            case "case":
                return Reply(tuple(self._case(turn, ref, opener)))
            case "case-form":
                seen = self._asked_for(turn, ref, act, opener)
                return Reply((), FormReply(self._filled(turn, seen, act), key=f"{ref}/{len(seen.case.entries)}"))
            case "case-do" if act not in CASE_FORMS:
                seen_then = _number(action.values.get("seen", ""))
                return self._do(turn, Order(act, ref, turn.person, seen=seen_then), opener)
            case _:
                raise Hidden

    def _list(self, turn: Turn) -> Message:
        page = CasePage(self.casework, self.schools(turn.school))
        cases = self.casework.listed(turn.school, turn.person)
        self.casework.saw(turn.school, turn.person)
        blocks: tuple[Block, ...] = (Para(say.LIST_EMPTY),)
        if cases:
            buttons = tuple(_open(seen.case.ref) for seen in cases)
            rows = tuple((seen.case.ref, page.line(seen)) for seen in cases)
            blocks = (Facts(rows), Choices(say.LIST_OPEN, buttons))
        return Message(say.LIST_TITLE, (*blocks, *self._more(turn)))

    def _more(self, turn: Turn) -> Iterator[Block]:
        person = self.schools(turn.school).person(turn.person)
        access = self.casework.rules.access
        pages = {"figures": ("figures", say.FIGURES), "verify-audit": ("trail", say.TRAIL)}
        buttons = tuple(
            Choice(label, press(name))
            for act, (name, label) in pages.items()
            if person and fits(access[act], person, Relation.NONE, None)
        )
        if buttons:
            yield Choices("", buttons)

    def _case(self, turn: Turn, ref: str, opener: Opener | None) -> Iterator[Message]:
        page = CasePage(self.casework, self.schools(turn.school))
        seen = self.casework.see(turn.school, turn.person, ref)
        if not seen.may or seen.stands is Relation.REPORTER:
            raise Hidden
        if opener is None or "read" not in seen.may:
            yield page.without_words(seen, opener is not None)
        else:
            yield from page.whole(self.casework.open(turn.school, turn.person, ref, opener))

    def _asked_for(self, turn: Turn, ref: str, act: str, opener: Opener | None) -> Seen:
        """The case, where this can be done to it here. Raises Hidden, NotNow."""
        seen = self.casework.see(turn.school, turn.person, ref)
        row = self.casework.rules.access.get(act)
        person = self.schools(turn.school).person(turn.person)
        if row is None or person is None or act not in CASE_FORMS:
            raise Hidden
        if not any(fits(row, person, seen.stands, state) for state in State):
            raise Hidden
        if act not in seen.may or (row.content and opener is None):
            raise NotNow
        return seen

    def _filled(self, turn: Turn, seen: Seen, act: str) -> Form:
        school = self.schools(seen.case.school)
        people = (each for each in school.people if each.id != turn.person or act == "name-subject")
        proposals = tuple(
            (str(seq), say.PROPOSAL.format(person=name_of(school, person)))
            for seq, person in seen.case.proposed.items()
        )
        entries = len(seen.case.entries)
        return case_form(act, tuple((person.id, person.name) for person in people), proposals, entries)

    def _submitted(self, turn: Turn, sent: Submitted, opener: Opener | None) -> Reply:
        ref, _, count = sent.key.partition("/")
        form = self._filled(turn, self._asked_for(turn, ref, sent.form, opener), sent.form)
        checked = check(form, sent.typed)
        if checked.problems:
            return Reply((), FormReply(form, sent.typed, checked.problems, sent.key))
        try:
            return self._do(turn, _order(turn, ref, form, checked, _number(count)), opener)
        except Unfit as unfit:
            return Reply((), FormReply(form, sent.typed, {"": say.UNFIT[str(unfit)]}, sent.key))

    def _do(self, turn: Turn, order: Order, opener: Opener | None) -> Reply:
        row = self.casework.rules.access.get(order.action)
        if row is None or order.action not in say.ACTS or (row.content and opener is None):
            raise Hidden
        seen = self.casework.do(turn.school, order, opener)
        blocks: tuple[Block, ...] = (Para(say.DONE[order.action].format(ref=order.ref)),)
        if seen.may:
            blocks = (*blocks, Choices("", (_open(order.ref),)))
        return Reply((Message(say.ACTS[order.action], blocks),))


def _order(turn: Turn, ref: str, form: Form, checked: Checked, seen: int) -> Order:
    """What a form asks to be done: codes in the clear, words sealed; whom a case is about is sealed as well."""
    given = {name: value for name, value in checked.values.items() if value is not None}
    facts = {name: _code(value) for name, value in given.items() if name in FACTS}
    sealed = {name: value for name, value in given.items() if name not in FACTS or form.id == "name-subject"}
    text = written(form, sealed)
    return Order(form.id, ref, turn.person, facts, text if lines(text) else None, seen)


def _open(ref: str) -> Choice:
    return Choice(say.OPEN.format(ref=ref), press("case", ref=ref))


def _code(value: Value) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
