"""What the tests of the Slack channel share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.slack.api import Api, api


@pytest.fixture
def web_api() -> Iterator[Api]:
    with api() as here:
        yield here


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are logged as where it serves, whatever a command has set before."""
    monkeypatch.setattr("bot.logs._set", "INFO")
