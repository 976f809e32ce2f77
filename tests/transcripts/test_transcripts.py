"""Whole dialogs in the terminal: what is typed stands behind "> ", everything else is what comes back."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.terminal.app import chat
from bot.domain.people import Practice
from policy_kb.knowledge import Knowledge
from tests.office import SCHOOLS, Office

NOVEMBER = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
DIALOGS = sorted(Path(__file__).parent.glob("*.txt"))


def play(knowledge: Knowledge, school: str, typed: list[str]) -> str:
    """What the terminal shows when these lines are typed at a school, on a fixed day."""
    office = Office(NOVEMBER)
    screen = io.StringIO()
    lines = io.StringIO("".join(f"{line}\n" for line in typed))
    chat(office.assistant(knowledge), Practice(tuple(SCHOOLS.values())), school, "teacher", lines, screen)
    return screen.getvalue()


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda path: path.stem)
def test_a_dialog_runs_as_it_is_written(knowledge: Knowledge, dialog: Path) -> None:
    written = dialog.read_text(encoding="utf-8")
    typed = [line.removeprefix("> ") for line in written.splitlines() if line.startswith("> ")]
    assert play(knowledge, dialog.stem.partition("-")[0], typed) == written
