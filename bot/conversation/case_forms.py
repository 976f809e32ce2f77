"""The forms by which a case is worked on, as data; lists of people and of proposals are filled in per case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import case_wording as say
from bot.talk.form import Choosable, Form, Kind, Question

Options = tuple[tuple[str, str], ...]


def _options(named: Mapping[str, str]) -> tuple[Choosable, ...]:
    return tuple(Choosable(value, label) for value, label in named.items())


WHY = Question("why", say.ASK_WHY, Kind.TEXT)
PERSON = Question("person", say.ASK_SUBJECT, Kind.ONE, options=(Choosable("nobody", say.NOBODY),))

TRIAGE = Form(
    "triage",
    say.ACTS["triage"],
    say.SAVE,
    (
        Question("level", say.ASK_LEVEL, Kind.ONE, options=_options(say.LEVELS)),
        Question("harm", say.ASK_HARM, Kind.MANY, required=False, options=_options(say.HARM)),
        replace(WHY, label=say.ASK_LEVEL_WHY, hint=say.HINT_LEVEL_WHY),
    ),
)
ACTION = Form(
    "action",
    say.ACTS["action"],
    say.SAVE,
    (
        Question("sort", say.ASK_SORT, Kind.ONE, options=_options(say.SORTS)),
        Question("day", say.ASK_DAY, Kind.DAY),
        Question("who", say.ASK_WHO, hint=say.HINT_WHO, required=False),
        Question("reference", say.ASK_REFERENCE, required=False),
        replace(WHY, label=say.ASK_ACTION_WHY),
    ),
)
NOTE = Form("note", say.ACTS["note"], say.SAVE, (Question("note", say.ASK_NOTE, Kind.TEXT, hint=say.HINT_NOTE),))
CORRECT = Form(
    "correct",
    say.ACTS["correct"],
    say.SAVE,
    (
        Question("entry", say.ASK_ENTRY, Kind.NUMBER, hint=say.HINT_ENTRY, least=1),
        Question("note", say.ASK_CORRECTION, Kind.TEXT),
    ),
)
CLOSE = Form(
    "close",
    say.ACTS["close"],
    say.ACTS["close"],
    (
        Question("outcome", say.ASK_OUTCOME, Kind.ONE, options=_options(say.OUTCOMES)),
        replace(WHY, label=say.ASK_OUTCOME_WHY),
        Question("born", say.ASK_BORN, Kind.DAY, hint=say.HINT_BORN, required=False),
    ),
)
CONFIRM_MEMBER = Form(
    "confirm-member",
    say.ACTS["confirm-member"],
    say.ACTS["confirm-member"],
    (Question("proposal", say.ASK_PROPOSAL, Kind.ONE, options=(Choosable("0", say.NOBODY),)),),
)
NAME_SUBJECT = Form(
    "name-subject",
    say.ACTS["name-subject"],
    say.SAVE,
    (replace(PERSON, hint=say.HINT_SUBJECT), replace(WHY, required=False)),
)
KEEP = Form("keep", say.ACTS["keep"], say.SAVE, (Question("until", say.ASK_UNTIL, Kind.DAY), WHY))
DELETE = Form(
    "delete",
    say.ACTS["delete"],
    say.ACTS["delete"],
    (
        Question("sure", say.ASK_DELETE, Kind.ONE, options=(Choosable("yes", say.DELETE_YES),), hint=say.HINT_DELETE),
        WHY,
    ),
)


def _why(act: str) -> Form:
    return Form(act, say.ACTS[act], say.SAVE, (WHY,))


def _to_a_person(act: str) -> Form:
    person = replace(PERSON, label=say.ASK_PERSON[act], hint=say.HINT_PERSON[act])
    return Form(act, say.ACTS[act], say.SAVE, (person, replace(WHY, required=False)))


CASE_FORMS: Mapping[str, Form] = {
    form.id: form
    for form in (
        TRIAGE,
        ACTION,
        NOTE,
        CORRECT,
        CLOSE,
        _why("reopen"),
        _to_a_person("hand-over"),
        _to_a_person("propose-member"),
        CONFIRM_MEMBER,
        Form("recuse", say.ACTS["recuse"], say.ACTS["recuse"], (replace(WHY, required=False, hint=say.HINT_RECUSE),)),
        NAME_SUBJECT,
        _why("hold"),
        _why("release"),
        KEEP,
        DELETE,
    )
}

FACTS = frozenset({"level", "sort", "outcome", "person", "proposal", "entry", "born", "until"})
"""Answers that are codes and ids, and stand in the clear; all else is sealed."""


def case_form(act: str, people: Options, proposals: Options, entries: int) -> Form:
    """The form of an act, with the people, the proposals or the entries that can be chosen here."""
    form = CASE_FORMS[act]
    lists = {"person": people, "proposal": proposals}
    filled = (
        replace(question, options=tuple(Choosable(value, label) for value, label in lists[question.name]))
        if lists.get(question.name)
        else question
        for question in form.questions
    )
    numbered = (replace(each, most=entries) if each.name == "entry" else each for each in filled)
    return replace(form, questions=tuple(numbered))
