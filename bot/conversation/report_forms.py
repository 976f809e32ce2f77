"""The forms by which staff report, as data; the list of people is filled in per school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.talk import limits
from bot.talk.form import Choosable, Form, Kind, Question

Staff = tuple[tuple[str, str], ...]
"""Everyone who works at a school, none left out: id and name."""

SUBMIT = "Send report"


def _one(name: str, label: str, options: Mapping[str, str], hint: str = "", required: bool = False) -> Question:
    return Question(name, label, Kind.ONE, hint, required, _options(options))


def _many(name: str, label: str, options: Mapping[str, str], hint: str = "") -> Question:
    return Question(name, label, Kind.MANY, hint, False, _options(options))


def _text(name: str, label: str, hint: str = "", required: bool = False) -> Question:
    return Question(name, label, Kind.TEXT, hint, required)


def _line(name: str, label: str, hint: str = "") -> Question:
    return Question(name, label, Kind.LINE, hint, required=False)


def _options(named: Mapping[str, str]) -> tuple[Choosable, ...]:
    return tuple(Choosable(value, label) for value, label in named.items())


# --- whom it is about ------------------------------------------------------------------------------------------------
NOBODY = {"nobody": "Nobody who works here"}
ELSEWHERE = {"nobody": "An adult who does not work here"}
NOT_LISTED = {
    "unsure": "Someone who works here, I am not sure who or cannot find them",
    "provider": "Someone from a firm or agency that works for the school",
}
ABOUT = _one(
    "about",
    "Is it a worry about someone who works here?",
    NOBODY,
    "Staff, governors, supply and volunteers count. Whoever you pick is never shown this report.",
    required=True,  # left empty, it could go to the very person whom it is about
)
WHICH_ADULT = replace(ABOUT, label="Whom is it about?", hint="They are never shown this report.")

# --- questions that several forms share ------------------------------------------------------------------------------
DANGER = _one(
    "danger",
    "Is anyone in danger now?",
    {"yes": "Yes", "no": "No", "unsure": "I am not sure"},
    "If yes, call 999 before you go on.",
)
HAPPENED = _text("happened", "What happened?", "What you saw, heard or were told. Only facts here.", required=True)
CHILD = _line("child", "Which child is it about?", "Full name, and class or year. One of these will do.")
PERSON = _line("person", "Who did it, if you know?", "A name, an account name, or how you know them.")
WORDS = _text("words", "What did the child say?", "Their own words, exactly. Do not tidy them up.")
OPINION = _text(
    "opinion",
    "What do you think about it?",
    "A feeling counts too. It is kept apart from the facts.",
)
WHEN_DAY = Question("when-day", "Which day was it?", Kind.DAY, "The day you saw it or were told.", required=False)
WHEN_TIME = _line("when-time", "At what time?", "About will do, for example: after period 3.")
WHERE = _line("where", "Where was it?", "A room, a street, an app or an account.")
PRESENT = _line("present", "Who else was there or saw it?", "Full names if you know them.")
PLATFORM = _line("platform", "On which app, site or account?", "Name it. A link or an account name helps.")
DONE = _text("done", "What have you done so far?", "If nothing yet, leave it empty.")
TOLD = _line("told", "Whom have you told?", "Names or roles, and anyone outside the school.")
EVIDENCE = _many(
    "evidence",
    "What is there to look at?",
    {
        "message": "A message or an email",
        "post": "A post, a comment or a page",
        "screenshot": "A screenshot",
        "picture": "A picture or a video",
        "call": "A call or a voice message",
        "notes": "Notes on paper",
        "nothing": "Nothing, or it is gone",
    },
    "Leave it where it is. Never copy, send on or keep an indecent picture of a child.",
)

# --- questions of one form -------------------------------------------------------------------------------------------
ACCEPTED = _one(
    "accepted",
    "Did you accept or answer, perhaps by mistake?",
    {"no": "No", "accepted": "I accepted", "replied": "I answered", "both": "I accepted and answered"},
    "It happens. It helps to say so now.",
)
THEME = _one(
    "theme",
    "What sort of thing is it?",
    {
        "bullying": "Bullying or abuse online",
        "threat": "A parent or carer threatens a member of staff",
        "content": "Something posted about the school or its people",
        "hacked": "An account that was hacked",
        "fake": "A fake account, or someone who pretends to be us",
        "media": "The press or a journalist asks about something",
        "other": "Something else",
    },
)
HARM = _many(
    "harm",
    "Does any of these fit? Tick all that may.",
    {
        "harmed": "They harmed a child, or may have",
        "crime": "They may have committed a crime against a child or to do with one",
        "risk": "The way they acted suggests they could harm children",
        "unsuitable": "Something in or out of work suggests they should not work with children",
        "none": "None of these, but it does not feel right",
        "unsure": "I am not sure",
    },
    "You need not decide this. Small worries count too.",
)
CONFLICT = _one(
    "conflict",
    "Would it be a problem if the headteacher were told?",
    {"no": "No", "yes": "Yes, or I think so"},
    "For example, the head is family or a close friend of theirs, or had a part in it.",
)

_FORMS: Mapping[str, tuple[str, tuple[Question, ...]]] = {
    "reported-contact": (
        "Report a contact",
        (
            DANGER,
            replace(HAPPENED, hint="Who got in touch, how, and what they wrote, word for word if you can."),
            ABOUT,
            replace(CHILD, label="If it was a pupil or a former pupil, who?"),
            replace(PERSON, label="If it was somebody else, who?", hint="A parent, a stranger: name or account name."),
            PLATFORM,
            WHEN_DAY,
            WHEN_TIME,
            ACCEPTED,
            EVIDENCE,
            replace(DONE, hint="For example: blocked them, kept the message."),
            TOLD,
        ),
    ),
    "child-concern": (
        "Worry about a child",
        (DANGER, HAPPENED, CHILD, WORDS, WHEN_DAY, WHEN_TIME, WHERE, PRESENT, OPINION, DONE, TOLD, ABOUT),
    ),
    "adult-concern": (
        "Worry about an adult",
        (
            DANGER,
            WHICH_ADULT,
            replace(
                PERSON,
                label="If they are not on the list, who are they?",
                hint="A name, a job, a firm or a club.",
            ),
            replace(HAPPENED, hint="What you saw, heard or were told. Put a child’s own words in exactly."),
            replace(CHILD, label="Which children were part of it, if any?"),
            HARM,
            CONFLICT,
            WHEN_DAY,
            replace(WHERE, label="Where was it, and at what time?", hint="In or out of school, or on which app."),
            PRESENT,
            OPINION,
            replace(DONE, label="What have you done so far, and whom have you told?"),
        ),
    ),
    "online-incident": (
        "Report online incident",
        (
            DANGER,
            THEME,
            replace(HAPPENED, hint="What was posted, sent or done, and to whom. Only facts here."),
            PLATFORM,
            replace(CHILD, label="Which pupils are part of it, if any?"),
            PERSON,
            WHEN_DAY,
            EVIDENCE,
            DONE,
            TOLD,
            ABOUT,
        ),
    ),
    "radicalisation": (
        "Worry: radicalisation",
        (
            DANGER,
            replace(HAPPENED, hint="What they said, did, wore, watched or posted. Only facts here."),
            replace(CHILD, label="Who is it?", hint="Full name, and class or year. A parent or other adult: say so."),
            replace(WORDS, label="What did they say?"),
            WHEN_DAY,
            WHEN_TIME,
            WHERE,
            PRESENT,
            OPINION,
            DONE,
            TOLD,
            ABOUT,
        ),
    ),
}


def form_for(kind: str, staff: Staff) -> Form:
    """The form of a kind with the people of a school to choose from; raises KeyError where there is no such kind."""
    title, questions = _FORMS[kind]
    asked = (_filled(question, staff) if question.name == ABOUT.name else question for question in questions)
    return Form(kind, title, SUBMIT, tuple(asked))


def _filled(about: Question, staff: Staff) -> Question:
    people = tuple(Choosable(person, name[: limits.LABEL]) for person, name in staff)
    if about.label == WHICH_ADULT.label:
        return replace(about, options=(*people, *_options(NOT_LISTED | ELSEWHERE)))
    return replace(about, options=(*_options(NOBODY), *people, *_options(NOT_LISTED)))


SAMPLE: Staff = (("teacher", "Teacher"), ("DSL", "DSL"), ("head", "Headteacher"))
"""People as they could stand in the list, for tests and for drawings of the form."""

REPORT_FORMS: Mapping[str, Form] = {kind: form_for(kind, SAMPLE) for kind in _FORMS}

EXTRA = _text(
    "extra",
    "What do you want to add?",
    "What is new, or what you got wrong. What you sent before stays.",
    True,
)

ADD_TO_REPORT = Form("add-to-report", "Add to a report", "Add it", (EXTRA,))
