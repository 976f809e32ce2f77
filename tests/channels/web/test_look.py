"""How the page looks, and whether everyone can use it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.channels.web.conftest import Site
from tests.channels.web.steps import STATES, state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(site: Site, name: str, width: int, scheme: str) -> None:
    page = site.visit(width=width, scheme=scheme)
    state(page, name)

    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("name", STATES)
def test_at_320_pixels_nothing_sticks_out_and_every_target_is_large_enough(site: Site, name: str) -> None:
    page = site.visit(width=320, phone=True)
    state(page, name)

    too_small = page.evaluate(
        """[...document.querySelectorAll("main button, main a, main select, main .tick, .dock button, .field, summary")]
        .filter(each => each.checkVisibility() && !each.matches(".vh, .skip"))
        .map(each => [each.textContent.trim().slice(0, 30) || each.id, each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([name, box]) => [name, box.width, box.height])"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert too_small == []


@pytest.mark.parametrize("name", STATES[:-1])
def test_the_page_asks_for_nothing_from_elsewhere_and_breaks_no_rule_of_its_own(site: Site, name: str) -> None:
    page = site.visit()
    state(page, name)

    assert [address for address in site.requests if not address.startswith(site.address)] == []
    assert [said for said in site.complaints if "422" not in said] == []


def test_on_paper_there_is_the_conversation_and_no_box_to_type_into(site: Site) -> None:
    page = site.visit()
    state(page, "everything")
    page.emulate_media(media="print")

    shown = [name for name in (".said", ".quote", ".ruling", ".banner", "#dock", ".choices") if page.is_visible(name)]
    assert shown == [".said", ".quote", ".ruling", ".banner"]
