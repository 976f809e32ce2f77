"""The command as a person runs it, on a data folder whose indexes are built once."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.cli import main
from policy_kb.knowledge import Knowledge


@dataclass(frozen=True)
class Ran:
    """What one run of the command gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `signpost WORDS` in this process, beside the session's policies."""
    folder = knowledge.store.path.parent
    monkeypatch.setenv("SIGNPOST_DATA", str(folder))

    def run(*words: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run
