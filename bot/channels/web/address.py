"""The addresses of the case pages, and which of them a button of a case leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.talk.message import Action

CASES = "/cases"
_REF = "S-[0-9A-Z]{4}-[0-9A-Z]{4}"
_ACT = "[a-z][a-z-]{0,29}"
_PAGE = re.compile(rf"{CASES}(/{_REF}(/{_ACT})?)?|/figures|/audit", re.ASCII)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a button leads: a page to look at, or, with `fields`, something that is done by sending them."""

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)


def way(action: Action) -> Way | None:
    """The way of a case's button; None for every other button."""
    ref, act = action.values.get("ref", ""), action.values.get("act", "")
    match action.name:
        case "cases":
            return Way(CASES)
        case "figures":
            return Way("/figures")
        case "trail":
            return Way("/audit")
        case "case":
            return Way(of_case(ref))
        case "case-form":
            return Way(f"{of_case(ref)}/{act}")
        case "case-do":
            return Way(f"{of_case(ref)}/{act}", {"seen": action.values.get("seen", "")})
        case "case-file":
            return Way(f"{of_case(ref)}/export", {"form": action.values.get("form", "")})
        case _:
            return None


def page_of(action: Action) -> str | None:
    """The page to go to for a case's button that stands elsewhere; what is done is done on the page itself."""
    to = way(action)
    return of_case(action.values.get("ref", "")) if to and to.fields else to.address if to else None


def of_case(ref: str) -> str:
    """The page of a case."""
    return f"{CASES}/{ref}"


def is_page(address: str) -> bool:
    """Whether an address could be one of the case pages: nothing else is asked for, or led to."""
    return _PAGE.fullmatch(address) is not None


def is_reference(text: str) -> bool:
    """Whether a text is made like a case's reference."""
    return is_page(of_case(text))
