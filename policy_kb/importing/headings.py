"""Which lines are headings where the format does not say so, and which headings are not."""

from __future__ import annotations

import re
from dataclasses import replace

from policy_kb.importing.blocks import Block, Kind, finished, words

_VERB = re.compile(
    r"\b(?:must|should|shall|will|would|may|might|can|cannot|could|is|are|was|were|be|been|has|have|had|do|does|did|"
    r"need|needs|don[’']t|can[’']t|won[’']t|isn[’']t|applies|ensures?|includes?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|who|whom|whose|when|where|why|how|which|(?:the )?(?:dos?|don[’']?ts?|do[’']s))\b", re.IGNORECASE
)
_POINTS = re.compile(
    r"(?:this|these|we|they|it|you|all|any|the following|such)\b.*:$|"
    r".*\b(?:to|for|as|by|that|with|of|in|and|or|including|aims?|from|following|below)\s*:$",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"[^:]{1,60}:\s+\S|.*\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|.*(?:_{3,}|\.{4,})|[\w.+-]+@[\w.-]+|https?:|www\.|©"
)
_LABELLED = re.compile(
    r"(?:section|part|chapter|appendix|annex|schedule|unit)\s+(?:\d{1,2}|[A-Z]|[IVX]+)\s*:\s+\S", re.IGNORECASE
)
_ASKED = re.compile(r"Q(?:uestion)?\s*\d*\s*[.:)]\s")
_DATE = re.compile(
    r"(?:(?:date|version|v|reviewed|updated|approved|last|next|review|\W)*\s)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*|spring|summer|autumn|winter)(?:\s+term)?,?\s+\d{4}\W*$",
    re.IGNORECASE,
)
_FILL_IN = re.compile(r"_{4,}|…{3,}|\.{6,}")
_PAGE = re.compile(
    r"(?:page\s*)?[-–—|\s]*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*$|.*\bpage\s+\d+\s+of\s+\d+$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:worked |for )?(?:examples?|notes?|nb|n\.b\.|please note|important|case stud(?:y|ies)|scenarios?|tips?|"
    r"reminder)(?: \d+)?[:.]?$",
    re.IGNORECASE,
)


def looks_like_heading(block: Block) -> bool:
    """Whether a line reads as a heading: short, unfinished, a name rather than a statement."""
    text, count = block.text, len(words(block.text))
    if (
        not 0 < count <= (16 if block.strong else 12)
        or len(text) > 110
        or not (text[0].isupper() or text[0] in "\"'“‘(")
    ):
        return block.strong and bool(text) and text[0].isdigit() and 0 < count <= 12
    if text[-1] in ".,;?!…" and not (block.strong and text[-1] in ".!" and count <= 6) or states_fact(text):
        return False
    return not furniture(text) and (capitals(text) or not statement(text))


def states_fact(text: str) -> bool:
    """Whether a line gives a fact about the document: `Approved by: the governors`, a date, an address."""
    return bool(_FACT.match(text)) and not _LABELLED.match(text)


def statement(text: str) -> bool:
    """Whether a short line says something of someone (`We have zero tolerance`) rather than naming a part."""
    names = _ASKS.match(text) and not (text.endswith(":") and len(words(text)) > 3)
    return bool(_POINTS.match(text)) or bool(_VERB.search(text)) and not names


def capitals(text: str) -> bool:
    """Whether it is written in capitals."""
    return text.isupper() and len(text) > 3


def furniture(text: str) -> bool:
    """Whether a line belongs to the page and not to the policy: a page number, a bare date, a line to sign on."""
    blank = bool(_FILL_IN.search(text)) and len(words(text)) <= 8
    return blank or bool(_PAGE.match(text) or _DATE.match(text)) or not any(letter.isalnum() for letter in text)


def aside(text: str) -> bool:
    """Whether a heading only introduces the next paragraph (`Example`, `Note`)."""
    return bool(_ASIDE.match(text))


def question(text: str) -> bool:
    """Whether it is one question and nothing else."""
    body = text.rstrip("\"'”’) ")
    return (
        body.endswith("?")
        and body.count("?") == 1
        and text[0].isupper()
        and len(words(text)) <= 45
        and (bool(_ASKED.match(text)) or not re.search(r"[.!:;]\s+[A-Z]", body[4:]))
    )


def demoted(block: Block) -> Block:
    """A styled heading as a paragraph where it is really a sentence of the policy."""
    long = len(words(block.text)) > 25 or len(words(block.text)) > 12 and block.text.endswith((".", ";", ","))
    sentence = block.text.endswith((".", ";")) and statement(block.text) and len(words(block.text)) > 6
    if block.kind is Kind.HEADING and (long or sentence):
        return replace(block, kind=Kind.PARAGRAPH, level=0)
    return block


def rejoins(before: Block, after: Block) -> bool:
    """Whether a paragraph carries on the sentence of the block before it, parted by a page break."""
    if after.kind is not Kind.PARAGRAPH or after.number or before.kind not in (Kind.PARAGRAPH, Kind.ITEM):
        return False
    open_end = not finished(before.text) or before.text.endswith((",", "-"))
    return open_end and after.text[0].islower() and len(words(before.text)) > 6
