"""The forms of a report and all that is said around them: short, safe, and the same questions by the same names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import date
from string import Formatter

import pytest

from bot.conversation import report_wording as say
from bot.conversation.report_forms import ADD_TO_REPORT, REPORT_FORMS, SAMPLE, form_for
from bot.domain.case import State
from bot.talk import limits
from bot.talk.check import check
from bot.talk.form import Form, Kind, Question
from bot.talk.sealed import Sealed
from intents.catalogue import catalogue
from intents.model import Route
from tests.laws.test_limits import misfits

KINDS = [kind.id for kind in catalogue().kinds.values() if kind.route is Route.DISCLOSURE]
LONG_NAME = "Teacher " * 12

# What each function of the wording can be given.
SAID = {
    "screen": [say.screen(key, contact) for key in say.SCREENS for contact in ("", "01234 567890")],
    "stands": [say.stands(state, day) for state in State for day in (None, date(2026, 11, 2))],
}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | tuple):
        yield from (text for each in (value.values() if isinstance(value, Mapping) else value) for text in _texts(each))


SENTENCES = {name: list(_texts(value)) for name, value in vars(say).items() if name.isupper()}


def question(kind: str, name: str) -> Question:
    return next(question for question in form_for(kind, SAMPLE).questions if question.name == name)


def values(asked: Question) -> list[str]:
    return [option.value for option in asked.options]


def test_every_kind_of_disclosure_has_its_form() -> None:
    assert (list(REPORT_FORMS), [form.id for form in REPORT_FORMS.values()]) == (KINDS, KINDS)


@pytest.mark.parametrize("form", [*REPORT_FORMS.values(), ADD_TO_REPORT], ids=lambda form: form.id)
def test_every_form_fits_the_narrowest_channel(form: Form) -> None:
    assert misfits(form) == []


@pytest.mark.parametrize("form", REPORT_FORMS.values(), ids=lambda form: form.id)
def test_a_form_is_short_and_asks_for_danger_first(form: Form) -> None:
    assert (6 <= len(form.questions) <= 12, form.questions[0].name) == (True, "danger")


def test_only_what_happened_is_required_and_whom_it_is_about() -> None:
    required = {
        kind: {question.name for question in form.questions if question.required} for kind, form in REPORT_FORMS.items()
    }
    assert required == {kind: {"happened", "about"} for kind in KINDS}


def test_a_question_takes_the_same_sort_of_answer_in_every_form() -> None:
    sorts = {(question.name, question.kind) for form in REPORT_FORMS.values() for question in form.questions}
    assert dict(sorts) == {
        **dict.fromkeys(("happened", "words", "opinion", "done"), Kind.TEXT),
        **dict.fromkeys(("child", "person", "when-time", "where", "present", "platform", "told"), Kind.LINE),
        **dict.fromkeys(("about", "danger", "accepted", "theme", "conflict"), Kind.ONE),
        **dict.fromkeys(("evidence", "harm"), Kind.MANY),
        "when-day": Kind.DAY,
    }
    assert len(sorts) == len(dict(sorts))


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("reported-contact", "person child platform when-day when-time evidence accepted done told"),
        ("child-concern", "child words opinion when-day when-time where present done told"),
        ("adult-concern", "person child opinion when-day where present harm conflict done"),
        ("online-incident", "theme platform person child when-day evidence done told"),
        ("radicalisation", "child words opinion when-day when-time where present done told"),
    ],
)
def test_a_form_asks_for_what_a_record_must_hold(kind: str, wanted: str) -> None:
    assert set(wanted.split()) <= {question.name for question in REPORT_FORMS[kind].questions}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "adult-concern"])
def test_about_a_child_nobody_who_works_here_comes_first(kind: str) -> None:
    assert values(question(kind, "about")) == ["nobody", "teacher", "DSL", "head", "unsure", "provider"]


def test_about_an_adult_the_people_come_first() -> None:
    assert values(question("adult-concern", "about")) == ["teacher", "DSL", "head", "unsure", "provider", "nobody"]


def test_the_list_leaves_nobody_out_and_keeps_ids_and_names() -> None:
    staff = tuple((f"p{number}", f"Teacher {number}") for number in range(120))
    about = next(question for question in form_for("adult-concern", staff).questions if question.name == "about")
    assert tuple((option.value, option.label) for option in about.options[:120]) == staff


def test_a_long_name_still_fits_its_option() -> None:
    assert misfits(form_for("child-concern", (("p1", LONG_NAME),))) == []


def test_a_picked_person_comes_back_as_their_id() -> None:
    form = form_for("adult-concern", (("p7", "Teacher"),))
    checked = check(form, {"about": (Sealed("p7"),), "happened": (Sealed("They shouted."),)})
    assert (checked.values["about"], checked.problems) == ("p7", {})


def test_a_report_of_one_sentence_and_one_choice_can_be_sent() -> None:
    typed = {"happened": (Sealed("A pupil messaged me."),), "about": (Sealed("nobody"),)}
    problems = {kind: dict(check(form, typed).problems) for kind, form in REPORT_FORMS.items()}
    assert problems == {kind: {} for kind in KINDS}


def test_a_kind_that_is_no_disclosure_has_no_form() -> None:
    with pytest.raises(KeyError):
        form_for("new-account", SAMPLE)


def test_wherever_evidence_is_asked_for_indecent_pictures_are_left_alone() -> None:
    hints = {
        question.hint for form in REPORT_FORMS.values() for question in form.questions if question.name == "evidence"
    }
    assert hints == {"Leave it where it is. Never copy, send on or keep an indecent picture of a child."}


def test_to_add_to_a_report_takes_one_text() -> None:
    assert [(question.name, question.kind, question.required) for question in ADD_TO_REPORT.questions] == [
        ("extra", Kind.TEXT, True)
    ]


def test_every_kind_has_its_opening_and_its_advice() -> None:
    assert (list(say.OPENING), list(say.ADVICE)) == (KINDS, KINDS)
    assert [kind for kind, advice in say.ADVICE.items() if not {say.NO_SECRET, say.NO_COPIES} <= set(advice)] == []


def test_danger_is_said_in_fixed_words() -> None:
    assert say.DANGER == "Immediate danger: call 999 now. Do not wait for this form."


def test_every_state_has_words_for_the_one_who_reported() -> None:
    assert set(say.STATES) == set(State)
    assert say.stands(State.RECEIVED, None) == "Not picked up yet."
    assert say.stands(State.TRIAGED, date(2026, 11, 2)) == "Being dealt with. Read on 2 November 2026."


def test_a_screen_names_its_contact_or_says_what_to_do_without_one() -> None:
    assert say.screen("lado", "01234 567890") == (
        "Phone the Local Authority Designated Officer (LADO) today: 01234 567890. You may phone them yourself."
    )
    assert say.screen("lado") == (
        "Phone the council today. Ask for the Local Authority Designated Officer (LADO). You may do it yourself."
    )
    assert say.screen("fgm") == say.screen("fgm", "101") == say.SCREENS["fgm"]
    assert set(say.NO_CONTACT) == set(say.SCREENS) - {"fgm"}


def test_there_are_six_notices_and_each_holds_a_reference_alone() -> None:
    assert set(say.NOTICES) == {"new", "nudge", "escalated", "added", "read", "done"}
    assert {field for text in say.NOTICES.values() for _, field, _, _ in Formatter().parse(text) if field} == {"ref"}


def test_no_notice_tells_what_sort_of_thing_waits() -> None:
    telling = r"report|concern|worr|child|pupil|adult|case|contact|incident|disclos|safeguard|approv|request|allegation"
    assert [text for text in say.NOTICES.values() if re.search(telling, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", [*SENTENCES, *SAID])
def test_every_sentence_is_clean_short_and_fits_a_block(name: str) -> None:
    texts = [*SENTENCES.get(name, ()), *SAID.get(name, ())]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?!:]) ", text)]

    assert texts
    assert [text for text in texts if text != text.strip() or not 0 < len(text) <= limits.BODY] == []
    # A reader of twelve loses the thread of a longer one; the duty of the law is the one exception.
    assert [one for one in sentences if len(one.split()) > 20 and "FGM" not in one] == []


def test_every_function_of_the_wording_is_tried() -> None:
    written = {name for name, made in vars(say).items() if inspect.isfunction(made) and made.__module__ == say.__name__}
    assert written == SAID.keys()


def test_what_stands_on_a_button_or_a_title_fits_it() -> None:
    buttons = (say.ADD, say.MY_REPORTS, say.FORM_TITLE, say.RECORDED_TITLE, say.NOT_RECORDED_TITLE)
    assert [text for text in buttons if len(text) > limits.TITLE] == []
