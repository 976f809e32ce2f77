"""The register from the command line: lists come in as spreadsheets save them, and errors are one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from policy_kb.store import Store

LIST = "platform,handle,administrators\r\nX,choir,teacher;head\r\n"
ASKS = ["--school", "whgs", "--person", "head"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Store(tmp_path / "policies.db").close()
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    return tmp_path


def saved(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_a_list_comes_in_once_and_is_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(folder, LIST)
    codes = [main(["register", "import", file, *ASKS]), main(["register", "import", file, *ASKS])]
    said = capsys.readouterr().out
    assert (codes, "Came in: 1 account." in said, "in the list twice: 1 account." in " ".join(said.split())) == (
        [0, 0],
        True,
        True,
    )
    assert main(["register", "list", *ASKS]) == 0
    assert "X: choir. In use." in capsys.readouterr().out
    main(["register", "list", "--json", *ASKS])
    (account,) = json.loads(capsys.readouterr().out)
    assert {**account, "ref": ""} == {
        "ref": "",
        "request": "",
        "platform": "X",
        "handle": "choir",
        "purpose": "",
        "audience": "",
        "administrators": ["teacher", "head"],
        "moderators": [],
        "opens": None,
        "closes": None,
        "conditions": "",
        "status": "live",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_is_read_however_a_spreadsheet_saves_it(
    folder: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    text = 'Handle;"PLATFORM";Administrators\r\n"Café; bar";X;"teacher; head"\r\n;;\r\n'
    assert main(["register", "import", saved(folder, text, encoding), *ASKS]) == 0
    capsys.readouterr()
    main(["register", "list", "--json", *ASKS])
    (account,) = json.loads(capsys.readouterr().out)
    assert (account["handle"], account["administrators"]) == ("Café; bar", ["teacher", "head"])


def test_a_line_that_was_left_out_is_said_and_the_others_come_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["register", "import", saved(folder, f"{LIST}X,band,nobody here"), "--json", *ASKS])
    found = json.loads(capsys.readouterr().out)
    problem = {"line": 3, "column": "administrators", "problem": "unknown-person", "said": "nobody here"}
    assert (code, len(found["taken_in"]), found["problems"], found["ignored"]) == (1, 1, [problem], [])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["register"], 2, "Say what to do"),
        (["register", "import", "missing.csv", *ASKS], 1, "missing.csv cannot be read: No such file or directory."),
        (["register", "import", "{list}", "--school", "whgs", "--person", "teacher"], 1, "There is no such person"),
        (["register", "import", "{list}", "--school", "none", "--person", "head"], 1, "There is no such person"),
        (["register", "import", "{empty}", *ASKS], 1, "There is no list in it."),
        (["register", "import", "{binary}", *ASKS], 1, "is no text. Save the list as CSV UTF-8."),
        (["register", "list", "--school", "whgs", "--person", "nobody"], 1, "There is no such person"),
    ],
)
def test_what_does_not_fit_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    files = {"list": LIST.encode(), "empty": b"", "binary": b"\x81\x8d"}
    for name, body in files.items():
        (folder / name).write_bytes(body)
    assert main([word.format(**{name: folder / name for name in files}) for word in words]) == code
    err = capsys.readouterr().err
    assert (err.count("\n"), said in err) == (1, True)
