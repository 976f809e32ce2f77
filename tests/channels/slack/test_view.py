"""Forms and messages as Slack's windows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.channels.slack import labels
from bot.channels.slack.read import form_of
from bot.channels.slack.view import NO_ANSWER, errors, form_view, message_view, options
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Action, Alert, Block, Choice, Choices, Message, Note, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply
from tests.channels.slack.test_render import header, plain, rich, section, text, texts
from tests.slack.check_blocks import check_options, check_view


def taken(view: dict[str, Any]) -> dict[str, Any]:
    """A window that Slack takes."""
    assert check_view(view) == []
    View(**json.loads(json.dumps(view))).to_dict()
    return view


def several(count: int) -> tuple[Choosable, ...]:
    return tuple(Choosable(f"v{number}", f"Label {number}") for number in range(count))


def shown(question: Question, *given: str) -> list[dict[str, Any]]:
    """The blocks of a question in its window."""
    reply = FormReply(Form("f", "Title", "Send", (question,)), {question.name: tuple(map(Sealed, given))})
    blocks: list[dict[str, Any]] = taken(form_view(reply))["blocks"]
    return blocks


def element(question: Question, *given: str) -> dict[str, Any]:
    """Its input, without the name that all have."""
    found = dict(shown(question, *given)[-1]["element"])
    assert found.pop("action_id") == "answer"
    return found


def test_a_form_is_a_window_that_carries_its_id_and_key_and_nothing_else() -> None:
    question = Question("name", "Your name", hint="As on the list", required=False)
    reply = FormReply(Form("f", "Title", "Send", (question,)), {"name": (Sealed("typed"),)}, key="R-1/k")

    assert taken(form_view(reply)) == {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Title"),
        "submit": plain("Send"),
        "close": plain("Close"),
        "notify_on_close": True,
        "private_metadata": '["f","R-1/k"]',
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": plain("Your name"),
                "hint": plain("As on the list"),
                "optional": True,
                "element": {
                    "type": "plain_text_input",
                    "action_id": "answer:3b7c134f",
                    "multiline": False,
                    "max_length": 200,
                    "initial_value": "typed",
                },
            }
        ],
    }
    assert form_of(form_view(reply)) == ("f", "R-1/k")


def lines(**more: object) -> dict[str, object]:
    return {"type": "plain_text_input", "multiline": False, "max_length": 200, **more}


def number(**more: object) -> dict[str, object]:
    bounds = {"is_decimal_allowed": False, "min_value": "0", "max_value": "999999999"}
    return {"type": "number_input", **bounds, **more}


@pytest.mark.parametrize(
    ("kind", "given", "drawn"),
    [
        (Kind.LINE, (), lines()),
        (Kind.LINE, ("a\nb ",), lines(initial_value="a b")),
        (Kind.TEXT, (" ",), lines(multiline=True, max_length=3000)),
        (Kind.TEXT, ("a\nb",), lines(multiline=True, max_length=3000, initial_value="a\nb")),
        (Kind.DAY, (), {"type": "datepicker"}),
        (Kind.DAY, ("21/11/2026",), {"type": "datepicker", "initial_date": "2026-11-21"}),
        (Kind.NUMBER, (), number()),
        (Kind.NUMBER, (" 12 ",), number(initial_value="12")),
    ],
)
def test_what_was_given_stands_in_its_input(kind: Kind, given: tuple[str, ...], drawn: object) -> None:
    assert element(Question("q", "Q", kind), *given) == drawn


def test_a_number_has_its_bounds() -> None:
    question = Question("q", "Q", Kind.NUMBER, least=2, most=9)

    assert element(question, "3") == number(min_value="2", max_value="9", initial_value="3")


@pytest.mark.parametrize(
    ("question", "given", "beside"),
    [
        (Question("q", "Q", Kind.LINE), "x" * 201, "x"),
        (Question("q", "Q", Kind.TEXT), "x" * 3001, "x"),
        (Question("q", "Q", Kind.DAY), "tomorrow", "tomorrow"),
        (Question("q", "Q", Kind.NUMBER), "a dozen", "a dozen"),
        (Question("q", "Q", Kind.NUMBER, most=5), "12", "12"),
    ],
)
def test_what_an_input_cannot_hold_stands_above_it(question: Question, given: str, beside: str) -> None:
    assert shown(question, given)[:-1] == [
        rich(section(text(labels.LEFT_OVER))),
        rich(section(text(beside, "italic"))),
    ]


@pytest.mark.parametrize(
    ("kind", "count", "required", "drawn"),
    [
        (Kind.ONE, 10, True, "radio_buttons"),
        (Kind.ONE, 9, False, "radio_buttons"),
        (Kind.ONE, 10, False, "static_select"),
        (Kind.ONE, 100, True, "static_select"),
        (Kind.ONE, 100, False, "static_select"),
        (Kind.ONE, 301, True, "static_select"),
        (Kind.MANY, 10, True, "checkboxes"),
        (Kind.MANY, 11, False, "multi_static_select"),
        (Kind.MANY, 100, False, "multi_static_select"),
        (Kind.MANY, 301, False, "multi_static_select"),
    ],
)
def test_options_are_drawn_as_slack_can_hold_them(kind: Kind, count: int, required: bool, drawn: str) -> None:
    given = element(Question("q", "Q", kind, required=required, options=several(count)), "v1", "gone")

    first = {"text": plain("Label 1"), "value": "v1"}
    name, value = ("initial_option", first) if kind is Kind.ONE else ("initial_options", [first])
    assert (given["type"], given[name]) == (drawn, value)
    assert [each["value"] for each in given.get("options", ())].count(NO_ANSWER) == (
        not required and kind is Kind.ONE and "options" in given
    )


@pytest.mark.parametrize(("kind", "drawn"), [(Kind.ONE, "external_select"), (Kind.MANY, "multi_external_select")])
def test_a_question_with_nothing_to_choose_from_does_not_cost_the_whole_window(kind: Kind, drawn: str) -> None:
    assert element(Question("q", "Q", kind))["type"] == drawn


def test_a_long_list_is_looked_through_as_words_are_typed() -> None:
    question = Question("q", "Q", Kind.ONE, required=False, options=several(250))

    everything, some = options(question), options(question, " LABEL 24")
    assert check_options({"options": everything}) == check_options({"options": some}) == []
    assert [each["value"] for each in everything] == [NO_ANSWER, *(f"v{number}" for number in range(99))]
    assert [each["value"] for each in some] == ["v24", "v124", "v224", *(f"v{number}" for number in range(240, 250))]


ASKED = Form("f", "Title", "Send", (Question("a", "A"), Question("b", "B")))


def test_a_problem_of_the_whole_form_is_told_first_and_that_of_a_question_above_it() -> None:
    reply = FormReply(ASKED, problems={"b": "Too short.", "": "NOT recorded."})

    view = taken(form_view(reply, [Message("T", (Note("Page 1."),))]))
    assert [block if block["type"] != "input" else block["block_id"] for block in view["blocks"]] == [
        header("🚨 Important"),
        rich(section(text("NOT recorded.", "bold"))),
        {"type": "context", "elements": [plain("Page 1.")]},
        "a",
        rich(section(text("⚠️ Problem: Too short.", "bold"))),
        "b",
    ]
    assert errors(reply) == {"b": "Too short."}


def test_a_problem_that_the_message_before_the_form_tells_is_not_told_twice() -> None:
    reply = FormReply(ASKED, problems={"": "NOT recorded."})

    view = form_view(reply, [Message("T", (Alert("NOT recorded."),))])
    assert list(texts(view["blocks"])).count("NOT recorded.") == 1


def test_messages_are_shown_in_a_window_whole_even_what_is_only_opened_there() -> None:
    found = Message("A case", (Para("words"),), Action("case"))

    assert taken(message_view([found, Message("History", (Para("more"),))])) == {
        "type": "modal",
        "callback_id": "shown",
        "title": plain("A case"),
        "close": plain("Close"),
        "notify_on_close": True,
        "blocks": [
            rich(section(text("words"))),
            {"type": "context", "elements": [plain("History")]},
            rich(section(text("more"))),
        ],
    }


def test_a_title_that_the_bar_cannot_hold_stands_below_it() -> None:
    view = taken(message_view([Message("A title that is too long for it", (Para("words"),))]))

    assert (view["title"], list(texts(view["blocks"]))) == (
        plain("Signpost"),
        ["A title that is too long for it", "words"],
    )


def test_a_window_of_very_many_blocks_holds_them_closer_and_loses_nothing() -> None:
    button = Choices("Which?", (Choice("This", Action("a")),))
    blocks: tuple[Block, ...] = (
        tuple(Para(f"p{number}") for number in range(150)) + (button,) * 20 + (Note("end"),) * 60
    )

    view = taken(message_view([Message("T", blocks)]))
    reply = taken(form_view(FormReply(ASKED), [Message("T", blocks)]))
    words = [f"p{number}" for number in range(150)] + ["Which?", "This"] * 20 + ["end"] * 60
    assert list(texts(view["blocks"])) == words
    assert list(texts(reply["blocks"]))[: len(words)] == words


def test_rows_of_buttons_that_stand_together_are_joined_in_a_very_long_window() -> None:
    options = tuple(Choice(f"{number}", Action("a")) for number in range(600))

    view = taken(message_view([Message("T", (Choices("", options),))]))
    assert [len(block["elements"]) for block in view["blocks"]] == [25] * 24


def test_a_window_that_cannot_hold_it_all_is_refused() -> None:
    blocks = (Choices("Which?", (Choice("This", Action("a")),)),) * 51

    with pytest.raises(ValueError, match="^too much for one modal$"):
        message_view([Message("T", blocks)])
