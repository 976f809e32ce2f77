"""From what was typed to plain words: case, quotes, slang, school words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[?!]")
_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TRAINEE = re.compile(r"\bstudent (teachers?|nurses?|social workers?|on placement)\b")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"'})
_YEAR_GROUP = re.compile(r"\b(?:y|yr|yrs|year)[ -]?(\d{1,2})(?:'?s)?\b")
_AGE = re.compile(r"\b(\d{1,2})[ -]?(?:yo|y/o|yr old|yrs old|years? old|year-old)s?\b")


def normalise(text: str) -> tuple[str, ...]:
    """The words of a message in lower case, slang and short forms written out."""
    return words(text.translate(_QUOTES))


def words(text: str) -> tuple[str, ...]:
    """As `normalise`, for text that has straight quotes already."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _AGE.sub(r"\1 years old", plain)
    plain = _YEAR_GROUP.sub(r"year \1", plain)
    plain = _TRAINEE.sub(r"trainee \1", plain)
    plain = _STRETCHED.sub(r"\1\1", plain)
    return tuple(word for found in _WORD.findall(plain) for word in _written_out(found))


def _written_out(found: str) -> list[str]:
    """One word as typed: slang that may hold a digit (`b4`) in full, else letters apart from digits."""
    slang = _slang()
    parts = [found] if found in slang else _PARTS.findall(found)
    return [word for part in parts for word in slang.get(part, part).split()]


@cache
def _slang() -> dict[str, str]:
    path = Path(__file__).parent / "slang.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {short: long for table in tables.values() for short, long in table.items()}
