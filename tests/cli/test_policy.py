"""`signpost policy`: list, show, search, check, compare, import."""

import json
from pathlib import Path

import pytest

from bot.channels.terminal.wrap import shown
from bot.cli import main
from policy_kb.model import Clause, Policy, Verdict
from policy_kb.store import Store
from tests.cli.conftest import Run
from tests.policy_kb.small import lend_shared_indexes

DOCUMENT = """# Phones and Social Media

## Staff

1.1 Staff must not accept friend requests from pupils.

1.2 Staff may use their own phone in the staff room at lunch.

1.3 Pictures of pupils may only be posted with written consent from parents.
"""


def test_the_list_shows_five_samples_with_their_review_dates(run: Run) -> None:
    rows = json.loads(run("policy", "list", "--json").out)
    assert [(row["id"], row["clauses"]) for row in rows] == [
        ("emlm", 79),
        ("inspire", 57),
        ("milford", 85),
        ("rmet", 70),
        ("whgs", 127),
    ]
    assert all(row["review due"].endswith("(overdue)") for row in rows)


def test_the_list_fits_eighty_columns_and_breaks_names_at_spaces(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line.rstrip() for line in run("policy", "list").out.splitlines()]
    assert lines[-2:] == [
        "whgs     William Hulme's Grammar      July 2024       2025-07 (overdue)  127",
        "         School (United Learning)",
    ]


def test_a_clause_is_shown_with_its_citation(run: Run) -> None:
    shown = json.loads(run("policy", "show", "whgs/staff-personal.4", "--json").out)
    assert (shown["verdict"], shown["citation"]) == ("no", "Social Media Policy, staff personal use 4")
    assert run("policy", "show", "whgs/nothing.9").err == (
        "signpost: There is no clause whgs/nothing.9. 'signpost policy show whgs' lists them.\n"
    )


def test_search_finds_clauses_by_their_words(run: Run) -> None:
    rows = json.loads(run("policy", "search", "wikipedia", "--policy", "emlm", "--json").out)
    assert "emlm/6.9" in [row["id"] for row in rows]


def test_compare_puts_the_five_schools_side_by_side(run: Run) -> None:
    rows = json.loads(run("policy", "compare", "former-pupil-contact", "--json").out)
    assert [(row["policy"], row["verdict"]) for row in rows] == [
        ("emlm", "not settled"),
        ("inspire", "no"),
        ("milford", "it depends"),
        ("rmet", "not settled"),
        ("whgs", "no"),
    ]
    assert run("policy", "compare", "former-pupils").err.startswith(
        "signpost: There is no intent called former-pupils."
    )


def test_check_names_overdue_reviews_and_gaps(run: Run) -> None:
    rows = json.loads(run("policy", "check", "--policy", "inspire", "--json").out)
    assert {"policy": "inspire", "kind": "overdue", "text": "The review was due in 2021-09."} in rows
    assert "No clause is about passwords." in [row["text"] for row in rows if row["kind"] == "gap"]


def test_a_document_is_imported_asked_and_versioned(tmp_path: Path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    document = tmp_path / "phones.md"
    document.write_text(DOCUMENT, encoding="utf-8")
    assert main(["policy", "import", str(document), "--id", "hillside"]) == 0
    assert "phones.md: 3 clauses as hillside, version 1." in capsys.readouterr().out
    lend_shared_indexes(tmp_path / "var")
    assert main(["ask", "can I accept a friend request from a pupil?", "--policy", "hillside", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["clauses"][0]["id"]) == ("no", "hillside/1.1")
    document.write_text(DOCUMENT.replace("lunch", "break"), encoding="utf-8")
    assert main(["policy", "import", str(document), "--id", "hillside"]) == 0
    assert "version 2." in capsys.readouterr().out


def test_a_broken_document_among_many_stops_nothing_and_is_named(tmp_path: Path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    for name, text in (("a.md", DOCUMENT), ("b.pdf", "%PDF-1.4 broken"), ("c.txt", "1.1 Staff must lock phones away.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["policy", "import", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.out.splitlines() if not line.startswith(" ")] == ["a.md", "c.txt"]
    assert "b.pdf" in printed.err and "Traceback" not in printed.err
    assert main(["policy", "list", "--json"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)][-2:] == ["a", "c"]


def test_two_documents_that_would_get_one_id_are_both_refused_and_the_rest_is_taken_in(  # type: ignore[no-untyped-def]
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    for name in ("Social Media.md", "social-media.txt", "phones.markdown"):
        (tmp_path / name).write_text(DOCUMENT, encoding="utf-8")
    assert main(["policy", "import", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.out.splitlines() if not line.startswith(" ")] == ["phones.markdown"]
    same = "would get the same id, social-media. Rename one of them."
    assert [line for line in printed.err.splitlines() if line.startswith("signpost:")] == [
        f"signpost: Social Media.md: {tmp_path / 'social-media.txt'} {same}",
        f"signpost: social-media.txt: {tmp_path / 'Social Media.md'} {same}",
    ]


@pytest.mark.parametrize("words", [("show", "steered"), ("show", "steered/1.1"), ("search", "phones"), ("list",)])
def test_a_document_cannot_steer_the_terminal(tmp_path: Path, monkeypatch, capsys, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    store = Store(_made(tmp_path / "var") / "policies.db")
    clause = Clause("steered/1.1", "staff", "Lock\x1b[31m phones\x9b2J \u202eaway.", Verdict.ACTION)
    store.put(Policy("steered", "\x07T", "O\x1b[2J", "", "", "", "", "head", (clause,)), "digest", imported=True)
    store.close()
    assert main(["policy", *words]) == 0
    printed = capsys.readouterr().out
    assert [char for char in printed if char != "\n" and shown(char) != char] == []
    assert "steered" in printed


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_sample_cannot_be_overwritten(run: Run, tmp_path: Path) -> None:
    document = tmp_path / "phones.md"
    document.write_text(DOCUMENT, encoding="utf-8")
    ran = run("policy", "import", document, "--id", "whgs")
    assert (ran.code, "whgs is the id of a sample policy" in ran.err) == (1, True)


def test_how_a_clause_was_understood_can_be_reviewed_and_corrected(  # type: ignore[no-untyped-def]
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    (tmp_path / "ours.md").write_text(DOCUMENT, encoding="utf-8")
    assert main(["policy", "list"]) == 0
    lend_shared_indexes(tmp_path / "var")

    def said(*words: str) -> str:
        capsys.readouterr()
        assert main(list(words)) == 0
        return str(capsys.readouterr().out)

    said("policy", "import", str(tmp_path / "ours.md"))
    links = {row["clause"]: row for row in json.loads(said("policy", "links", "ours", "--json"))}
    assert (links["ours/1.1"]["verdict"], links["ours/1.1"]["checked"]) == ("no", "no")
    done = said("policy", "correct", "ours/1.1", "--verdict", "depends", "--answers", "friend request off a y8?")
    assert done.startswith("ours/1.1: It depends (checked)\n") and "Answers: friend request off a y8?" in done
    asked = json.loads(said("ask", "friend request off a y8?", "--policy", "ours", "--json"))
    assert asked["clauses"][0]["id"] == "ours/1.1"
    assert "worked out from its words" in said("policy", "links", "ours")
    assert main(["policy", "correct", "ours/1.1", "--verdict", "maybe"]) == 1
    assert capsys.readouterr().err == (
        "signpost: There is no verdict called maybe. There is: no, approval, depends, yes, action, info.\n"
    )
