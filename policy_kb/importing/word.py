"""Read a .docx from its XML: text as Word shows it, automatic numbers counted, deletions left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from policy_kb.importing.archive import Package
from policy_kb.importing.blocks import Block, Kind, tidy_space
from policy_kb.importing.guard import refuse_long
from policy_kb.importing.markers import lines, part
from policy_kb.importing.word_numbers import Numbers, W, indent_of, read_numbers
from policy_kb.importing.word_styles import Style, Styles, list_of, outline_of, read_styles, switched
from policy_kb.importing.word_text import Run, boxes, runs

_INSIDE = {f"{W}{name}" for name in ("sdtContent", "ins", "moveTo", "smartTag", "customXml", "body", "txbxContent")}


def read(data: bytes, name: str) -> list[Block]:
    """The blocks of a Word document; raises PolicyError for what is none or is built to harm."""
    package = Package(data, name)
    document = package.xml("word/document.xml")
    numbers = read_numbers(package.xml("word/numbering.xml"))
    styles = read_styles(package.xml("word/styles.xml"))
    notes = {**_notes(package, "footnote"), **_notes(package, "endnote")}
    body = None if document is None else document.find(f"{W}body")
    blocks = [] if body is None else list(_Reader(numbers, styles, numbers.by_style(), notes).blocks(body))
    refuse_long("".join(block.text for block in blocks), name)
    return blocks


def _notes(package: Package, kind: str) -> dict[str, str]:
    root = package.xml(f"word/{kind}s.xml")
    found = {}
    for note in () if root is None else root.iter(f"{W}{kind}"):
        text = tidy_space(" ".join("".join(run.text for run in runs(p)) for p in note.iter(f"{W}p")))
        found[f"{kind}{note.get(f'{W}id', '')}"] = text if note.get(f"{W}type") is None else ""
    return found


@dataclass
class _Reader:
    numbers: Numbers
    styles: Styles
    carried: dict[str, tuple[str, int]]
    notes: dict[str, str] = field(default_factory=dict)
    indents: list[int] = field(default_factory=list)

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Paragraphs and tables in reading order, through whatever wraps them."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt":
                if not _lists_contents(child):
                    yield from self.blocks(child)
            elif child.tag in _INSIDE:
                yield from self.blocks(child)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = element.find(f"{W}pPr")
        style = self._style(properties)
        label, indent = self._label(properties, style)
        shown = [run for run in runs(element) if not (style.hidden if run.hidden is None else run.hidden)]
        cut = [] if style.contents else lines(_text(shown, self.notes))
        strong = bool(shown) and all(run.bold or run.bold is None and style.bold for run in shown if run.text.strip())
        own = outline_of(properties)
        outline = style.outline if own is None else own
        level = self._level(indent) if indent is not None and cut else 0
        if cut and not level:
            self.indents.clear()
        for index, line in enumerate(cut):
            yield _block(line, outline, label if index == 0 else "", level if index == 0 else 0, strong)
        for box in boxes(element):
            yield from self.blocks(box)

    def _style(self, properties: Element | None) -> Style:
        named = None if properties is None else properties.find(f"{W}pStyle")
        return self.styles.get("" if named is None else named.get(f"{W}val", ""))

    def _label(self, properties: Element | None, style: Style) -> tuple[str, int | None]:
        """The automatic number, and how far the list sets the paragraph in, None for a paragraph in no list."""
        number, depth = ("", None) if properties is None else list_of(properties)
        named = None if properties is None else properties.find(f"{W}pStyle")
        carried = self.carried.get("" if named is None else named.get(f"{W}val", ""))
        if not number and style.number:
            number, depth = style.number, style.depth if depth is None else depth
        if carried and number == style.number and (number == carried[0] or not number):
            number, depth = carried
        depth = depth or 0
        level = None if number in ("", "0") else self.numbers.level(number, depth)
        if level is None:
            return "", None
        indents = (
            indent_of(properties),
            None if style.number != number else style.indent,
            level.indent,
            360 * depth + 360,
        )
        return self.numbers.next(number, depth), next(indent for indent in indents if indent is not None)

    def _level(self, indent: int) -> int:
        """The depth of a list item by how far it is set in: Word's lists of one look are often many lists."""
        while self.indents and indent < self.indents[-1] - 100:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + 100:
            self.indents.append(indent)
        return len(self.indents)

    def _table(self, table: Element) -> Iterator[Block]:
        rows = list(self._rows(table))
        if rows and all(len(cells) == 1 for cells, _ in rows):
            for row in table.iter(f"{W}tc"):
                yield from self.blocks(row)
            return
        above: tuple[str, ...] = ()
        for index, (cells, header) in enumerate(rows):
            texts = tuple(above[i] if cell is None and i < len(above) else cell or "" for i, cell in enumerate(cells))
            above = texts
            if any(texts):
                heads = header or index == 0 and len(rows) > 2 and _first_row_heads(table)
                yield Block(Kind.ROW, " ".join(texts), cells=texts, strong=heads)

    def _rows(self, table: Element) -> Iterator[tuple[tuple[str | None, ...], bool]]:
        """Cells by row (None: joined with the cell above), and whether the row repeats as a header."""
        for row in _under(table, f"{W}tr"):
            cells = tuple(self._cell(cell) for cell in _under(row, f"{W}tc"))
            if cells:
                yield cells, row.find(f"{W}trPr/{W}tblHeader") is not None

    def _cell(self, cell: Element) -> str | None:
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is not None and merged.get(f"{W}val", "continue") == "continue":
            return None
        texts: list[str] = []
        for block in self.blocks(cell):
            bullet = "• " if block.kind is Kind.ITEM and texts else ""
            texts.append(f"{bullet}{block.number + ' ' if block.number else ''}{block.text}")
        return tidy_space(" ".join(texts))


def _block(text: str, outline: int, label: str, level: int, strong: bool) -> Block:
    number = part(f"{label} X").number if label else ""
    if outline:
        return Block(Kind.HEADING, text, level=outline, number=number, sure=True)
    if level:
        return Block(Kind.ITEM, text, level=level, number=number, strong=strong)
    return Block(Kind.PARAGRAPH, text, strong=strong)


def _text(shown: list[Run], notes: dict[str, str]) -> str:
    """The runs in one, footnotes in brackets where they are called."""
    return "".join(
        run.text if not run.note else f" [{notes[run.note]}] " if notes.get(run.note) else "" for run in shown
    )


def _lists_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _first_row_heads(table: Element) -> bool:
    """Whether Word shows the first row as the header: its table look says so and its cells are in bold."""
    row = next(_under(table, f"{W}tr"), None)
    if row is None:
        return False
    bold = [switched(run, "b") for run in row.iter(f"{W}rPr")]
    return bool(bold) and all(bold)


def _under(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag == f"{W}sdt" or child.tag in _INSIDE:
            yield from _under(child, tag)
