from __future__ import annotations

import pytest

from bot.channels.web import labels
from bot.channels.web.session import IDLE, Sessions
from bot.channels.web.sign_in import TRIES, WINDOW, Tries
from tests.channels.web.case_fakes import HIDDEN, REF, WORDS, FakeSignIn
from tests.channels.web.pages import Page, Visitor

CASE = f"/cases/{REF}"


def visitor(sign_in: FakeSignIn | None = None, now: list[float] | None = None) -> Visitor:
    hands = now or [0.0]
    return Visitor(sign_in=sign_in or FakeSignIn(), sessions=Sessions(lambda: hands[0]), tries=Tries(lambda: hands[0]))


def signed_in(sign_in: FakeSignIn | None = None, now: list[float] | None = None) -> Visitor:
    made = visitor(sign_in, now)
    made.open("/in/link-1")
    made.post("/in", link="link-1")
    return made


def unlocked(now: list[float] | None = None) -> Visitor:
    made = signed_in(now=now)
    made.open(CASE)
    made.post("/unlock", phrase="correct horse", next=CASE)
    return made


@pytest.mark.parametrize("path", ["/", "/cases", CASE, f"/cases/{HIDDEN}", f"{CASE}/note", "/figures", "/audit"])
def test_without_a_session_every_page_only_says_how_to_get_in(path: str) -> None:
    made = visitor()
    page = made.open(path)

    assert (made.status, page.text("sentence"), len(made.sessions)) == (403, [labels.HOW_IN], 0)
    assert (made.desk.turns, "set-cookie" in made.client.get(path).headers) == ([], False)


@pytest.mark.parametrize("path", ["/say", "/submit", f"{CASE}/note", f"{CASE}/export"])
def test_what_is_sent_without_a_session_is_not_taken_and_given_back(path: str) -> None:
    made = visitor()
    page = made.post(path, text="Typed here", **{"q.note": "and here"})

    assert (made.status, page.text("sentence")) == (403, [labels.HOW_IN])
    assert ("and here" in page.html, made.assistant.turns, made.desk.turns) == (True, [], [])


def test_nobody_chooses_who_to_be() -> None:
    made = signed_in()

    assert (made.page.text("switch"), made.page.text("who")) == (
        [],
        ["Chat", "Cases", "DSL", "West Hill Girls' School", "Sign out"],
    )
    assert made.client.post("/switch", data={"token": made.page.value("token"), "persona": "head"}).status_code == 404


def test_looking_at_a_link_uses_nothing_up_and_sending_it_signs_in_once() -> None:
    sign_in = FakeSignIn()
    first, second = visitor(sign_in), visitor(sign_in)
    looked = [(each.open("/in/link-1"), each.status)[1] for each in (first, second, first)]
    page = first.post("/in", link="link-1")
    late = second.post("/in", link="link-1")

    assert looked == [200] * 3
    assert (first.status, page.text("turn-1")[-1]) == (200, "dsl at whgs")
    assert (second.status, late.text("sentence")) == (403, [labels.BAD_LINK_WHY])


def test_a_link_that_was_used_and_one_that_never_was_look_the_same() -> None:
    made = signed_in()
    pages = [made.client.get(f"/in/{token}") for token in ("link-1", "nobody-made-this")]
    pages += [made.client.post("/in", data={"link": token}) for token in ("link-1", "nobody-made-this", "")]

    assert [(page.status_code, page.content) for page in pages] == [(403, pages[0].content)] * 5


def test_a_link_sent_from_a_page_of_another_browser_signs_nobody_in() -> None:
    sign_in = FakeSignIn()
    first, second = visitor(sign_in), visitor(sign_in)
    page = first.open("/in/link-1")
    second.open("/in/link-1")
    second.post("/in", link="link-1", token=page.value("token"))

    assert (second.status, len(second.sessions), sign_in.links) == (403, 0, {"link-1": ("whgs", "dsl")})


def test_signing_in_makes_a_new_session_key_and_ends_the_session_before() -> None:
    sign_in = FakeSignIn(links={"link-1": ("whgs", "dsl"), "link-2": ("whgs", "head")})
    made = visitor(sign_in)
    made.client.cookies.set("signpost", "planted", domain="127.0.0.1")
    keys = ["planted"]
    for token in ("link-1", "link-2"):
        made.open(f"/in/{token}")
        made.post("/in", link=token)
        keys.append(made.client.cookies["signpost"])

    assert (len(set(keys)), len(made.sessions), made.page.text("who")[2]) == (3, 1, "Headteacher")


def test_over_https_the_cookie_never_travels_in_the_clear() -> None:
    made = signed_in()

    for address, secure in (("http://127.0.0.1:8000/", False), ("https://127.0.0.1:8000/", True)):
        cookie = {"cookie": f"signpost={made.client.cookies['signpost']}"}
        assert ("Secure" in made.client.get(address, headers=cookie).headers["set-cookie"]) is secure


def test_the_phrase_is_asked_for_once_and_shows_no_word_before() -> None:
    made = signed_in()
    before = made.open(CASE)
    after = made.post("/unlock", phrase="correct horse", next=CASE)
    later = made.open(f"{CASE}/note")

    assert (before.text("unlock-title"), REF in before.html, "He wrote" in before.html) == (
        [labels.UNLOCK_TITLE],
        True,
        False,
    )
    assert (made.status, WORDS in after.text("page"), later.text("answers")[0]) == (200, True, "Add a note")
    assert (after.text("unlock-title"), later.text("unlock-title")) == ([], [])


def test_a_form_with_content_asks_for_the_phrase_first_and_then_opens() -> None:
    made = signed_in()
    before = made.open(f"{CASE}/note")
    after = made.post("/unlock", phrase="correct horse", next=before.value("next"))

    assert (before.text("answers"), after.text("answers")[0]) == ([], "Add a note")


def test_without_the_phrase_no_file_goes_out() -> None:
    made = signed_in()
    made.open(CASE)
    page = made.post(f"{CASE}/export", form="csv")

    assert (made.address, page.text("unlock-title")) == (f"http://127.0.0.1:8000{CASE}", [labels.UNLOCK_TITLE])


def test_a_hidden_case_is_a_missing_page_with_the_phrase_and_without() -> None:
    for made in (signed_in(), unlocked()):
        nowhere, found = made.client.get("/nowhere"), made.client.get(f"/cases/{HIDDEN}")
        assert (found.status_code, found.content, found.headers) == (404, nowhere.content, nowhere.headers)


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/out", "/cases/../out", "", f"{CASE}\n"])
def test_after_the_phrase_only_a_case_page_follows(to: str) -> None:
    made = signed_in()
    made.open(CASE)
    made.post("/unlock", phrase="correct horse", next=to)

    assert made.address == "http://127.0.0.1:8000/cases"


def test_after_five_wrong_phrases_one_waits_a_quarter_of_an_hour_in_every_session() -> None:
    now = [0.0]
    sign_in = FakeSignIn(links={f"link-{number}": ("whgs", "dsl") for number in range(1, 3)})
    made = signed_in(sign_in, now)
    token = made.open(CASE).value("token")

    def tried(phrase: str, token: str) -> tuple[int, list[str]]:
        page = made.post("/unlock", phrase=phrase, next=CASE, token=token)
        return made.status, page.text("phrase-problem")

    wrong = [tried("guess", token) for _ in range(TRIES)]
    right = tried("correct horse", token)
    made.open("/in/link-2")
    made.post("/in", link="link-2")
    elsewhere = tried("correct horse", made.open(CASE).value("token"))
    now[0] = WINDOW
    later = tried("correct horse", made.open(CASE).value("token"))

    assert (wrong, right, elsewhere) == ([(422, [labels.WRONG_PHRASE])] * 5, *[(429, [labels.WAIT])] * 2)
    assert (later, sign_in.asked) == ((200, []), TRIES + 1)


def test_signing_out_ends_the_session_and_its_key() -> None:
    made = unlocked()
    key = made.client.cookies["signpost"]
    page = made.post("/out")
    made.client.cookies.set("signpost", key)

    assert (page.text("sentence"), len(made.sessions)) == ([labels.HOW_IN], 0)
    assert made.open(CASE).text("sentence") == [labels.HOW_IN]


def test_after_thirty_idle_minutes_one_signs_in_again() -> None:
    now = [0.0]
    made = unlocked(now)
    now[0] = IDLE
    still = WORDS in made.open(CASE).text("page")
    now[0] = IDLE * 2 + 1

    assert (still, made.open(CASE).text("sentence"), len(made.sessions)) == (True, [labels.HOW_IN], 0)


def test_who_has_left_is_out_at_the_next_page() -> None:
    sign_in = FakeSignIn()
    made = signed_in(sign_in)
    sign_in.gone.add("dsl")

    assert (made.open("/cases").text("sentence"), len(made.sessions)) == ([labels.HOW_IN], 0)


def test_a_post_without_the_token_neither_signs_out_nor_unlocks() -> None:
    made = signed_in()
    made.post("/out", token="x")
    made.post("/unlock", token="x", phrase="correct horse")

    assert (made.status, made.open("/cases").text("page")[0]) == (403, "Cases")


def test_no_token_and_no_phrase_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    sign_in = FakeSignIn(links={"canary": ("whgs", "dsl")}, phrase="canary phrase")
    made = visitor(sign_in)
    made.open("/in/canary")
    made.post("/in", link="canary")
    made.open(CASE)
    for phrase in ("canary", "canary phrase"):
        made.post("/unlock", phrase=phrase, next=CASE)

    printed = capsys.readouterr()
    assert (made.status, "canary" in printed.out + printed.err + repr(list(made.sessions._by_key.values()))) == (
        200,
        False,
    )


def test_a_practice_has_no_way_in_but_the_front_door() -> None:
    made = Visitor()

    statuses = [made.client.get("/in/x").status_code, made.client.post("/out").status_code]
    assert (statuses, Page(made.client.post("/unlock").text).text("sentence")) == ([404, 404], [labels.SENTENCES[404]])
