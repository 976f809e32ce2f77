from __future__ import annotations

from pathlib import Path

import pytest

from policy_kb.answer import about, answer
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
    taken = [take_in(school, write(tmp_path, text), "ours") for text in texts]
    assert [(one.number, one.new) for one in taken] == [(1, True), (1, False), (2, True)]
    assert [row["imported"] for row in school.store.versions("ours")] == [1, 1]


def test_another_title_is_a_new_version_of_the_same_document(school: Knowledge, tmp_path: Path) -> None:
    taken = [take_in(school, write(tmp_path), "ours", title) for title in ("", "Our Policy", "Our Policy")]
    assert [(one.number, one.new) for one in taken] == [(1, True), (2, True), (2, False)]
    assert school.policy("ours") == taken[2].policy and school.policy("ours").title == "Our Policy"


def test_an_imported_policy_is_answered_from_at_once(school: Knowledge, tmp_path: Path) -> None:
    take_in(school, write(tmp_path), "ours")
    found = about(school, "ours", "school-logo")
    assert (list(school.policies), found.cited[0].clause.id, found.verdict) == (
        ["small", "ours"],
        "ours/1.2",
        Verdict.NO,
    )
    assert answer(school, "ours", "can I add an ex-pupil on facebook?").cited[0].clause.id == "ours/1.1"


@pytest.mark.parametrize("policy_id", ["whgs", "small"])
def test_the_id_of_a_sample_is_refused_and_nothing_stored(school: Knowledge, tmp_path: Path, policy_id: str) -> None:
    before = school.store.versions(policy_id)
    with pytest.raises(PolicyError, match=rf"^{policy_id} is the id of a sample policy\. Choose another id\.$"):
        take_in(school, write(tmp_path), policy_id)
    assert school.store.versions(policy_id) == before
