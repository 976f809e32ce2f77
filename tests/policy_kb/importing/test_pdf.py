"""PDF documents, made with fpdf2."""

from pathlib import Path
from typing import Any

import pytest

from tests.policy_kb.importing.documents import clauses, imported, pdf, write

pytest.importorskip("fpdf")


def test_headers_footers_and_hyphens_do_not_break_a_clause_across_pages(tmp_path: Path) -> None:
    def draw(page: Any) -> None:
        write(page, "Reports", size=16, bold=True)
        write(page, "Every report is kept for as long as the law requires it to be kept by a school.")
        page.set_y(268)
        told = "Staff must report every contact to the designated safeguarding lead before the end of the day"
        write(page, f"{told} and in-\nform nobody else about it.")
        write(page, "Loss", size=16, bold=True)
        write(page, "A lost phone is reported at once.")

    content = pdf(draw, header="Oak School Phone Policy", footer="Page {page} of 2 - May 2025")
    document = imported(tmp_path, "a.pdf", content)
    assert clauses(document) == [
        ("reports.1", "Every report is kept for as long as the law requires it to be kept by a school."),
        (
            "reports.2",
            "Staff must report every contact to the designated safeguarding lead before the end of the day and inform "
            "nobody else about it.",
        ),
        ("loss.1", "A lost phone is reported at once."),
    ]
    assert document.draft and document.notes[0].startswith("PDF: a draft")


def test_numbers_bullets_and_ruled_tables_are_told_by_their_place(tmp_path: Path) -> None:
    def draw(page: Any) -> None:
        write(page, "Phone Policy", size=20, bold=True)
        write(page, "1. Staff", size=14, bold=True)
        write(page, "1.1 Staff must lock their phones away.")
        write(page, "1.2 Staff must tell the office about:")
        write(page, "- a lost phone", left=6)
        write(page, "- a found phone", left=6)
        write(page, "2. Sanctions", size=14, bold=True)
        page.set_font("Helvetica", size=11)
        with page.table() as rows:
            for cells in (("Phone seen", "Confiscation"), ("Phone seen again", "Letter home")):
                rows.row(cells)

    document = imported(tmp_path, "a.pdf", pdf(draw))
    assert clauses(document) == [
        ("1.1", "Staff must lock their phones away."),
        ("1.2", "Staff must tell the office about: • a lost phone • a found phone"),
        ("sanctions.1", "Phone seen: Confiscation"),
        ("sanctions.2", "Phone seen again: Letter home"),
    ]
    assert document.title == "Phone Policy"
