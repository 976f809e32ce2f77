"""Only what Slack signed just now gets in, and nothing that is malformed breaks anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.verify import AGE, Refused, verify
from bot.talk.sealed import Sealed
from tests.channels.slack.signing import FORM, NOW, SECRETS, signature

# The sample that Slack's own documentation works through.
SAMPLE_SECRET = Sealed("8f742231b10e8888abcd99yyyzzz85a5")
SAMPLE_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SAMPLE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

Line = tuple[bytes, bytes]
BODY = b"body"
RIGHT = signature(BODY).encode()
SENT = str(int(NOW)).encode()


def lines(sent: bytes = SENT, given: bytes = RIGHT) -> list[Line]:
    return [(b"content-type", FORM.encode()), (b"x-slack-request-timestamp", sent), (b"x-slack-signature", given)]


def status(headers: list[Line], body: bytes = BODY, secrets: tuple[Sealed, ...] = SECRETS, now: float = NOW) -> int:
    try:
        verify(secrets, headers, body, now)
    except Refused as refused:
        return refused.status
    return 200


def test_the_sample_of_slacks_documentation_is_accepted() -> None:
    assert status(lines(b"1531420618", SAMPLE.encode()), SAMPLE_BODY, (SAMPLE_SECRET,), 1531420618) == 200


@pytest.mark.parametrize(
    ("off", "expected"), [(-AGE - 1, 401), (-AGE, 200), (-200, 200), (0, 200), (AGE, 200), (AGE + 1, 401)]
)
def test_a_request_may_be_five_minutes_off_and_not_a_second_more(off: int, expected: int) -> None:
    sent = NOW + off
    assert status(lines(str(int(sent)).encode(), signature(BODY, sent).encode())) == expected


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"abc",
        b"-1800000000",
        b"+1800000000",
        b"1800000000.0",
        b"1_800_000_000",
        b" 1800000000",
        b"1800000000\n",
        b"9" * 5000,
        "١٨٠٠٠٠٠٠٠٠".encode(),
        b"1800000000, 1800000000",
        b"\xff\x00",
        b"0x6b49d200",
        b"1e9",
        b"NaN",
    ],
)
def test_a_time_that_is_not_twelve_digits_at_most_is_refused_even_where_it_is_signed(sent: bytes) -> None:
    assert status(lines(sent, signature(BODY, sent.decode("latin-1")).encode())) == 401


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"v0=",
        RIGHT[3:],
        RIGHT.upper(),
        RIGHT + b"0",
        RIGHT[:-1],
        RIGHT + b"\n",
        b"v1" + RIGHT[2:],
        RIGHT + b"," + RIGHT,
        b"\xff" * 67,
        "v0=é".encode(),
    ],
)
def test_a_signature_of_any_other_form_is_refused(given: bytes) -> None:
    assert status(lines(given=given)) == 401


@pytest.mark.parametrize("name", [b"x-slack-signature", b"x-slack-request-timestamp", b"X-Slack-Signature"])
def test_a_header_that_is_missing_or_stands_there_twice_is_refused(name: bytes) -> None:
    without = [line for line in lines() if line[0] != name.lower()]
    twice = [*lines(), *((name, value) for key, value in lines() if key == name.lower())]
    assert (status(without), status(twice)) == (401, 401)


def test_either_of_two_secrets_counts_while_one_takes_the_others_place() -> None:
    old, new = Sealed("0" * 32), SECRETS[0]
    assert [status(lines(), secrets=each) for each in ((old, new), (new, old), (old,))] == [200, 200, 401]


def test_no_secret_and_an_empty_secret_let_nothing_in() -> None:
    empty = lines(given=signature(BODY, secret="").encode())
    assert (status(empty, secrets=()), status(empty, secrets=(Sealed(""),))) == (401, 401)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_one_flipped_bit_of_the_body_is_refused(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    other = bytearray(body)
    other[place // 8] ^= 1 << place % 8
    headers = lines(given=signature(body).encode())
    assert (status(headers, body), status(headers, bytes(other))) == (200, 401)


@given(st.lists(st.tuples(st.sampled_from([key for key, _ in lines()]), st.binary(max_size=80)), max_size=5))
def test_headers_of_any_bytes_are_refused_and_nothing_else(headers: list[Line]) -> None:
    assert status(headers) == 401
