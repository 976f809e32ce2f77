"""The long proofs: `python -m tests.drills` lists them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from policy_kb.knowledge import Knowledge, open_knowledge


def installation(folder: str) -> Knowledge:
    """An installation in a folder, with the indexes that the test run has built, where it has."""
    if built := os.environ.get("BUILT"):
        shutil.copy(Path(built) / "policies.db", folder)
    return open_knowledge(Path(folder), print)
