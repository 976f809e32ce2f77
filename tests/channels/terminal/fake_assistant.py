"""An assistant small enough to read, for transcripts of the terminal channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.people import Person, Practice, School
from bot.talk.check import check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Action, Choice, Choices, Facts, Message, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Download, FormReply, Kept, Pressed, Reply, Said, Submitted, Turn, Typed

STAFF = (Person("teacher", "Teacher"),)
PRACTICE = Practice((School("oak", "Oak School", "oak", STAFF), School("elm", "Elm School", "elm", STAFF)))

CONTACT = Form(
    "contact",
    "Report a contact",
    "Send report",
    (
        Question("who", "Who got in touch?", hint="A name, or what you know of them."),
        Question("what", "What happened?", Kind.TEXT, required=False),
        Question(
            "where", "Where?", Kind.ONE, options=(Choosable("dm", "Direct message"), Choosable("post", "Comment"))
        ),
        Question(
            "kept",
            "What have you kept?",
            Kind.MANY,
            required=False,
            options=(Choosable("shot", "A screenshot"), Choosable("link", "The address")),
        ),
        Question("day", "When?", Kind.DAY),
        Question("times", "How often?", Kind.NUMBER, required=False, least=1, most=99),
    ),
)

FILE = Download("list.csv", "text/csv", b"name\r\n")

ONE_LINE = Form("search", "Look it up", "Search", (Question("words", "Which words?"),))


@dataclass
class FakeAssistant:
    """Greets with two choices, echoes, opens a form, checks it, hands out a file; remembers every turn."""

    turns: list[Turn] = field(default_factory=list)
    drafts: dict[str, Typed] = field(default_factory=dict)

    def greet(self, person: str, school: str) -> Reply:
        """A greeting that says for whom it is."""
        options = (Choice("Report a contact", Action("open", {"form": "contact"})), Choice("Help", Action("help")))
        return Reply((Message("Welcome", (Para(f"Welcome, {person} of {school}."), Choices("", options))),))

    def reply(self, turn: Turn) -> Reply:
        """Take one turn."""
        self.turns.append(turn)
        match turn.act:
            case Said(text) if text.reveal() == "file":
                return Reply((Message("File", (Para("Here is the file."),)),), file=FILE)
            case Said(text):
                return self._form(ONE_LINE) if text.reveal() == "search" else _say(text.reveal())
            case Pressed(action):
                return self._form(CONTACT) if action.name == "open" else _press(action)
            case Submitted(form, typed):
                return _submit({CONTACT.id: CONTACT, ONE_LINE.id: ONE_LINE}[form], typed)
            case Kept(form, typed):
                self.drafts[form] = typed
                return Reply()

    def _form(self, form: Form) -> Reply:
        return Reply(form=FormReply(form, self.drafts.pop(form.id, {})))


def _say(text: str) -> Reply:
    return Reply((Message("Answer", (Para(f"You said: {text}"),)),))


def _press(action: Action) -> Reply:
    option = Choice("Again", Action("again"))
    return Reply((Message("Answer", (Para(f"You pressed: {action.name}"), Choices("More?", (option,)))),))


def _submit(form: Form, typed: dict[str, tuple[Sealed, ...]] | object) -> Reply:
    assert isinstance(typed, dict)
    checked = check(form, typed)
    if checked.problems:
        return Reply(form=FormReply(form, typed, checked.problems))
    rows = tuple(
        (name, value.reveal() if isinstance(value, Sealed) else str(value)) for name, value in checked.values.items()
    )
    return Reply((Message("Recorded", (Facts(rows),)),))
