"""Confidential text that cannot print, format, log, compare or pickle itself."""

from __future__ import annotations

from typing import NoReturn

STARS = "•••"


class Sealed:
    """Text that a person typed; `reveal()` is the only way out, and a test lists who may call it."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself."""
        return self.__text

    def __bool__(self) -> bool:
        return bool(self.__text.strip())

    def __repr__(self) -> str:
        return STARS

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return STARS

    def __reduce__(self) -> NoReturn:
        raise TypeError("sealed text cannot be pickled")

    __getstate__ = __reduce__

    def __copy__(self) -> Sealed:
        return self

    def __deepcopy__(self, memo: object) -> Sealed:
        return self
