"""Word's automatic numbers, counted as Word counts them: the file holds only the rule, never the number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from policy_kb.importing.formats import spelled

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it is written, the style that carries it."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    style: str = ""
    legal: bool = False
    restart: int = -1
    indent: int | None = None


@dataclass
class Numbers:
    """The lists of a document and how far each has counted."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    instances: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)

    def level(self, number: str, depth: int) -> Level | None:
        """The rule for a level of a list instance, None where the list is unknown or switched off."""
        if number not in self.instances:
            return None
        abstract, overrides, _ = self.instances[number]
        return overrides.get(depth) or self.abstract.get(abstract, {}).get(depth)

    def next(self, number: str, depth: int) -> str:
        """Count one paragraph on and give its label as printed, empty for a bullet."""
        level = self.level(number, depth)
        if level is None or not 0 <= depth < _LEVELS:
            return ""
        abstract, _, starts = self.instances[number]
        counts = self.counts.setdefault(abstract, [None] * _LEVELS)
        if depth in starts and (number, depth) not in self.started:
            counts[depth] = None
        self.started.add((number, depth))
        last = counts[depth]
        counts[depth] = starts.get(depth, level.start) if last is None else last + 1
        for deeper in range(depth + 1, _LEVELS):
            rule = self.level(number, deeper)
            if not rule or rule.restart != 0:
                counts[deeper] = None
        return "" if level.format in ("bullet", "none") else self._label(number, level, counts)

    def _label(self, number: str, level: Level, counts: list[int | None]) -> str:
        def written(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            rule = self.level(number, depth) or Level()
            count = counts[depth]
            return spelled(rule.start if count is None else count, "decimal" if level.legal else rule.format)

        return re.sub(r"%([1-9])", written, level.text)

    def by_style(self) -> dict[str, tuple[str, int]]:
        """Which list and level a paragraph style carries by the list's own word."""
        found: dict[str, tuple[str, int]] = {}
        for number, (abstract, _, _) in self.instances.items():
            for depth, level in self.abstract.get(abstract, {}).items():
                if level.style:
                    found.setdefault(level.style, (number, depth))
        return found


def read_numbers(root: Element | None) -> Numbers:
    """The lists that word/numbering.xml defines."""
    numbers = Numbers()
    if root is None:
        return numbers
    links: dict[str, str] = {}
    named: dict[str, str] = {}
    for abstract in root.iter(f"{W}abstractNum"):
        key = abstract.get(f"{W}abstractNumId", "")
        numbers.abstract[key] = dict(_levels(abstract))
        links[key] = _value(abstract.find(f"{W}numStyleLink"))
        named[_value(abstract.find(f"{W}styleLink"))] = key
    for number in root.iter(f"{W}num"):
        abstract_key = _value(number.find(f"{W}abstractNumId"))
        abstract_key = named.get(links.get(abstract_key, ""), abstract_key) if links.get(abstract_key) else abstract_key
        overrides: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in number.findall(f"{W}lvlOverride"):
            depth = _whole(override.get(f"{W}ilvl"), 0)
            overrides.update(_levels(override))
            if (start := override.find(f"{W}startOverride")) is not None:
                starts[depth] = _whole(_value(start), 1)
        numbers.instances[number.get(f"{W}numId", "")] = (abstract_key, overrides, starts)
    return numbers


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for level in parent.findall(f"{W}lvl"):
        restart = level.find(f"{W}lvlRestart")
        yield (
            _whole(level.get(f"{W}ilvl"), 0),
            Level(
                start=_whole(_value(level.find(f"{W}start")), 1),
                format=_value(level.find(f"{W}numFmt")) or "decimal",
                text=_value(level.find(f"{W}lvlText")),
                style=_value(level.find(f"{W}pStyle")),
                legal=level.find(f"{W}isLgl") is not None,
                restart=-1 if restart is None else _whole(_value(restart), -1),
                indent=indent_of(level.find(f"{W}pPr")),
            ),
        )


def indent_of(properties: Element | None) -> int | None:
    """How far properties set a paragraph in from the left, in twentieths of a point; None where they do not say."""
    indent = None if properties is None else properties.find(f"{W}ind")
    if indent is None:
        return None
    written = indent.get(f"{W}left") or indent.get(f"{W}start")
    return _whole(written, 0) if written else None


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise
