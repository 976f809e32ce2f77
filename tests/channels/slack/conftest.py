"""What the tests of the Slack channel share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_kb.knowledge import Knowledge
from tests.channels.slack.api import Api, api
from tests.channels.slack.laws import faults
from tests.channels.slack.scene import WAYS, Scene, scene


@pytest.fixture
def web_api() -> Iterator[Api]:
    with api() as here:
        yield here


@pytest.fixture(params=WAYS)
def site(request: pytest.FixtureRequest, knowledge: Knowledge, tmp_path: Path) -> Iterator[Scene]:
    """A school in Slack, over both transports; whatever is done there, the laws hold."""
    with scene(request.param, knowledge, tmp_path) as here:
        yield here
        assert faults(here) == []


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are logged as where it serves, whatever a command has set before."""
    monkeypatch.setattr("bot.logs._set", "INFO")
