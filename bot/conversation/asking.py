"""Asking for permission: a form page by page, kept after every page, checked as a whole, and sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.conversation import request_wording as say
from bot.conversation.buttons import press
from bot.conversation.policy import quote_clause
from bot.conversation.report import Heard
from bot.conversation.report_forms import Staff
from bot.conversation.request_acts import own_clauses
from bot.conversation.request_answers import (
    Draft,
    close,
    content,
    content_given,
    listed,
    reopen,
    same,
    settled_days,
    told,
)
from bot.conversation.request_forms import RequestForm, broken, pages
from bot.conversation.request_page import RequestPage, open_it
from bot.conversation.written import lines, written
from bot.domain.approvals import Approvals, Opened, Submit
from bot.domain.orders import Order
from bot.domain.people import School
from bot.domain.ports import Drafts, NotRecorded
from bot.domain.request import State, is_reference
from bot.domain.stages import StageRule
from bot.logs import log
from bot.talk.check import Value, check
from bot.talk.form import Form
from bot.talk.message import Action, Block, Choice, Choices, Facts, Message, Note, Para
from bot.talk.turn import FormReply, Kept, Reply, Submitted, Turn
from policy_kb.model import Policy

QUOTED = 1
"""Rules quoted before the first page: who comes from a question has read some, and the form must not be far down."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft looked at as a whole: the pages it has now, their values, and what is wrong, by question."""

    shown: tuple[Form, ...]
    values: Mapping[str, Value]
    problems: Mapping[str, str]

    @property
    def whole(self) -> Form:
        """All that is asked, as one form."""
        return replace(self.shown[0], questions=tuple(each for page in self.shown for each in page.questions))

    def page(self, page_id: str) -> Form | None:
        """One of its pages."""
        return next((page for page in self.shown if page.id == page_id), None)

    def open(self, seen: frozenset[str]) -> Form | None:
        """The first page that was not sent in, or has a problem; None where all is answered well."""
        return next(
            (
                page
                for page in self.shown
                if any(each.name not in seen or each.name in self.problems for each in page.questions)
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """Fills forms in and sends them; answers live in a draft of the person, so that any channel can go on with them."""

    approvals: Approvals
    forms: Mapping[str, RequestForm]
    schools: Callable[[str], School]
    policies: Callable[[str], Policy]
    drafts: Drafts
    key: Callable[[], str] = field(repr=False)
    heard: Heard = field(default_factory=Heard)

    def owns(self, form_id: str) -> RequestForm | None:
        """The form that a page belongs to."""
        return self.forms.get(form_id.rpartition(".")[0])

    def start(self, turn: Turn, form: RequestForm, fresh: bool = False) -> Reply:
        """The first page that is still to fill in, with what was typed before or what the conversation tells."""
        draft = None if fresh else self._kept(turn, form)
        if draft is not None and draft.turn:
            again = press("start", kind=form.kind, form=form.id, fresh="yes")
            return self._go_on(turn, form, draft, Para(say.FOUND), Choices("", (Choice(say.FRESH, again),)))
        school = self.schools(turn.school)
        known = {**listed(form, school, turn.person), **told(form, self.heard.told(turn.conversation))}
        draft = Draft(self.key(), known)
        self._keep(turn, form, draft)
        policy = self.policies(school.policy)
        quotes = tuple(quote_clause(policy, each) for each in own_clauses(policy, form.clauses)[:QUOTED])
        said: tuple[Block, ...] = (Para(say.CLAUSES), *quotes) if quotes else ()
        return self._go_on(turn, form, draft, Para(form.intro), *said, *((Note(say.KNOWN),) if known else ()))

    def begun(self, turn: Turn) -> Iterator[RequestForm]:
        """The forms that somebody has begun and not sent, the newest first."""
        school, keyed, _ = self._place(turn, "", "")
        for place in self.drafts.forms(school, keyed):
            form = self.forms.get(place.removeprefix("request/"))
            draft = self._kept(turn, form) if form and place.startswith("request/") else None
            if form and draft and draft.turn:
                yield form

    def again(self, turn: Turn, form: RequestForm, found: Opened, reason: Block) -> Reply:
        """A request that was sent back, with all its answers, to be changed and sent in again."""
        request = found.seen.request
        draft = self._kept(turn, form, request.ref)
        if draft is None or draft.mark != request.mark:
            given = content_given(found.words[request.text])
            draft = Draft(self.key(), given, ref=request.ref, mark=request.mark)
            asked = self._filled(turn, form, draft).whole.questions
            draft = replace(draft, seen=frozenset(question.name for question in asked))
            self._keep(turn, form, draft)
        return self._go_on(turn, form, draft, reason)

    def submitted(self, turn: Turn, form: RequestForm, sent: Submitted) -> Reply:
        """A page that was sent in: what is wrong with it comes back beside its question, else the next page follows."""
        try:
            draft = self._draft(turn, form, sent.key)
        except NotRecorded:
            unread = _as_sent(form, sent, self._staff(turn))
            return Reply((), FormReply(unread, sent.typed, {"": say.NOT_KEPT}, sent.key))
        if not self._used(turn, form, draft):
            return _no_form()
        page = self._filled(turn, form, draft).page(sent.form)
        if page is None:
            return self._go_on(turn, form, draft)
        names = frozenset(question.name for question in page.questions)
        draft = draft.after({name: sent.typed.get(name, ()) for name in names})
        filled = self._filled(turn, form, draft)
        problems = {name: problem for name, problem in filled.problems.items() if name in names}
        if not problems:
            draft = replace(
                draft, answers={**draft.answers, **settled_days(page, filled.values)}, seen=draft.seen | names
            )
        try:
            self._keep(turn, form, draft)
        except NotRecorded:
            return Reply((), FormReply(page, sent.typed, {"": say.NOT_KEPT}, sent.key))
        if problems:
            return Reply((), FormReply(page, sent.typed, problems, sent.key))
        return self._go_on(turn, form, draft)

    def kept(self, turn: Turn, form: RequestForm, put_away: Kept) -> Reply:
        """What stood in a page that was put away, and the way back to it. Raises NotRecorded."""
        draft = self._draft(turn, form, put_away.key)
        answers = {name: texts for name, texts in put_away.typed.items() if name in _names(form)}
        if not same({**draft.answers, **answers}, draft.answers):
            draft = draft.after(answers)
            self._keep(turn, form, draft)
        if not draft.turn:
            return Reply()
        back = press("request-again", ref=draft.ref) if draft.ref else press("start", kind=form.kind, form=form.id)
        return Reply((Message(form.title, (Para(say.KEPT), Choices("", (Choice(say.GO_ON, back),)))),))

    def page(self, turn: Turn, form: RequestForm, page_id: str, ref: str) -> Reply:
        """A page that was filled in before, to be changed."""
        draft = self._kept(turn, form, ref)
        page = self._filled(turn, form, draft).page(page_id) if draft else None
        if draft is None or page is None:
            return _nothing_open()
        return self._opened(turn, form, draft, page)

    def send(self, turn: Turn, form: RequestForm, ref: str, seen: str) -> Reply:
        """Send what was checked: not what was changed since, nor anything twice. Raises Hidden, Moved, NotNow."""
        draft = self._kept(turn, form, ref)
        if draft is None:
            return _nothing_open()
        if not self._used(turn, form, draft):
            return _no_form()
        filled = self._filled(turn, form, draft)
        if filled.open(draft.seen) or seen != _stamp(draft):
            return self._go_on(turn, form, draft, Para(say.CHANGED_SINCE))
        try:
            reply = self._sent(turn, form, draft, filled)
        except NotRecorded:
            return self._go_on(turn, form, draft, Para(say.NOT_SENT))
        self.heard.forget(turn.conversation)
        try:
            self.drafts.drop(*self._place(turn, form.id, ref))
        except Exception as error:  # a draft that is left behind must never take back what was said
            log("draft_failed", level=logging.ERROR, kind=type(error).__name__)
        return reply

    def _sent(self, turn: Turn, form: RequestForm, draft: Draft, filled: Filled) -> Reply:
        text = content(form, filled.whole, filled.values, draft.answers)
        if draft.ref:
            self.approvals.do(turn.school, Order("resubmit", draft.ref, turn.person, text=text, seen=draft.mark))
            return self._said(turn, draft.ref, say.SENT_AGAIN)
        stages = tuple(StageRule(stage.role, stage.instead) for stage in form.stages)
        kind = (form.expires_days, form.register, form.recorded_only)
        order = Submit(_stamp(draft), turn.school, form.id, turn.person, stages, text, *kind)
        return self._said(turn, self.approvals.submit(order).ref, say.RECORDED if form.recorded_only else say.SENT)

    def _said(self, turn: Turn, ref: str, sentence: str) -> Reply:
        """It is sent: under which reference, and who has the next word."""
        school = self.schools(turn.school)
        page = RequestPage(school, self.policies(school.policy), self.forms, turn.person)
        try:
            listed = self.approvals.listed(turn.school, turn.person)
        except NotRecorded:  # it is sent all the same
            listed = ()
        waiting = next((one for one in listed if one.request.ref == ref and one.request.state is State.PENDING), None)
        later = (Para(f"{page.waits(waiting)}. {say.TOLD_WHEN_DECIDED}"),) if waiting else ()
        more = Choices("", (open_it(ref), Choice(say.MY_REQUESTS, press("my-requests"))))
        return Reply((Message(say.SENT_TITLE, (Para(sentence.format(ref=ref)), *later, more)),))

    def _go_on(self, turn: Turn, form: RequestForm, draft: Draft, *before: Block) -> Reply:
        """The next page to fill in, or, where nothing is left, all answers to be checked."""
        filled = self._filled(turn, form, draft)
        page = filled.open(draft.seen)
        return self._opened(turn, form, draft, page, *before) if page else self._check(form, draft, filled, *before)

    def _opened(self, turn: Turn, form: RequestForm, draft: Draft, page: Form, *before: Block) -> Reply:
        filled = self._filled(turn, form, draft)
        number = filled.shown.index(page)
        count = len(filled.shown)
        place = say.PAGE.format(number=number + 1, count=count) if count > 1 else say.ONE_PAGE
        blocks: tuple[Block, ...] = (*before, Note(place))
        if number:
            blocks = (*blocks, Choices("", (Choice(say.BACK, _to_page(form, filled.shown[number - 1], draft)),)))
        names = {question.name for question in page.questions}
        given = {name: texts for name, texts in draft.answers.items() if name in names}
        problems = {name: text for name, text in filled.problems.items() if name in names & draft.seen}
        key = f"{draft.ref or 'new'}/{draft.key}"
        return Reply((Message(form.title, blocks),), FormReply(page, given, problems, key))

    def _check(self, form: RequestForm, draft: Draft, filled: Filled, *before: Block) -> Reply:
        send = Choice(form.submit, press("request-send", form=form.id, ref=draft.ref, seen=_stamp(draft)))
        change = say.CHANGE if len(filled.shown) > 1 else say.CHANGE_ONE
        changes = (
            Choice(change.format(number=number), _to_page(form, page, draft))
            for number, page in enumerate(filled.shown, 1)
        )
        ends = (Choices(say.RIGHT, (send,)), Choices(say.WRONG, tuple(changes)))
        blocks = (*before, Para(say.CHECK), *_answers(filled), *ends)
        opens = press("request-again", ref=draft.ref) if draft.ref else press("start", kind=form.kind, form=form.id)
        return Reply((Message(say.CHECK_TITLE, blocks, opens),))

    def _filled(self, turn: Turn, form: RequestForm, draft: Draft) -> Filled:
        today = self.today(self.schools(turn.school))
        shown = pages(form, draft.answers, self._staff(turn))
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        for page in shown:
            checked = check(page, draft.answers, today)
            values |= checked.values
            problems |= checked.problems
        return Filled(shown, values, {**broken(form, values, today, turn.person), **problems})

    def _staff(self, turn: Turn) -> Staff:
        return tuple((person.id, person.name) for person in self.schools(turn.school).people)

    def today(self, school: School) -> date:
        """The day it is at a school."""
        return school.calendar.local(self.approvals.clock()).date()

    def _used(self, turn: Turn, form: RequestForm, draft: Draft) -> bool:
        """Whether the school uses the form, still; what was sent back is finished with the form it began with."""
        return bool(draft.ref) or form.serves(self.schools(turn.school))

    def _draft(self, turn: Turn, form: RequestForm, key: str) -> Draft:
        """The draft that a page belongs to; what comes in once it is gone begins another."""
        first = key.partition("/")[0]
        ref = first if is_reference(first) else ""
        return self._kept(turn, form, ref) or Draft(self.key(), {}, ref=ref)

    def _kept(self, turn: Turn, form: RequestForm, ref: str = "") -> Draft | None:
        text = self.drafts.kept(*self._place(turn, form.id, ref))
        return reopen(text) if text is not None else None

    def _keep(self, turn: Turn, form: RequestForm, draft: Draft) -> None:
        self.drafts.keep(*self._place(turn, form.id, draft.ref), close(draft))

    def _place(self, turn: Turn, form: str, ref: str) -> tuple[str, str, str]:
        keyed = self.approvals.names.keyed(turn.school, [turn.person]).of(turn.person)
        return turn.school, keyed, f"request/{form}/{ref}" if ref else f"request/{form}"


def _as_sent(form: RequestForm, sent: Submitted, people: Staff) -> Form:
    """A page as it was sent in, where the answers before it cannot be read."""
    bare = tuple(tuple(replace(asked, when=None) for asked in page) for page in form.pages)
    whole = pages(replace(form, pages=bare), {}, people)
    page = next((each for each in whole if each.id == sent.form), whole[0])
    return replace(page, questions=tuple(each for each in page.questions if each.name in sent.typed) or page.questions)


def _answers(filled: Filled) -> Iterator[Block]:
    """The answers, page by page, so that it can be seen which page to change."""
    for number, page in enumerate(filled.shown, 1):
        if len(filled.shown) > 1:
            yield Note(say.CHECK_PAGE.format(number=number))
        yield Facts(tuple((label, words) for _, label, words in lines(written(page, filled.values))))


def _names(form: RequestForm) -> frozenset[str]:
    return frozenset(asked.question.name for asked in form.asked)


def _stamp(draft: Draft) -> str:
    """Names a draft as it was shown: what is sent twice is known, what was changed since is another."""
    return f"{draft.key}/{draft.turn}"


def _to_page(form: RequestForm, page: Form, draft: Draft) -> Action:
    return press("request-page", form=form.id, page=page.id, ref=draft.ref)


def _no_form() -> Reply:
    return Reply((Message(say.REQUESTS, (Para(say.NO_FORM),)),))


def _nothing_open() -> Reply:
    mine = Choices("", (Choice(say.MY_REQUESTS, press("my-requests")),))
    return Reply((Message(say.MY_REQUESTS, (Para(say.NOTHING_OPEN), mine)),))
