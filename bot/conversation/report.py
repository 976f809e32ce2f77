"""The dialog of a report: opened with what is known, recorded before we say so, and never lost where that fails."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.conversation import case_wording, wording
from bot.conversation import report_wording as say
from bot.conversation.buttons import press
from bot.conversation.known import known
from bot.conversation.report_forms import ADD_TO_REPORT, form_for
from bot.conversation.written import written
from bot.domain.case import Case
from bot.domain.casework import Casework, Hidden, NotNow
from bot.domain.disclosure import DisclosureFiled, FileDisclosure
from bot.domain.orders import Order
from bot.domain.people import Role, School
from bot.domain.ports import KeyMissing, NotRecorded
from bot.domain.routing import NOBODY_HERE, Reported, Subject, route
from bot.domain.timers import expect_word
from bot.talk.check import Checked, check
from bot.talk.form import Form
from bot.talk.message import Action, Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Reply, Submitted, Turn, Typed

SUBJECTS = {"nobody": NOBODY_HERE, "unsure": Subject(unsure=True), "provider": Subject(provider=True)}


class Heard:
    """What was last told in each conversation, in memory only, until it is reported or something else is said."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._told: OrderedDict[str, Sealed] = OrderedDict()

    def note(self, conversation: str, text: Sealed) -> None:
        """Remember what was said, in place of what was said before."""
        with self._lock:
            self._told[conversation] = text
            self._told.move_to_end(conversation)
            while len(self._told) > self._most:
                self._told.popitem(last=False)

    def told(self, conversation: str) -> Sealed:
        """What was last said there; empty where nothing is remembered."""
        with self._lock:
            return self._told.get(conversation, Sealed(""))

    def forget(self, conversation: str) -> None:
        """It has been recorded, or something else was said."""
        with self._lock:
            self._told.pop(conversation, None)


@dataclass(frozen=True, slots=True)
class Reports:
    """Opens report forms, records them, and shows people what they have reported."""

    casework: Casework
    schools: Callable[[str], School]
    key: Callable[[], str] = field(repr=False)
    heard: Heard = field(default_factory=Heard)

    def start(self, turn: Turn, kind: str, past: str = "") -> Reply:
        """A report's form with what the conversation already tells; `past` is the role that it named."""
        given = {**self._named(turn, past), **self._known(kind, turn.conversation, self.casework.clock().date())}
        advice = Points(tuple(("", line) for line in say.ADVICE[kind]))
        opening = (Alert(say.DANGER), Para(say.OPENING[kind]), advice, Note(say.KNOWN if given else say.SHORT))
        return Reply((Message(say.FORM_TITLE, opening),), FormReply(self._form(turn, kind), given, key=self.key()))

    def _named(self, turn: Turn, past: str) -> Typed:
        """Whom it is about where the message names a role that one person holds: better past them than to them."""
        people = self.schools(turn.school).holders(Role(past)) if past in set(Role) else ()
        return {"about": (Sealed(people[0].id),)} if len(people) == 1 else {}

    def _known(self, kind: str, conversation: str, today: date) -> Typed:
        told = self.heard.told(conversation)
        found = known(kind, told.reveal(), today) if told else {}
        return {name: (Sealed(value),) for name, value in found.items()}

    def _form(self, turn: Turn, kind: str) -> Form:
        return form_for(kind, tuple((person.id, person.name) for person in self.schools(turn.school).people))

    def submitted(self, turn: Turn, sent: Submitted) -> Reply:
        """A report or an addition that was sent in; what is typed comes back wherever it is not recorded."""
        form = ADD_TO_REPORT if sent.form == ADD_TO_REPORT.id else self._form(turn, sent.form)
        checked = check(form, sent.typed)
        if checked.problems:
            return Reply((), FormReply(form, sent.typed, checked.problems, sent.key))
        try:
            if sent.form == ADD_TO_REPORT.id:
                return self._added(turn, form, checked, sent.key)
            reply = self._filed(turn, form, checked, sent.key)
        except (NotRecorded, KeyMissing, NotNow, Hidden):
            return self._failed(turn, form, sent, checked)
        self.heard.forget(turn.conversation)
        return reply

    def _failed(self, turn: Turn, form: Form, sent: Submitted, checked: Checked) -> Reply:
        """Not recorded: whom to phone is worked out without the storage, so that it is never the one it is about."""
        school = self.schools(turn.school)
        routed = route(self.casework.rules.guidance, school, _reported(form, checked))
        who = _names(school, routed.recipients)[0] if routed.recipients else wording.who("LADO")
        # Whom an earlier report is about is sealed: nobody can be named who is surely not that person.
        who = say.WHOEVER if form.id == ADD_TO_REPORT.id else who
        sentence = say.NOT_RECORDED.format(who=who)
        told = Message(say.NOT_RECORDED_TITLE, (Alert(sentence), Para(say.NOT_RECORDED_DO)))
        return Reply((told,), FormReply(form, sent.typed, {"": sentence}, sent.key))

    def _filed(self, turn: Turn, form: Form, checked: Checked, key: str) -> Reply:
        school = self.schools(turn.school)
        order = self._order(turn, school, form, checked, key)
        filed = self.casework.file(order)
        return Reply((Message(say.RECORDED_TITLE, tuple(self._recorded(filed, order, school))),))

    def _order(self, turn: Turn, school: School, form: Form, checked: Checked, key: str) -> FileDisclosure:
        reporter = school.person(turn.person)
        name = reporter.name if reporter else turn.person
        content = written(form, checked.values, ("reporter", case_wording.REPORTER, name))
        urgent = checked.values.get("danger") == "yes"
        return FileDisclosure(key or self.key(), school.id, turn.person, _reported(form, checked), content, urgent)

    def _recorded(self, filed: DisclosureFiled, order: FileDisclosure, school: School) -> Iterator[Block]:
        if order.urgent:
            yield Alert(say.DANGER)
        yield Para(say.RECORDED.format(ref=filed.ref))
        if names := _names(school, filed.told):
            word = _local(expect_word(filed.at, school, order.urgent), school)
            yield Facts(((say.SEEN_BY, ", ".join(names)), (say.EXPECT, word)))
            yield Para(say.CANNOT_WAIT)
        else:
            yield Para(say.SEEN_BY_NOBODY)
        if order.reported.subject.person:
            yield Para(say.NOT_ITS_SUBJECT)
        yield from (Para(say.screen(name, school.contacts.get(name, ""))) for name in filed.routed.screen)
        more = (Choice(say.ADD, press("add-to-report", ref=filed.ref)), Choice(say.MY_REPORTS, press("my-reports")))
        yield Choices("", more)

    def pressed(self, turn: Turn, action: Action) -> Reply:
        """A button about one's own reports. Raises Hidden."""
        if action.name == "my-reports":
            return Reply((self._own(turn),))
        ref = action.values.get("ref", "")
        if not any(seen.case.ref == ref for seen in self.casework.own(turn.school, turn.person)):
            raise Hidden
        return Reply((), FormReply(ADD_TO_REPORT, key=f"{ref}/{self.key()}"))

    def _own(self, turn: Turn) -> Message:
        school = self.schools(turn.school)
        own = self.casework.own(turn.school, turn.person)
        self.casework.saw(turn.school, turn.person)
        if not own:
            return Message(say.MY_REPORTS, (Para(say.NO_REPORTS),))
        rows = tuple((seen.case.ref, _progress(seen.case, school)) for seen in own)
        adds = tuple(
            Choice(f"{say.ADD}: {seen.case.ref}", press("add-to-report", ref=seen.case.ref))
            for seen in own
            if "add" in seen.may
        )
        buttons = (Choices("", adds),) if adds else ()
        return Message(say.MY_REPORTS, (Facts(rows), *buttons, Note(say.NOBODY_ACTS)))

    def _added(self, turn: Turn, form: Form, checked: Checked, key: str) -> Reply:
        ref, _, nonce = key.partition("/")
        try:
            order = Order("add", ref, turn.person, text=written(form, checked.values), key=nonce)
            self.casework.do(turn.school, order)
        except Hidden:
            return Reply((Message(say.MY_REPORTS, (Para(say.NOT_YOURS),)),))
        return Reply((Message(say.ADDED_TITLE, (Para(say.ADDED.format(ref=ref)),)),))


def _reported(form: Form, checked: Checked) -> Reported:
    values = checked.values
    about = str(values.get("about") or "nobody")
    subject = SUBJECTS.get(about, Subject(about))
    return Reported(form.id, subject, str(values.get("theme") or ""), values.get("conflict") == "yes")


def _names(school: School, people: tuple[str, ...]) -> list[str]:
    """The names of those who are told, in the order in which they are."""
    return [person.name for each in people if (person := school.person(each))]


def _progress(case: Case, school: School) -> str:
    """Where a report stands, as its reporter may know it."""
    read = case.happened("read") or case.happened("acknowledge")
    stands = say.stands(case.state, _day(read[0].at, school) if read else None)
    return say.SENT_ON.format(day=f"{_day(case.opened, school):%d/%m/%Y}", stands=stands)


def _day(at: datetime, school: School) -> date:
    return school.calendar.local(at).date()


def _local(at: datetime, school: School) -> str:
    return f"{school.calendar.local(at):%A %d/%m/%Y, %H:%M}"
