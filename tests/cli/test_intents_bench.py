"""`signpost bench --intents`: the matcher on data that the user has, beside other methods."""

import json
from pathlib import Path

import pytest

from bot.cli.intents_bench import METHODS, slips
from tests.cli.conftest import Run

PARTS = {
    "train": [
        *([f"what is the balance of my {kind} account", "balance"] for kind in ("savings", "current", "joint", "old")),
        *([f"i lost my {kind} card on the train", "lost_card"] for kind in ("debit", "credit", "bank", "blue")),
        *([f"how do i move money to my {who}", "transfer"] for who in ("brother", "landlord", "mum", "friend")),
    ],
    "valid": [["whats the balance please", "balance"], ["my card is lost", "lost_card"], ["move money", "transfer"]],
    "oos_train": ["how tall is the tower", "sing me a song"],
    "oos_valid": ["how old is the tower", "is a song on"],
}


def write(folder: Path, parts: object) -> Path:
    path = folder / "intents.json"
    path.write_text(json.dumps(parts), encoding="utf-8")
    return path


def test_each_method_that_is_installed_is_asked_clean_and_mistyped(run: Run, tmp_path: Path) -> None:
    ran = run("bench", "--intents", write(tmp_path, {name: PARTS[name] for name in ("train", "valid")}), "--json")
    rows = json.loads(ran.out)
    assert {row["method"] for row in rows} <= {name for name, _, _ in METHODS}
    ours = rows[0]
    assert (ours["method"], ours["right"], ours["questions"]) == ("signpost", 100.0, 3)
    assert 0 < ours["median_ms"] <= ours["p99_ms"]


def test_messages_without_an_intent_show_what_silence_costs(run: Run, tmp_path: Path) -> None:
    out = run("bench", "--intents", write(tmp_path, PARTS)).out
    assert "95 % of right answers kept" in " ".join(out.split())


@pytest.mark.parametrize("parts", [{}, [], {"train": [], "valid": 3}, {"train": [["x"]], "valid": []}])
def test_a_file_of_another_shape_is_refused_in_one_line(run: Run, tmp_path: Path, parts: object) -> None:
    ran = run("bench", "--intents", write(tmp_path, parts))
    assert (ran.code, "the file needs" in ran.err, ran.err.count("\n")) == (1, True, 1)


def test_slips_are_the_same_on_every_run_and_leave_short_words_alone() -> None:
    text = "can i see the school page"
    assert slips(text, 3) == slips(text, 3) and len({slips(text, seed) for seed in range(20)}) > 10
    assert slips("i do it", 1) == "i do it" and slips("", 1) == ""
