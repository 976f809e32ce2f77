"""The command itself: it starts at once, prints anywhere, and says errors in one line."""

import argparse
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bot.cli import NOT_TEXT, main
from bot.cli.parser import Late, build
from tests.cli.conftest import Run

HEAVY = "import sys; from bot.cli import main\ntry: main([{}])\nexcept SystemExit: print(*sys.modules)"


@pytest.mark.parametrize("word", ["nosuch", "--help"])
def test_a_mistyped_command_and_help_wait_for_no_library(word: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", HEAVY.format(repr(word))], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(ran.stdout.split())
    assert ("bot.cli.parser" in loaded, loaded & {"numpy", "rich", "pydantic", "structlog", "sqlite_utils"}) == (
        True,
        set(),
    )


def test_every_command_is_there_when_it_is_run() -> None:
    late = [parser.get_default("run") for parser in _parsers(build())]
    assert [one for one in late if not callable(getattr(import_module(f"bot.cli.{one.module}"), one.name))] == []
    assert {type(one) for one in late} == {Late}


def test_a_damaged_file_of_policies_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    (tmp_path / "policies.db").write_bytes(b"nonsense " * 1000)
    assert (main(["policy", "list"]), *capsys.readouterr()) == (
        1,
        "",
        "signpost: The policies cannot be read (file is not a database). "
        "If it stays so, move policies.db away and import your documents again.\n",
    )


def test_text_that_is_not_utf_8_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.policy.list_policies", lambda _: b"\xff".decode())
    ran = run("policy", "list")
    assert (ran.code, ran.out, ran.err) == (1, "", f"signpost: {NOT_TEXT}\n")


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("words", [("ask", "can I friend 😀 an ex-pupil?", "--policy", "whgs"), ("policy", "list")])
@pytest.mark.parametrize("page", ["cp1252", "cp437"])
def test_a_windows_code_page_stops_no_output_and_data_stays_data(words: tuple[str, ...], page: str) -> None:
    command = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())", *words]
    environment = {**os.environ, "PYTHONIOENCODING": page}
    said = subprocess.run(command, capture_output=True, env=environment, timeout=120)
    data = subprocess.run([*command, "--json"], capture_output=True, env=environment, timeout=120)
    assert [(ran.returncode, ran.stderr) for ran in (said, data)] == [(0, b"")] * 2
    assert said.stdout and json.loads(data.stdout.decode(page))


def _parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [parser, *(found for group in groups for child in group.choices.values() for found in _parsers(child))]
