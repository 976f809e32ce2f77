"""What every reader hands on: a document as neutral blocks, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_FINISHED = re.compile(r"[.!?:;][\"'”’)\]]*$")


class Kind(StrEnum):
    """What a block is in the document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    `level` is the heading's rank or the item's depth, from 1. `number` is as printed, without brackets or a closing
    dot (`6.2.1`, `A.3`, `4`, `b`, `iv`). `sure` says that the format itself marks the heading; `strong` that the
    whole block is set off by type. A row keeps its `cells`; its text is for search only.
    """

    kind: Kind
    text: str
    level: int = 0
    number: str = ""
    sure: bool = False
    strong: bool = False
    cells: tuple[str, ...] = ()


def tidy_space(text: str) -> str:
    """The text on one line: single spaces, nothing invisible."""
    return " ".join(_INVISIBLE.sub("", text).split())


def finished(text: str) -> bool:
    """Whether a sentence ends here."""
    return bool(_FINISHED.search(text))


def words(text: str) -> list[str]:
    """The words of a text, as printed."""
    return re.findall(r"[^\W_]+(?:['’./-][^\W_]+)*", text)


def key(text: str) -> str:
    """A heading without number, leader dots, case and punctuation, to compare it with another."""
    bare = re.sub(r"^\W*(?:\d+(?:\.\d+)*|[A-Z]\.(?:\d+\.?)*)[.):]?\s+|(?:[.…_]\s?){2,}\d*\s*$", "", text)
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))
