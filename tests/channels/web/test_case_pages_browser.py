"""The case pages and the way in, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.channels.web.case_fakes import HIDDEN, OTHER, REF
from tests.channels.web.conftest import Site
from tests.channels.web.steps import ask, state

both = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
STATES = ["list", "case", "acts", "form", "problems", "told", "moved on", "missing"]
LIVE = ["outside", "link", "bad link", "signed in", "locked", "wrong phrase", "unlocked"]


def become(page: Page, person: str, name: str) -> None:
    state(page, "switch")
    page.select_option("#persona", person)
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.locator(".place-persona")).to_have_text(name)


def bring(site: Site, page: Page, name: str) -> None:
    """Bring the browser to one of the states that are looked at."""
    match name:
        case "list":
            become(page, "dsl", "DSL")
            page.get_by_role("link", name="Cases").click()
        case "case":
            bring(site, page, "list")
            page.get_by_role("link", name=REF).click()
        case "acts":
            bring(site, page, "case")
            page.click(".more summary")
        case "form":
            bring(site, page, "acts")
            page.get_by_role("link", name="Assess it").click()
        case "problems":
            bring(site, page, "form")
            page.get_by_role("button", name="Save").click()
        case "told":
            bring(site, page, "case")
            page.get_by_role("button", name="Pick it up").click()
            expect(page.locator(".told")).to_be_visible()
        case "moved on":
            bring(site, page, "form")
            page.check("text=Harm")
            page.fill("#q3", "Because.")
            site.desk.cases[REF].entries.append(("Note (deputy)", "Meanwhile."))
            page.get_by_role("button", name="Save").click()
            expect(page.locator(".typed")).to_be_visible()
        case "missing":
            bring(site, page, "list")
            page.goto(f"{site.address}cases/{HIDDEN}")


def enter(site: Site, page: Page, name: str) -> None:
    """The same for a live site."""
    match name:
        case "link":
            page.goto(f"{site.address}in/link-1")
        case "bad link":
            page.goto(f"{site.address}in/nobody-made-this")
        case "signed in":
            enter(site, page, "link")
            page.get_by_role("button", name="Sign in").click()
            expect(page.locator("#log")).to_be_visible()
        case "locked":
            enter(site, page, "signed in")
            page.goto(f"{site.address}cases/{REF}")
        case "wrong phrase" | "unlocked":
            enter(site, page, "locked")
            page.fill("#phrase", "guess" if name == "wrong phrase" else site.sign_in.phrase)
            page.get_by_role("button", name="Open", exact=True).click()


def check_look(page: Page) -> None:
    """Nothing that axe finds, nothing that sticks out, nothing too small to hit."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    too_small = page.evaluate(
        """[...document.querySelectorAll("button, a, select, .tick, .field, summary")]
        .filter(each => each.checkVisibility() && !each.matches(".vh, .skip"))
        .map(each => [each.textContent.trim().slice(0, 30) || each.id, each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([name, box]) => [name, box.width, box.height])"""
    )
    assert (page.evaluate("document.documentElement.scrollWidth"), too_small) == (page.viewport_size["width"], [])  # type: ignore[index]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", STATES)
def test_everyone_can_use_the_case_pages(site: Site, name: str, width: int, scheme: str) -> None:
    page = site.visit(width=width, scheme=scheme, phone=width == 320)
    bring(site, page, name)

    check_look(page)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("name", LIVE)
def test_everyone_can_get_in(live_site: Site, name: str, width: int, scheme: str) -> None:
    page = live_site.visit(width=width, scheme=scheme, phone=width == 320)
    enter(live_site, page, name)

    check_look(page)


@both
def test_a_case_is_read_worked_on_and_seen_in_order(site: Site, js: bool) -> None:
    page = site.visit(js=js, width=390)
    bring(site, page, "told")
    expect(page.locator(".told")).to_contain_text("this was recorded")
    page.click(".more summary")
    page.get_by_role("link", name="Add a note").click()
    page.fill("#q1", "Spoke to the parent.")
    page.get_by_role("button", name="Save").click()

    assert page.url == f"{site.address}cases/{REF}"
    titles = page.locator(".page .message .title").all_inner_texts()
    assert [title for title in titles if title[:1].isdigit()] == [
        "1. Report received (the reporter)",
        "2. acknowledge (dsl)",
        "3. note (dsl)",
    ]


@both
def test_a_form_left_open_in_the_chat_is_there_again_after_a_look_at_the_cases(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    ask(page, "form")
    expect(page.locator("#answers")).to_be_visible()
    page.fill("#q2", "He wrote.")
    page.click("#ways button")
    expect(page.locator(".page--case")).to_contain_text("No case waits for you.")
    page.get_by_role("link", name="Chat").click()

    expect(page.locator("#q2")).to_have_value("He wrote.")


@both
def test_a_case_button_in_the_chat_opens_the_case(site: Site, js: bool) -> None:
    page = site.visit(js=js)
    become(page, "dsl", "DSL")
    ask(page, "cases")
    page.get_by_role("button", name="case", exact=True).click()

    expect(page.locator(".page--case .title").first).to_have_text(REF)


@both
def test_one_signs_in_unlocks_and_signs_out(live_site: Site, js: bool) -> None:
    page = live_site.visit(js=js, width=390)
    enter(live_site, page, "unlocked")
    expect(page.locator("#page")).to_contain_text("He wrote")
    page.get_by_role("link", name="Chat").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#sentence")).to_contain_text("open the link")
    page.go_back()

    expect(page.locator("body")).not_to_contain_text("He wrote")
    assert [address for address in live_site.requests if "horse" in address] == []


def test_a_file_is_saved(site: Site) -> None:
    page = site.visit()
    bring(site, page, "case")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as CSV").click()

    assert saving.value.suggested_filename == f"{REF}.csv"


def test_on_paper_there_is_the_case_and_nothing_to_press(site: Site) -> None:
    page = site.visit()
    bring(site, page, "told")
    page.emulate_media(media="print")

    names = (
        "#page > .message > .title",
        ".facts",
        ".banner",
        ".ways",
        ".up",
        ".told",
        ".choices",
        ".more",
        ".switch .change",
        "button",
    )
    assert [name for name in names if page.locator(name).first.is_visible()] == [
        "#page > .message > .title",
        ".facts",
        ".banner",
    ]


def test_the_case_pages_ask_for_nothing_from_elsewhere_and_break_no_rule_of_their_own(site: Site) -> None:
    page = site.visit()
    bring(site, page, "problems")
    page.goto(f"{site.address}cases/{OTHER}")

    assert [address for address in site.requests if not address.startswith(site.address)] == []
    assert [said for said in site.complaints if "422" not in said] == []
