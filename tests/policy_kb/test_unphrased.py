"""A policy without phrasings: its clauses are found from how staff ask, and what people link is learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents.features import read
from intents.model import Route
from policy_kb.answer import answer
from policy_kb.correct import Correction, correct
from policy_kb.errors import PolicyError
from policy_kb.index import Found
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy, Verdict
from policy_kb.take_in import take_in
from policy_kb.unphrased import Crossing, Unphrased
from tests.policy_kb.small import open_small

TEXT = """# Working Here

## Absence

1.1 Employees shall notify the cover manager of any absence by telephone before seven o'clock.

1.2 A medical certificate is required for absences of more than seven calendar days.

## Phones

2.1 Mobile telephones must not be carried in the swimming pool building.

2.2 Staff may use their telephones in the common room.
"""


@pytest.fixture
def school(knowledge: Knowledge, tmp_path: Path) -> Knowledge:
    opened = open_small(tmp_path)
    opened.topics, opened.router, opened.bridge = knowledge.topics, knowledge.router, knowledge.bridge
    (tmp_path / "ours.md").write_text(TEXT, encoding="utf-8")
    take_in(opened, tmp_path / "ours.md", "ours")
    return opened


def find(school: Knowledge, question: str) -> Found:
    message = read(question)
    return school.index("ours").find(message, school.topics.chances(message))


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("off sick tomorrow, who do i ring", "ours/1.1"),
        ("do I need a doctor's note", "ours/1.2"),
        ("mobile at swimming ok?", "ours/2.1"),
        ("can i check my phone in the staffroom", "ours/2.2"),
        ("can i chek my fone in the comon room", "ours/2.2"),
    ],
)
def test_a_clause_is_found_though_staff_use_other_words(school: Knowledge, question: str, clause: str) -> None:
    found = find(school, question)
    assert found.ranked[0].label == clause and found.near is not None
    assert sum(scored.score for scored in found.ranked) == pytest.approx(1, abs=1e-4)


def test_each_word_of_a_question_tells_which_word_of_the_clause_it_met(school: Knowledge) -> None:
    why = dict(school.index("ours").why(read("mobile at swimming?"), "ours/2.1"))
    assert why["swimming → swimming"] > 0 and why["mobile → mobile"] > 0 and "meaning" in why


def test_what_the_document_is_not_about_is_not_answered_from_it(school: Knowledge) -> None:
    assert answer(school, "ours", "how do I make lasagne").route is Route.NONE
    assert answer(school, "ours", "").route is Route.NONE and find(school, "").ranked[0].score == pytest.approx(0.25)


def test_a_question_that_a_person_linked_finds_its_clause_from_then_on(school: Knowledge) -> None:
    question = "is there wifi for my fitbit"
    before = find(school, question).ranked[0].label
    correct(school, "ours/1.2", Correction(answers=[question]))
    assert before != "ours/1.2" and find(school, question).ranked[0].label == "ours/1.2"
    assert find(school, "wifi for a fitbit?").ranked[0].label == "ours/1.2"
    assert [e.text for e in school.index("ours").of_clause("ours/1.2")][0] == question


def test_what_a_person_says_of_a_clause_is_a_new_version_and_stays_with_its_words(
    school: Knowledge, tmp_path: Path
) -> None:
    said = Correction(verdict="no", intents=["personal-use-at-work"], condition="Except at lunch", ask="SLT")
    done = correct(school, "ours/2.2", said)
    assert (done.verdict, done.intents, done.condition, done.ask, done.inferred) == (
        Verdict.NO,
        ("personal-use-at-work",),
        "Except at lunch",
        "SLT",
        False,
    )
    assert [row["number"] for row in school.store.versions("ours")] == [2, 1]
    again = take_in(school, tmp_path / "ours.md", "ours")
    assert not again.new and again.policy.clause("ours/2.2") == done
    (tmp_path / "ours.md").write_text(TEXT.replace("seven calendar", "five calendar"), encoding="utf-8")
    changed = take_in(school, tmp_path / "ours.md", "ours")
    assert changed.number == 3 and changed.policy.clause("ours/2.2") == done
    assert [clause.id for clause in changed.policy.clauses if not clause.inferred] == ["ours/2.2"]


@pytest.mark.parametrize(
    ("clause", "said", "told"),
    [
        ("small/1.1", Correction(verdict="no"), "small is a sample policy. Import your own to correct it."),
        ("ours/9.9", Correction(), "There is no clause ours/9.9. 'signpost policy show ours' lists them."),
        ("ours/1.1", Correction(verdict="maybe"), "There is no verdict called maybe. There is: no, "),
        ("ours/1.1", Correction(intents=["nothing"]), "There is no topic called nothing. There is: "),
        ("ours/1.1", Correction(ask="cook"), "There is no role called cook. There is: head, "),
        ("ours/1.1", Correction(answers=["…"]), "A question needs words."),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_is_stored(
    school: Knowledge, clause: str, said: Correction, told: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        correct(school, clause, said)
    assert str(refused.value).startswith(told)
    assert [row["number"] for row in school.store.versions("ours")] == [1]


def test_an_index_read_from_the_store_is_the_one_that_was_built(school: Knowledge) -> None:
    built = school.index("ours")
    assert isinstance(built, Unphrased)
    kept = Crossing.load(built.crossing.dump())
    assert kept.spelt == built.crossing.spelt and (kept.tokens == built.crossing.tokens).all()
    assert (kept.across == built.crossing.across).all()


def test_a_long_document_is_read_word_by_word_only_where_it_is_near(school: Knowledge) -> None:
    lines = (f"Rule {n} is about matter {n} and nothing else." for n in range(100))
    clauses = [Clause(f"long/{n}", "Many", line, Verdict.INFO, inferred=True) for n, line in enumerate(lines)]
    clauses.append(Clause("long/phones", "Phones", "Telephones stay out of the pool.", Verdict.NO, inferred=True))
    school.store.put(Policy("long", "Long", "Long", "", "", "", "", "head", tuple(clauses)), "x", imported=True)
    message = read("phone by the pool?")
    found = school.index("long").find(message, school.topics.chances(message))
    assert found.ranked[0].label == "long/phones" and found.said[Verdict.NO] > 0.5
