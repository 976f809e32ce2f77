"""Markdown and stray HTML inside a line, taken off so that the words alone remain."""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|code|div|em|font|h[1-6]|hr|i|img|input|ins|label|li|mark|ol|p|s|small|span|strong|"
    r"sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_NOTE = re.compile(r"\[\^[\w-]{1,20}\]:?")
_STARS = re.compile(r"(\*{1,3})(?=\S)([^*]{1,5000}?)(?<=\S)\1")
_UNDERSCORES = re.compile(r"(?<![\w])(_{1,2})(?=[^\s_])([^_]{1,5000}?)(?<=[^\s_])\1(?![\w])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_STRONG = re.compile(
    r"^\s*(?:\*\*|__)(?P<inner>[^*]{1,400})(?:\*\*|__)\s*:?\s*$|^\s*<(?:b|strong)>[^<]{1,400}</(?:b|strong)>\s*$"
)


def strong(text: str) -> bool:
    """Whether the whole text is set in bold."""
    return bool(_STRONG.match(text))


def bare(text: str) -> str:
    """The text without Markdown marks and HTML tags, entities resolved; words are never touched."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "[" in text:
        text = _NOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    if "`" in text:
        text = text.replace("`", "")
    if "*" in text:
        text = _STARS.sub(r"\2", _STARS.sub(r"\2", text)).replace("**", "")
    if "_" in text:
        text = _UNDERSCORES.sub(r"\2", text)
    text = _ESCAPE.sub(r"\1", text)
    return html.unescape(text) if "&" in text else text
