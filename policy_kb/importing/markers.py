"""Bullets and numbers that somebody typed at the start of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policy_kb.importing.blocks import tidy_space

_BULLET = re.compile(
    r"(?:[•‣▪◦●○■□◆◇❖✦✧✓✔✗➢➤►▶·§\uf000-\uf0ff]\s*|[-–—*+]\s+|[-–](?=[A-Z][a-z])|o\s+(?=[A-Z][a-z]))(?=\S)"
)
_DOTTED = re.compile(
    r"(?P<n>[A-Z]\.?\d{1,3}(?:\.\d{1,3})+|[A-Z]\.\d{1,3}|\d{1,3}(?:\.\d{1,3})+)[.):]?(?:\s+|(?=[A-Z][a-z]))"
)
_SINGLE = re.compile(r"(?P<n>\d{1,3})(?:[.)]\s+|[.)](?=[A-Z])|\s+(?=[A-Z]))(?=\S)")
_LETTER = re.compile(r"(?:\((?P<n>[a-z]|[ivx]{2,5}|\d{1,2})\)\s*|(?P<m>[a-z]|[ivx]{2,5})[.)]\s+)(?=\S)")
_QUANTITY = re.compile(r"(?:am|pm|%|million|billion|per|hours?|minutes?|days?|weeks?|years?|metres?|km|kg|GB|MB)\b")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text parted from what was typed before it."""

    text: str
    bullet: bool = False
    number: str = ""

    @property
    def dotted(self) -> bool:
        """Whether the number names a clause by itself: `6.2`, `A.1`, not `3` or `b`."""
        return "." in self.number

    @property
    def lettered(self) -> bool:
        """Whether it is `a`, `iv` and the like, which mean something only under their paragraph."""
        return self.number.isalpha()


def part(text: str) -> Marked:
    """Part bullets and a number from the text after them; a text without either comes back whole."""
    bullet = False
    while match := _BULLET.match(text):
        bullet, text = True, text[match.end() :]
    for pattern in (_DOTTED, _SINGLE, _LETTER):
        match = pattern.match(text)
        if match and text[match.end() :] and not _QUANTITY.match(text, match.end()):
            number = match["n"] or match["m"] if pattern is _LETTER else match["n"]
            return Marked(text[match.end() :], bullet, dotted(number))
    return Marked(text, bullet)


def dotted(number: str) -> str:
    """The number in one spelling: `A1.2` and `A.1.2` are the same."""
    return re.sub(r"^([A-Z])(?=\d)", r"\1.", number.strip(".() :"))


def roman(number: str) -> bool:
    """Whether it can be a roman numeral in small letters."""
    return bool(number) and set(number) <= set("ivx")


def lines(text: str) -> list[str]:
    """A paragraph cut at the line breaks that type a list or end a sentence; the others are spaces."""
    cut: list[str] = []
    for raw in text.split("\n"):
        line = tidy_space(raw)
        marked = part(line)
        if cut and line and not (marked.bullet or marked.number or cut[-1].endswith((".", ":", ";", "?", "!"))):
            cut[-1] += f" {line}"
        elif line:
            cut.append(line)
    return cut
