"""What a person does on the page, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def ask(page: Page, text: str) -> None:
    """Type into the ask box and send."""
    page.fill("#ask-text", text)
    page.click("#ask-send")


def state(page: Page, name: str) -> None:
    """Bring the page to one of the states that are looked at."""
    match name:
        case "everything":
            ask(page, "everything")
            expect(page.locator("#turn-2")).to_be_visible()
        case "form":
            ask(page, "form")
            expect(page.locator("#answers")).to_be_visible()
        case "problems":
            state(page, "form")
            page.click("text=Send report")
            expect(page.locator("#problems")).to_be_visible()
        case "trouble":
            ask(page, " ")
            expect(page.locator("#trouble-box")).to_be_visible()
        case "switch":
            page.click("#switch summary")
        case "missing":
            page.goto(page.url + "nowhere")


STATES = ["start", "everything", "form", "problems", "trouble", "switch", "missing"]
