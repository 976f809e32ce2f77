"""`signpost` itself: what it listens on, and what it says."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.cli.serve import _address
from bot.settings import Settings
from policy_kb.knowledge import Knowledge
from tests.cli.conftest import Run

SERVER = """
import sys
from bot.cli import main
from bot.conversation.assistant import StaffAssistant

def fail(self, *given):
    raise RuntimeError("canary")

StaffAssistant.greet = fail
sys.exit(main([]))
"""


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("SIGNPOST_PORT", str(port))
        ran = run()
    assert (ran.code, ran.out, ran.err) == (
        1,
        "",
        f"signpost: http://127.0.0.1:{port} is in use. Stop what uses it, or set SIGNPOST_PORT to another number.\n",
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "school.example", ""])
def test_practice_mode_listens_on_this_machine_only(run: Run, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SIGNPOST_HOST", host)
    ran = run()
    assert (ran.code, ran.out, ran.err) == (
        1,
        "",
        "signpost: SIGNPOST_HOST must be one of 127.0.0.1, localhost, ::1: practice mode has no sign-in.\n",
    )


@pytest.mark.parametrize(("host", "address"), [("::1", "http://[::1]:8321"), ("localhost", "http://localhost:8321")])
def test_the_address_can_be_opened_as_it_is_printed(host: str, address: str) -> None:
    assert _address(Settings(host=host, port=8321)) == address


@pytest.mark.usefixtures("run")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to the tests as well")
@pytest.mark.parametrize(("path", "status"), [("/", 500), ("/healthz", 200)])
def test_it_opens_answers_and_stops_and_no_text_of_an_exception_is_printed(
    tmp_path: Path, path: str, status: int
) -> None:
    port = _free_port()
    errors = tmp_path / "errors"
    with errors.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "SIGNPOST_PORT": str(port)},
        )
    assert server.stdout is not None
    try:
        opened = server.stdout.readline().decode()
        answered = _status(f"http://127.0.0.1:{port}{path}")
    finally:
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=60)
    assert (opened, answered, server.returncode, rest) == (
        f"Signpost is open at http://127.0.0.1:{port} in practice mode. Stop with Ctrl-C.\n",
        status,
        0,
        b"",
    )
    written = errors.read_text(encoding="utf-8")
    assert ("canary" in written, '"kind": "RuntimeError"' in written) == (False, status == 500)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to the tests as well")
def test_it_opens_when_the_first_school_can_be_asked_and_builds_the_others_afterwards(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    knowledge.build()
    db = sqlite3.connect(tmp_path / "policies.db")
    with closing(sqlite3.connect(knowledge.store.path)) as built:
        built.backup(db)
    with closing(db):
        db.execute("delete from indexes where name in ('whgs', 'rmet')")
        db.commit()
    server = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main([])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "SIGNPOST_DATA": str(tmp_path), "SIGNPOST_PORT": str(_free_port())},
        text=True,
    )
    assert server.stdout is not None
    try:
        lines = [server.stdout.readline().strip() for _ in range(3)]
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
    assert [" ".join(line.split()[:4]) for line in lines] == [
        "Building the index whgs",
        "Signpost is open at",
        "Building the index rmet",
    ]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _status(address: str) -> int:
    try:
        with urlopen(Request(address), timeout=60) as response:
            return int(response.status)
    except HTTPError as refused:
        with refused:
            return refused.code
