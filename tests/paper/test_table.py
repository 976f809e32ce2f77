import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paper.table import csv_bytes, guarded, unguarded

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\x00")
BEFORE = ("", " ", "   ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u200f", "'", " '", "\x1f", "\v")
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("https://example.invalid","x")',
    "SUM(1,2)",
    "",
    '"quoted"; =1',
    "a\r\nb",
)
PAYLOADS = [before + start + body for before in BEFORE for start in STARTS for body in BODIES]


def _read(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_no_payload_is_left_to_run() -> None:
    assert len(PAYLOADS) > 200
    assert [text for text in PAYLOADS if guarded(text) != "'" + text] == []


def test_every_payload_reads_back_equal() -> None:
    rows = _read(csv_bytes([[text, "next"] for text in PAYLOADS]))
    assert [[unguarded(cell) for cell in row] for row in rows] == [[text, "next"] for text in PAYLOADS]


@pytest.mark.parametrize("text", ["plain", "'quoted'", "’tis", "07700 900000", "a=b", "a\n=b", "", "'"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert (guarded(text), unguarded(text)) == (text, text)


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=3))
def test_any_text_reads_back_equal(rows: list[list[str]]) -> None:
    assert [[unguarded(cell) for cell in row] for row in _read(csv_bytes(rows))] == rows


@given(st.text(alphabet=st.sampled_from("'= +-@\t\r＝ａa")))
def test_a_guarded_cell_never_starts_a_formula(text: str) -> None:
    assert guarded(text).lstrip(" ")[:1] not in {*"=+-@＝＋－＠"}
    assert unguarded(guarded(text)) == text


def test_the_file_is_as_spreadsheets_and_the_standard_want_it() -> None:
    assert csv_bytes([["a", "=1"], ['say "no"', "two\nlines, é"]]) == (
        b"\xef\xbb\xbf" + '"a","\'=1"\r\n"say ""no""","two\nlines, é"\r\n'.encode()
    )
