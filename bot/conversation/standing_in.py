"""Letting somebody sign while one is away: who signs for whom and until when, the form that asks it, and ending it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation import request_wording as say
from bot.conversation.buttons import press
from bot.conversation.request_page import RequestPage, capital, in_full
from bot.domain.approvals import Approvals
from bot.domain.casework import Hidden
from bot.domain.orders import Unfit
from bot.domain.people import School
from bot.domain.ports import NotRecorded
from bot.domain.stages import Delegation, trusted
from bot.talk import limits
from bot.talk.check import check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Block, Choice, Choices, Message, Note, Para
from bot.talk.turn import FormReply, Reply, Submitted

STAND_IN = Form(
    "stand-in",
    say.STAND_IN,
    say.STAND_IN_SUBMIT,
    (
        Question("to", say.ASK_STAND_IN, Kind.ONE, say.HINT_STAND_IN, options=(Choosable("nobody", say.SAMPLE),)),
        Question("since", say.ASK_SINCE, Kind.DAY),
        Question("until", say.ASK_UNTIL, Kind.DAY, say.HINT_UNTIL),
    ),
)
WORDS = frozenset({"while i am away", "while i’m away", "while i'm away", "delegate", "someone signs for me"})
"""What people type to come here."""

_ASKS = {"no-such-days": "until", "not-on-the-list": "to", "cannot-be-named": "to"}
"""Beside which question it is said that something does not fit."""


def can_sign(school: School, person_id: str) -> bool:
    """Whether requests can come to somebody at all: by a role, or as a line manager."""
    person = school.person(person_id)
    manages = (school.manager_of(one.id) for one in school.people)
    return person is not None and (trusted(person) or person in manages)


@dataclass(frozen=True, slots=True)
class StandingIn:
    """Says who signs for one person, and for whom they sign, and changes the first of it."""

    approvals: Approvals
    page: RequestPage

    def opened(self) -> Reply:
        """Who signs now, and the form to choose somebody."""
        return self._shown(*self._stands(self._kept(), Para(say.NO_STAND_IN)))

    def _shown(self, *blocks: Block) -> Reply:
        """Blocks, and the form; for somebody whom no request ever waits for, that there is nothing to choose."""
        if not can_sign(self.page.school, self.page.viewer):
            return Reply((Message(say.STAND_IN, (Para(say.NO_SIGNER),)),))
        return Reply((Message(say.STAND_IN, (*blocks, Note(say.STAND_IN_INTRO))),), FormReply(self._form()))

    def submitted(self, sent: Submitted) -> Reply:
        """Somebody was chosen; what does not fit is said beside its question. Raises Hidden."""
        form, viewer = self._form(), self.page.viewer
        if not can_sign(self.page.school, viewer):
            raise Hidden
        checked = check(form, sent.typed, self._today())
        if checked.problems:
            return Reply((), FormReply(form, sent.typed, checked.problems))
        to, since, until = (checked.values[question.name] for question in form.questions)
        assert isinstance(to, str) and isinstance(since, date) and isinstance(until, date)
        problems = self._delegate(Delegation(viewer, to, since, until))
        if problems:
            return Reply((), FormReply(form, sent.typed, problems))
        return self._done(say.STAND_IN_DONE)

    def ended(self, values: Mapping[str, str]) -> Reply:
        """Nobody signs for this person any more; where somebody else does by now, that is shown. Raises NotRecorded."""
        kept = self._kept()
        mine = self._mine(kept)
        if mine is None or (mine.to, mine.until.isoformat()) != (values.get("to"), values.get("until")):
            return self.opened()
        today = self._today()
        self.approvals.delegate(self.page.school.id, Delegation(mine.by, "", today, today))
        return self._done(say.STAND_IN_ENDED)

    def lines(self) -> Iterator[Block]:
        """What the list of requests says of it."""
        kept = self._kept()
        if not (kept or can_sign(self.page.school, self.page.viewer)):
            return
        yield from self._stands(kept)
        if self._mine(kept) is None:
            yield Choices("", (Choice(say.STAND_IN, press("stand-in")),))

    def _delegate(self, wanted: Delegation) -> Mapping[str, str]:
        """Keep it, once however often it is sent; the problems where it does not fit, by question."""
        try:
            if wanted not in self._kept():
                self.approvals.delegate(self.page.school.id, wanted)
        except Unfit as unfit:
            return {_ASKS[str(unfit)]: say.UNFIT_STAND_IN[str(unfit)]}
        except NotRecorded:
            return {"": say.NOT_SAVED}
        return {}

    def _done(self, sentence: str) -> Reply:
        back = Choices("", (Choice(say.REQUESTS, press("requests")),))
        return Reply((Message(say.STAND_IN, (Para(sentence), *self._stands(self._kept()), back)),))

    def _kept(self) -> tuple[Delegation, ...]:
        return self.approvals.standing_in(self.page.school.id, self.page.viewer)

    def _mine(self, kept: tuple[Delegation, ...]) -> Delegation | None:
        return next((one for one in kept if one.by == self.page.viewer), None)

    def _stands(self, kept: tuple[Delegation, ...], *nobody: Block) -> Iterator[Block]:
        """Who signs for this person, with the way to change it, and for whom they sign."""
        mine = self._mine(kept)
        if mine:
            end = press("stand-in-end", to=mine.to, until=mine.until.isoformat())
            change = Choice(say.CHANGE_STAND_IN, press("stand-in"))
            yield Para(self._line(say.SIGNS_FOR_YOU, mine, mine.to))
            yield Choices("", (Choice(say.END_STAND_IN, end), change))
        else:
            yield from nobody
        yield from (Para(self._line(say.YOU_SIGN_FOR, one, one.by)) for one in kept if one is not mine)

    def _line(self, sentence: str, one: Delegation, other: str) -> str:
        days = say.UNTIL if one.since <= self._today() else say.FROM_UNTIL
        when = days.format(since=in_full(one.since), until=in_full(one.until))
        return capital(sentence.format(days=when, who=self.page.name(other)))

    def _form(self) -> Form:
        """The form with everybody who could be chosen; whom the rules do not allow is told why beside the question."""
        people = (one for one in self.page.school.people if one.id != self.page.viewer)
        options = tuple(Choosable(one.id, one.name[: limits.LABEL]) for one in people)
        first, *days = STAND_IN.questions
        return replace(STAND_IN, questions=(replace(first, options=options), *days))

    def _today(self) -> date:
        return self.page.school.calendar.local(self.approvals.clock()).date()
