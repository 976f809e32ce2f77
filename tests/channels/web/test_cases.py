from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from bot.channels.web import labels
from bot.channels.web.session import IDLE, Sessions
from bot.domain.ports import NotRecorded
from bot.talk.message import Action
from bot.talk.turn import Kept, Pressed, Submitted, Turn
from tests.channels.web.case_fakes import HIDDEN, OTHER, REF
from tests.channels.web.pages import Page, Visitor

MISSING = "S-0000-0000"
CASE = f"/cases/{REF}"


def links(page: Page) -> list[str]:
    return [at["href"] for tag, at in page.tags if tag == "a" and at["href"].startswith(("/cases/", "/fig", "/aud"))]


def at(visitor: Visitor) -> tuple[int, str]:
    return visitor.status, urlsplit(visitor.address).path


@pytest.fixture
def dsl() -> Visitor:
    visitor = Visitor()
    visitor.become("dsl")
    return visitor


def test_everyone_finds_the_cases_beside_their_name() -> None:
    visitor = Visitor()

    page = visitor.open("/cases")
    assert visitor.page.text("ways") == ["Chat", "Cases"]
    assert page.text("page") == ["Cases", "No case waits for you."]


def test_each_line_of_the_list_leads_to_its_case_and_no_button_says_it_again(dsl: Visitor) -> None:
    page = dsl.open("/cases")

    assert page.title == "Cases – Signpost"
    assert links(page) == [CASE, f"/cases/{OTHER}", "/figures", "/audit"]
    assert dsl.desk.turns[-1] == Turn(dsl.desk.turns[-1].conversation, "dsl", "whgs", Pressed(Action("cases")))


def test_a_case_is_shown_whole_with_what_can_be_done(dsl: Visitor) -> None:
    page = dsl.open(CASE)

    assert (dsl.status, page.title) == (200, f"{REF} – Signpost")
    assert "He wrote: “don't tell anyone”.\nThen <b>twice</b> more." in page.text("page")
    assert links(page)[:3] == [f"{CASE}/triage", f"{CASE}/note", f"{CASE}/recuse"]
    assert [name for tag, name in page.tags if tag == "form" and name["action"].startswith("/cases")] == [
        {"method": "post", "action": f"{CASE}/{act}"} for act in ("acknowledge", "export", "export")
    ]


def test_a_button_does_one_thing_and_the_case_says_that_it_was_done(dsl: Visitor) -> None:
    dsl.open(CASE)
    page = dsl.post(f"{CASE}/acknowledge", seen="1", key="")

    assert at(dsl) == (200, CASE)
    assert dsl.desk.turns[-2].act == Pressed(Action("case-do", {"ref": REF, "act": "acknowledge", "seen": "1"}))
    assert "S-4F7K-9Q2M: this was recorded." in page.text("page")
    assert "this was recorded" not in dsl.open(CASE).html


def test_a_form_comes_back_with_its_key_and_the_case_is_shown(dsl: Visitor) -> None:
    form = dsl.open(f"{CASE}/note")
    page = dsl.post(f"{CASE}/note", **{"q.note": "Spoke to <the> parent.\r\nTwice."})

    sent = dsl.desk.turns[-2].act
    assert (form.title, form.value("key")) == (f"Add a note – {REF} – Signpost", f"{REF}/1")
    assert isinstance(sent, Submitted)
    assert (sent.form, sent.key, sent.typed["note"][0].reveal()) == (
        "note",
        f"{REF}/1",
        "Spoke to <the> parent.\nTwice.",
    )
    assert (at(dsl), "Spoke to <the> parent.\nTwice." in page.text("page")) == ((200, CASE), True)


def test_problems_stand_beside_their_questions_and_nothing_typed_is_lost(dsl: Visitor) -> None:
    dsl.open(f"{CASE}/triage")
    typed: dict[str, str | list[str]] = {"q.tests": ["a", "b"], "q.why": "Because."}
    page = dsl.post(f"{CASE}/triage", **typed)

    assert (dsl.status, page.title) == (422, f"Problem: Assess it – {REF} – Signpost")
    assert page.text("problems") == ["Please check 1 answer", "Which level?", "Please answer this question."]
    assert [each["value"] for _, each in page.tags if "checked" in each] == ["a", "b"]
    assert (page.text("q3"), page.value("key")) == (["Because."], f"{REF}/1")


def test_a_form_pressed_twice_is_taken_once_and_both_show_the_case(dsl: Visitor) -> None:
    form = dsl.open(f"{CASE}/note")
    fields = {"token": form.value("token"), "key": form.value("key"), "q.note": "Once."}
    answers = [dsl.client.post(f"{CASE}/note", data=fields) for _ in range(2)]

    assert [(each.status_code, each.url.path) for each in answers] == [(200, CASE)] * 2
    assert [text for _, text in dsl.desk.cases[REF].entries[1:]] == ["Once."]


def test_when_the_case_has_moved_on_what_was_typed_is_given_back(dsl: Visitor) -> None:
    dsl.open(f"{CASE}/note")
    dsl.desk.cases[REF].entries.append(("Note (deputy)", "Meanwhile."))
    page = dsl.post(f"{CASE}/note", **{"q.note": "Spoke to <the> parent."})

    assert (dsl.status, page.text("sentence"), links(page)) == (409, [labels.SENTENCES[409]], [CASE])
    assert "Spoke to &lt;the&gt; parent." in page.html


def test_what_was_not_recorded_is_said_so_and_can_be_sent_again(dsl: Visitor) -> None:
    def refuse(turn: Turn) -> None:
        raise NotRecorded

    dsl.open(f"{CASE}/note")
    dsl.desk.before = refuse
    page = dsl.post(f"{CASE}/note", **{"q.note": "Spoke to the parent."})
    again = {each["name"]: each["value"] for tag, each in page.tags if tag == "input"}
    dsl.desk.before = lambda turn: None

    assert (dsl.status, page.text("sentence")) == (503, [labels.SENTENCES[503]])
    assert "NOT recorded" in page.html
    assert again["q.note"] == "Spoke to the parent."
    assert "Spoke to the parent." in dsl.post(f"{CASE}/note", **again).text("page")


def test_a_look_that_cannot_be_recorded_shows_nothing(dsl: Visitor) -> None:
    def refuse(turn: Turn) -> None:
        raise NotRecorded

    dsl.desk.before = refuse
    page = dsl.open(CASE)

    assert (dsl.status, page.text("sentence")) == (503, [labels.NOT_OPENED])


def test_a_fault_is_one_sentence_and_its_words_reach_no_log(dsl: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(turn: Turn) -> None:
        raise RuntimeError("canary")

    dsl.open(f"{CASE}/note")
    dsl.desk.before = fail
    page = dsl.post(f"{CASE}/note", **{"q.note": "canary"})

    assert (dsl.status, page.text("sentence"), "canary" in page.html) == (500, [labels.SENTENCES[500]], True)
    assert re.findall("canary|turn_failed|RuntimeError", capsys.readouterr().err) == ["RuntimeError", "turn_failed"]


@pytest.mark.parametrize("case", [HIDDEN, MISSING])
@pytest.mark.parametrize("path", ["", "/note", "/export", "/nothing"])
def test_a_hidden_case_looks_to_the_byte_like_an_address_that_does_not_exist(
    dsl: Visitor, case: str, path: str
) -> None:
    nowhere, found = dsl.client.get("/nowhere"), dsl.client.get(f"/cases/{case}{path}")

    assert (found.status_code, found.content, found.headers) == (404, nowhere.content, nowhere.headers)


@pytest.mark.parametrize("case", [HIDDEN, MISSING])
@pytest.mark.parametrize("fields", [{"seen": "1"}, {"key": "{}/1", "q.note": "x"}, {"key": f"{REF}/1", "q.note": "x"}])
def test_nothing_can_be_done_to_a_hidden_case(dsl: Visitor, case: str, fields: dict[str, str]) -> None:
    nowhere = dsl.client.post("/nowhere")
    sent = {name: value.format(case) for name, value in fields.items()}
    found = [
        dsl.client.post(f"/cases/{case}/{act}", data={"token": dsl.page.value("token"), **sent})
        for act in ("note", "export")
    ]

    assert [(each.status_code, each.content, each.headers) for each in found] == [
        (404, nowhere.content, nowhere.headers)
    ] * 2


@pytest.mark.parametrize(
    "path", ["S-4F7K-9Q2", "s-4f7k-9q2m", "S-4F7K-9Q2M'", "S-4F7K-9Q2M%0A", "٣", "S-4F7K-9Q2M/No", "S-4F7K-9Q2M/a.b"]
)
def test_an_address_that_is_not_made_like_a_reference_is_not_even_asked_for(dsl: Visitor, path: str) -> None:
    dsl.open(f"/cases/{path}")

    assert (dsl.status, dsl.desk.turns) == (404, [])


def test_who_stands_down_is_told_so_on_the_list_and_finds_the_case_no_more(dsl: Visitor) -> None:
    dsl.open(f"{CASE}/recuse")
    page = dsl.post(f"{CASE}/recuse", **{"q.why": "I know the family."})
    again = dsl.client.get(CASE).status_code

    assert (at(dsl), links(page), again) == ((200, "/cases"), [f"/cases/{OTHER}", "/figures", "/audit"], 404)
    assert "S-4F7K-9Q2M: this was recorded." in page.text("page")


def test_a_file_goes_out_as_an_attachment_that_nobody_stores(dsl: Visitor) -> None:
    page = dsl.open(CASE)
    fields = {"token": page.value("token"), "form": "csv"}
    response = dsl.client.post(f"{CASE}/export", data=fields)

    assert dsl.desk.turns[-1].act == Pressed(Action("case-file", {"ref": REF, "form": "csv"}))
    assert response.text.startswith("He wrote")
    assert {name: response.headers[name] for name in ("content-type", "content-disposition", "cache-control")} == {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f"attachment; filename*=UTF-8''{REF}.csv",
        "cache-control": "no-store",
    }


@pytest.mark.parametrize("path", ["/cases", CASE, f"{CASE}/note"])
def test_no_case_page_is_stored_or_runs_a_script(dsl: Visitor, path: str) -> None:
    response = dsl.client.get(path)

    assert (response.headers["cache-control"], "<script" in response.text) == ("no-store", False)


def test_a_post_without_the_token_is_not_taken_and_shows_what_was_typed(dsl: Visitor) -> None:
    dsl.open(f"{CASE}/note")
    page = dsl.post(f"{CASE}/note", token="é", **{"q.note": "Spoke to the parent."})

    assert (dsl.status, page.text("sentence"), "Spoke to the parent." in page.html) == (403, [labels.OLD_PAGE], True)
    assert len(dsl.desk.cases[REF].entries) == 1


def test_after_thirty_idle_minutes_what_was_typed_is_given_back_and_nothing_is_done() -> None:
    now = [0.0]
    visitor = Visitor(sessions=Sessions(clock=lambda: now[0]))
    visitor.become("dsl")
    visitor.open(f"{CASE}/note")
    now[0] = IDLE + 1
    page = visitor.post(f"{CASE}/note", **{"q.note": "Spoke to the parent."})

    assert (visitor.status, "Spoke to the parent." in page.html, links(page)) == (403, True, [CASE])
    assert len(visitor.desk.cases[REF].entries) == 1


def test_going_to_the_cases_with_a_form_open_in_the_chat_keeps_what_stands_in_it(dsl: Visitor) -> None:
    dsl.say("form")
    dsl.post("/leave", **{"q.who": "Sam"})
    kept = dsl.assistant.turns[-1].act

    assert isinstance(kept, Kept)
    assert (at(dsl), kept.form, kept.typed["who"][0].reveal()) == ((200, "/cases"), "reported-contact", "Sam")
    assert dsl.open().value("q.who") == "Sam"


def test_a_case_button_in_the_chat_leads_to_the_page_of_the_case(dsl: Visitor) -> None:
    page = dsl.say("cases")
    dsl.post("/press", choice=page.spot(-1))

    assert (at(dsl), [type(turn.act) for turn in dsl.desk.turns]) == ((200, CASE), [Pressed])


def test_an_act_pressed_in_the_chat_only_opens_the_case(dsl: Visitor) -> None:
    page = dsl.say("cases")
    dsl.post("/press", choice=page.spot(-2))

    assert (at(dsl), dsl.desk.cases[REF].state) == ((200, CASE), "Not picked up yet")
