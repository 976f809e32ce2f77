"""Documents made for the tests: Word files from their XML, PDFs with fpdf2."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from policy_kb.importing import ImportedDocument, read_document

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style>'
)


def p(text: str = "", style: str = "", list_id: int | None = None, depth: int = 0, xml: str = "") -> str:
    """A Word paragraph; `xml` stands in for runs of text."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    listed = "" if list_id is None else f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{named}{listed}</w:pPr>{xml or r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text in a paragraph."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: tuple[str, ...], header: bool = False) -> str:
    """A Word table of paragraphs; with `header` the first row repeats on every page."""
    xml = ""
    for index, cells in enumerate(rows):
        marked = "<w:trPr><w:tblHeader/></w:trPr>" if header and index == 0 else ""
        xml += f"<w:tr>{marked}{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in cells)}</w:tr>"
    return f"<w:tbl>{xml}</w:tbl>"


def levels(*rules: tuple[str, str], style: str = "") -> str:
    """The levels of a Word list as (number format, text), such as ("decimal", "%1.%2")."""
    return "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        + (f'<w:pStyle w:val="{style}{depth + 1}"/>' if style else "")
        + f'<w:pPr><w:ind w:left="{360 * (depth + 1)}"/></w:pPr></w:lvl>'
        for depth, (form, text) in enumerate(rules)
    )


def lists(abstract: Mapping[int, str], instances: Mapping[int, tuple[int, str]]) -> str:
    """word/numbering.xml: list rules by id, and lists by id as (rules, overrides)."""
    rules = "".join(f'<w:abstractNum w:abstractNumId="{key}">{xml}</w:abstractNum>' for key, xml in abstract.items())
    made = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{rule}"/>{xml}</w:num>'
        for key, (rule, xml) in instances.items()
    )
    return f"<w:numbering {_W}>{rules}{made}</w:numbering>"


def docx(*body: str, numbering: str = "", styles: str = "", extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file with these paragraphs and tables."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{_STYLES}{styles}</w:styles>",
        **({"word/numbering.xml": numbering} if numbering else {}),
        **(extra or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def footnotes(**texts: str) -> str:
    """word/footnotes.xml, texts by `n1`, `n2`."""
    notes = "".join(f'<w:footnote w:id="{key[1:]}">{p(text)}</w:footnote>' for key, text in texts.items())
    return f"<w:footnotes {_W}>{notes}</w:footnotes>"


def pdf(draw: Callable[[Any], None], header: str = "", footer: str = "", password: str = "") -> bytes:
    """A PDF drawn by `draw`; `footer` may hold {page}."""
    from fpdf import FPDF

    class Page(FPDF):
        def header(self) -> None:
            self.set_font("Helvetica", size=8)
            self.cell(0, 6, header, new_x="LMARGIN", new_y="NEXT")
            self.ln(6)

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("Helvetica", size=8)
            self.cell(0, 6, footer.format(page=self.page_no()))

    document = Page()
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    document.add_page()
    draw(document)
    return bytes(document.output())


def write(document: Any, text: str, size: float = 11, bold: bool = False, left: float = 0) -> None:
    """One paragraph on the page, set in by `left` millimetres."""
    document.set_font("Helvetica", style="B" if bold else "", size=size)
    document.set_x(document.l_margin + left)
    document.multi_cell(0, size / 2, text, align="L", new_x="LMARGIN", new_y="NEXT")
    document.ln(3)


def imported(folder: Path, name: str, content: str | bytes, **options: Any) -> ImportedDocument:
    """Write a file and read it as policy `p`."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, "p", **options)


def clauses(document: ImportedDocument) -> list[tuple[str, str]]:
    """The clauses as (local id, text)."""
    return [(clause.id.removeprefix("p/"), clause.text) for clause in document.clauses]
