"""Ids of clauses: stable, unique, and short."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_kb.importing.slugs import slugs
from tests.policy_kb.importing.documents import clauses, imported


def test_a_slug_is_the_word_that_tells_a_heading_from_the_others() -> None:
    headings = {
        "Introduction to the Policy": "intro",
        "Use of Social Media by Staff": "staff",
        "Staff Personal Use of Social Media": "staff-personal",
        "Frequently Asked Questions": "faq",
        "The Do's": "dos",
        "Do Not:": "dont",
        "Child protection guidance": "child-protection",
        "Cyber Bullying": "cyberbullying",
        "Process for creating new accounts": "new-accounts",
        "Guidance for social media use": "guidance",
        "2024": "section-2024",
    }
    assert slugs([(heading,) for heading in headings], "Social Media Policy", {}) == list(headings.values())


def test_headings_that_say_the_same_are_told_apart_by_what_stands_above_them(tmp_path: Path) -> None:
    phones = "# Phones\n\n## Staff\n\nLock them away.\n\n"
    text = f"{phones}# Email\n\n## Staff\n\nUse school email.\n\n## Staff\n\nReply at once.\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [
        ("staff.1", "Lock them away."),
        ("email-staff.1", "Use school email."),
        ("email-staff.2", "Reply at once."),
    ]


def test_a_mapping_of_headings_keeps_old_ids(tmp_path: Path) -> None:
    text = "# Email\n\nUse school email.\n\n# Roles\n\n- **Head**\n  - Approves accounts\n"
    given = {"email": "e-mail", "Roles / Head": "roles-ht"}
    assert clauses(imported(tmp_path, "a.md", text, sections=given)) == [
        ("e-mail.1", "Use school email."),
        ("roles-ht.1", "Approves accounts"),
    ]


def test_a_number_printed_twice_names_its_clause_once(tmp_path: Path) -> None:
    text = "# Rules\n\n1.1 Phones are off.\n\n1.1 Phones are away.\n"
    assert clauses(imported(tmp_path, "a.md", text)) == [("1.1", "Phones are off."), ("rules.2", "Phones are away.")]


@pytest.mark.parametrize("title", ["", "Phone Policy"])
@given(headings=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8, unique=True))
def test_slugs_of_any_headings_are_different_and_can_be_typed(title: str, headings: list[str]) -> None:
    made = slugs([(heading,) for heading in headings], title, {})
    assert len(set(made)) == len(made)
    assert all(
        slug and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and not slug.isdigit() for slug in made
    )
