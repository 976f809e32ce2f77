"""Logs: names and numbers on standard error, whatever goes wrong."""

import json
import logging
import subprocess
import sys

import pytest

from bot.logs import Nameless, log
from tests.cli.conftest import Run

LIBRARIES = """
import asyncio, logging
from bot.logs import log, set_up

set_up()

class Unprintable:
    def __str__(self):
        raise ValueError("canary")

async def forgotten():
    raise ValueError("canary")

async def forget():
    task = asyncio.create_task(forgotten())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

asyncio.run(forget())
try:
    raise ValueError("canary")
except ValueError:
    logging.getLogger("uvicorn.error").error("canary %s", "canary", exc_info=True, stack_info=True)
logging.getLogger("uvicorn.error").error("canary %s", Unprintable())
log("over", kind="test")
"""


def test_what_libraries_log_is_their_name_and_the_type_of_the_exception() -> None:
    ran = subprocess.run([sys.executable, "-c", LIBRARIES], capture_output=True, text=True, timeout=60)
    *lines, last = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout, lines) == (
        0,
        "",
        ["asyncio: ERROR ValueError", "uvicorn.error: ERROR ValueError", "uvicorn.error: ERROR"],
    )
    assert json.loads(last)["event"] == "over"


def test_a_traceback_that_another_handler_wrote_into_the_record_is_not_shown() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "canary", None, None)
    record.exc_text = record.stack_info = "canary"
    assert Nameless().format(record) == "asyncio: ERROR"


def test_an_event_goes_to_standard_error_even_where_nothing_was_set_up() -> None:
    code = "from bot.logs import log; log('opened', kind='test')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    written = json.loads(ran.stderr)
    assert (ran.stdout, written["event"], written["level"], written["kind"]) == ("", "opened", "info", "test")


def test_a_field_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="log field not allowed: text"):
        log("said", text="canary")


@pytest.mark.parametrize(("level", "seen"), [("", ["error"]), ("INFO", ["info", "error"])])
def test_a_command_that_a_person_reads_logs_only_errors_unless_more_is_set(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], level: str, seen: list[str]
) -> None:
    if level:
        monkeypatch.setenv("SIGNPOST_LOG_LEVEL", level)
    run("policy", "list")
    log("opened")
    log("failed", level=logging.ERROR)
    assert [json.loads(line)["level"] for line in capsys.readouterr().err.splitlines()] == seen
