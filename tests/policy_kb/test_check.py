from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from policy_kb.check import Finding, check
from policy_kb.knowledge import Knowledge
from tests.policy_kb.small import PACK, open_small

TODAY = date(2026, 11, 21)
CLASH = """
[[clause]]
id = "small/logo.2"
section = "Logo"
text = "Nobody uses the logo."
verdict = "no"
intents = ["school-logo"]
"""


def found(folder: Path, pack: str, kind: str, today: date = TODAY) -> list[Finding]:
    return [finding for finding in check(open_small(folder, pack), "small", today) if finding.kind == kind]


def test_a_late_review_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, PACK, "overdue") == [Finding("small", "overdue", "The review was due in 2021-05-31.")]


def test_a_review_in_time_is_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, PACK, "overdue", date(2021, 5, 31)) == []


def test_a_missing_review_date_is_found(tmp_path: Path) -> None:
    text = "The policy does not say when it is to be reviewed."
    assert found(tmp_path, PACK.replace('"2021-05-31"', '""'), "overdue") == [Finding("small", "overdue", text)]


def test_rules_that_pull_apart_untold_are_found(tmp_path: Path) -> None:
    text = "small/logo.1 says yes and small/logo.2 says no on school-logo."
    assert found(tmp_path, PACK + CLASH, "apart") == [Finding("small", "apart", text)]


def test_rules_that_pull_apart_but_name_each_other_are_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, PACK + CLASH + 'beside = ["small/logo.1"]\n', "apart") == []


def test_topics_without_clause_or_silence_are_gaps(tmp_path: Path) -> None:
    knowledge = open_small(tmp_path, PACK)
    gaps = [finding.text for finding in check(knowledge, "small", TODAY) if finding.kind == "gap"]
    covered = {"former-pupil-contact", "school-logo", "wikipedia"}
    assert gaps == [f"No clause is about {intent}." for intent in knowledge.shared.intents if intent not in covered]


def test_clauses_that_no_shared_question_brings_up_are_found(knowledge: Knowledge) -> None:
    asked = tuple(phrasing for phrasing in knowledge.shared.phrasings if phrasing.label == "wikipedia")
    fewer = Knowledge(knowledge.store, knowledge.shared)
    fewer.index("whgs")
    fewer.shared = replace(knowledge.shared, phrasings=asked)
    unreached = {finding.text for finding in check(fewer, "whgs", TODAY) if finding.kind == "unreached"}
    assert "whgs/email.4 is found by no shared question." in unreached
    assert "whgs/staff-personal.14 is found by no shared question." not in unreached


@pytest.mark.parametrize("school", ["emlm", "inspire", "milford", "rmet", "whgs"])
def test_of_every_sample_the_late_review_is_the_first_finding(knowledge: Knowledge, school: str) -> None:
    policy = knowledge.policy(school)
    first = check(knowledge, school, TODAY)[0]
    assert first == Finding(school, "overdue", f"The review was due in {policy.review_due}.")


def test_the_shared_questions_are_read_once_for_all_policies(knowledge: Knowledge) -> None:
    readings = knowledge.readings
    check(knowledge, "inspire", TODAY)
    assert knowledge.readings is readings and len(readings) == len(knowledge.shared.phrasings[::3])
