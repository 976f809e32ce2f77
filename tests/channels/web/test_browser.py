"""The page in a real browser, with its script and without."""

from __future__ import annotations

from threading import Event

import pytest
from playwright.sync_api import Page, Route, expect

from bot.channels.web import labels
from bot.channels.web.session import IDLE
from bot.talk.turn import Pressed, Said, Submitted, Turn
from tests.channels.web.conftest import Site
from tests.channels.web.steps import ask
from tests.fakes import FILE

both = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def open_form(page: Page) -> None:
    page.get_by_role("button", name="Report a contact").first.click()
    expect(page.locator("#answers")).to_be_visible()


def fill_in(page: Page) -> None:
    page.fill("#q1", "Sam")
    page.fill("#q2", "He wrote.\nTwice.")
    page.fill("#q3", "21/11/2026")
    page.check("text=A comment")


def rows(page: Page) -> list[str]:
    return page.locator("article").last.locator("dd").all_inner_texts()


@both
def test_a_question_is_asked_and_answered(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    ask(page, "who is the dsl?")

    expect(page.locator("#turn-2 .para")).to_have_text("You said: who is the dsl?")
    expect(page.locator("#ask-text")).to_have_value("")
    assert [address for address in site.requests if "dsl" in address] == []


@both
def test_the_page_moves_to_the_reply_of_a_button(site: Site, js: bool) -> None:
    page = site.visit(js=js, width=320)
    page.get_by_role("button", name="Show everything").click()

    expect(page.locator("#turn-2")).to_be_focused()
    expect(page.locator("#turn-2 .said")).to_be_in_viewport()


@both
def test_a_form_with_problems_takes_the_focus_and_keeps_what_was_typed(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    open_form(page)
    page.fill("#q2", "He wrote.")
    page.click("text=Send report")

    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#q2")).to_have_value("He wrote.")
    expect(page).to_have_title("Problem: Signpost – West Hill Girls' School")
    page.click("#problems a >> nth=0")
    expect(page.locator("#q1")).to_be_focused()


@both
def test_a_form_is_filled_in_and_sent(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    open_form(page)
    fill_in(page)
    page.check("text=A screenshot")
    page.select_option("#q7", "y9")
    page.click("text=Send report")

    expect(page.locator("#turn-3 .title")).to_have_text("Recorded")
    expect(page.locator("#answers")).to_have_count(0)
    assert rows(page) == ["Sam", "He wrote.\nTwice.", "2026-11-21", "post", "('shot',)", "None", "y9", "None"]


@both
@pytest.mark.parametrize("other", ["ask", "press"])
def test_a_half_filled_form_survives_doing_something_else(site: Site, js: bool, other: str) -> None:
    page = site.visit(js=js)
    open_form(page)
    page.fill("#q2", "He wrote.")
    if other == "ask":
        ask(page, "who is the dsl?")
    else:
        page.get_by_role("button", name="Can I friend an ex-pupil?").click()

    expect(page.locator("#turn-3 .title")).to_have_text("Answer")
    expect(page.locator("#q2")).to_have_value("He wrote.")
    fill_in(page)
    page.click("text=Send report")
    expect(page.locator("#turn-4 .title")).to_have_text("Recorded")


@both
def test_return_in_a_line_sends_the_form_and_not_a_button_above_it(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    open_form(page)
    fill_in(page)
    page.press("#q1", "Enter")

    expect(page.locator("#turn-3 .title")).to_have_text("Recorded")
    assert [type(turn.act) for turn in site.assistant.turns] == [Pressed, Submitted]


@both
def test_a_closed_form_leaves_and_the_ask_box_is_itself_again(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    open_form(page)
    page.click("text=Close this form")
    expect(page.locator("#answers")).to_have_count(0)
    ask(page, "hello")

    expect(page.locator("#turn-4 .para")).to_have_text("You said: hello")


@both
def test_another_role_starts_a_new_chat(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    ask(page, "hello")
    expect(page.locator("#turn-2")).to_be_visible()
    page.click("#switch summary")
    page.select_option("#persona", "dsl")
    page.select_option("#school", "milford")
    page.get_by_role("button", name="Start a new chat").click()

    expect(page.locator("#turn-1 .note")).to_have_text("dsl at milford")
    expect(page.locator("#turn-2")).to_have_count(0)
    ask(page, "hello again")
    expect(page.locator("#turn-2 .para")).to_have_text("You said: hello again")


@both
def test_after_a_long_break_what_was_typed_is_in_the_box_and_can_be_sent(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    site.now[0] = IDLE + 1
    ask(page, "who is the dsl?")

    expect(page.locator("#trouble-box")).to_be_focused()
    expect(page.locator("#sentence")).to_have_text(labels.STALE)
    expect(page.locator("#ask-text")).to_have_value("who is the dsl?")
    page.click("#ask-send")
    expect(page.locator("#turn-2 .para")).to_have_text("You said: who is the dsl?")
    expect(page.locator("#trouble-box")).to_have_count(0)


@both
def test_hostile_words_stay_words(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    ask(page, "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e{{ 7*7 }}")

    expect(page.locator("#turn-2 .said")).to_have_text("<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}")
    assert site.complaints == []


def test_the_script_adds_the_reply_without_a_page_load_and_leaves_the_focus_for_the_next_question(site: Site) -> None:
    page = site.visit()
    page.evaluate("window.same = true")
    page.fill("#ask-text", "one")
    page.press("#ask-text", "Shift+Enter")
    page.keyboard.type("two")
    page.press("#ask-text", "Enter")

    expect(page.locator("#turn-2 .said")).to_have_text("one\ntwo", use_inner_text=True)
    expect(page.locator("#ask-text")).to_be_focused()
    assert page.evaluate("window.same") is True


def test_on_a_phone_the_reply_takes_the_focus_so_that_the_keys_go_away(site: Site) -> None:
    page = site.visit(width=320, phone=True)
    ask(page, "who is the dsl?")

    expect(page.locator("#turn-2")).to_be_focused()


@pytest.mark.parametrize("failure", ["no network", "not our page", "too much"])
def test_when_sending_fails_it_is_said_and_what_was_typed_can_be_sent_again(site: Site, failure: str) -> None:
    page = site.visit()
    answers = {
        "no network": lambda route: route.abort(),
        "not our page": lambda route: route.fulfill(body="<p>Sign in to the wifi</p>", content_type="text/html"),
        "too much": lambda route: route.continue_(post_data="text=" + "a" * 300_000),
    }
    page.route("**/say", answers[failure])
    ask(page, "who is the dsl?")

    expect(page.locator("#status")).to_have_text(labels.TOO_BIG if failure == "too much" else labels.OFFLINE)
    expect(page.locator("#ask-text")).to_have_value("who is the dsl?")
    page.unroute("**/say")
    page.click("#ask-send")
    expect(page.locator("#turn-2 .para")).to_have_text("You said: who is the dsl?")
    expect(page.locator("#status")).to_have_text("")


def test_a_form_whose_answer_was_lost_is_recorded_once_when_it_is_sent_again(site: Site) -> None:
    page = site.visit()
    open_form(page)
    fill_in(page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/submit", lose_the_answer)
    page.click("text=Send report")
    expect(page.locator("#status")).to_have_text(labels.OFFLINE)
    page.unroute("**/submit")
    page.click("text=Send report")

    expect(page.locator("#turn-3 .title")).to_have_text("Recorded")
    assert [type(turn.act) for turn in site.assistant.turns] == [Pressed, Submitted]


def test_what_is_typed_while_an_answer_is_on_its_way_stays(site: Site) -> None:
    page = site.visit()
    typed = Event()

    def wait(turn: Turn) -> None:
        typed.wait(10)

    site.assistant.before = wait
    page.fill("#ask-text", "first")
    page.press("#ask-text", "Enter")
    page.fill("#ask-text", "second, half")
    typed.set()

    expect(page.locator("#turn-2 .said")).to_have_text("first")
    expect(page.locator("#ask-text")).to_have_value("second, half")


@both
def test_the_page_can_be_used_by_keyboard_alone(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == labels.SKIP_ASK
    page.keyboard.press("Enter")
    assert focused(page) == "ask-text"
    page.keyboard.type("form")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#ask-text" if js else "#turn-2")).to_be_focused()
    expect(page.locator("#answers")).to_be_visible()
    page.focus("#q1")
    for name, keys in (("#q1", "Sam"), ("#q2", "He wrote."), ("#q3", "21/11/2026")):
        expect(page.locator(name)).to_be_focused()
        page.keyboard.type(keys)
        expect(page.locator(name)).to_have_value(keys)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.focus("#answers .primary")
    page.keyboard.press("Enter")

    expect(page.locator("#turn-3 .title")).to_have_text("Recorded")
    assert [type(turn.act) for turn in site.assistant.turns] == [Said, Submitted]


@both
def test_a_file_is_saved_under_its_name_while_the_page_stays(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    open_form(page)
    page.fill("#q1", "Sam")
    with page.expect_download() as saved:
        ask(page, "file")

    assert (saved.value.suggested_filename, saved.value.path().read_bytes()) == (FILE.name, FILE.body)
    expect(page.locator("#q1")).to_have_value("Sam")
    if js:
        expect(page.locator("#turn-3 .para")).to_have_text("Here is the file.")
        expect(page.locator("#ask-text")).to_have_value("")
    assert site.complaints == []
