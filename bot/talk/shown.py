"""Text as it may be shown: nothing in it can steer, hide or turn round what stands beside it."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_MARKS = {0x061C, 0x200E, 0x200F}


def shown(text: str, marks: bool = True) -> str:
    """The text without control characters, tabs and line breaks apart, and without what turns text round.

    `marks` keeps the weak direction marks, for channels that draw each text in an element of its own.
    """
    text = _BREAKS.sub("\n", text)
    return "".join(char for char in text if char in "\n\t" or not _hidden(char, marks))


def _hidden(char: str, marks: bool) -> bool:
    code = ord(char)
    return unicodedata.category(char) in ("Cc", "Cs") or code in _TURNING or (not marks and code in _MARKS)
