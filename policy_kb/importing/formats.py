"""Numbers as lists print them: 3 as `3`, `c`, `iii`."""

from __future__ import annotations

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def spelled(count: int, style: str) -> str:
    """A count in one of Word's number formats; those without a plain spelling are given as digits."""
    if style in ("lowerLetter", "upperLetter") and 0 < count <= 780:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if style == "upperLetter" else letters
    if style in ("lowerRoman", "upperRoman") and 0 < count < 400:
        return _roman(count).upper() if style == "upperRoman" else _roman(count)
    return f"{count:02d}" if style == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text
