"""`signpost ask`, in words, as data, and by the file."""

import json
from pathlib import Path

import pytest

from bot.conversation import wording
from tests.cli.conftest import Run

KEYS = [
    "q",
    "policy",
    "route",
    "verdict",
    "urgent",
    "confidence",
    "intent",
    "clauses",
    "condition",
    "ask_back",
    "actions",
    "ask",
    "settled",
    "elapsed_ms",
]


def test_an_answer_in_words_names_verdict_clause_and_the_overdue_review(run: Run) -> None:
    ran = run("ask", "can I friend an ex-pupil?", "--policy", "whgs")
    lines = [line for line in ran.out.splitlines() if line]
    assert (ran.code, lines[0].endswith("No"), lines[1]) == (0, True, "The policy does not allow this.")
    assert "whgs/staff-personal.4" in ran.out and "due for review in July 2025" in " ".join(ran.out.split())


def test_one_answer_as_json_has_every_part_of_the_contract(run: Run) -> None:
    found = json.loads(run("ask", "can I friend an ex-pupil?", "--policy", "whgs", "--json").out)
    assert list(found) == KEYS
    assert (found["route"], found["verdict"], [clause["id"] for clause in found["clauses"]][:2]) == (
        "answer",
        "no",
        ["whgs/staff-personal.4", "whgs/staff-personal.13"],
    )
    assert {"kind": "approval", "form": "contact-exception", "label": "Ask for an exception"} in found["actions"]


def test_what_is_out_of_scope_has_no_clauses(run: Run) -> None:
    found = json.loads(run("ask", "what is the capital of mongolia", "--policy", "emlm", "--json").out)
    assert (found["route"], found["verdict"], found["clauses"], found["ask"]) == ("none", None, [], "head")


def test_a_batch_gives_one_answer_a_line_in_order(run: Run, tmp_path: Path) -> None:
    asked = [
        {"q": f"can staff use {site}?", "policy": policy} for site in ("insta", "fb") for policy in ("rmet", "whgs")
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(json.dumps(row) for row in asked) + "\n\n", encoding="utf-8")
    ran = run("ask", "--batch", batch)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, [{"q": a["q"], "policy": a["policy"]} for a in answers]) == (0, asked)


def test_a_batch_may_begin_with_a_mark_and_hold_other_line_breaks_inside_a_question(run: Run, tmp_path: Path) -> None:
    asked = ["can staff use insta?\u2028and fb?", "can staff\u0085use fb?"]
    lines = [json.dumps({"q": question, "policy": "whgs"}, ensure_ascii=False) for question in asked]
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    ran = run("ask", "--batch", batch)
    assert (ran.code, [json.loads(line)["q"] for line in ran.out.split("\n") if line]) == (0, asked)


def test_a_batch_that_is_not_utf_8_is_one_line(run: Run, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes('{"q": "é", "policy": "whgs"}'.encode("latin-1"))
    ran = run("ask", "--batch", batch)
    assert (ran.code, ran.out, ran.err) == (
        1,
        "",
        f"signpost: {batch}: this is not UTF-8 text. Save it as UTF-8 and try again\n",
    )


@pytest.mark.parametrize(
    "question", ["find my form tutor on insta", "policy on photos", "search pupil phones", "hello", "yes"]
)
def test_words_and_data_answer_the_question_itself_and_nothing_is_a_command(run: Run, question: str) -> None:
    found = json.loads(run("ask", question, "--policy", "whgs", "--json").out)
    words = run("ask", question, "--policy", "whgs").out
    named = [clause["id"] for clause in found["clauses"]]
    assert (named[0] in words if named else "I can’t find that in the policy" in words) is True


def test_words_list_the_missing_fact_and_the_next_step_and_no_other_button(run: Run) -> None:
    words = " ".join(run("ask", "can I friend an ex-pupil?", "--policy", "whgs").out.split())
    assert "Yes / No, 18 or over and out of that education" in words and "Ask for an exception" in words
    assert [label for label in (wording.HELPFUL, wording.NOT_MEANT, wording.SECTION) if label in words] == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"q": "x"}', 'batch.jsonl:2: each line needs "q" and "policy" as JSON'),
        ("nonsense", 'batch.jsonl:2: each line needs "q" and "policy" as JSON'),
        ("[" * 100_000, 'batch.jsonl:2: each line needs "q" and "policy" as JSON'),
        ("[1]", 'batch.jsonl:2: each line needs "q" and "policy" as JSON'),
        ('{"q": 5, "policy": "whgs"}', 'batch.jsonl:2: each line needs "q" and "policy" as JSON'),
        ('{"q": "x", "policy": "nope"}', "batch.jsonl:2: there is no policy called nope"),
    ],
)
def test_a_bad_line_of_a_batch_is_named_before_anything_is_answered(
    run: Run, tmp_path: Path, line: str, problem: str
) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"q": "x", "policy": "whgs"}\n' + line, encoding="utf-8")
    ran = run("ask", "--batch", batch)
    assert (ran.code, ran.out, ran.err.strip().endswith(problem)) == (1, "", True)


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (("ask", "x", "--policy", "nope"), 1, "signpost: There is no policy called nope."),
        (("ask",), 2, "signpost: Write: signpost ask"),
        (("ask", "x"), 2, "signpost: Write: signpost ask"),
        (("ask", "--policy", "whgs"), 2, "signpost: Write: signpost ask"),
        (("ask", "--batch", "missing.jsonl"), 1, "signpost: missing.jsonl: No such file or directory"),
        (("ask", "x", "--polcy", "whgs"), 2, "signpost: unrecognized arguments: --polcy whgs."),
        (("nonsense",), 2, "signpost: argument COMMAND: invalid choice: 'nonsense'"),
    ],
)
def test_an_error_is_one_line(run: Run, words: tuple[str, ...], code: int, problem: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out, ran.err.startswith(problem), ran.err.count("\n")) == (code, "", True, 1)


def test_explain_shows_how_it_was_read_and_what_it_resembles(run: Run) -> None:
    ran = run("ask", "can I friend an ex-pupil?", "--policy", "whgs", "--explain")
    assert "read as:  can i friend an ex pupil ?" in ran.err and "resembles (" in ran.err


def test_an_unknown_or_unfit_setting_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_PORT", "many")
    ran = run("policy", "list")
    assert (ran.code, ran.err.startswith("signpost: SIGNPOST_PORT does not fit: ")) == (1, True)
    monkeypatch.delenv("SIGNPOST_PORT")
    monkeypatch.setenv("SIGNPOST_COLOUR", "green")
    assert run("policy", "list").err.startswith("signpost: There is no setting SIGNPOST_COLOUR. There is: ")
