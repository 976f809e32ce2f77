"""Stand-ins that behave, so that a test needs no other layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.people import Person, Practice, Role, School
from bot.talk.check import check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import (
    Action,
    Alert,
    Block,
    Choice,
    Choices,
    Facts,
    Link,
    Message,
    Note,
    Para,
    Points,
    Quote,
    Ruling,
)
from bot.talk.sealed import Sealed
from bot.talk.turn import Download, FormReply, Kept, Pressed, Reply, Said, Submitted, Turn, Typed

PEOPLE = (
    Person("teacher", "Teacher"),
    Person("dsl", "DSL", frozenset({Role.STAFF, Role.DSL})),
    Person("deputy", "Deputy DSL", frozenset({Role.STAFF, Role.DEPUTY})),
    Person("head", "Headteacher", frozenset({Role.STAFF, Role.HEAD})),
)
SCHOOLS = (
    School("whgs", "West Hill Girls' School", "whgs", PEOPLE),
    School("milford", "Milford and Lower Marsh Community Primary Academy", "milford", PEOPLE),
)
PRACTICE = Practice(SCHOOLS)

CONTACT = Form(
    "reported-contact",
    "Report a contact",
    "Send report",
    (
        Question("who", "Who got in touch?", hint="A name, or what you know of them."),
        Question("what", "What happened?", Kind.TEXT, hint="In your own words. Only the DSL will read this."),
        Question("day", "When was it?", Kind.DAY),
        Question(
            "where",
            "Where did it happen?",
            Kind.ONE,
            options=(
                Choosable("dm", "A direct message"),
                Choosable("post", "A comment"),
                Choosable("else", "Elsewhere"),
            ),
        ),
        Question(
            "kept",
            "What have you kept?",
            Kind.MANY,
            required=False,
            options=(
                Choosable("shot", "A screenshot"),
                Choosable("link", "The address of the post, however long it is"),
            ),
        ),
        Question("times", "How many times?", Kind.NUMBER, required=False, least=1, most=99),
        Question(
            "year",
            "Which year group?",
            Kind.ONE,
            required=False,
            options=tuple(Choosable(f"y{year}", f"Year {year}") for year in range(1, 14)),
        ),
        Question("told", "Does anyone else know?", Kind.ONE, required=False, options=(Choosable("yes", "Yes"),)),
    ),
)

FILE = Download("café list.csv", "text/csv; charset=utf-8", "\ufeffname\r\ncafé\r\n".encode())

STARTS = Choices(
    "People often ask",
    (
        Choice("Can I friend an ex-pupil?", Action("ask", {"intent": "former-pupil-contact"})),
        Choice("Report a contact", Action("open")),
        Choice("Show everything", Action("everything")),
    ),
)

_LONG = (
    "Staff must not be in contact through any social medium with any pupil of this or of any other school, unless the "
    "pupil is a member of their own family. The same holds for pupils who have left, as long as they are under 18. "
) * 4


def everything() -> Message:
    """Every kind of block, and every kind of ruling."""
    kinds = ("no", "yes", "approval", "depends", "action", "info", "none")
    words = ("No", "Yes", "Ask first", "It depends", "You must act", "For your information", "The policy does not say")
    blocks: tuple[Block, ...] = (
        Alert("If a child is in danger now, phone 999. Then tell the DSL."),
        *(Ruling(kind, word, f"This is a ruling of the kind {kind}.") for kind, word in zip(kinds, words, strict=True)),
        Para("A plain paragraph.\nWith a second line, and one long word: " + "Donaudampfschiff" * 6),
        Quote("Do not accept friend requests from pupils.", "Social Media Policy, 4.2", "whgs/staff-personal.4"),
        Quote(_LONG.strip(), "Staff Code of Conduct, social media 12", "milford/" + "staff-personal-use" * 3 + ".12"),
        Facts((("DSL", "Ms Okafor"), ("Deputy DSL with a long title", "Room 12, extension 4021"), ("Review", ""))),
        Points((("First", "save what you were sent."), ("", "Do not answer it."), ("Then", "tell the DSL today."))),
        Choices("", tuple(Choice(f"Another question, number {number}", Action("ask")) for number in range(1, 6))),
        Choices(
            "How old is the ex-pupil now?", (Choice("Under 18", Action("ask")), Choice("18 or over", Action("ask")))
        ),
        Link("Open my pages", Sealed("https://signpost.example/in/token")),
        Note("Small print: from the policy of March 2026, due for review."),
    )
    return Message("Answer", blocks)


@dataclass
class FakeAssistant:
    """Greets, echoes, shows everything, opens a form and checks it, keeps drafts; remembers every turn it was given."""

    greeting: Message = Message("Welcome", (Para("Ask what the policy says, in your own words."), STARTS))
    turns: list[Turn] = field(default_factory=list)
    before: Callable[[Turn], None] = lambda turn: None
    drafts: dict[str, Typed] = field(default_factory=dict)

    def greet(self, person: str, school: str) -> Reply:
        """Its greeting, and for whom it is."""
        return Reply((self.greeting, Message("Place", (Note(f"{person} at {school}"),))))

    def reply(self, turn: Turn) -> Reply:
        """Take one turn."""
        self.turns.append(turn)
        self.before(turn)
        match turn.act:
            case Said(text):
                return self._say(text.reveal())
            case Pressed(action):
                return self._press(action)
            case Submitted(form, typed, key):
                reply = _submit(form, typed, key)
                if reply.form is None:
                    self.drafts.pop(form, None)
                return reply
            case Kept(form, typed):
                self.drafts[form] = typed
                return Reply()

    def _form(self) -> FormReply:
        return FormReply(CONTACT, self.drafts.get(CONTACT.id, {}), key="report-1")

    def _say(self, text: str) -> Reply:
        if text == "everything":
            return Reply((everything(),))
        if text == "cases":
            ref = {"ref": "S-4F7K-9Q2M"}
            acts = (Action("case-do", {**ref, "act": "acknowledge", "seen": "1"}), Action("case", ref))
            return Reply((Message("Waiting", (Choices("", tuple(Choice(act.name, act) for act in acts)),)),))
        if text == "form":
            return Reply(form=self._form())
        if text == "file":
            return Reply((Message("File", (Para("Here is the file."),)),), file=FILE)
        return Reply((Message("Answer", (Para(f"You said: {text}"), Quote(text, "Your own words", "you/1"))),))

    def _press(self, action: Action) -> Reply:
        if action.name == "everything":
            return Reply((everything(),))
        if action.name == "open":
            return Reply((Message("Report", (Para("Tell us what happened."),)),), self._form())
        return Reply((Message("Answer", (Facts((("Pressed", action.name), *action.values.items())),)),))


def _submit(form: str, typed: Typed, key: str) -> Reply:
    assert (form, key) == (CONTACT.id, "report-1")
    checked = check(CONTACT, typed)
    if checked.problems:
        return Reply(form=FormReply(CONTACT, typed, checked.problems, key))
    rows = tuple(
        (name, value.reveal() if isinstance(value, Sealed) else str(value)) for name, value in checked.values.items()
    )
    return Reply((Message("Recorded", (Facts(rows),)),))
