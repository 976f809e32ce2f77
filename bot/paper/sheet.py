"""A document on A4 paper: facts, parts with their items, and an audit trail to check it by; no text is ever cut."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.ports import Audited
from bot.paper import labels
from bot.talk.shown import shown

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("sheet.typ").read_bytes()
PROBE = b"#set document(title: [-])\n#sys.inputs.sheet"

DIGEST = 16
"""How much of a digest the audit trail shows: enough to tell texts apart."""

Rows = Sequence[tuple[str, str]]
"""Labelled texts, in order."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was answered, decided or done; a title, and when and by whom, may be empty."""

    title: str
    when: str
    answers: Rows


@dataclass(frozen=True, slots=True)
class Part:
    """Items under a heading; `boxed` draws each as a block to sign, and `text` stands before them."""

    title: str
    items: Sequence[Item]
    text: str = ""
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """The links of the audit trail about this document, and how to check them."""

    title: str
    text: str
    rows: Sequence[Sequence[str]]
    columns: Sequence[str] = labels.AUDIT_COLUMNS


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is printed; `lead` is the one sentence to see first, `note` explains how signs were printed."""

    title: str
    school: str
    ref: str
    mark: str
    printed: str
    facts: Rows
    parts: Sequence[Part]
    audit: Audit
    lead: str = ""
    note: str = ""
    page: tuple[str, str] = labels.PAGE


def printed(sheet: Sheet) -> bytes:
    """The sheet as a PDF."""
    whole = asdict(sheet)
    data = _data(whole)
    return _set(data) or _with_signs_named(data, whole)


def audit(title: str, trail: Sequence[Audited], rows: Rows) -> Audit:
    """The audit trail and how to check it; `rows` say what each link did and who did it."""
    links = [_link(link, *row) for link, row in zip(trail, rows, strict=True)]
    return Audit(title, labels.AUDIT_HOW.format(seq=trail[-1].seq) if trail else labels.NO_AUDIT, links)


def _link(link: Audited, what: str, by: str) -> tuple[str, ...]:
    at = f"{link.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return (str(link.seq), at, what, by, link.digest[:DIGEST], link.mac)


def _data(whole: object) -> str:
    return json.dumps(_plain(whole), ensure_ascii=False)


def _plain(value: object) -> object:
    """Texts that cannot steer the page; a tab has no width in print."""
    match value:
        case str():
            return shown(value).expandtabs(4)
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _with_signs_named(data: str, whole: dict[str, object]) -> bytes:
    lacking = {ord(sign): _named(sign) for sign in set(data) if not _printable(sign)}
    data = _data({**whole, "note": labels.SIGNS}).translate(lacking)
    return _set(data) or _set(data, strict=False)


def _set(data: str, template: bytes = TEMPLATE, strict: bool = True) -> bytes:
    """The pages; nothing where they fall short of PDF/UA, which refuses every sign that no font at hand can show."""
    import typst  # 77 MB: only when something is printed

    try:
        return typst.compile(
            template, sys_inputs={"sheet": data}, pdf_standards="ua-1" if strict else None, font_paths=_fonts()
        )
    except typst.TypstError:
        if strict:
            return b""
        raise


@cache
def _fonts() -> typst.Fonts:
    """The fonts that came along, and those of this machine: looked for once, as that takes longer than a page."""
    import typst

    return typst.Fonts()


@cache
def _printable(sign: str) -> bool:
    return sign.isascii() or bool(_set(sign, PROBE))


def _named(sign: str) -> str:
    """What stands for a sign that no font has: the name of a picture, the number of a letter."""
    name = unicodedata.name(sign, "") if unicodedata.category(sign) in ("So", "Sk") else ""
    return f"[{name.lower() or f'U+{ord(sign):04X}'}]"
