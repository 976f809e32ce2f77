"""The text of a Word paragraph as it would print: insertions in, deletions and field codes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from policy_kb.importing.word_numbers import W
from policy_kb.importing.word_styles import switched

_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": " "}
_GONE = {
    f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "pPr", "txbxContent", "rPr", "sdtPr", "rt")
}
_FALLBACK = f"{_ALTERNATIVE}Fallback"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one format; `note` names the footnote that is called here. None leaves it to the style."""

    text: str
    bold: bool | None = None
    hidden: bool | None = None
    note: str = ""


def runs(element: Element) -> Iterator[Run]:
    """The runs of a paragraph in order, whatever wraps them."""
    for child in element:
        if child.tag == f"{W}r":
            yield from _run(child)
        elif child.tag == _MATH:
            yield Run(child.text or "")
        elif child.tag not in _GONE and child.tag != _FALLBACK:
            yield from runs(child)


def _run(element: Element) -> Iterator[Run]:
    properties = element.find(f"{W}rPr")
    bold = None if properties is None else switched(properties, "b")
    hidden = None if properties is None else switched(properties, "vanish")
    for child in element:
        name = child.tag.removeprefix(W)
        if name == "t":
            yield Run(child.text or "", bold, hidden)
        elif name in ("footnoteReference", "endnoteReference"):
            yield Run("", bold, hidden, note=name.removesuffix("Reference") + child.get(f"{W}id", ""))
        elif name == "sym":
            yield Run("• ", bold, hidden)
        elif name in _SIGNS:
            page = child.get(f"{W}type") in ("page", "column")
            yield Run(" " if page else _SIGNS[name], bold, hidden)


def boxes(element: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph, each once."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != _FALLBACK:
            yield from boxes(child)
