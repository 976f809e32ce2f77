"""`signpost bench`: every method answers the same questions, each in its own way."""

import json
from pathlib import Path

import pytest

from bot.cli import peers
from bot.cli.bench import Asked, Row, measure
from bot.settings import Settings
from policy_kb.knowledge import Knowledge
from tests.cli.conftest import Run

ASKED = (Asked("can I edit wikipedia at work?", "emlm", ("emlm/6.9",)),) * 3


@pytest.mark.parametrize("method", peers.METHODS)
def test_each_method_is_measured_on_the_same_questions(knowledge: Knowledge, method: str) -> None:
    row = measure(method, Settings(data=knowledge.store.path.parent), ASKED, held_out=False)
    assert isinstance(row, Row) and row.method == method
    assert row.hit1 <= row.hit3 and 0 < row.median_ms <= row.p99_ms
    assert method == "rapidfuzz" or row.hit3 == 100.0


def test_a_file_without_labels_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"q": "x", "policy": "whgs"}), encoding="utf-8")
    ran = run("bench", "--questions", questions)
    assert (ran.code, "each line needs" in ran.err, ran.err.count("\n")) == (1, True, 1)
