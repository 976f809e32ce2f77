"""What Word's styles say of a paragraph: heading rank, list, bold, hidden; inherited along the chain of styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from policy_kb.importing.word_numbers import W, indent_of

_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; `outline` is 1 for the highest heading, 0 for none; `number` `0` switches a list off."""

    name: str = ""
    outline: int = 0
    number: str = ""
    depth: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    contents: bool = False
    indent: int | None = None


@dataclass
class Styles:
    """The styles of a document by id."""

    known: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def get(self, style_id: str) -> Style:
        """The style, the document's default where the id is unknown."""
        return self.known.get(style_id) or self.known.get(self.default) or Style()


def read_styles(root: Element | None) -> Styles:
    """The paragraph and character styles of word/styles.xml, each with what it inherits."""
    styles = Styles()
    if root is None:
        return styles
    written = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    for style_id, element in written.items():
        styles.known[style_id] = _inherited(style_id, written)
        if element.get(f"{W}default") == "1" and element.get(f"{W}type") == "paragraph":
            styles.default = style_id
    return styles


def _inherited(style_id: str, written: dict[str, Element]) -> Style:
    chain, seen = list[str](), set[str]()
    while style_id in written and style_id not in seen and len(chain) < 30:
        seen.add(style_id)
        chain.append(style_id)
        parent = written[style_id].find(f"{W}basedOn")
        style_id = "" if parent is None else parent.get(f"{W}val", "")
    style = Style()
    for each in reversed(chain):
        style = _with(style, written[each], each)
    return style


def _with(style: Style, element: Element, style_id: str) -> Style:
    name_element = element.find(f"{W}name")
    name = style_id if name_element is None else name_element.get(f"{W}val", "")
    outline = style.outline
    if match := _HEADING.fullmatch(name):
        outline = int(match[1])
    elif name.lower() == "title":
        outline = 1
    if (properties := element.find(f"{W}pPr")) is not None:
        own = outline_of(properties)
        outline = outline if own is None else own
        number, depth = list_of(properties)
        indent = indent_of(properties)
        style = replace(
            style,
            number=number or style.number,
            depth=style.depth if depth is None else depth,
            indent=style.indent if indent is None else indent,
        )
    if (run := element.find(f"{W}rPr")) is not None:
        bold, hidden = switched(run, "b"), switched(run, "vanish")
        style = replace(
            style, bold=style.bold if bold is None else bold, hidden=style.hidden if hidden is None else hidden
        )
    contents = bool(re.match(r"toc(?: ?\d| heading)$", name, re.IGNORECASE))
    return replace(style, name=name, outline=outline, contents=contents)


def outline_of(properties: Element | None) -> int | None:
    """The heading rank properties set, 0 for body text, None where they do not say."""
    level = None if properties is None else properties.find(f"{W}outlineLvl")
    value = "" if level is None else level.get(f"{W}val", "")
    return (int(value) + 1) % 10 if re.fullmatch("[0-9]", value) else None


def list_of(properties: Element) -> tuple[str, int | None]:
    """The list instance and depth (from 0) that properties set; empty and None where they set nothing."""
    number = properties.find(f"{W}numPr/{W}numId")
    depth = properties.find(f"{W}numPr/{W}ilvl")
    value = "" if depth is None else depth.get(f"{W}val", "")
    return (
        "" if number is None else number.get(f"{W}val", ""),
        int(value) if re.fullmatch("[0-8]", value) else None,
    )


def switched(properties: Element, name: str) -> bool | None:
    """Whether a property is on or off, None where it is not said."""
    element = properties.find(f"{W}{name}")
    return None if element is None else element.get(f"{W}val", "1") not in ("0", "false", "off")
