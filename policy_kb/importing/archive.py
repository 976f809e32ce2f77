"""Open a .docx without trusting it: sizes are held by its directory and while reading, its XML defines nothing."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import TypeVar
from xml.etree import ElementTree
from xml.parsers import expat

from policy_kb.errors import PolicyError

_Read = TypeVar("_Read")
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300_000_000
MAX_PART = 40_000_000
MAX_RATIO = 250
MAX_DEPTH = 150
MAX_ELEMENTS = 1_500_000
_SMALL = 1_000_000
"""Bytes up to which a part may be packed as tightly as it likes: white space packs a thousandfold."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_OTHERS = (
    ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("mimetype", "an OpenDocument or e-book file"),
    ("META-INF/MANIFEST.MF", "a program"),
)


class Package:
    """The parts of a .docx file, each read at most once and never beyond the limits."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._zip = self._guarded(lambda: zipfile.ZipFile(io.BytesIO(data)))
        self._sizes = {info.filename: info for info in self._zip.infolist()}
        self._refuse_bomb()
        if "word/document.xml" not in self._sizes or "[Content_Types].xml" not in self._sizes:
            what = next((what for part, what in _OTHERS if part in self._sizes), "a zip archive")
            raise PolicyError(f"{name} is {what}, not a Word document: save the policy as .docx or .pdf")

    def xml(self, part: str) -> ElementTree.Element | None:
        """The root of an XML part, None where the file has no such part."""
        if part not in self._sizes:
            return None
        data = self._guarded(lambda: self._read(part))
        return parse(data, self.name)

    def _read(self, part: str) -> bytes:
        with self._zip.open(self._sizes[part]) as stream:
            data = stream.read(MAX_PART + 1)
        if len(data) > MAX_PART:
            raise PolicyError(f"{self.name} unpacks to far more than a policy holds: it was not opened")
        return data

    def _refuse_bomb(self) -> None:
        infos = self._zip.infolist()
        unpacked = sum(info.file_size for info in infos)
        tight = any(info.file_size > max(_SMALL, MAX_RATIO * info.compress_size) for info in infos)
        if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or tight:
            raise PolicyError(f"{self.name} unpacks to far more than a policy holds: it was not opened")
        if any(info.flag_bits & 1 for info in infos):
            raise PolicyError(f"{self.name} is protected by a password: remove the password and save it again")

    def _guarded(self, act: Callable[[], _Read]) -> _Read:
        try:
            return act()
        except _BROKEN:
            raise PolicyError(
                f"{self.name} is damaged: open it in Word, save it again as .docx, and import that"
            ) from None


def parse(data: bytes, name: str) -> ElementTree.Element:
    """The root element; raises PolicyError for XML that is broken, defines entities, or grows without bound."""
    try:
        _check(data, name)
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError):
        raise PolicyError(f"{name} is damaged: open it in Word, save it again as .docx, and import that") from None


def _check(data: bytes, name: str) -> None:
    depth = count = 0

    def refuse(*_: object) -> None:
        raise PolicyError(f"{name} holds XML definitions, which no Word document needs: it was not opened")

    def start(*_: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise PolicyError(
                f"{name} is nested too deeply or too large: copy its text into a new document and save that"
            )

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
