from __future__ import annotations

import json

import pytest

from bot.channels.web import labels
from bot.channels.web.session import IDLE, Sessions
from bot.talk.turn import Pressed, Reply, Said
from tests.channels.web.pages import Page, Visitor
from tests.fakes import FILE, STARTS, FakeAssistant

GOOD = {"who": "Sam", "what": "He wrote.", "day": "21/11/2026", "where": "dm"}


def test_the_page_opens_with_the_greeting_the_banner_and_who_one_is() -> None:
    page = Visitor().page

    assert page.title == "Signpost – West Hill Girls' School"
    assert page.text("turn-1")[:3] == ["Welcome", "Ask what the policy says, in your own words.", "People often ask"]
    assert "Practice mode: sample schools, nothing is sent to anyone" in page.html
    assert page.text("switch")[:2] == ["Teacher", "West Hill Girls' School"]


def test_a_question_is_answered_and_the_page_opens_at_the_answer() -> None:
    visitor = Visitor()

    page = visitor.say("can i friend\r\nan ex pupil")

    assert visitor.address == "http://127.0.0.1:8000/#turn-2"
    assert page.text("turn-2") == [
        "You",
        "can i friend\nan ex pupil",
        "Answer",
        "You said: can i friend\nan ex pupil",
        "can i friend\nan ex pupil",
        "Source:",
        "Your own words",
        "you/1",
    ]


def test_a_turn_tells_who_where_and_what_and_never_holds_the_cookie() -> None:
    visitor = Visitor()

    visitor.say("hello")
    turn = visitor.assistant.turns[0]

    assert (turn.person, turn.school, type(turn.act)) == ("teacher", "whgs", Said)
    assert turn.conversation not in (visitor.client.cookies["signpost"], visitor.page.value("token"), "")


def test_a_button_of_an_earlier_turn_still_works() -> None:
    visitor = Visitor()
    first = visitor.page.spot(0)
    visitor.say("hello")

    page = visitor.post("/press", choice=first)

    assert visitor.assistant.turns[-1].act == Pressed(STARTS.options[0].action)
    assert page.text("turn-3")[:2] == ["You", "Can I friend an ex-pupil?"]


@pytest.mark.parametrize("spot", ["", "9.0.0.0", "1.0.1.77", "1.0.0.0", "1.0.1.x", "-1.0.1.0", "1.0.1", "1" * 9999])
def test_a_button_that_is_not_on_the_page_is_said_to_be_gone(spot: str) -> None:
    visitor = Visitor()

    page = visitor.post("/press", choice=spot)

    assert (visitor.status, page.text("trouble"), visitor.assistant.turns) == (422, [labels.GONE], [])


def test_another_persona_at_another_school_starts_a_new_conversation() -> None:
    visitor = Visitor()
    visitor.say("hello")
    page = visitor.post("/switch", school="milford", persona="dsl")
    visitor.say("hello again")
    before, after = visitor.assistant.turns

    assert page.text("turn-1")[-1] == "dsl at milford"
    assert page.text("turn-2") == []
    assert (after.person, after.school, after.conversation == before.conversation) == ("dsl", "milford", False)


def test_a_page_left_open_in_another_tab_cannot_write_into_the_new_conversation() -> None:
    visitor = Visitor()
    old = visitor.page.value("token")
    visitor.post("/switch", school="milford", persona="dsl")

    page = visitor.say("for the old chat", token=old)

    assert (visitor.status, page.text("trouble"), page.text("ask-text")) == (
        403,
        [labels.MISMATCH],
        ["for the old chat"],
    )
    assert visitor.assistant.turns == []


def test_a_school_that_is_not_offered_is_refused() -> None:
    visitor = Visitor()

    page = visitor.post("/switch", school="eton", persona="dsl")

    assert (visitor.status, page.text("trouble")) == (422, [labels.UNKNOWN_PLACE])


def test_after_thirty_idle_minutes_the_chat_starts_again_and_gives_back_what_was_typed() -> None:
    now = [0.0]
    visitor = Visitor(sessions=Sessions(clock=lambda: now[0]))
    visitor.say("form")
    now[0] = IDLE + 1

    page = visitor.submit(**GOOD)

    assert visitor.status == 403
    assert page.text("trouble") == [labels.STALE, labels.TYPED, "Sam", "He wrote.", "21/11/2026", "dm"]
    assert (page.text("turn-2"), len(visitor.sessions)) == ([], 1)


@pytest.mark.parametrize(("text", "sentence"), [("", labels.EMPTY), (" \n", labels.EMPTY)])
def test_an_empty_question_is_one_sentence(text: str, sentence: str) -> None:
    visitor = Visitor()

    page = visitor.say(text)

    assert (visitor.status, page.title[:8], page.text("trouble")) == (422, "Problem:", [sentence])


def test_a_question_that_is_too_long_is_kept_in_the_box_whole() -> None:
    visitor = Visitor()

    page = visitor.say("a" * 4001)

    assert (visitor.status, page.text("trouble")) == (422, [labels.LONG.format(most=4000)])
    assert page.text("ask-text") == ["a" * 4001]


def test_an_assistant_that_fails_is_one_sentence_and_its_words_reach_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(turn: object) -> None:
        raise RuntimeError("canary")

    visitor = Visitor(FakeAssistant(before=fail))
    page = visitor.say("canary question")

    assert (visitor.status, page.text("trouble"), page.text("ask-text")) == (
        500,
        [labels.SENTENCES[500]],
        ["canary question"],
    )
    assert _logged(capsys) == [("turn_failed", "error", "RuntimeError")]


def test_a_fault_before_any_conversation_is_a_page_and_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(FakeAssistant):
        def greet(self, person: str, school: str) -> Reply:
            raise RuntimeError("canary")

    visitor = Visitor(Broken())

    assert (visitor.status, visitor.page.text("sentence")) == (500, [labels.SENTENCES[500]])
    assert (_logged(capsys), "canary" in visitor.page.html) == ([("request_failed", "error", "RuntimeError")], False)


def _logged(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    """All that was printed: one line an event, nothing on standard output, and no word that was typed or raised."""
    printed = capsys.readouterr()
    assert (printed.out, "canary" in printed.err) == ("", False)
    return [(line["event"], line["level"], line["kind"]) for line in map(json.loads, printed.err.splitlines())]


def test_the_conversation_on_the_page_and_in_memory_is_bounded() -> None:
    visitor = Visitor()
    for number in range(70):
        page = visitor.say(f"question {number}")

    turns = [at["id"] for _, at in page.tags if at.get("id", "").startswith("turn-")]
    assert (len(turns), turns[0], turns[-1]) == (60, "turn-12", "turn-71")


def test_no_typed_word_ever_stands_in_an_address() -> None:
    visitor = Visitor()
    addresses = []
    visitor.client.event_hooks = {"request": [lambda request: addresses.append(str(request.url))]}
    visitor.say("canary")
    visitor.say("form")
    visitor.submit(**{**GOOD, "what": "canary"})

    assert [address for address in addresses if "canary" in address] == []
    assert len(addresses) == 6


def test_every_form_of_the_page_posts() -> None:
    visitor = Visitor()
    visitor.say("form")

    forms = [(at["method"], at["action"].partition("#")[0]) for tag, at in visitor.page.tags if tag == "form"]
    assert sorted(set(forms)) == [("post", "/press"), ("post", "/say"), ("post", "/submit"), ("post", "/switch")]


def test_every_id_is_used_once_and_every_reference_finds_its_own() -> None:
    visitor = Visitor()
    visitor.say("everything")
    visitor.say("form")
    page = visitor.submit(who="")

    ids = [at["id"] for _, at in page.tags if "id" in at]
    names = ("for", "aria-describedby", "aria-labelledby", "form")
    wanted = {name for _, at in page.tags for key in names for name in at.get(key, "").split()}
    assert len(ids) == len(set(ids))
    assert wanted - set(ids) == set()


def test_head_and_health_answer() -> None:
    client = Visitor().client

    assert (client.get("/healthz").text, client.head("/").status_code, client.head("/healthz").text) == ("ok", 200, "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/say", 405),
        ("POST", "/", 405),
        ("GET", "/static/../app.py", 404),
        ("PUT", "/say", 405),
    ],
)
def test_what_is_not_served_is_said_in_plain_words(method: str, path: str, status: int) -> None:
    response = Visitor().client.request(method, path)

    assert (response.status_code, Page(response.text).text("sentence")) == (status, [labels.SENTENCES[status]])


def test_a_file_goes_out_as_an_attachment_and_its_message_stands_on_the_next_page() -> None:
    visitor = Visitor()
    response = visitor.client.post("/say", data={"token": visitor.page.value("token"), "text": "file"})

    assert (response.status_code, response.content) == (200, FILE.body)
    assert {name: response.headers[name] for name in ("content-type", "content-disposition", "cache-control")} == {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": "attachment; filename*=UTF-8''caf%C3%A9%20list.csv",
        "cache-control": "no-store",
    }
    assert visitor.open().text("turn-2") == ["You", "file", "File", "Here is the file."]
