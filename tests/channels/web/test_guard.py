from __future__ import annotations

import pytest

from bot.channels.web import labels
from tests.channels.web.pages import Page, Visitor

FORM = {"content-type": "application/x-www-form-urlencoded"}


def refusal(headers: dict[str, str], body: bytes | str = b"text=hello") -> tuple[int, list[str]]:
    response = Visitor().client.post("/say", content=body, headers={**FORM, **headers})
    return response.status_code, Page(response.text).text("sentence")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost@evil.example:80"])
def test_another_host_name_is_refused(host: str) -> None:
    assert refusal({"host": host}) == (400, [labels.HOST])


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "[::1]:8000", "127.0.0.1"])
def test_each_name_of_this_machine_is_served(host: str) -> None:
    assert Visitor().client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://127.0.0.1:8000@evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "sec-fetch-dest": "document"},
    ],
)
def test_a_form_from_another_site_is_refused_and_not_shown_back(headers: dict[str, str]) -> None:
    assert refusal(headers) == (403, [labels.ELSEWHERE])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "empty"}, 403),
    ],
)
def test_a_link_from_elsewhere_opens_the_page_and_nothing_else_does(headers: dict[str, str], status: int) -> None:
    visitor = Visitor()

    assert (visitor.client.get("/", headers=headers).status_code, len(visitor.sessions)) == (status, 1)


def test_a_form_from_here_without_the_token_is_not_taken() -> None:
    visitor = Visitor()

    page = visitor.say("hello", token="é")

    assert (visitor.status, page.text("trouble"), visitor.assistant.turns) == (403, [labels.MISMATCH], [])


@pytest.mark.parametrize(
    ("headers", "body", "answer"),
    [
        ({"content-type": "application/json"}, b"{}", (415, [labels.FORMAT])),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x--", (415, [labels.FORMAT])),
        ({}, b"text=\xff", (400, [labels.NOT_UTF8])),
        ({}, b"text=%ff", (400, [labels.NOT_UTF8])),
        ({}, b"a=1&" * 1001, (400, [labels.FORMAT])),
        ({}, b"text=" + b"a" * 262144, (413, [labels.TOO_BIG])),
        ({}, b"text=" + b"a" * 2_000_000, (413, [labels.TOO_BIG])),
    ],
)
def test_a_body_that_cannot_be_read_is_one_sentence(
    headers: dict[str, str], body: bytes, answer: tuple[int, list[str]]
) -> None:
    assert refusal(headers, body) == answer


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/signpost.js", "/healthz"])
def test_every_answer_carries_the_headers(path: str) -> None:
    headers = Visitor().client.get(path).headers

    assert {
        name: headers[name] for name in headers if name.startswith(("content-sec", "ref", "x-", "cross", "cache"))
    } == {
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-cache" if path.startswith("/static") else "no-store",
    }


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    assert Visitor().client.get("/").headers["set-cookie"].partition("; ")[2] == "HttpOnly; Path=/; SameSite=lax"


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    visitor = Visitor()
    visitor.say("everything")
    page = visitor.say("form")

    inline = [(tag, name) for tag, at in page.tags for name in at if name == "style" or name.startswith("on")]
    assert inline == []
    assert [(tag, at) for tag, at in page.tags if tag in ("script", "style")] == [
        ("script", {"type": "module", "src": "/static/signpost.js"})
    ]
