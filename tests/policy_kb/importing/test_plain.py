"""Markdown and plain text."""

from pathlib import Path

import pytest

from tests.policy_kb.importing.documents import clauses, imported


def test_printed_numbers_become_ids_and_bullets_count_in_their_section(tmp_path: Path) -> None:
    text = (
        "Phone Policy\n\n1 USE BY STAFF\n\n1.1 Staff must not use phones in class.\n\n"
        "1.2 Phones must be kept in lockers.\n\nVisitors\n\n- Visitors sign in.\n- Visitors switch phones off.\n\n"
        "Appendix A\n\nA.1 Lockers\n\nA.1.1 Lockers are checked weekly.\n"
    )
    assert clauses(imported(tmp_path, "a.txt", text)) == [
        ("1.1", "Staff must not use phones in class."),
        ("1.2", "Phones must be kept in lockers."),
        ("visitors.1", "Visitors sign in."),
        ("visitors.2", "Visitors switch phones off."),
        ("A.1.1", "Lockers are checked weekly."),
    ]


def test_letters_under_a_numbered_paragraph_are_joined_when_they_only_enumerate(tmp_path: Path) -> None:
    text = (
        "1 CONTACT\n\n1.1 Staff must not:\n(a) befriend pupils\n(b) follow pupils\n\n1.2 Staff may follow the school.\n"
    )
    assert clauses(imported(tmp_path, "a.txt", text)) == [
        ("1.1", "Staff must not: • (a) befriend pupils • (b) follow pupils"),
        ("1.2", "Staff may follow the school."),
    ]


def test_letters_that_are_rules_of_their_own_are_clauses_under_the_printed_number(tmp_path: Path) -> None:
    long = "contact a pupil by a private message of any kind, on any service, at any hour of the day or of the night"
    text = "1 CONTACT\n\n1.1 Staff must not:\n" + "".join(f"({letter}) {long} {letter}\n" for letter in "abcdefghij")
    document = imported(tmp_path, "a.txt", text)
    assert clauses(document)[:3] == [
        ("1.1", "Staff must not:"),
        ("1.1.a", f"Staff must not: {long} a"),
        ("1.1.b", f"Staff must not: {long} b"),
    ]
    assert {clause.verdict.value for clause in document.clauses[1:]} == {"no"}


def test_short_bullets_after_a_lead_in_are_one_clause_and_long_ones_are_each_one(tmp_path: Path) -> None:
    rule = "Check with the person who runs the account before anything is published that names a pupil or a parent"
    words = "Words\n\nKeep in mind the following:\n\n- scale\n- audience\n\n"
    text = f"{words}Before posting:\n\n- {rule}\n- {rule} twice\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("words.1", "Keep in mind the following: • scale • audience"),
        ("before.1", rule),
        ("before.2", f"{rule} twice"),
    ]


def test_a_nested_list_keeps_its_lead_in_and_a_mere_label_names_the_items_under_it(tmp_path: Path) -> None:
    text = (
        "# Roles\n\n- **Head**\n  - Approves accounts\n- **Staff**\n  - Report problems at once\n\n"
        "# Passwords\n\n- Never share a password that opens any of these:\n  - email\n  - the register\n"
        "- Change it often.\n"
    )
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("roles-head.1", "Approves accounts"),
        ("roles-staff.1", "Report problems at once"),
        ("passwords.1", "Never share a password that opens any of these: • email • the register"),
        ("passwords.2", "Change it often."),
    ]


def test_a_question_stands_in_front_of_its_whole_answer(tmp_path: Path) -> None:
    text = (
        "Frequently Asked Questions\n\nMay I add a pupil?\n\nNo. Tell your line manager if one asks.\n\n"
        "Who runs the account?\n\nThe office.\n\nIt has two moderators.\n"
    )
    assert clauses(imported(tmp_path, "a.txt", text)) == [
        ("faq.1", "May I add a pupil? No. Tell your line manager if one asks."),
        ("faq.2", "Who runs the account? The office. It has two moderators."),
    ]


def test_headings_that_ask_are_clauses_too(tmp_path: Path) -> None:
    first = "# Policy\n\n## FAQ\n\n### May I add a pupil?\n\nNo.\n\n"
    text = f"{first}### May I add a parent?\n\nOnly with the head's approval.\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("faq.1", "May I add a pupil? No."),
        ("faq.2", "May I add a parent? Only with the head's approval."),
    ]


def test_contents_and_title_page_are_left_out_and_said_so(tmp_path: Path) -> None:
    text = (
        "Oak School\n\nEmail Policy\n\nApproved by: Governors\n\nReview date: May 2026\n\nContents\n\n"
        "1. Aims ........ 2\n2. Use ......... 3\n\n1. Aims\n\n"
        "This policy keeps email safe for everyone at school and beyond.\n\n2. Use\n\n"
        "Staff must use school email.\n\nPage 2 of 3\n"
    )
    document = imported(tmp_path, "a.txt", text)
    assert clauses(document) == [
        ("aims.1", "This policy keeps email safe for everyone at school and beyond."),
        ("use.1", "Staff must use school email."),
    ]
    assert (document.title, document.notes) == (
        "Email Policy",
        ("left out: the list of contents", "left out, from the title page: Approved by: Governors"),
    )


def test_a_sentence_broken_by_a_page_is_whole_again(tmp_path: Path) -> None:
    text = "Reports\n\nStaff must report every contact to the safeguarding lead and\n\n3\n\nkeep no copy of it.\n"
    assert clauses(imported(tmp_path, "a.txt", text)) == [
        ("reports.1", "Staff must report every contact to the safeguarding lead and keep no copy of it.")
    ]


def test_lines_broken_to_a_width_are_paragraphs_again(tmp_path: Path) -> None:
    text = (
        "Scope\nThis policy applies to all staff, and to governors and volunteers who\nwork with pupils in the school."
        "\n"
        "Phones\nPhones must be off in lessons and in assembly, and they are kept in a\nbag. Pupils hand them in.\n"
    )
    assert clauses(imported(tmp_path, "a.txt", text)) == [
        (
            "scope.1",
            "This policy applies to all staff, and to governors and volunteers who work with pupils in the school.",
        ),
        ("phones.1", "Phones must be off in lessons and in assembly, and they are kept in a bag. Pupils hand them in."),
    ]


def test_a_text_without_any_heading_is_still_clauses(tmp_path: Path) -> None:
    document = imported(tmp_path, "phone-rules.txt", "Staff must lock phones away.\n\nPupils may not bring phones.\n")
    assert clauses(document) == [("text.1", "Staff must lock phones away."), ("text.2", "Pupils may not bring phones.")]
    assert document.title == "phone rules"


def test_table_rows_are_read_one_by_one_with_their_column_names(tmp_path: Path) -> None:
    text = "# Sanctions\n\nThese apply.\n\n"
    text += "| Breach | Sanction |\n|---|---|\n| Phone seen | Confiscation |\n| Again | Letter home |\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("sanctions.1", "These apply."),
        ("sanctions.2", "Breach: Phone seen; Sanction: Confiscation"),
        ("sanctions.3", "Breach: Again; Sanction: Letter home"),
    ]


def test_marks_are_taken_off_and_words_are_not(tmp_path: Path) -> None:
    marked = (
        "Use **formal** names, *not* nicknames: `@PE_SchoolName` or [the list](https://x.example/a_b_c) &amp; no other."
    )
    text = f"# Names\n\n{marked}\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("names.1", "Use formal names, not nicknames: @PE_SchoolName or the list & no other.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_smart_quotes_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    said = "Staff don’t “friend” pupils – ever…"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    content = mark + f"Friends\n\n{said} It is a rule of the school and it binds all of us.\n".encode(encoding)
    assert clauses(imported(tmp_path, "a.txt", content)) == [
        ("friends.1", f"{said} It is a rule of the school and it binds all of us.")
    ]
