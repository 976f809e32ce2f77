"""What a person sees of blocks, as lines: texts as they are, a button as `[Label]`, an input as `Question: answer`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.slack.check_blocks import elements
from tests.slack.surface import JSON, State, value_key

_MARK = re.compile(r"<([^<>]*)>")


def lines(blocks: Sequence[JSON], state: State, errors: Mapping[str, str] | None = None) -> list[str]:
    """The lines of some blocks, from top to bottom."""
    found = []
    for block in blocks:
        found += [*_block(block, state.get(block["block_id"], {}))]
        if errors and block["block_id"] in errors:
            found.append(f"! {errors[block['block_id']]}")
    return found


def text(value: JSON) -> str:
    """A text object as it is read; markup that took effect stands in double brackets."""
    if value["type"] == "plain_text":
        return str(value["text"])
    marked = _MARK.sub(r"[[\1]]", value["text"])
    return marked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def label(element: JSON) -> str:
    """What stands on a button."""
    return text(element["text"]) if "text" in element else element["type"]


def _block(block: JSON, state: Mapping[str, JSON]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield text(block["text"])
        case "section":
            yield from (
                text(each) for each in [*([block["text"]] if "text" in block else []), *block.get("fields", [])]
            )
        case "context":
            yield from (text(each) if "text" in each else f"({each['alt_text']})" for each in block["elements"])
        case "divider":
            yield "---"
        case "image":
            yield f"({block['alt_text']})"
        case "markdown":
            yield block["text"]
        case "table":
            yield from (" | ".join(_cell(each) for each in row) for row in block["rows"])
        case "rich_text":
            yield from (line for each in block["elements"] for line in _rich(each))
        case "input":
            yield from _input(block, state)
            return
    yield from _clickable(elements(block), state)


def _cell(cell: JSON) -> str:
    return str(cell["text"]) if cell["type"] == "raw_text" else " ".join(_rich_all(cell))


def _rich_all(block: JSON) -> list[str]:
    return [line for each in block["elements"] for line in _rich(each)]


def _rich(element: JSON) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        yield from (f"- {line}" for each in element["elements"] for line in _rich(each))
        return
    before = "> " if element["type"] == "rich_text_quote" else ""
    yield before + "".join(_word(each) for each in element["elements"])


def _word(element: JSON) -> str:
    match element["type"]:
        case "text":
            return str(element["text"])
        case "link":
            return f"[[{element['url']}|{element.get('text', '')}]]"
        case kind:
            return f"[[{kind} {' '.join(str(value) for key, value in element.items() if key != 'type')}]]"


def _clickable(found: Sequence[JSON], state: Mapping[str, JSON]) -> Iterator[str]:
    for element in found:
        yield f"[{label(element)}]" if element["type"] in ("button", "icon_button") else _value(element, state)


def _input(block: JSON, state: Mapping[str, JSON]) -> Iterator[str]:
    optional = " (optional)" if block.get("optional") else ""
    yield f"{text(block['label'])}{optional}: {_value(block['element'], state)}".rstrip()
    yield from (f"  {text(each)}" for each in [block.get("hint")] if each)
    if block["element"]["type"] in ("radio_buttons", "checkboxes"):
        yield from (f"  ( ) {text(each['text'])}" for each in block["element"]["options"])


def _value(element: JSON, state: Mapping[str, JSON]) -> str:
    value = state.get(element["action_id"])
    if value is None:
        return f"[{element['type']}]"
    held = value[value_key(element)]
    if isinstance(held, dict):
        return text(held["text"])
    if isinstance(held, list):
        return ", ".join(text(each["text"]) if isinstance(each, dict) else str(each) for each in held)
    return str(held or "")
