"""Law 2: every form, every wording and every button fits the narrowest channel."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot import conversation
from bot.channels.slack.labels import PICK
from bot.channels.slack.view import NO_ANSWER, form_view
from bot.conversation import case_wording, forms, register_wording, report_wording, request_wording, wording
from bot.conversation.request_forms import load_request_forms
from bot.domain.case import State
from bot.talk import limits
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.turn import FormReply
from intents.catalogue import catalogue
from policy_kb.load import Vocabulary, load_packs
from policy_kb.model import Policy
from tests.slack.check_blocks import check_view

NAMES = [module.name for module in pkgutil.iter_modules(conversation.__path__)]
MODULES = [importlib.import_module(f"{conversation.__name__}.{name}") for name in NAMES]
SHARED = catalogue()
POLICIES = load_packs(Vocabulary(SHARED.intents, SHARED.forms(), SHARED.disclosures()))


def _inside(value: object) -> Iterator[object]:
    """A value, and all that it holds."""
    yield value
    held = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, Mapping | tuple | list | frozenset):
        yield from (deeper for each in held for deeper in _inside(each))  # type: ignore[attr-defined]


FORMS = {
    form.id: form
    for module in MODULES
    for value in vars(module).values()
    for form in _inside(value)
    if isinstance(form, Form)
}

WORDINGS = (wording, report_wording, case_wording, request_wording, register_wording)
SENTENCES = {
    f"{words.__name__}.{name}": [text for text in _inside(value) if isinstance(text, str)]
    for words in WORDINGS
    for name, value in vars(words).items()
    if name.isupper()
}

# What each function of the wording can be given.
SAID = {
    "who": [wording.who(role) for role in (*wording.ROLES, "", "someone unheard of")],
    "condition": [wording.condition(c.condition) for policy in POLICIES for c in policy.clauses if c.condition],
    "short": [wording.short(role) for role in (*wording.ROLES, "")],
    "instead": [wording.instead(role) for role in (*wording.ROLES, "")],
    "month": [wording.month(f"2026-{number:02}-28") for number in range(1, 13)],
    "screen": [
        report_wording.screen(key, contact) for key in report_wording.SCREENS for contact in ("", "01234 567890")
    ],
    "stands": [report_wording.stands(state, day) for state in State for day in (None, date(2026, 11, 23))],
    "overdue": [wording.overdue(policy) for policy in POLICIES if policy.review_due],
}


def test_every_form_of_the_conversation_is_registered() -> None:
    assert FORMS == forms.FORMS


@pytest.mark.parametrize("name", FORMS)
def test_every_form_fits(name: str) -> None:
    assert misfits(FORMS[name]) == []


PAGES = {
    f"{form.id}.{number}": Form(form.id, form.title, form.submit, tuple(asked.question for asked in page))
    for form in load_request_forms().values()
    for number, page in enumerate(form.pages, 1)
}


@pytest.mark.parametrize("name", [*FORMS, *PAGES])
def test_every_form_is_a_window_that_slack_takes_with_no_word_shortened(name: str) -> None:
    view = form_view(FormReply((FORMS | PAGES)[name]))

    assert check_view(view) == []
    assert [text for text in _inside(view) if isinstance(text, str) and text.endswith("…") and text != PICK] == []


def misfits(form: Form) -> list[str]:
    """What is wrong with a form, in words; empty when it fits every channel."""
    names = [question.name for question in form.questions]
    faults = {
        "no questions, or too many": not 1 <= len(names) <= limits.QUESTIONS,
        "two questions of one name": len(set(names)) < len(names),
    }
    found = [fault for fault, is_so in faults.items() if is_so]
    found += _sizes({"title": (form.title, limits.TITLE), "submit": (form.submit, limits.TITLE)})
    return found + [f"{question.name}: {fault}" for question in form.questions for fault in _misfits(question)]


def _misfits(question: Question) -> list[str]:
    values, shown = [option.value for option in question.options], [option.label for option in question.options]
    faults = {
        "options exactly where one chooses": bool(values) != (question.kind in (Kind.ONE, Kind.MANY)),
        "two options of one value": len(set(values)) < len(values),
        # The check trims what comes in, and takes the empty text for no answer.
        "a value that cannot come back": any(value != value.strip() or value in ("", NO_ANSWER) for value in values),
        "bounds for what is no number": {question.least, question.most} != {None} and question.kind is not Kind.NUMBER,
    }
    sized = {"label": (question.label, limits.QUESTION), "hint": (question.hint or "-", limits.HINT)}
    sized |= {f"option {number}": (label, limits.LABEL) for number, label in enumerate(shown, 1)}
    return [fault for fault, is_so in faults.items() if is_so] + _sizes(sized)


def _sizes(texts: Mapping[str, tuple[str, int]]) -> list[str]:
    return [f"{name}: {len(text)} of {most}" for name, (text, most) in texts.items() if not 0 < len(text) <= most]


LONG = "x" * 151


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (Question("q", LONG), "q: label: 151 of 150"),
        (Question("q", ""), "q: label: 0 of 150"),
        (Question("q", "Q", hint=LONG), "q: hint: 151 of 150"),
        (Question("q", "Q", Kind.ONE), "q: options exactly where one chooses"),
        (Question("q", "Q", Kind.ONE, options=(Choosable("a", LONG),)), "q: option 1: 151 of 75"),
        (Question("q", "Q", Kind.MANY, options=(Choosable(" a", "A"),)), "q: a value that cannot come back"),
        (Question("q", "Q", least=1), "q: bounds for what is no number"),
    ],
)
def test_a_form_that_does_not_fit_is_found(question: Question, problem: str) -> None:
    assert misfits(Form("form", "Title", "Send", (question,))) == [problem]


def test_every_function_of_the_wording_is_tried() -> None:
    written = {
        name
        for words in WORDINGS
        for name, made in vars(words).items()
        if inspect.isfunction(made) and made.__module__ == words.__name__
    }
    assert written == SAID.keys()


@pytest.mark.parametrize("name", [*SENTENCES, *SAID])
def test_every_wording_is_clean_and_fits_a_block(name: str) -> None:
    texts = [*SENTENCES.get(name, ()), *SAID.get(name, ())]

    assert texts
    assert [text for text in texts if text != text.strip() or not 0 < len(text) <= limits.BODY] == []
    assert [text for text in texts for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs")] == []


def test_every_wording_on_a_button_fits_it() -> None:
    sources = (Path(str(module.__file__)).read_text(encoding="utf-8") for module in MODULES)
    named = {name for source in sources for name in re.findall(r"Choice\((?:wording|say)\.([A-Z_]+)", source)}
    buttons = {name: text for words in WORDINGS for name, text in vars(words).items() if name in named}

    assert buttons
    assert _sizes({n: (text, limits.LABEL) for n, text in buttons.items() if isinstance(text, str)}) == []
    assert _sizes({example: (example, limits.LABEL) for example in wording.EXAMPLES}) == []


def test_every_topic_and_every_kind_of_the_catalogue_fits_a_button() -> None:
    texts = {intent.id: intent.topic for intent in SHARED.intents.values()}
    texts |= {kind.id: kind.label for kind in SHARED.kinds.values()}

    assert _sizes({name: (text, limits.LABEL) for name, text in texts.items()}) == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_everything_a_pack_says_fits_a_block_or_a_button(policy: Policy) -> None:
    clauses, options = policy.clauses, [option for fact in policy.facts for option in fact.options]
    bodies = [text for clause in clauses for text in (clause.text, clause.condition or "-", policy.cite(clause))]
    bodies += [fact.question for fact in policy.facts] + [silence.text for silence in policy.silences]

    assert _sizes({text: (text, limits.BODY) for text in bodies}) == []
    assert _sizes({option.label: (option.label, limits.LABEL) for option in options}) == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_section_or_a_topic_shown_whole_fits_one_message(policy: Policy) -> None:
    shown_whole = Counter(clause.section for clause in policy.clauses)
    shown_whole += Counter(intent for clause in policy.clauses for intent in clause.intents)

    # Beside its clauses such a message has a heading and a row of buttons.
    assert {name: count for name, count in shown_whole.items() if count + 2 > limits.BLOCKS} == {}
