from __future__ import annotations

from pathlib import Path

import pytest

from policy_kb.answer import about
from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge
from policy_kb.model import Verdict
from policy_kb.take_in import take_in
from tests.policy_kb.small import open_small

TEXT = """# Social Media Policy

## 1. Contact

1.1 Staff must not add former pupils as friends on Facebook.

1.2 Staff must not use the school logo on personal pages.
"""


@pytest.fixture
def school(knowledge: Knowledge, tmp_path: Path) -> Knowledge:
    opened = open_small(tmp_path)
    opened.topics, opened.router = knowledge.topics, knowledge.router
    return opened


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "policy.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_document_becomes_clauses_with_what_they_are_likely_about(school: Knowledge, tmp_path: Path) -> None:
    taken = take_in(school, write(tmp_path), "ours")
    clauses = {clause.id: (clause.text, clause.verdict, clause.intents[0]) for clause in taken.policy.clauses}
    assert clauses == {
        "ours/1.1": (
            "Staff must not add former pupils as friends on Facebook.",
            Verdict.NO,
            "former-pupil-contact",
        ),
        "ours/1.2": ("Staff must not use the school logo on personal pages.", Verdict.NO, "school-logo"),
    }
    assert taken.number == 1 and school.store.policy("ours") == taken.policy
    assert [clause.id for clause in taken.policy.clauses if not clause.inferred] == []


def test_the_same_document_stays_at_its_version_and_a_changed_one_gets_the_next(
    school: Knowledge, tmp_path: Path
) -> None:
    texts = (TEXT, TEXT, TEXT.replace("logo", "badge"))
    assert [take_in(school, write(tmp_path, text), "ours").number for text in texts] == [1, 1, 2]
    assert [row["imported"] for row in school.store.versions("ours")] == [1, 1]


def test_an_imported_policy_is_answered_from_once_the_store_is_read_again(school: Knowledge, tmp_path: Path) -> None:
    take_in(school, write(tmp_path), "ours")
    again = Knowledge(school.store, school.shared)
    found = about(again, "ours", "school-logo")
    assert (list(again.policies), found.cited[0].clause.id, found.verdict) == (
        ["small", "ours"],
        "ours/1.2",
        Verdict.NO,
    )


def test_the_id_of_a_sample_is_refused_and_nothing_stored(school: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^whgs is the id of a sample policy\. Choose another id\.$"):
        take_in(school, write(tmp_path), "whgs")
    assert school.store.versions("whgs") == []
