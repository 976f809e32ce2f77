"""Whole dialogs in the terminal: what is typed stands behind "> ", everything else is what comes back."""

import io
from datetime import date
from pathlib import Path

import pytest

from bot import wiring
from bot.channels.terminal.app import chat
from bot.conversation.assistant import StaffAssistant
from bot.conversation.router import Router
from policy_kb.knowledge import Knowledge

DIALOGS = sorted(Path(__file__).parent.glob("*.txt"))


def play(knowledge: Knowledge, school: str, typed: list[str]) -> str:
    """What the terminal shows when these lines are typed at a school, on a fixed day."""
    practice = wiring.practice(knowledge)
    router = Router(knowledge, {known.id: known for known in practice.schools}, lambda: date(2026, 11, 21))
    screen = io.StringIO()
    lines = io.StringIO("".join(f"{line}\n" for line in typed))
    chat(StaffAssistant(router), practice, school, practice.personas[0].id, lines, screen)
    return screen.getvalue()


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda path: path.stem)
def test_a_dialog_runs_as_it_is_written(knowledge: Knowledge, dialog: Path) -> None:
    written = dialog.read_text(encoding="utf-8")
    typed = [line.removeprefix("> ") for line in written.splitlines() if line.startswith("> ")]
    assert play(knowledge, dialog.stem.partition("-")[0], typed) == written
