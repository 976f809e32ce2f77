from __future__ import annotations

from bot.channels.web import labels
from bot.talk.form import Kind
from bot.talk.turn import Said, Submitted
from tests.channels.web.pages import Visitor
from tests.fakes import CONTACT

GOOD = {"who": "Sam", "what": "He wrote.", "day": "21/11/2026", "where": "dm"}


def test_a_form_is_opened_sent_and_gone() -> None:
    visitor = Visitor()
    opened = visitor.say("form")
    sent = visitor.submit(**GOOD, kept=["shot", "link"])

    assert opened.text("answers")[:3] == ["Report a contact", "Who got in touch?", "A name, or what you know of them."]
    assert sent.text("answers") == []
    assert sent.text("turn-3")[:8] == [
        "You",
        "Filled in: Report a contact",
        "Recorded",
        "who",
        "Sam",
        "what",
        "He wrote.",
        "day",
    ]


def test_what_is_ticked_and_left_out_reads_back_as_it_stood_on_the_page() -> None:
    visitor = Visitor()
    visitor.say("form")
    visitor.submit(**GOOD, kept=["shot", "link"])

    act = visitor.assistant.turns[-1].act
    assert isinstance(act, Submitted)
    assert {name: [one.reveal() for one in given] for name, given in act.typed.items()} == {
        "who": ["Sam"],
        "what": ["He wrote."],
        "day": ["21/11/2026"],
        "where": ["dm"],
        "kept": ["shot", "link"],
        "times": [],
        "year": [],
        "told": [],
    }


def test_problems_stand_beside_their_questions_and_nothing_typed_is_lost() -> None:
    visitor = Visitor()
    visitor.say("form")
    page = visitor.submit(
        who="  Sam <b>", what="\nline one\nline two", day="31/02/2026", where="post", kept="link", year="y7"
    )

    found = {at["id"]: at for _, at in page.tags if at.get("id", "").startswith("q")}
    assert (visitor.address, page.title) == (
        "http://127.0.0.1:8000/#problems",
        "Problem: Signpost – West Hill Girls' School",
    )
    assert page.text("problems") == [
        "Please check 1 answer",
        "When was it?",
        "That day does not exist. Please check it.",
    ]
    assert found["q3"]["aria-describedby"] == "q3-hint q3-problem"
    assert page.text("q3-problem") == ["Problem:", "That day does not exist. Please check it."]
    assert [found["q1"]["value"], found["q3"]["value"]] == ["  Sam <b>", "31/02/2026"]
    assert ">\n\nline one\nline two</textarea>" in page.html
    assert [at["value"] for _, at in page.tags if "checked" in at or "selected" in at][2:] == ["post", "link", "y7"]


def test_something_else_can_be_asked_with_a_form_half_filled() -> None:
    visitor = Visitor()
    visitor.say("form")

    page = visitor.say("who is the dsl", **{"q.who": "Sam", "q.kept": "shot"})

    assert page.text("turn-3")[1] == "who is the dsl"
    assert [at["value"] for _, at in page.tags if at.get("id") == "q1" or "checked" in at] == ["Sam", "shot"]


def test_a_closed_form_keeps_what_was_typed_until_it_is_opened_again() -> None:
    visitor = Visitor()
    visitor.say("form")
    closed = visitor.post("/close", **{"q.what": "He wrote."})
    opened = visitor.say("form")

    assert closed.text("turn-3") == ["You", "Form closed, not sent: Report a contact"]
    assert (closed.text("answers"), opened.text("q2")) == ([], ["He wrote."])


def test_a_form_that_was_sent_does_not_come_back_filled_in() -> None:
    visitor = Visitor()
    visitor.say("form")
    visitor.submit(**GOOD)

    assert visitor.say("form").text("q2") == []


def test_a_form_pressed_twice_is_taken_once_and_both_show_the_result() -> None:
    visitor = Visitor()
    visitor.say("form")
    answers = {f"q.{name}": value for name, value in GOOD.items()}
    form = {"token": visitor.page.value("token"), "form": visitor.page.value("form"), **answers}
    pages = [visitor.post("/submit", **form) for _ in range(2)]

    assert [page.text("turn-3") for page in pages] == [pages[0].text("turn-3")] * 2
    assert [type(turn.act) for turn in visitor.assistant.turns] == [Said, Submitted]


def test_a_changed_form_that_is_no_longer_open_is_not_sent_and_shows_what_was_typed() -> None:
    visitor = Visitor()
    visitor.say("form")
    number = visitor.page.value("form")
    visitor.submit(**GOOD)

    page = visitor.post("/submit", form=number, **{"q.what": "He wrote <again>."})

    assert (visitor.status, page.text("trouble")) == (422, [labels.NOT_OPEN, labels.TYPED, "He wrote <again>."])


def test_every_kind_of_question_is_drawn() -> None:
    assert {question.kind for question in CONTACT.questions} == set(Kind)
