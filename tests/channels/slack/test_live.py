"""A live installation in Slack over Socket Mode: its settings, its worker and its health, as where it serves."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.channels.slack import labels
from bot.channels.slack.manifest import SCOPES
from bot.cli import main
from bot.settings import read_settings
from bot.storage.keys import Keys
from bot.talk.sealed import Sealed
from bot.wiring import Installation
from policy_kb.store import Store
from tests.channels.slack.scene import shown, told
from tests.slack.fake import FakeSlack
from tests.slack.hello import until
from tests.slack.user import User

EXAMPLE = Path(__file__).parents[3] / "docs" / "schools.example.toml"
IN_SLACK = {"year-4-teacher": "U0TEACHER", "headteacher": "U0HEAD"}


def schools(workspace: str) -> str:
    """The schools file as somebody fills it in who has read the README."""
    text = EXAMPLE.read_text(encoding="utf-8").replace('# slack = ["T0000000001"]', f'slack = ["{workspace}"]')
    for person, member in IN_SLACK.items():
        text = text.replace(f'id = "{person}"\n', f'id = "{person}"\nslack = "{member}"\n')
    return text.replace("U0000000001", "U0DSL")


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def here(tmp_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of an installation with keys, for one workspace; its folder."""
    (tmp_path / "var").mkdir()
    Store(tmp_path / "var" / "policies.db").close()
    (tmp_path / "schools.toml").write_text(schools("T0SCHOOL"), encoding="utf-8")
    keys = Keys(tmp_path / "apart")
    keys.make_recovery(lambda private: None)
    keys.make("oak", Sealed("four words without reason"))
    for name, value in {
        "DATA": str(tmp_path / "var"),
        "SCHOOLS": str(tmp_path / "schools.toml"),
        "KEYS": str(tmp_path / "apart"),
        "SLACK_API": slack.api,
        "SLACK_BOT_TOKEN": slack.grant("bot", SCOPES),
        "SLACK_APP_TOKEN": slack.app_token,
    }.items():
        monkeypatch.setenv(f"SIGNPOST_{name}", value)
    return tmp_path


@contextmanager
def serving(slack: FakeSlack) -> Iterator[tuple[Installation, TestClient]]:
    """The installation at work, and a monitor that looks at it."""
    installation, stop = Installation(read_settings()), threading.Event()
    browser = TestClient(installation.web(), base_url="http://localhost")
    socket = installation.slack.socket
    assert socket is not None
    running = [threading.Thread(target=run, args=(stop,)) for run in (installation.worker.run, socket.run)]
    for thread in running:
        thread.start()
    try:
        slack.over_socket()
        assert slack.socket.connected()
        yield installation, browser
    finally:
        stop.set()
        slack.socket.abort()
        for thread in running:
            thread.join()
        installation.engine.dispose()


def test_a_report_from_slack_reaches_the_dsl_there_through_the_worker(here: Path, slack: FakeSlack) -> None:
    teacher, dsl = User(slack, "U0TEACHER", "teacher"), User(slack, "U0DSL", "dsl")
    with serving(slack):
        teacher.shortcut("report")
        shown(teacher, "[Report a contact]")
        teacher.press("Report a contact")
        shown(teacher, "What happened")
        teacher.submit(happened="a pupil wrote to me, canary-4711", about="nobody")
        page = shown(teacher, "Recorded, reference")
        (ref,) = set(re.findall(r"S-[A-Z0-9]{4}-[A-Z0-9]{4}", str(page)))
        assert told(dsl, ref)[-2:] == [f"Something new waits for you in Signpost. Reference {ref}.", "[Open]"]
    assert set(dsl.notifications()) == {labels.FALLBACK}
    posted = [call.body for call in slack.calls if call.method == "chat.postMessage"]
    assert "canary-4711" not in str(posted)
    assert [call.answer for call in slack.calls if not call.answer["ok"]] == []


def test_a_monitor_sees_that_the_connection_is_up_and_that_it_is_lost(
    here: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(slack) as (installation, browser):
        until(lambda: installation.metrics()["signpost_slack_hellos"] == 1)
        assert (browser.get("/healthz").status_code, browser.get("/healthz").text) == (200, "ok")
        assert "signpost_slack_connected 1" in browser.get("/metrics").text
        monkeypatch.setattr("bot.wiring.SILENT", -1.0)
        assert (browser.get("/healthz").status_code, browser.get("/healthz").text) == (503, "slack")


def test_the_doctor_is_content_or_says_which_line_the_schools_file_lacks(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (main(["doctor"]), capsys.readouterr().out) == (0, "Everything is in order.\n")
    (here / "schools.toml").write_text(schools("T0ELSEWHERE"), encoding="utf-8")
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"] == [
        'No school has your workspace: give it the line slack = ["T0SCHOOL"] in your schools file.'
    ]


def test_what_is_said_before_the_workspace_is_in_the_schools_file_says_who_can_help(
    here: Path, slack: FakeSlack
) -> None:
    (here / "schools.toml").write_text(schools("T0ELSEWHERE"), encoding="utf-8")
    teacher = User(slack, "U0TEACHER", "teacher")
    with serving(slack):
        teacher.dm("hello")
        assert labels.UNKNOWN in told(teacher, labels.UNKNOWN)
