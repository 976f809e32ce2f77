import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.case import Entry
from bot.paper.case_pdf import case_pdf
from tests.paper.cases import ANSWERS, ENTRIES, SCHOOL, START, opened
from tests.paper.pages import pages, squeezed

NOW = START + timedelta(days=2)
MM = 72 / 25.4
HOSTILE = (
    '#eval("1 + 1") #import "x" #sys.inputs.case',
    "*bold* _slanted_ `raw` ```raw``` $x^2$",
    "@reference <label> [^1] ]]] }}} ((( \\ \\u{41}",
    "= Heading - item + item / term: word",
    "// comment /* comment */ -- --- ... ~",
    '"double" \'single\' \\" \\n %s {0} {ref}',
    "<b>bold</b> <script>alert(1)</script> &amp; <!channel>",
    '=HYPERLINK("https://example.invalid") @SUM(1) +1 -1',
    "https://example.invalid/" + "0123456789" * 40,
)


FIRST_PAGE = """\
West Hill Girls' School · S-4F7K-9Q2M Confidential: safeguarding record
Case S-4F7K-9Q2M
Kind Concern about a child
State Closed
Level Child protection
Outcome Resolved in school
Received 01/07/2026 09:05
Kept until reviewed 02/07/2051 (on hold: not to be deleted)
Guidance version england-2025-09
Route child
Decisions
3. Assessed
01/07/2026 10:05, by The DSL
Level Child protection
Why? It fits the threshold of the area.
5. Closed
02/07/2026 09:05, by The Head
Outcome Resolved in school
Why? All is in place.
Chronology
1. Report received (corrected in entry 4)
01/07/2026 09:05, by the reporter
What happened? A pupil told me.
I wrote it down.
The child’s own words “I do not want to go home.”
2. Picked up
01/07/2026 09:25, by The DSL
3. Assessed
01/07/2026 10:05, by The DSL
Level Child protection
Why? It fits the threshold of the area.
4. Correction
01/07/2026 11:05, by The DSL
Which entry? 1
What is right? It was Tuesday.
Printed 03/07/2026 09:05 by The DSL Page 1 of 2"""
SECOND_PAGE = """\
West Hill Girls' School · S-4F7K-9Q2M Confidential: safeguarding record
5. Closed
02/07/2026 09:05, by The Head
Outcome Resolved in school
Why? All is in place.
Audit trail of this case
Each link seals the one before it. To check that nothing was changed, run “signpost audit verify” where the
records are kept, and compare the seal of link 45 with the last line here.
Link Time (UTC) What By Text (digest) Seal
41 2026-07-01 08:05:00 Report received the reporter 0000000000000001 00000000000000000000000000000001a
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
42 2026-07-01 08:25:00 Picked up The DSL 00000000000000000000000000000002a
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
43 2026-07-01 09:05:00 Assessed The DSL 0000000000000003 00000000000000000000000000000003a
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
44 2026-07-01 10:05:00 Correction The DSL 0000000000000004 00000000000000000000000000000004a
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
45 2026-07-02 08:05:00 Closed The Head 0000000000000005 00000000000000000000000000000005a
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
Printed 03/07/2026 09:05 by The DSL Page 2 of 2"""


def _written(pdf: bytes) -> str:
    """What stands in the column of answers, without spaces: lines break where the page wants."""
    with pdfplumber.open(BytesIO(pdf)) as book:
        boxes = [
            page.crop((20 * MM + 0.27 * 170 * MM, 27 * MM, page.width, page.height - 22 * MM)) for page in book.pages
        ]
        return squeezed(" ".join(box.extract_text() for box in boxes))


def _printed(answers: Mapping[int, Sequence[tuple[str, str]]], entries: Sequence[Entry] = ENTRIES) -> bytes:
    return case_pdf(opened(entries), SCHOOL, answers, NOW, "The DSL")


def test_a_case_prints_whole() -> None:
    assert ["\n".join(page) for page in pages(_printed(ANSWERS))] == [FIRST_PAGE, SECOND_PAGE]


def test_a_long_answer_is_never_cut() -> None:
    words = " ".join(f"word{number}" for number in range(3600))
    assert len(words) > 30_000
    assert squeezed(words) in _written(_printed({1: [("What happened?", words)]}))


def test_hostile_text_stays_text() -> None:
    written = _written(_printed({1: [("What happened?", text) for text in HOSTILE]}))
    assert [text for text in HOSTILE if squeezed(text) not in written] == []


def test_text_that_turns_the_line_round_loses_its_power() -> None:
    assert "abcdef" in _written(_printed({1: [("What happened?", "abc\u202edef\u202c\u2066\x00\x07")]}))


def test_a_sign_that_no_font_has_stands_by_its_number() -> None:
    pdf = _printed({1: [("Who?", "A \u0378 B")]})
    assert "A[U+0378]B" in _written(pdf)
    assert (
        "Signs that could not be printed stand in square brackets, by their name or their Unicode number."
        in (pages(pdf)[0])
    )


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("张伟", "[U+5F20][U+4F1F]"),
        ("💔", "[broken heart]"),
        ("ਪ", "[U+0A2A]"),
    ],
)
def test_a_name_is_shown_or_spelled_out(name: str, instead: str) -> None:
    written = _written(_printed({1: [("Who?", name)]}))
    assert name in written or squeezed(instead) in written


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_prints_as_an_accessible_document(label: str, text: str) -> None:
    pdf = _printed({1: [(label, text)]})
    assert (pdf[:5], b"pdfuaid" in pdf) == (b"%PDF-", True)


def test_every_page_of_a_long_case_says_what_it_is() -> None:
    entries = [Entry(number, START, "note", "p-dsl", written=True) for number in range(1, 61)]
    found = pages(_printed({number: [("Note", f"Note {number}")] for number in range(1, 61)}, entries))
    assert [(page[0], page[-1]) for page in found] == [
        (
            "West Hill Girls' School · S-4F7K-9Q2M Confidential: safeguarding record",
            f"Printed 03/07/2026 09:05 by The DSL Page {number} of {len(found)}",
        )
        for number in range(1, len(found) + 1)
    ]


def test_the_typesetter_is_loaded_only_to_print() -> None:
    code = "import sys, bot.paper.case_pdf; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
