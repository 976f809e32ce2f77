"""A live installation: nobody chooses who to be, a link lets one person in, and the case phrase opens the words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.cli import main
from bot.domain.disclosure import FileDisclosure
from bot.domain.routing import Reported
from bot.errors import InputError
from bot.settings import read_settings
from bot.storage.keys import Keys
from bot.talk.sealed import Sealed
from bot.wiring import Installation
from policy_kb.store import Store

EXAMPLE = Path(__file__).parents[1] / "docs" / "schools.example.toml"
PHRASE = "four words without reason"


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a live installation with keys; its folder."""
    (tmp_path / "var").mkdir()
    Store(tmp_path / "var" / "policies.db").close()
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SIGNPOST_SCHOOLS", str(EXAMPLE))
    monkeypatch.setenv("SIGNPOST_KEYS", str(tmp_path / "apart"))
    return tmp_path


def make_keys(live: Path) -> None:
    keys = Keys(live / "apart")
    keys.make_recovery(lambda private: None)
    keys.make("oak", Sealed(PHRASE))


def test_it_refuses_to_start_with_its_keys_among_its_data(live: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_KEYS", str(live / "var" / "deep" / "keys"))
    with pytest.raises(InputError, match="outside the data folder"):
        Installation(read_settings()).web()


def test_it_refuses_to_start_without_case_keys(live: Path) -> None:
    with pytest.raises(InputError, match=r"^oak has no case key\. Make one: signpost keys make --school oak$"):
        Installation(read_settings()).web()


def test_a_link_and_the_phrase_open_a_case_and_the_link_works_once(
    live: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys(live)
    here = Installation(read_settings())
    order = FileDisclosure("k", "oak", "year-4-teacher", Reported("child-concern"), Sealed('[["a", "What", "canary"]]'))
    ref = here.casework.file(order).ref
    assert main(["sign-in", "--school", "oak", "--person", "dsl"]) == 0
    link = capsys.readouterr().out.split()[-1]

    browser = TestClient(here.web(), base_url="http://localhost")
    assert browser.get(f"/cases/{ref}").status_code == 403
    page = browser.get(link).text
    signed_in = browser.post("/in", data=hidden(page))
    assert signed_in.status_code == 200
    closed = browser.get(f"/cases/{ref}").text
    opened = browser.post("/unlock", data={**hidden(closed), "phrase": PHRASE, "to": f"/cases/{ref}"})
    assert ("canary" in closed, "canary" in opened.text) == (False, True)

    other = TestClient(here.web(), base_url="http://localhost")
    assert other.post("/in", data=hidden(page)).status_code == 403


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, of which the first of each name counts."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return dict(reversed(found))


def test_practice_needs_no_sign_in_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    code = main(["sign-in", "--school", "whgs", "--person", "dsl"])
    assert (code, "Practice mode needs no sign-in." in capsys.readouterr().err) == (1, True)


def test_an_it_manager_reaches_no_case_with_link_and_phrase(live: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_keys(live)
    here = Installation(read_settings())
    order = FileDisclosure("k", "oak", "year-4-teacher", Reported("child-concern"), Sealed('[["a", "What", "canary"]]'))
    ref = here.casework.file(order).ref
    main(["sign-in", "--school", "oak", "--person", "it"])
    browser = TestClient(here.web(), base_url="http://localhost")
    browser.post("/in", data=hidden(browser.get(capsys.readouterr().out.split()[-1]).text))
    browser.post("/unlock", data={**hidden(browser.get("/cases").text), "phrase": PHRASE, "to": "/cases"})
    pages = [browser.get(path) for path in ("/cases", f"/cases/{ref}", "/figures", "/audit")]
    assert [page.status_code for page in pages] == [200, 404, 404, 200]
    assert [page.text.count(ref) + page.text.count("canary") for page in pages] == [0, 0, 0, 0]
