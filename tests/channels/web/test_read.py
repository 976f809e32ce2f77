from __future__ import annotations

import anyio
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from bot.channels.web import labels, read
from bot.channels.web.read import Refused, read_body, read_fields


def request(*messages: Message) -> Request:
    """A form post that sends these messages and then nothing more."""
    coming = iter(messages)

    async def receive() -> Message:
        for message in coming:
            return message
        await anyio.sleep_forever()
        raise AssertionError

    headers = [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]
    return Request({"type": "http", "method": "POST", "path": "/say", "headers": headers}, receive)


def part(body: bytes, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_that_comes_in_pieces_is_put_together() -> None:
    assert anyio.run(read_body, request(part(b"text=he", True), part(b"llo", False))) == b"text=hello"


def test_a_body_that_never_ends_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "SECONDS", 0.01)

    with pytest.raises(Refused) as refused:
        anyio.run(read_body, request(part(b"text=he", True)))

    assert (refused.value.status, refused.value.sentence) == (408, labels.TOO_SLOW)


def test_a_browser_that_leaves_while_it_sends_is_noticed() -> None:
    with pytest.raises(ClientDisconnect):
        anyio.run(read_body, request(part(b"text=he", True), {"type": "http.disconnect"}))


def test_fields_keep_their_order_their_blanks_and_their_line_breaks() -> None:
    fields = read_fields(b"q.a=1&q.b=&q.a=%20x%0D%0Ay+%2B%20&text=%C3%A9")

    assert [(name, value.reveal()) for name, value in fields.pairs] == [
        ("q.a", "1"),
        ("q.b", ""),
        ("q.a", " x\ny + "),
        ("text", "é"),
    ]


def test_fields_show_nothing_of_what_was_typed() -> None:
    assert "canary" not in repr(read_fields(b"text=canary"))
