"""A file that goes out: written where the person started Signpost, and never over another."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from bot.talk.turn import Download


def keep(file: Download, folder: Path) -> Path:
    """Write the file, under another name where its own is taken; only its owner can read it. Raises OSError."""
    name = Path(file.name)
    for number in count(1):
        path = folder / (f"{name.stem}-{number}{name.suffix}" if number > 1 else name.name)
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        path.write_bytes(file.body)
        return path
    raise AssertionError("there is always one more number")
