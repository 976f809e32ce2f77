"""The dialogs of requests: asking, one's own, what waits for a decision, and deciding; the register has its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.conversation import request_wording as say
from bot.conversation.asking import Asking
from bot.conversation.buttons import by_button, press
from bot.conversation.deciding import Deciding
from bot.conversation.papers import Papers
from bot.conversation.register_page import open_entry
from bot.conversation.register_wording import REGISTER
from bot.conversation.registering import Registering
from bot.conversation.request_acts import REQUEST_ACTS
from bot.conversation.request_forms import for_school
from bot.conversation.request_page import RequestPage, open_it
from bot.conversation.standing_in import STAND_IN, WORDS, StandingIn
from bot.domain.approvals import Approvals, Moved, Opened, Seen
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Unfit
from bot.domain.ports import Notice, NotRecorded
from bot.domain.request import Part, State
from bot.talk.message import Action, Block, Choice, Choices, Facts, Message, Note, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Kept, Reply, Submitted, Turn

_REQUEST = re.compile(r"(?:request )?(r-[a-z0-9]{4}-[a-z0-9]{4})")
_OWN = ("my requests", "my request")
_FORMS = ("ask for approval", "ask for permission", "ask permission", "forms", "all forms")
_WAITING = ("requests", "approvals", "my approvals")

LISTED = 10
"""Requests in one list; any other opens by its reference."""
OPENED = 2
"""Requests and accounts that open straight from the greeting; the lists have the rest."""
NEWS = timedelta(days=7)
"""How long it is said in the greeting that something was decided."""
_DECIDE = frozenset({"approve", "reassign"})
_UNTIL = {"ask": _DECIDE, "nudge-ask": _DECIDE, "sent-back": frozenset({"resubmit"})}
"""What a notice asks for: once nobody needs to do it any more, it is no longer shown."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Takes turns about requests and the register; None means that a turn is not about them."""

    asking: Asking
    papers: Papers

    @property
    def registering(self) -> Registering:
        """The dialogs of the register."""
        return Registering(self.approvals, self.asking.schools, self.asking.policies, self.papers)

    @property
    def approvals(self) -> Approvals:
        """All that can be done with requests."""
        return self.asking.approvals

    # --- what a turn is about ----------------------------------------------------------------------------------------
    def said(self, turn: Turn, words: str) -> Reply | None:
        """The reply to words, in small letters, that ask for requests or the register."""
        if action := _named(words):
            return by_button(self.pressed(turn, action), action)
        return self.registering.said(turn, words)

    def note(self, conversation: str, text: Sealed | None) -> None:
        """What was asked for in the chat, to be filled in; nothing where something else was said."""
        if text:
            self.asking.heard.note(conversation, text)
        else:
            self.asking.heard.forget(conversation)

    def pressed(self, turn: Turn, action: Action) -> Reply | None:
        """The reply to a button."""
        does = self._does(turn, action)
        if does is None:
            return self.registering.pressed(turn, action)
        return self._safely(turn, action.values.get("ref", ""), does)

    def _does(self, turn: Turn, action: Action) -> Callable[[], Reply] | None:
        values, ref = action.values, action.values.get("ref", "")
        match action.name:
            case "start":
                return self._starting(turn, values)
            case "request-page" | "request-send":
                return partial(self._filling, turn, action.name, values)
            case "request-again":
                return partial(self._again, turn, ref)
            case "request-form" | "request-do":
                return partial(self._deciding(turn).pressed, turn, action)
            case "request":
                return partial(self._whole, turn, ref)
            case "request-file":
                return partial(self._file, turn, ref)
            case "request-version":
                return lambda: _one(self._page(turn).version(self._open(turn, ref), values.get("version", "")))
            case "stand-in":
                return self._standing_in(turn).opened
            case "stand-in-end":
                return partial(self._standing_in(turn).ended, values)
            case "request-forms":
                return lambda: _one(self._choose(turn))
            case "my-requests":
                return lambda: _one(self._own(turn))
            case "requests":
                return lambda: _one(self._list(turn))
            case _:
                return None

    def _deciding(self, turn: Turn) -> Deciding:
        return Deciding(self.approvals, self._page(turn))

    def _standing_in(self, turn: Turn) -> StandingIn:
        return StandingIn(self.approvals, self._page(turn))

    def submitted(self, turn: Turn, sent: Submitted) -> Reply | None:
        """The reply to a form that was sent in."""
        ref = sent.key.partition("/")[0]
        if form := self.asking.owns(sent.form):
            return self._safely(turn, ref, lambda: self.asking.submitted(turn, form, sent))
        if sent.form == STAND_IN.id:
            return self._safely(turn, "", lambda: self._standing_in(turn).submitted(sent))
        if sent.form in REQUEST_ACTS:
            return self._safely(turn, ref, lambda: self._deciding(turn).submitted(turn, sent))
        return self.registering.submitted(turn, sent)

    def keeps(self, form_id: str) -> bool:
        """Whether a form is a page of a request, whose answers are kept here."""
        return self.asking.owns(form_id) is not None

    def kept(self, turn: Turn, put_away: Kept) -> Reply:
        """Keep what stood in a page that was put away, and offer to go on with it. Raises NotRecorded."""
        form = self.asking.owns(put_away.form)
        return self.asking.kept(turn, form, put_away) if form else Reply()

    def _safely(self, turn: Turn, ref: str, does: Callable[[], Reply]) -> Reply:
        """What somebody may not see looks as if it were not there; what has moved on is said instead of done."""
        try:
            return does()
        except Hidden:
            return _line(say.HIDDEN)
        except NotNow:
            return _line(say.NOT_NOW, ref)
        except Moved as moved:
            return _line(self._page(turn).moved(moved), ref)
        except Unfit as unfit:
            return _line(say.UNFIT[str(unfit)], ref)
        except NotRecorded:
            return _line(say.NOT_SAVED)

    # --- asking ------------------------------------------------------------------------------------------------------
    def _starting(self, turn: Turn, values: Mapping[str, str]) -> Callable[[], Reply] | None:
        school, forms, kind = self.asking.schools(turn.school), self.asking.forms, values.get("kind", "")
        form = forms.get(values.get("form", ""))
        if form is None or not form.serves(school):
            form = for_school(forms, school, kind, values.get("clause", ""))
        if form:
            return partial(self.asking.start, turn, form, values.get("fresh") == "yes")
        # A school that has chosen its forms may have none for something.
        none = partial(_line, say.NO_FORM)
        return none if any(form.kind == kind for form in forms.values()) else None

    def _choose(self, turn: Turn) -> Message:
        """Every form that the school uses."""
        school, forms = self.asking.schools(turn.school), self.asking.forms
        own = {form.kind for form in forms.values() if form.policies and form.serves(school)}
        used = (one for one in forms.values() if one.serves(school) and (one.policies or one.kind not in own))
        buttons = (Choice(form.title, press("start", kind=form.kind, form=form.id)) for form in used)
        return Message(say.FORMS, (Choices(say.WHICH_FORM, tuple(buttons)),))

    def _again(self, turn: Turn, ref: str) -> Reply:
        found = self._open(turn, ref)
        form = self.asking.forms.get(found.seen.request.form)
        if "resubmit" not in found.seen.may or form is None:
            raise NotNow
        return self.asking.again(turn, form, found, *self._page(turn).reason(found))

    def _filling(self, turn: Turn, name: str, values: Mapping[str, str]) -> Reply:
        form, ref = self.asking.forms.get(values.get("form", "")), values.get("ref", "")
        if form is None:
            raise Hidden
        if name == "request-page":
            return self.asking.page(turn, form, values.get("page", ""), ref)
        return self.asking.send(turn, form, ref, values.get("seen", ""))

    # --- lists -------------------------------------------------------------------------------------------------------
    def _own(self, turn: Turn) -> Message:
        seen = [one for one in self._listed(turn) if Part.REQUESTER in one.parts]
        begun = tuple(self._begun(turn))
        if not seen:
            return Message(say.MY_REQUESTS, begun or (Para(say.NO_REQUESTS),))
        self._saw(turn, seen)
        back = [one.request.ref for one in seen[:LISTED] if one.request.state is State.SENT_BACK]
        reasons = [block for ref in back for block in self._sent_back(turn, self._open(turn, ref))]
        opens = press("my-requests") if reasons else None
        return Message(say.MY_REQUESTS, (*begun, *self._rows(turn, seen), *reasons, *_opens(seen)), opens)

    def _sent_back(self, turn: Turn, found: Opened) -> Iterator[Block]:
        """What to change in a request that was sent back, and the way to do it."""
        ref = found.seen.request.ref
        yield Note(ref)
        yield from self._page(turn).reason(found)
        yield Choices("", (Choice(say.ACTS["resubmit"], press("request-again", ref=ref)),))

    def _begun(self, turn: Turn) -> Iterator[Block]:
        """What was begun and not sent, to go on with."""
        forms = tuple(self.asking.begun(turn))[:LISTED]
        if forms:
            goes_on = (Choice(form.title, press("start", kind=form.kind, form=form.id)) for form in forms)
            yield Choices(say.BEGUN, tuple(goes_on))

    def _list(self, turn: Turn) -> Message:
        others = [one for one in self._listed(turn) if Part.REQUESTER not in one.parts]
        self._saw(turn, others)
        waiting = [one for one in others if _waits(one)]
        rest = [one for one in others if one not in waiting]
        blocks: list[Block] = [Para(say.WAITING if waiting else say.NO_WAITING)]
        blocks += [*self._rows(turn, waiting), *_opens(waiting)] if waiting else []
        blocks += [Para(say.OTHERS), *self._rows(turn, rest), *_opens(rest)] if rest else []
        mine = (Choice(say.MY_REQUESTS, press("my-requests")), Choice(REGISTER, press("register")))
        return Message(say.REQUESTS, (*blocks, *self._standing_in(turn).lines(), Choices("", mine)))

    def _listed(self, turn: Turn) -> tuple[Seen, ...]:
        return self.approvals.listed(turn.school, turn.person)

    def _saw(self, turn: Turn, seen: Sequence[Seen]) -> None:
        """What was delivered about the requests of a list has been seen once the list is shown."""
        self.approvals.saw(turn.school, turn.person, {one.request.ref for one in seen})

    def _rows(self, turn: Turn, seen: Sequence[Seen]) -> Iterator[Block]:
        page = self._page(turn)
        yield Facts(tuple((one.request.ref, page.line(one)) for one in seen[:LISTED]))
        if len(seen) > LISTED:
            yield Note(say.MORE.format(most=LISTED))

    def _open(self, turn: Turn, ref: str) -> Opened:
        return self.approvals.open(turn.school, turn.person, ref)

    def _whole(self, turn: Turn, ref: str) -> Reply:
        found = self._open(turn, ref)
        entries = {one.ref for one in self.approvals.registered(turn.school, turn.person) if one.request == ref}
        return Reply(tuple(self._page(turn).whole(found, *entries)))

    def _file(self, turn: Turn, ref: str) -> Reply:
        found, school = self._open(turn, ref), self.asking.schools(turn.school)
        by, title = school.person(turn.person), self._page(turn).title(found.seen.request)
        file = self.papers.request(found, school, title, self.approvals.clock(), by.name if by else "")
        return Reply((Message(say.PDF, (Para(say.PDF_READY.format(name=file.name)),)),), file=file)

    def _page(self, turn: Turn) -> RequestPage:
        return self._drawn(turn.school, turn.person)

    def _drawn(self, school_id: str, person: str) -> RequestPage:
        school = self.asking.schools(school_id)
        return RequestPage(school, self.asking.policies(school.policy), self.asking.forms, person)

    def greeting(self, school: str, person: str) -> tuple[Message, ...]:
        """What was delivered about requests and the register and still matters, newest first."""
        notices = self.approvals.notices(school, person)
        if not notices:
            return ()
        seen = {one.request.ref: one for one in self.approvals.listed(school, person)}
        matter = [notice for notice in notices if self._matters(notice, seen.get(notice.ref))]
        page = self._drawn(school, person)
        rows = {notice.ref: _line_of(notice, page, seen.get(notice.ref)) for notice in reversed(matter)}
        if not rows:
            return ()
        newest = dict(tuple(rows.items())[::-1][:LISTED])
        own = {_own_notice(seen.get(ref)) for ref in rows}
        ways = (Choice(label, press(name)) for name, label in _WAYS.items() if name in own)
        opens = (open_it(ref) if ref in seen else open_entry(ref) for ref in list(newest)[:OPENED])
        return (Message(say.NOTICES_TITLE, (Facts(tuple(newest.items())), Choices("", (*opens, *ways)))),)

    def _matters(self, notice: Notice, seen: Seen | None) -> bool:
        if notice.template in _UNTIL:
            return seen is not None and not _UNTIL[notice.template].isdisjoint(seen.may)
        return notice.created is None or self.approvals.clock() - notice.created < NEWS


_WAYS = {"requests": say.REQUESTS, "my-requests": say.MY_REQUESTS, "register": REGISTER}


def _line_of(notice: Notice, page: RequestPage, seen: Seen | None) -> str:
    """What a notice is about, as a list says it; of an account no more than the notice itself."""
    return page.line(seen) if seen else say.NOTICES[notice.template].format(ref=notice.ref)


def _named(words: str) -> Action | None:
    """The button that words stand for."""
    for names, button in (
        (_OWN, "my-requests"),
        (_WAITING, "requests"),
        (_FORMS, "request-forms"),
        (WORDS, "stand-in"),
    ):
        if words in names:
            return press(button)
    found = _REQUEST.fullmatch(words)
    return press("request", ref=found[1].upper()) if found else None


def _own_notice(seen: Seen | None) -> str:
    """Where a notice leads."""
    if seen is None:
        return "register"
    return "my-requests" if Part.REQUESTER in seen.parts else "requests"


def _waits(seen: Seen) -> bool:
    """Whether somebody has the next word: they may sign it, or could name who does."""
    return "approve" in seen.may or Part.HELPER in seen.parts


def _opens(seen: Sequence[Seen]) -> tuple[Block, ...]:
    return (Choices("", tuple(open_it(one.request.ref) for one in seen[:LISTED])),)


def _one(message: Message) -> Reply:
    return Reply((message,))


def _line(text: str, ref: str = "") -> Reply:
    """One sentence, and the way back to what it is about."""
    return _one(Message(say.REQUESTS, (Para(text), *((Choices("", (open_it(ref),)),) if ref else ()))))
