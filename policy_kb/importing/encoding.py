"""Bytes into text, or a refusal: a policy must not be stored as garbage."""

from __future__ import annotations

import codecs
import re

from policy_kb.errors import PolicyError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS = set(
    "‘’“”‚„–—•…†‡€£©®™°¬±²³¼½¾·«»×÷§¶¨´`¡¿ªº¢¥¦¯¸\xa0\xadàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßðþÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒœŠšŽžŸÞÐ"
)
_ODD = re.compile("[a-z][À-ÖØ-ÞŠŽŸŒ]|[À-ÿŠŽŸŒšžœ]{3}|[À-ÖØ-ÞŠŽŸŒ]{2}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, name: str) -> str:
    """Decode by byte order mark, else UTF-8, else Windows-1252; raises PolicyError where the text would be a guess."""
    text = _by_mark(data, name)
    if text is None:
        text = _without_mark(data, name)
    if len(_CONTROL.findall(text)) * 200 > len(text) or "\x00" in text:
        raise PolicyError(f"{name} is not a text file: import a .docx, .pdf, .md, .txt or .html document")
    return text


def _by_mark(data: bytes, name: str) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise _undecidable(name) from None
    return None


def _without_mark(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _undecidable(name) from None
    if not _plausible(text):
        raise _undecidable(name)
    return text


def _plausible(text: str) -> bool:
    """Whether it reads as Windows-1252: few special characters, and none where another encoding would put them."""
    special = [letter for letter in text if letter > "\x7f"]
    letters = [letter for letter in special if letter.isalpha()]
    odd = len(_ODD.findall(text))
    return len(special) * 5 <= len(text) and len(letters) * 12 <= len(text) and not odd and set(special) <= _WINDOWS


def _undecidable(name: str) -> PolicyError:
    return PolicyError(f"the characters of {name} cannot be told for certain: save it as UTF-8 and import it again")
