"""Cut HTML into tags and text, in time linear in its length whatever is in it; entities name characters only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})((?:[^<>\"']|\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'){0,200})/?>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,30})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_RAW = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag, its name in small letters."""

    name: str
    closes: bool = False
    written: str = ""

    def get(self, name: str) -> str:
        """The value of an attribute, empty where it is missing."""
        for match in _ATTRIBUTE.finditer(self.written):
            if match[1].lower() == name:
                return html.unescape(match[2] or match[3] or match[4] or name)
        return ""

    @property
    def hidden(self) -> bool:
        """Whether a reader would not see the element."""
        if not self.written:
            return False
        return bool(_HIDDEN.search(self.written)) or self.get("aria-hidden") == "true" or bool(self.get("hidden"))


def tags_and_text(source: str) -> Iterator[Tag | str]:
    """Tags and the text between them, in order; comments, scripts and styles are gone."""
    at, size = 0, len(source)
    while at < size:
        opening = source.find("<", at)
        if opening < 0:
            yield html.unescape(source[at:])
            return
        if opening > at:
            yield html.unescape(source[at:opening])
        if source.startswith("<!--", opening):
            at = _after(source, "-->", opening + 4)
        elif source.startswith(("<!", "<?"), opening):
            at = _after(source, ">", opening)
        elif match := _TAG.match(source, opening):
            tag = Tag(match[2].lower(), bool(match[1]), match[3])
            at = match.end()
            if tag.name in _RAW:
                at = at if tag.closes else _skip(source, tag.name, at)
            else:
                yield tag
        else:
            yield "<"
            at = opening + 1


def _after(source: str, mark: str, start: int) -> int:
    """The place after the next mark; the end where there is none, so that nothing is searched twice."""
    found = source.find(mark, start)
    return found + len(mark) if found >= 0 else len(source)


def _skip(source: str, name: str, start: int) -> int:
    closing = re.compile(rf"</{name}\b[^<>]{{0,100}}>", re.IGNORECASE).search(source, start)
    return closing.end() if closing else len(source)
