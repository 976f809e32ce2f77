"""Give every clause its id: the printed number where there is one, else section slug and place in the section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policy_kb.importing import slugs
from policy_kb.importing.clauses import Draft, drafts
from policy_kb.importing.sections import Section

_NAMES_ITSELF = re.compile(r"(?:[A-Z]\.)?\d+(?:\.\d+)*(?:\.[a-z]{1,5})?")
_INITIALS = set(
    "AI AUP CCTV CEOP CIC CPD CPOMS DBS DFE DPO DSL EYFS FAQ GDPR HR ICT IT KCSIE LA LADO LGB MAT PE PSHE RSE SEN "
    "SENCO SEND SLT SMT UK VLE".split()
)
_ALONE = ("Text",)
"""What the one section of a document without headings is called."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """A section with the clauses found in it."""

    path: tuple[str, ...]
    number: str
    drafts: tuple[Draft, ...]


def identified(sections: Sequence[Section], title: str, given: Mapping[str, str]) -> list[tuple[str, str, Draft]]:
    """Every clause as (local id, section heading, draft), in document order; ids are unique."""
    filled = [_Filled(section.path, section.number, tuple(drafts(section.blocks))) for section in sections]
    filled = [section for section in filled if section.drafts]
    opening = _opening(filled)
    filled = [section if section.path else replace(section, path=opening) for section in filled]
    return list(_named(filled, title, given))


def _named(filled: Sequence[_Filled], title: str, given: Mapping[str, str]) -> Iterator[tuple[str, str, Draft]]:
    paths = list(dict.fromkeys(section.path for section in filled))
    chosen = dict(zip(paths, slugs.slugs(paths, title, given), strict=True))
    printed, used, places = _printed(filled), set[str](), Counter[str]()
    for section in filled:
        for draft in section.drafts:
            slug = _slug(section.path, draft.part, chosen, title, given)
            places[slug] += 1
            by_number = draft.number in printed and draft.number not in used
            local = draft.number if by_number else f"{slug}.{places[slug]}"
            used.add(local)
            heading = readable(section.path[-1])
            yield local, f"{heading}: {draft.part}" if draft.part else heading, draft


def _opening(filled: Sequence[_Filled]) -> tuple[str, ...]:
    """What to call the text before the first heading."""
    heads = [slugs.fold(section.path[-1]) for section in filled if section.path]
    if not heads:
        return _ALONE
    return ("Preamble",) if any(head.startswith("intro") for head in heads) else ("Introduction",)


def _printed(filled: Sequence[_Filled]) -> set[str]:
    """The printed numbers that name one clause each: `6.2` always, `6` where numbers run on through the document."""
    numbers = Counter(draft.number for section in filled for draft in section.drafts if draft.number)
    heads = any(section.number for section in filled)
    single = [number for number in numbers if number.isdigit()]
    running = not heads and len(single) >= 3 and all(numbers[number] == 1 for number in single)
    return {number for number in numbers if _NAMES_ITSELF.fullmatch(number) and ("." in number or running)}


def _slug(
    path: tuple[str, ...], part: str, chosen: Mapping[tuple[str, ...], str], title: str, given: Mapping[str, str]
) -> str:
    if not part:
        return chosen[path]
    wanted = {slugs.fold(heading): slug for heading, slug in given.items()}
    return wanted.get(slugs.fold(f"{path[-1]} / {part}")) or slugs.nested(path[-1], part, title)


def readable(heading: str) -> str:
    """A heading to be cited: capitals only where a word is one of its own (`ICT`)."""
    if not heading.isupper():
        return heading
    text = re.sub(r"[A-Z]{2,}", lambda word: word[0] if word[0] in _INITIALS else word[0].lower(), heading)
    return text[:1].upper() + text[1:]
