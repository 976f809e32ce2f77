"""Deciding a request: approve, refuse, send back, pass on, withdraw; what was done instead is never done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation import request_wording as say
from bot.conversation.request_acts import FACTS, REQUEST_ACTS, act_form, clauses_for
from bot.conversation.request_page import FORMLESS, RequestPage, capital, open_it
from bot.conversation.written import lines, written
from bot.domain.approvals import Approvals, Moved, Seen
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.ports import NotRecorded
from bot.domain.request import State
from bot.domain.stages import can_be_named, trusted
from bot.talk.check import Checked, check
from bot.talk.form import Form
from bot.talk.message import Action, Block, Choices, Message, Para
from bot.talk.turn import FormReply, Reply, Submitted, Turn


@dataclass(frozen=True, slots=True)
class Deciding:
    """Carries out what one person does to a request; all of it raises Hidden, Moved, NotNow, NotRecorded."""

    approvals: Approvals
    page: RequestPage

    def pressed(self, turn: Turn, action: Action) -> Reply:
        """A button: what takes no more than that is done, for all else its form opens."""
        ref, act = action.values.get("ref", ""), action.values.get("act", "")
        if action.name == "request-do":
            if act not in FORMLESS:
                raise Hidden
            return self._done(turn, Order(act, ref, turn.person, seen=_number(action.values.get("seen", ""))))
        seen = self._seen(turn, ref)
        if act not in seen.may or act not in REQUEST_ACTS:
            raise NotNow
        return Reply((), FormReply(self._form(seen, act), key=f"{ref}/{seen.request.mark}"))

    def submitted(self, turn: Turn, sent: Submitted) -> Reply:
        """The form of an act; where it is not recorded, or does not fit, all that was typed comes back."""
        ref, _, mark = sent.key.partition("/")
        try:
            form = self._form(self._seen(turn, ref), sent.form)
        except NotRecorded:
            return Reply((), FormReply(self._any(sent.form), sent.typed, {"": say.NOT_SAVED}, sent.key))
        checked = check(form, sent.typed)
        if checked.problems:
            return Reply((), FormReply(form, sent.typed, checked.problems, sent.key))
        try:
            return self._done(turn, _order(turn, ref, form, checked, _number(mark)))
        except Moved as moved:
            return self._again(turn, sent, moved)
        except Unfit as unfit:
            return Reply((), FormReply(form, sent.typed, {"": say.UNFIT[str(unfit)]}, sent.key))
        except NotRecorded:
            return Reply((), FormReply(form, sent.typed, {"": say.NOT_SAVED}, sent.key))

    def _again(self, turn: Turn, sent: Submitted, moved: Moved) -> Reply:
        """The form once more, as it was typed, with what happened since, where it can still be done. Raises Moved."""
        seen = self._seen(turn, sent.key.partition("/")[0])
        if sent.form not in seen.may:
            raise moved
        key = f"{seen.request.ref}/{seen.request.mark}"
        return Reply((), FormReply(self._form(seen, sent.form), sent.typed, {"": self.page.moved(moved)}, key))

    def _seen(self, turn: Turn, ref: str) -> Seen:
        listed = self.approvals.listed(turn.school, turn.person)
        found = next((one for one in listed if one.request.ref == ref), None)
        if found is None:
            raise Hidden
        return found

    def _form(self, seen: Seen, act: str) -> Form:
        request, form = seen.request, self.page.forms.get(seen.request.form)
        clauses = clauses_for(self.page.policy, form.kind if form else "", form.clauses if form else ())
        school, viewer = self.page.school, self.page.viewer
        people = (one for one in school.people if can_be_named(one.id, viewer, request.waiting, school))
        return act_form(act, clauses, tuple((one.id, one.name) for one in people))

    def _any(self, act: str) -> Form:
        """The form where the request itself cannot be read: with all that could be chosen anywhere."""
        people = ((one.id, one.name) for one in self.page.school.people if trusted(one))
        return act_form(act, self.page.policy.clauses, tuple(people))

    def _done(self, turn: Turn, order: Order) -> Reply:
        seen = self.approvals.do(turn.school, order)
        who = capital(self.page.name(seen.request.requester))
        text = say.DONE[order.action].format(ref=order.ref, who=who)
        return Reply((Message(say.ACTS[order.action], (Para(text), *self._next(order, seen))),), done=True)

    def _next(self, order: Order, seen: Seen) -> Iterator[Block]:
        """What follows from it."""
        request = seen.request
        if request.state is State.APPROVED:
            who = capital(self.page.name(request.requester))
            yield Para(say.ALL_APPROVED.format(who=who))
            if request.register:
                yield Para(say.IN_REGISTER.format(ref="E" + request.ref[1:]))
        if request.state is State.PENDING:
            yield Para(f"{self.page.waits(seen)}.")
        yield Choices("", (open_it(order.ref),))


def _order(turn: Turn, ref: str, form: Form, checked: Checked, seen: int) -> Order:
    """What a form asks to be done: ids in the clear, words closed."""
    facts = {name: str(value) for name, value in checked.values.items() if name in FACTS}
    text = written(form, {name: value for name, value in checked.values.items() if name not in FACTS})
    return Order(form.id, ref, turn.person, facts, text if lines(text) else None, seen)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
