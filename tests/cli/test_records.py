"""The records from the command line: errors are one line, and what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.disclosure import FileDisclosure
from bot.domain.routing import Reported
from bot.settings import read_settings
from bot.talk.sealed import Sealed
from bot.wiring import Installation
from policy_kb.store import Store


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    Store(tmp_path / "policies.db").close()
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    here = Installation(read_settings())
    here.casework.file(FileDisclosure("k", "whgs", "teacher", Reported("child-concern"), Sealed("canary")))
    return here


def test_the_audit_chain_is_verified_and_a_kept_link_finds_a_cut_end(
    here: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    head = here.audit.head("whgs")
    assert main(["audit", "verify", "--school", "whgs"]) == 0
    assert capsys.readouterr().out == f"whgs: whole, {head}\n"
    later = f"{int(head.split(':')[0]) + 1}:{'0' * 64}"
    assert main(["audit", "verify", "--school", "whgs", "--head", later]) == 1
    assert "cut off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["audit", "verify", "--head", "nonsense"], 2, "A last link is a number"),
        (["audit", "verify", "--head", "1:ab"], 1, "Say which: --school ID"),
        (["export"], 2, "Say what to export"),
    ],
)
def test_what_does_not_fit_is_one_line(
    here: Installation, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert main(words) == code
    err = capsys.readouterr().err
    assert (err.count("\n"), said in err) == (1, True)


def test_the_doctor_says_that_a_notice_waits_and_no_worker_runs(
    here: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.records.STALE", -1)
    here.heartbeats.beat("worker")
    code = main(["doctor", "--json"])
    problems = " ".join(json.loads(capsys.readouterr().out)["problems"])
    assert (code, "A notice has waited" in problems, "No worker has run" in problems) == (1, True, True)


def test_figures_name_nobody(here: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "figures", "--school", "whgs", "--person", "head", "--csv"]) == 0
    out = capsys.readouterr().out
    assert ("Reports received" in out, "S-" in out, "canary" in out) == (True, False, False)


def test_figures_are_for_those_who_may_see_them(here: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["export", "figures", "--school", "whgs", "--person", "teacher"])
    assert (code, capsys.readouterr().err.count("\n")) == (1, 1)
