"""Whatever the bytes are, there is a document or a PolicyError, and soon."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_kb.errors import PolicyError
from policy_kb.importing import read_document
from tests.policy_kb.importing.documents import docx, levels, lists, p, pdf, table, write

_SECONDS = 10.0
_WORD = docx(
    p("Rules", "Heading1", 1), p("Staff must lock phones away.", list_id=1, depth=1), table(("a", "b"), ("c", "d")),
    numbering=lists({0: levels(("decimal", "%1"), ("decimal", "%1.%2"))}, {1: (0, "")}),
)  # fmt: skip
_PDF = pdf(lambda page: write(page, "Staff must lock phones away."))
_MARKS = st.sampled_from(
    "# |- |1. |1.1 |(a) |* |** |> |``` |\n|\n\n|\t|  |:|?|.|<!--|-->|<ul>|<li>|<ol start=9>|<table><tr><td>|</table>|"
    "<h2>|</h2>|<script>|<p>|&amp;|&#0;|Staff must not|share|Contents|.... 3|•|[^1]|](|\x0c|\u202e|\x00|é|’|___".split(
        "|"
    )
)


def _import(name: str, data: bytes) -> float:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        start = time.process_time()
        try:
            document = read_document(path, "p")
        except PolicyError as error:
            assert str(error) and "\n" not in str(error)
        else:
            ids = [clause.id for clause in document.clauses]
            assert ids and len(set(ids)) == len(ids) and all(clause.text for clause in document.clauses)
        return time.process_time() - start


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(["a.md", "a.txt", "a.docx", "a.pdf", "a.html"]), data=st.binary(max_size=2_000))
def test_any_bytes_under_any_name(name: str, data: bytes) -> None:
    assert _import(name, data) < _SECONDS


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(["a.md", "a.txt", "a.html"]), text=st.lists(_MARKS, max_size=80).map("".join))
def test_any_mixture_of_marks(name: str, text: str) -> None:
    assert _import(name, text.encode()) < _SECONDS


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(_WORD) - 1), byte=st.integers(0, 255), keep=st.integers(0, len(_WORD)))
def test_a_word_file_with_a_wrong_byte_or_a_lost_end(at: int, byte: int, keep: int) -> None:
    _import("a.docx", _WORD[:at] + bytes([byte]) + _WORD[at + 1 :])
    _import("a.docx", _WORD[:keep])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(xml=st.text(alphabet="<>/=\"' wptblrcsdtnumId:val0129&;a", max_size=200))
def test_a_word_file_with_any_text_as_its_xml(xml: str) -> None:
    for part in ("word/document.xml", "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"):
        _import("a.docx", docx(p("Phones are off."), extra={part: xml}))


@settings(max_examples=6, deadline=None)
@given(at=st.integers(0, len(_PDF) - 1), byte=st.integers(0, 255))
def test_a_pdf_with_a_wrong_byte(at: int, byte: int) -> None:
    assert _import("a.pdf", _PDF[:at] + bytes([byte]) + _PDF[at + 1 :]) < 6 * _SECONDS


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<a ",
        "<",
        "</",
        "<script>",
        "<table><td>",
        "<a b='",
        "&#",
        "*a",
        "_a",
        "[a](",
        "- ",
        "(a)",
        "a:\n",
        "1.",
        "|",
        "> ",
        "#",
        "\t",
        ". . ",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_a_mark_repeated_a_hundred_thousand_times_is_read_in_time(name: str, unit: str) -> None:
    assert _import(name, f"Phones\n\nPhones are off.\n\n{unit * 100_000}".encode()) < _SECONDS
