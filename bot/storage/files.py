"""Files that hold keys: for their owner alone, whole or not at all, and synced."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex


def write(path: Path, data: bytes) -> None:
    """Write a new file for its owner alone, whole or not at all, and synced; raises FileExistsError."""
    started = path.with_name(f".{token_hex(8)}")
    try:
        with os.fdopen(os.open(started, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(started, path)  # unlike a rename it never replaces: of two processes one is first, and knows it
    finally:
        started.unlink(missing_ok=True)
    _sync(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone where there is none."""
    path.mkdir(0o700, parents=True, exist_ok=True)
    _sync(path.parent)


def shred(path: Path) -> None:
    """Overwrite a file in place, so that any other name of it holds nothing either, and remove it."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync(path.parent)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened, and its entries are kept in order by the file system
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_loose(path: Path) -> bool:
    """Whether anybody but its owner may use a file or a folder."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
