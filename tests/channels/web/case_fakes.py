"""Stand-ins for what the case pages and the way in need: they behave, and remember what they were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.casework import Hidden, NotNow
from bot.domain.people import Person, School
from bot.domain.ports import Envelope, Opener
from bot.talk.check import check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Action, Alert, Block, Choice, Choices, Facts, Message, Note, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Download, FormReply, Pressed, Reply, Submitted, Turn
from tests.fakes import SCHOOLS

REF, OTHER, HIDDEN = "S-4F7K-9Q2M", "S-7H2P-3W8R", "S-ZZZZ-9999"
WORDS = "He wrote: “don't tell anyone”.\nThen <b>twice</b> more."

NOTE = Form("note", "Add a note", "Save", (Question("note", "What do you want to note?", Kind.TEXT),))
ASSESS = Form(
    "triage",
    "Assess it",
    "Save",
    (
        Question("level", "Which level?", Kind.ONE, options=(Choosable("low", "Low-level"), Choosable("harm", "Harm"))),
        Question(
            "tests", "Which apply?", Kind.MANY, required=False, options=(Choosable("a", "A"), Choosable("b", "B"))
        ),
        Question("why", "Why?", Kind.TEXT),
    ),
)
RECUSE = Form("recuse", "Stand down", "Stand down", (Question("why", "Why?", Kind.TEXT, required=False),))
FORMS = {form.id: form for form in (ASSESS, NOTE, RECUSE)}
MORE = (
    "Record an action",
    "Put a mistake right",
    "Name who it is about",
    "Hand it over",
    "Add a colleague",
    "Close it",
)


class FakeOpener:
    """Opens envelopes that were never closed."""

    def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
        """The text."""
        return Sealed(envelope.body.decode())

    def move(self, school: str, label: str, envelope: Envelope, period: str) -> Envelope:
        """The same text under another period's key."""
        return replace(envelope, period=period)


@dataclass
class FakeCase:
    """A case in memory: who sees it, where it stands, and its lines."""

    team: set[str]
    state: str = "Not picked up yet"
    entries: list[tuple[str, str]] = field(default_factory=lambda: [("Report received (the reporter)", WORDS)])


@dataclass
class FakeDesk:
    """Lists, shows and works on cases as the conversation does; remembers every turn it was given."""

    cases: dict[str, FakeCase] = field(
        default_factory=lambda: {
            REF: FakeCase({"dsl", "deputy"}),
            OTHER: FakeCase({"dsl"}, "Picked up"),
            HIDDEN: FakeCase({"head"}),
        }
    )
    turns: list[Turn] = field(default_factory=list)
    before: Callable[[Turn], None] = lambda turn: None

    def take(self, turn: Turn, opener: Opener | None) -> Reply:
        """Take one turn."""
        self.turns.append(turn)
        self.before(turn)
        match turn.act:
            case Pressed(Action("cases")):
                return Reply((self._list(turn.person),))
            case Pressed(Action("case", values)):
                return Reply(tuple(self._case(values["ref"], self._found(values["ref"], turn), opener)))
            case Pressed(Action("case-form", values)):
                return self._form(values["ref"], values["act"], turn, opener)
            case Pressed(Action("case-do", values)):
                return self._do(values["ref"], values["act"], int(values["seen"]), turn, "")
            case Submitted(form, _, key):
                return self._submitted(form, key, turn)
            case _:
                raise Hidden

    def export(self, turn: Turn, opener: Opener) -> Download:
        """A case as a file."""
        self.turns.append(turn)
        self.before(turn)
        assert isinstance(turn.act, Pressed)
        ref = turn.act.action.values["ref"]
        case = self._found(ref, turn)
        return Download(f"{ref}.csv", "text/csv", "\n".join(text for _, text in case.entries).encode())

    def _found(self, ref: str, turn: Turn) -> FakeCase:
        case = self.cases.get(ref)
        if case is None or turn.person not in case.team:
            raise Hidden
        return case

    def _list(self, person: str) -> Message:
        mine = {ref: case for ref, case in self.cases.items() if person in case.team}
        if not mine:
            return Message("Cases", (Para("No case waits for you."),))
        rows = tuple((ref, f"{case.state}. Received 20/11/2026 14:05.") for ref, case in mine.items())
        buttons = tuple(Choice(f"Open {ref}", Action("case", {"ref": ref})) for ref in mine)
        more = Choices("", (Choice("Figures", Action("figures")), Choice("Audit trail", Action("trail"))))
        return Message("Cases", (Facts(rows), Choices("Open a case:", buttons), more))

    def _case(self, ref: str, case: FakeCase, opener: Opener | None) -> list[Message]:
        head: tuple[Block, ...] = (
            *([Alert("The reporter says someone may be in danger now.")] if case.state == "Not picked up yet" else []),
            Facts((("State", case.state), ("Received", "20/11/2026 14:05"), ("Who can see it", ", ".join(case.team)))),
        )
        seen = str(len(case.entries))
        first = Choice("Pick it up", Action("case-do", {"ref": ref, "act": "acknowledge", "seen": seen}))
        acts = [(act, form.title) for act, form in FORMS.items()] + [("action", title) for title in MORE]
        forms = tuple(Choice(title, Action("case-form", {"ref": ref, "act": act})) for act, title in acts)
        files = tuple(
            Choice(f"Save as {form.upper()}", Action("case-file", {"ref": ref, "form": form}))
            for form in ("pdf", "csv")
        )
        if opener is None:
            return [Message(ref, (*head, Choices("First step", (first,))))]
        buttons = (Choices("First step", (first,)), Choices("What do you want to do?", forms), Choices("", files))
        chronology = Message("What happened, in order", (Note("Nothing here is ever changed."),))
        lines = [
            Message(f"{number}. {title}", (Facts((("Text", text), ("When", "20/11/2026 14:05"))),))
            for number, (title, text) in enumerate(case.entries, 1)
        ]
        others = Choices("", (Choice(f"Open {OTHER}", Action("case", {"ref": OTHER})),))
        return [Message(ref, (*head, *buttons)), chronology, *lines, Message("Earlier cases", (others,))]

    def _form(self, ref: str, act: str, turn: Turn, opener: Opener | None) -> Reply:
        case = self._found(ref, turn)
        if opener is None:
            raise NotNow
        if act not in FORMS:
            raise Hidden
        return Reply((), FormReply(FORMS[act], key=f"{ref}/{len(case.entries)}"))

    def _submitted(self, form: str, key: str, turn: Turn) -> Reply:
        assert isinstance(turn.act, Submitted)
        ref, _, seen = key.partition("/")
        self._found(ref, turn)
        checked = check(FORMS[form], turn.act.typed)
        if checked.problems:
            return Reply((), FormReply(FORMS[form], turn.act.typed, checked.problems, key))
        texts = [text.reveal() for given in turn.act.typed.values() for text in given]
        return self._do(ref, form, int(seen), turn, "\n".join(texts))

    def _do(self, ref: str, act: str, seen: int, turn: Turn, text: str) -> Reply:
        case = self._found(ref, turn)
        if seen != len(case.entries):
            raise NotNow
        case.entries.append((f"{act} ({turn.person})", text))
        if act == "acknowledge":
            case.state = "Picked up"
        if act == "recuse":
            case.team.discard(turn.person)
        again = Choices("", (Choice(f"Open {ref}", Action("case", {"ref": ref})),))
        return Reply((Message("Done", (Para(f"{ref}: this was recorded."), again)),))


@dataclass
class FakeSignIn:
    """Links that work once and one phrase; knows the people of the schools as they are now."""

    links: dict[str, tuple[str, str]] = field(default_factory=lambda: {"link-1": ("whgs", "dsl")})
    gone: set[str] = field(default_factory=set)
    phrase: str = "correct horse"
    asked: int = 0

    def look(self, token: str) -> bool:
        """Whether a link would work."""
        return token in self.links

    def use(self, token: str) -> tuple[str, str] | None:
        """Use a link up."""
        return self.links.pop(token, None)

    def find(self, school: str, person: str) -> tuple[School, Person] | None:
        """A person as they stand now."""
        found = next((each for each in SCHOOLS if each.id == school), None)
        who = found.person(person) if found and person not in self.gone else None
        return (found, who) if found and who else None

    def unlock(self, school: str, phrase: Sealed) -> Opener | None:
        """The case key."""
        self.asked += 1
        return FakeOpener() if phrase.reveal() == self.phrase else None
