"""Small rules about JSON, put together into large ones; each tells what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
"""What is wrong with a value, each as `path: complaint`."""

NOTHING: Mapping[str, Rule] = {}


def string(most: int, least: int = 1) -> Rule:
    """A string with a length."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path}: not a string"
        elif not least <= len(value) <= most:
            yield f"{path}: {len(value)} characters, not {least} to {most}"

    return rule


def pattern(expression: str) -> Rule:
    """A string that has a form."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            yield f"{path}: not of the form {expression}"

    return rule


def one_of(*values: str) -> Rule:
    """One of some strings."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if value not in values:
            yield f"{path}: not one of {', '.join(values)}"

    return rule


def flag(value: Any, path: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{path}: not true or false"


def number(least: int, most: int) -> Rule:
    """A whole number in a range."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{path}: not a whole number"
        elif not least <= value <= most:
            yield f"{path}: {value}, not {least} to {most}"

    return rule


def many(each: Rule, least: int, most: int) -> Rule:
    """A list with a length."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        if not least <= len(value) <= most:
            yield f"{path}: {len(value)} items, not {least} to {most}"
        for index, item in enumerate(value):
            yield from each(item, f"{path}[{index}]")

    return rule


def shape(needed: Mapping[str, Rule], may: Mapping[str, Rule] = NOTHING, also: Rule | None = None) -> Rule:
    """An object with these keys and no others."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: not an object"
            return
        known = {**needed, **may}
        yield from (f"{path}.{key}: missing" for key in needed if key not in value)
        for key, held in value.items():
            if key not in known:
                yield f"{path}.{key}: unknown key"
            else:
                yield from known[key](held, f"{path}.{key}")
        if also:
            yield from also(value, path)

    return rule


def kinds(table: Mapping[str, Rule], *names: str) -> Rule:
    """One of several kinds of object, told apart by its `type`; looked up late, because they hold each other."""

    def rule(value: Any, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in (names or table):
            yield f"{path}: a {kind!r} may not stand here"
        else:
            yield from table[str(kind)](value, path)

    return rule


def both(*rules: Rule) -> Rule:
    """All of several rules."""

    def rule(value: Any, path: str) -> Iterator[str]:
        for each in rules:
            yield from each(value, path)

    return rule


def typed(name: str) -> dict[str, Rule]:
    """The key `type` of an object."""
    return {"type": one_of(name)}
