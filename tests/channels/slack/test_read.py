"""What comes from Slack, as what a person did."""

from __future__ import annotations

import pytest

from bot.channels.slack.read import form_of, pressed, said, typed
from bot.channels.slack.view import NO_ANSWER
from bot.talk.message import Action


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("plain", "plain"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("a <b> c", "a <b> c"),
        ("see <https://example.org/a|example.org/a> now", "see example.org/a now"),
        ("see <https://example.org/?a=1&amp;b>", "see https://example.org/?a=1&b"),
        ("<mailto:head@example.org|head@example.org> <mailto:a@b.example>", "head@example.org a@b.example"),
        ("<@U012AB> and <@U012AB|sam>", "@U012AB and @sam"),
        ("<#C012AB|general> <#C012AB>", "#general #C012AB"),
        ("<!here> <!subteam^S01|@heads>", "@here @heads"),
        ("half \ud800 a sign", "half ? a sign"),
    ],
)
def test_what_was_said_is_read_as_the_person_saw_it(sent: str, seen: str) -> None:
    assert said(sent).text.reveal() == seen


@pytest.mark.parametrize("sent", [None, 1, {}, [], b"x"])
def test_what_is_no_text_says_nothing(sent: object) -> None:
    assert said(sent).text.reveal() == ""


def test_a_button_of_ours_asks_for_what_it_carries() -> None:
    assert pressed({"action_id": "do:3", "value": '["case",{"ref":"R-1"}]'}) == Action("case", {"ref": "R-1"})


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "", "case", "[]", "{}", "null", '["case"]', '["case",{},1]', '["case",[]]', '["case",null]', '[1,{}]',
        '["case",{"ref":1}]', '["case",{"ref":null}]', '["case",{"ref":["x"]}]', '["case",{"ref":"x"}', "[" * 2000,
        '["case",{"ref":"' + "x" * 2000 + '"}]', "NaN", "1e999",
    ],
)  # fmt: skip
def test_a_value_that_is_not_ours_asks_for_nothing(value: object) -> None:
    assert pressed({"action_id": "do:1", "value": value}) == Action("")


@pytest.mark.parametrize(
    "action", [None, [], "do:1", {}, {"value": '["a",{}]'}, {"action_id": "link:1", "value": '["a",{}]'}]
)
def test_a_button_that_is_not_ours_asks_for_nothing(action: object) -> None:
    assert pressed(action) == Action("")


def option(value: object) -> dict[str, object]:
    return {"text": {"type": "plain_text", "text": "Label"}, "value": value}


def test_every_sort_of_input_is_read() -> None:
    answers = {
        "line": {"type": "plain_text_input", "value": "a\nb"},
        "none": {"type": "plain_text_input", "value": None},
        "sign": {"type": "plain_text_input", "value": NO_ANSWER},
        "one": {"type": "radio_buttons", "selected_option": option("v1")},
        "open": {"type": "static_select", "selected_option": option(NO_ANSWER)},
        "left": {"type": "external_select", "selected_option": None},
        "many": {"type": "checkboxes", "selected_options": [option("v1"), option("v2")]},
        "day": {"type": "datepicker", "selected_date": "2026-11-21"},
        "number": {"type": "number_input", "value": "12"},
    }
    read = typed({"state": {"values": {name: {"answer": answer} for name, answer in answers.items()}}})

    assert {name: [text.reveal() for text in texts] for name, texts in read.items()} == {
        "line": ["a\nb"],
        "none": [],
        "sign": [NO_ANSWER],
        "one": ["v1"],
        "open": [],
        "left": [],
        "many": ["v1", "v2"],
        "day": ["2026-11-21"],
        "number": ["12"],
    }


@pytest.mark.parametrize("view", [None, [], {}, {"state": None}, {"state": {"values": []}}, {"state": {"values": {}}}])
def test_a_window_without_answers_has_none(view: object) -> None:
    assert typed(view) == {}


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"value": 1}, {"selected_option": "v1"}, {"selected_options": {"a": 1}}, {"selected_options": [1]}],
)
def test_a_malformed_answer_is_none(answer: object) -> None:
    for block in ({"answer": answer}, {"other": {"value": "x"}}, answer):
        assert typed({"state": {"values": {"q": block}}}) == {"q": ()}


@pytest.mark.parametrize("metadata", [None, 1, "", "x", "[]", '["f"]', '["f",1]', '["f","k","x"]', "{}", "[" * 2999])
def test_a_window_that_is_no_form_of_ours_has_no_id_and_no_key(metadata: object) -> None:
    assert (form_of({"private_metadata": metadata}), form_of(None)) == (("", ""), ("", ""))
