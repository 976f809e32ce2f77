"""Word documents."""

from pathlib import Path

from tests.policy_kb.importing.documents import clauses, docx, footnotes, imported, levels, lists, p, r, table

_BULLETS = levels(("bullet", "•"), ("bullet", "o"))
_LEGAL = levels(("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)"))


def test_automatic_numbers_count_as_printed(tmp_path: Path) -> None:
    body = (
        p("Scope", "Heading1", 1),
        p("Staff are bound by this policy.", list_id=1, depth=1),
        p("Governors are bound by it too.", list_id=1, depth=1),
        p("Contact", "Heading1", 1),
        p("Staff must not:", list_id=1, depth=1),
        p("befriend pupils", list_id=1, depth=2),
        p("follow pupils", list_id=1, depth=2),
        p("Staff may follow the school.", list_id=1, depth=1),
    )
    document = imported(tmp_path, "a.docx", docx(*body, numbering=lists({0: _LEGAL}, {1: (0, "")})))
    assert clauses(document) == [
        ("1.1", "Staff are bound by this policy."),
        ("1.2", "Governors are bound by it too."),
        ("2.1", "Staff must not: • (a) befriend pupils • (b) follow pupils"),
        ("2.2", "Staff may follow the school."),
    ]


def test_numbers_may_come_from_the_style_alone(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Clause1"><w:name w:val="Clause 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Clause2"><w:name w:val="Clause 2"/><w:basedOn w:val="Clause1"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    )
    rules = levels(("decimal", "%1"), ("decimal", "%1.%2"), style="Clause")
    body = (
        p("Scope", "Clause1"),
        p("Staff are bound.", "Clause2"),
        p("Use", "Clause1"),
        p("Phones are off.", "Clause2"),
    )
    document = imported(tmp_path, "a.docx", docx(*body, styles=styles, numbering=lists({3: rules}, {7: (3, "")})))
    assert clauses(document) == [("1.1", "Staff are bound."), ("2.1", "Phones are off.")]


def test_a_list_that_starts_again_does_not_claim_the_same_number_twice(tmp_path: Path) -> None:
    rules = levels(("decimal", "%1)"))
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = (
        p("Staff", "Heading1"), p("Lock the phone.", list_id=1), p("Report a loss.", list_id=1),
        p("Pupils", "Heading1"), p("Hand the phone in.", list_id=2), p("Collect it at three.", list_id=2),
    )  # fmt: skip
    document = imported(tmp_path, "a.docx", docx(*body, numbering=lists({0: rules}, {1: (0, ""), 2: (0, again)})))
    assert clauses(document) == [
        ("staff.1", "Lock the phone."),
        ("staff.2", "Report a loss."),
        ("pupils.1", "Hand the phone in."),
        ("pupils.2", "Collect it at three."),
    ]


def test_numbers_that_run_on_through_a_document_without_numbered_headings_name_its_clauses(tmp_path: Path) -> None:
    rules = levels(("decimal", "%1."))
    body = (
        p("Staff", "Heading1"), p("Lock the phone.", list_id=1), p("Report a loss.", list_id=1),
        p("Pupils", "Heading1"), p("Hand the phone in.", list_id=1),
    )  # fmt: skip
    document = imported(tmp_path, "a.docx", docx(*body, numbering=lists({0: rules}, {1: (0, "")})))
    assert clauses(document) == [("1", "Lock the phone."), ("2", "Report a loss."), ("3", "Hand the phone in.")]


def test_bold_lines_are_headings_where_nobody_used_a_style(tmp_path: Path) -> None:
    body = (
        p(xml=r("Use of phones at school", "<w:b/>")),
        p("Phones are off."),
        p(xml=r("Loss", "<w:b/>")),
        p("Report it."),
    )
    assert clauses(imported(tmp_path, "a.docx", docx(*body))) == [
        ("phones.1", "Phones are off."),
        ("loss.1", "Report it."),
    ]


def test_insertions_are_kept_and_deletions_are_not(tmp_path: Path) -> None:
    xml = (
        f"{r('Staff must ')}<w:ins>{r('never ')}</w:ins><w:del><w:r><w:delText>always </w:delText></w:r></w:del>"
        f"{r('share passwords')}{r(' secretly', '<w:vanish/>')}{r('.')}"
    )
    assert clauses(imported(tmp_path, "a.docx", docx(p("Passwords", "Heading1"), p(xml=xml)))) == [
        ("passwords.1", "Staff must never share passwords.")
    ]


def test_footnotes_stand_where_they_are_called(tmp_path: Path) -> None:
    called = p(xml=f'{r("Report it to the DSL")}<w:r><w:footnoteReference w:id="2"/></w:r>{r(" at once.")}')
    content = docx(p("Reports", "Heading1"), called, extra={"word/footnotes.xml": footnotes(n2="Ms Roe leads.")})
    assert clauses(imported(tmp_path, "a.docx", content)) == [
        ("reports.1", "Report it to the DSL [Ms Roe leads.] at once.")
    ]


def test_tables_are_read_row_by_row_and_a_box_is_read_as_text(tmp_path: Path) -> None:
    sanctions = table(("Breach", "Sanction"), ("Phone seen", "Confiscation"), header=True)
    content = docx(p("Sanctions", "Heading1"), p("These apply."), sanctions, table(("Staff must not search phones.",)))
    assert clauses(imported(tmp_path, "a.docx", content)) == [
        ("sanctions.1", "These apply."),
        ("sanctions.2", "Breach: Phone seen; Sanction: Confiscation"),
        ("sanctions.3", "Staff must not search phones."),
    ]


def test_text_boxes_and_content_controls_are_read_and_contents_lists_are_not(tmp_path: Path) -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{p('Rules 2', 'TOC1')}</w:sdtContent></w:sdt>"
    control = f"<w:sdt><w:sdtContent>{p('Staff must lock phones away.')}</w:sdtContent></w:sdt>"
    box = f"<w:r><w:pict><w:txbxContent>{p('Pupils must not bring phones.')}</w:txbxContent></w:pict></w:r>"
    document = imported(tmp_path, "a.docx", docx(contents, p("Rules", "Heading1"), control, p(xml=box)))
    assert clauses(document) == [
        ("rules.1", "Staff must lock phones away."),
        ("rules.2", "Pupils must not bring phones."),
    ]


def test_nested_bullets_are_told_by_how_far_they_are_set_in(tmp_path: Path) -> None:
    body = (
        p("Roles", "Heading1"), p("Head", list_id=1), p("Approves accounts", list_id=1, depth=1),
        p("Staff", list_id=1), p("Report problems", list_id=1, depth=1),
    )  # fmt: skip
    document = imported(tmp_path, "a.docx", docx(*body, numbering=lists({0: _BULLETS}, {1: (0, "")})))
    assert clauses(document) == [("roles-head.1", "Approves accounts"), ("roles-staff.1", "Report problems")]


def test_a_title_and_curly_quotes_are_kept_as_written(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.docx", docx(p("Online Safety Policy", "Title"), p("Staff don’t “friend” pupils.")))
    assert (document.title, document.draft) == ("Online Safety Policy", False)
    assert clauses(document) == [("text.1", "Staff don’t “friend” pupils.")]
