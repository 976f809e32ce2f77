"""The dialogs of the register: look and search, change who runs an account, close it, and take in those of before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.conversation import register_wording as say
from bot.conversation.buttons import press
from bot.conversation.papers import Papers
from bot.conversation.register_forms import ACTIONS, HAND_OVER, IMPORT, LEAVER, REGISTER_FORMS, SEARCH, filled
from bot.conversation.register_page import RegisterPage, mark, taken_in
from bot.conversation.request_answers import words_of
from bot.domain.accounts_csv import NoList, read_accounts
from bot.domain.approvals import Approvals
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.domain.people import School
from bot.domain.ports import NotRecorded
from bot.domain.register import Entry, Status, may_see
from bot.talk.check import Value, check
from bot.talk.form import Form
from bot.talk.message import Action, Message, Para
from bot.talk.turn import FormReply, Reply, Submitted, Turn
from policy_kb.model import Policy

_ENTRY = re.compile(r"(?:account |entry )?(e-[a-z0-9]{4}-[a-z0-9]{4})")
_SEARCH = re.compile(r"(?:register:|(?:search|look in) (?:the )?register(?: for|:)?) ?(.+)")
_LEAVER = re.compile(r"(?:all )?(?:the )?accounts of (.+)")

_BESIDE = {"no-such-role": "role", "not-among-them": "from", "cannot-take-over": "to"}
"""The question that a problem of an act stands beside; all others are about the whole form."""


@dataclass(frozen=True, slots=True)
class Registering:
    """Takes turns about the register; None means that a turn is not about it."""

    approvals: Approvals
    schools: Callable[[str], School]
    policies: Callable[[str], Policy]
    papers: Papers

    # --- what a turn is about ----------------------------------------------------------------------------------------
    def said(self, turn: Turn, words: str) -> Reply | None:
        """The reply to words, in small letters, that ask for the register, an account, or the accounts of somebody."""
        if words == "register":
            return self.pressed(turn, press("register"))
        if found := _ENTRY.fullmatch(words):
            return self.pressed(turn, press("entry", ref=found[1].upper()))
        if found := _SEARCH.fullmatch(words):
            return _safely(lambda: _one(self._page(turn).found(self._entries(turn), found[1])))
        # Where nobody is called that, it is no question about an account: it may be anything at all.
        if (leaver := _LEAVER.fullmatch(words)) and (person := self._named(turn, leaver[1])):
            return _safely(lambda: self._leaver(turn, person))
        return None

    def pressed(self, turn: Turn, action: Action) -> Reply | None:
        """The reply to a button."""
        does = self._does(turn, action.name, action.values)
        return _safely(does) if does else None

    def _does(self, turn: Turn, name: str, values: Mapping[str, str]) -> Callable[[], Reply] | None:
        match name:
            case "register":
                status = Status.CLOSED if values.get("status") == Status.CLOSED else Status.LIVE
                return partial(self._listed, turn, status)
            case "register-search":
                return lambda: Reply((), FormReply(SEARCH))
            case "entry":
                return partial(self._shown, turn, values.get("ref", ""))
            case "register-form":
                return partial(self._opened, turn, values.get("act", ""), values.get("ref", ""))
            case "register-done":
                return partial(self._noted, turn, values)
            case "register-leaver":
                return lambda: Reply((), FormReply(self._leaver_form(turn)))
            case "register-import":
                return partial(self._list_form, turn)
            case "register-file":
                return partial(self._file, turn)
            case _:
                return None

    def submitted(self, turn: Turn, sent: Submitted) -> Reply | None:
        """The reply to a form that was sent in; where it was not recorded, all that was typed comes back."""
        if sent.form not in REGISTER_FORMS:
            return None
        return _safely(partial(self._submitted, turn, sent))

    def _submitted(self, turn: Turn, sent: Submitted) -> Reply:
        try:
            form = self._form(turn, sent)
            checked = check(form, sent.typed)
            if checked.problems:
                return Reply((), FormReply(form, sent.typed, checked.problems, sent.key))
            return self._carry_out(turn, sent, form, checked.values)
        except NotRecorded:
            return Reply((), FormReply(REGISTER_FORMS[sent.form], sent.typed, {"": say.NOT_SAVED}, sent.key))

    def _carry_out(self, turn: Turn, sent: Submitted, form: Form, values: Mapping[str, Value]) -> Reply:
        if form.id == SEARCH.id:
            return _one(self._page(turn).found(self._entries(turn), words_of(values["words"])))
        if form.id == LEAVER.id:
            return self._leaver(turn, str(values["person"]))
        if form.id == IMPORT.id:
            return self._imported(turn, sent, words_of(values["list"]))
        return self._changed(turn, sent, form, values)

    def _form(self, turn: Turn, sent: Submitted) -> Form:
        if sent.form == LEAVER.id:
            return self._leaver_form(turn)
        if sent.form == HAND_OVER.id:
            return self._hand_over(turn, self._entry(turn, _ref(sent)))
        return REGISTER_FORMS[sent.form]

    # --- looking -----------------------------------------------------------------------------------------------------
    def _page(self, turn: Turn) -> RegisterPage:
        school = self.schools(turn.school)
        policy = self.policies(school.policy)
        return RegisterPage(school, policy, self.approvals.duties, self.approvals.clock(), turn.person)

    def _entries(self, turn: Turn) -> tuple[Entry, ...]:
        return self.approvals.registered(turn.school, turn.person)

    def _listed(self, turn: Turn, status: Status) -> Reply:
        """All accounts; what was delivered about them has been seen once they are listed."""
        entries = self._entries(turn)
        self.approvals.saw(turn.school, turn.person, {one.ref for one in entries})
        return _one(self._page(turn).listed(entries, status))

    def _entry(self, turn: Turn, ref: str) -> Entry:
        found = next((one for one in self._entries(turn) if one.ref == ref), None)
        if found is None:
            raise Hidden
        return found

    def _shown(self, turn: Turn, ref: str) -> Reply:
        entry = self._entry(turn, ref)
        self.approvals.saw(turn.school, turn.person, {ref})
        return _one(self._page(turn).entry(entry))

    def _file(self, turn: Turn) -> Reply:
        if not self._page(turn).reads_all:
            raise Hidden
        file = self.papers.register(self._entries(turn), self.schools(turn.school))
        return Reply((Message(say.REGISTER, (Para(say.FILE),)),), file=file)

    # --- the accounts of one person ----------------------------------------------------------------------------------
    def _named(self, turn: Turn, words: str) -> str:
        """Whom the words name, by id or by name; empty where that is nobody, or whoever asks may not see it."""
        page = self._page(turn)
        if not page.reads_all:
            return ""
        people = page.leavers(self._entries(turn))
        ids = [one for one, _ in people if one.casefold() == words]
        named = ids or [one for one, name in people if name.casefold() == words]
        return named[0] if len(named) == 1 else ""

    def _leaver_form(self, turn: Turn) -> Form:
        page = self._page(turn)
        if not page.reads_all:
            raise Hidden
        return filled(LEAVER, person=page.leavers(self._entries(turn)))

    def _leaver(self, turn: Turn, person: str) -> Reply:
        return _one(self._page(turn).leaver(self._entries(turn), person))

    # --- changing ----------------------------------------------------------------------------------------------------
    def _opened(self, turn: Turn, act: str, ref: str) -> Reply:
        entry = self._entry(turn, ref)
        if act not in ACTIONS or not self._page(turn).may_act(entry):
            raise NotNow
        form = self._hand_over(turn, entry) if act == "hand-over" else ACTIONS[act]
        return Reply((), FormReply(form, key=f"{ref}/{mark(entry)}"))

    def _hand_over(self, turn: Turn, entry: Entry) -> Form:
        page = self._page(turn)
        return filled(HAND_OVER, **{"from": page.running(entry), "to": page.staff})

    def _changed(self, turn: Turn, sent: Submitted, form: Form, values: Mapping[str, Value]) -> Reply:
        ref, _, seen = sent.key.partition("/")
        act = next(act for act, each in ACTIONS.items() if each.id == form.id)
        facts = {name: str(values[name]) for name in ("role", "from", "to") if values.get(name)}
        if act == "hand-over" and not facts.keys() & {"from", "to"}:
            return Reply((), FormReply(form, sent.typed, {"to": say.NOBODY_NAMED}, sent.key))
        try:
            return self._done(turn, Order(act, ref, turn.person, facts, seen=_number(seen)))
        except NotNow:
            return self._again(turn, sent)
        except Unfit as unfit:
            code = str(unfit)
            return Reply((), FormReply(form, sent.typed, {_BESIDE.get(code, ""): say.UNFIT[code]}, sent.key))

    def _again(self, turn: Turn, sent: Submitted) -> Reply:
        """The form once more, as it was typed, with what happened since; where it was closed there is nothing to do."""
        entry = self._entry(turn, _ref(sent))
        if not self._page(turn).may_act(entry):
            return self._stale(turn, entry.ref)
        problem = {"": self._page(turn).changed_since(entry)}
        return Reply((), FormReply(self._form(turn, sent), sent.typed, problem, f"{entry.ref}/{mark(entry)}"))

    def _stale(self, turn: Turn, ref: str) -> Reply:
        page, entry = self._page(turn), self._entry(turn, ref)
        return Reply((Message(say.REGISTER, (Para(page.changed_since(entry)),)), page.entry(entry)))

    def _noted(self, turn: Turn, values: Mapping[str, str]) -> Reply:
        ref, duty = values.get("ref", ""), values.get("duty", "")
        if duty not in self._page(turn).noted:
            raise Hidden
        try:
            order = Order("done", ref, turn.person, {"duty": duty}, seen=_number(values.get("seen", "")))
            return self._done(turn, order, duty)
        except NotNow:
            return self._stale(turn, ref)

    def _done(self, turn: Turn, order: Order, duty: str = "") -> Reply:
        """Carry it out, say so, and show the account as it is now to whoever still may see it."""
        entry = self.approvals.change(turn.school, order)
        page = self._page(turn)
        text = say.DONE[order.action].format(ref=order.ref, duty=say.DUTIES.get(duty, ""))
        after = (page.entry(entry),) if page.person and may_see(entry, page.person) else ()
        return Reply((Message(say.REGISTER, (Para(text),)), *after))

    # --- accounts of before ------------------------------------------------------------------------------------------
    def _list_form(self, turn: Turn) -> Reply:
        if not self._page(turn).keeps_all:
            raise Hidden
        return Reply((), FormReply(IMPORT))

    def _imported(self, turn: Turn, sent: Submitted, text: str) -> Reply:
        """What is right comes in; while something is wrong the list stays open, to be mended and sent again."""
        try:
            accounts = read_accounts(text)
        except NoList as fault:
            problem = say.NO_LIST[fault.code].format(about=fault.about)
            return Reply((), FormReply(IMPORT, sent.typed, {"list": problem}))
        entries, problems = self.approvals.take_in(turn.school, turn.person, accounts.rows)
        message = taken_in(entries, problems, accounts.ignored)
        wrong = any(one.code != "already-there" for one in problems)
        return Reply((message,), FormReply(IMPORT, sent.typed) if wrong else None)


def _safely(does: Callable[[], Reply]) -> Reply:
    """What somebody may not see looks as if it were not there."""
    try:
        return does()
    except Hidden:
        return _line(say.HIDDEN)
    except NotNow:
        return _line(say.NOT_NOW)
    except Unfit as unfit:
        return _line(say.UNFIT[str(unfit)])
    except NotRecorded:
        return _line(say.NOT_SAVED)


def _ref(sent: Submitted) -> str:
    return sent.key.partition("/")[0]


def _number(text: str) -> int:
    """What was seen; for anything else a number that no account has, so that nothing is done unseen."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else -1


def _one(message: Message) -> Reply:
    return Reply((message,))


def _line(text: str) -> Reply:
    return _one(Message(say.REGISTER, (Para(text),)))
