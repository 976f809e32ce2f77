"""What tests of every part share: the policies with their indexes, built once a run and only when asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.store import Store


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    folder = tmp_path_factory.mktemp("knowledge")
    if built := os.environ.get("BUILT"):
        shutil.copy(Path(built) / "policies.db", folder)
    opened = open_knowledge(folder)
    yield opened
    opened.store.close()


@pytest.fixture
def fresh_store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "policies.db")
    yield store
    store.close()
