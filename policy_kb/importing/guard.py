"""What a file is, told by its content before any parser sees it, and what is refused outright."""

from __future__ import annotations

import stat
from enum import StrEnum
from pathlib import Path

from policy_kb.errors import PolicyError

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 3_000_000
SUFFIXES = (".md", ".txt", ".docx", ".pdf", ".html", ".markdown", ".htm")

_MAGIC = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x1f\x8b", "a packed archive"),
    (b"7z\xbc\xaf", "a packed archive"),
    (b"Rar!", "a packed archive"),
    (b"{\\rtf", "a Rich Text file"),
    (b"SQLite format 3", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Content(StrEnum):
    """What the bytes of a file are."""

    TEXT = "text"
    PDF = "pdf"
    ZIP = "zip"


def read_guarded(path: Path) -> bytes:
    """The bytes of an ordinary file of a bearable size; raises PolicyError before reading anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PolicyError(f"{path.name} is not a file: name a .md, .txt, .docx, .pdf or .html document")
        if status.st_size > MAX_BYTES:
            size, most = status.st_size // 1_000_000, MAX_BYTES // 1_000_000
            raise PolicyError(f"{path.name} is {size} MB and {most} MB is the most: save it without its pictures")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise PolicyError(f"{path.name} cannot be read ({reason}): check the name and that you may open it") from None
    if len(data) > MAX_BYTES:
        raise PolicyError(f"{path.name} grew while it was read: close it elsewhere and try again")
    if path.suffix.lower() not in SUFFIXES:
        raise PolicyError(f"{path.name} cannot be imported: save it as .docx, .pdf, .md, .txt or .html")
    return data


def content_of(data: bytes, name: str) -> Content:
    """Tell the content by its first bytes; raises PolicyError for what is no document or cannot be opened."""
    if not data.strip():
        raise PolicyError(f"{name} is empty: there is nothing to import")
    if data.startswith(_OLE):
        raise PolicyError(f"{name} is {_old_office(data)}")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise PolicyError(f"{name} is {what}, not a document: import a .docx, .pdf, .md, .txt or .html file")
    if b"%PDF-" in data[:1024]:
        return Content.PDF
    return Content.ZIP if data.startswith(b"PK") else Content.TEXT


def refuse_long(text: str, name: str) -> None:
    """Refuse a text far beyond any policy, which would only keep the parsers busy."""
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(f"{name} holds {len(text):,} characters, no policy is that long: import one policy at a time")


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "protected by a password: open it in Word, remove the password, and save it again"
    return "an old Word file (.doc): open it in Word and save it as .docx"
