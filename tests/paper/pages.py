"""The text of a PDF, page by page."""

from __future__ import annotations

from io import BytesIO

import pdfplumber


def pages(pdf: bytes) -> list[list[str]]:
    """The lines of each page."""
    with pdfplumber.open(BytesIO(pdf)) as book:
        return [page.extract_text().splitlines() for page in book.pages]


def squeezed(text: str) -> str:
    """Text without its spaces: lines break where the page wants."""
    return "".join(text.split())
