"""What tests of every part share: the policies with their indexes, built once a run and only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.store import Store


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    opened = open_knowledge(tmp_path_factory.mktemp("knowledge"))
    yield opened
    opened.store.close()


@pytest.fixture
def fresh_store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "policies.db")
    yield store
    store.close()
