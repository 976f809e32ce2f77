"""One case on paper: what is known, what was decided, everything that was done, and how to check it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.conversation import case_wording as say
from bot.domain.case import Case, Entry
from bot.domain.casework import Opened
from bot.domain.people import School
from bot.domain.ports import Audited
from bot.paper import labels
from bot.paper.case_csv import Answers
from bot.talk.shown import shown

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("case.typ").read_bytes()
PROBE = b"#set document(title: [-])\n#sys.inputs.case"
DECIDED = ("triage", "close", "reopen")


def case_pdf(opened: Opened, school: School, answers: Answers, now: datetime, by: str) -> bytes:
    """The case as a PDF on A4; `by` is who prints it, and no answer is ever cut."""
    sheet = _sheet(opened, school, answers, now, by)
    data = json.dumps(sheet, ensure_ascii=False)
    return _set(data) or _with_signs_named(data, sheet)


def _with_signs_named(data: str, sheet: Mapping[str, Any]) -> bytes:
    lacking = {ord(sign): _named(sign) for sign in set(data) if not _printable(sign)}
    data = json.dumps({**sheet, "note": labels.SIGNS}, ensure_ascii=False).translate(lacking)
    return _set(data) or _set(data, strict=False)


def _set(data: str, template: bytes = TEMPLATE, strict: bool = True) -> bytes:
    """The pages; nothing where they fall short of PDF/UA, which refuses every sign that no font at hand can show."""
    import typst  # 77 MB: only when something is printed

    try:
        return typst.compile(
            template, sys_inputs={"case": data}, pdf_standards="ua-1" if strict else None, font_paths=_fonts()
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


def _sheet(opened: Opened, school: School, answers: Answers, now: datetime, by: str) -> dict[str, Any]:
    case = opened.seen.case
    decided = [entry for entry in case.entries if entry.kind in DECIDED]
    return {
        "title": labels.TITLE.format(ref=case.ref),
        "school": _plain(school.name),
        "ref": case.ref,
        "mark": labels.MARK,
        "printed": _plain(labels.PRINTED.format(when=labels.moment(now, school), by=by)),
        "page": labels.PAGE,
        "note": "",
        "facts": _facts(case, school),
        "parts": [
            _part(labels.DECISIONS, labels.NO_DECISIONS, decided, case, school, answers),
            _part(labels.CHRONOLOGY, "", case.entries, case, school, answers),
        ],
        "audit": _audit(opened.trail, school),
    }


def _facts(case: Case, school: School) -> list[tuple[str, str]]:
    review = labels.day(date.fromisoformat(case.review_on)) if case.review_on else labels.NO_REVIEW
    return [
        (labels.KIND, say.KINDS.get(case.kind, case.kind)),
        (labels.STATE, say.STATES[case.state]),
        (labels.LEVEL, say.LEVELS.get(case.level, case.level) or labels.NONE_YET),
        (labels.OUTCOME, say.OUTCOMES.get(case.outcome, case.outcome) or labels.NONE_YET),
        (labels.OPENED, labels.moment(case.opened, school)),
        (labels.REVIEW, review + (labels.HELD if case.hold else "")),
        (labels.GUIDANCE, case.guidance),
        (labels.ROUTE, case.route),
    ]


def _part(
    title: str, empty: str, entries: Sequence[Entry], case: Case, school: School, answers: Answers
) -> dict[str, Any]:
    corrected = case.happened("correct")
    return {
        "title": title,
        "empty": empty,
        "entries": [_entry(entry, corrected, school, answers.get(entry.seq, ())) for entry in entries],
    }


def _entry(
    entry: Entry, corrections: Sequence[Entry], school: School, answers: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    later = ", ".join(str(one.seq) for one in corrections if one.facts.get("entry") == str(entry.seq))
    done_by = _plain(labels.who(entry.by, entry.kind, school))
    return {
        "title": f"{entry.seq}. {labels.what(entry)}" + (labels.CORRECTED.format(numbers=later) if later else ""),
        "when": labels.WHO.format(when=labels.moment(entry.at, school), who=done_by),
        "answers": [(_plain(label), _plain(text)) for label, text in answers],
    }


def _audit(trail: Sequence[Audited], school: School) -> dict[str, Any]:
    how = labels.AUDIT_HOW.format(seq=trail[-1].seq) if trail else labels.NO_AUDIT
    return {
        "title": labels.AUDIT,
        "text": how,
        "columns": labels.AUDIT_COLUMNS,
        "rows": [_link(link, school) for link in trail],
    }


def _link(link: Audited, school: School) -> tuple[str, ...]:
    at = f"{link.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    by = _plain(labels.who(link.by, link.action, school))
    return (str(link.seq), at, say.ENTRIES.get(link.action, link.action), by, link.digest[:16], link.mac)


def _plain(text: str) -> str:
    """Text that cannot steer the page; a tab has no width in print."""
    return shown(text).expandtabs(4)
