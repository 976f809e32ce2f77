"""Read HTML: headings, paragraphs, nested and numbered lists, tables; menus, scripts and hidden parts left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from policy_kb.importing.blocks import Block, Kind, tidy_space
from policy_kb.importing.cells import Cell, rows_of
from policy_kb.importing.formats import spelled
from policy_kb.importing.markers import lines
from policy_kb.importing.tags import VOID, Tag, tags_and_text

_PAGE = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BREAKS = set(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 "
    "h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_LEFT_OUT = {"nav", "footer", "aside", "button", "head", "dialog", "menu"}
_BOLD = {"b", "strong"}
_MOST_NESTED = 4


def is_page(text: str) -> bool:
    """Whether a text, whatever its name, starts as an HTML page."""
    return bool(_PAGE.match(text[:2000]))


def read(source: str) -> list[Block]:
    """The blocks of an HTML page; where it marks its main part, only that."""
    lower = source.lower()
    for name in ("main", "article"):
        start, end = lower.find(f"<{name}"), lower.rfind(f"</{name}")
        if 0 <= start < end and lower.count(f"<{name}") == 1:
            source = source[start:end]
            break
    page = _Page()
    for token in tags_and_text(source):
        page.take(token)
    page.close()
    return page.blocks


@dataclass
class _List:
    format: str
    count: int


@dataclass
class _Page:
    """What is open while the tags go by."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    plain: bool = False
    bold: int = 0
    heading: int = 0
    skipping: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    item: Block | None = None
    nesting: int = 0
    tables: int = 0
    kept: list[Tag | str] = field(default_factory=list)

    def take(self, token: Tag | str) -> None:
        if self.tables:
            self._within_table(token)
        elif isinstance(token, str):
            if not self.skipping:
                self.text.append(token.replace("\n", " "))
                self.plain = self.plain or bool(token.strip()) and not self.bold
        elif self.skipping:
            self._skip(token)
        elif not token.closes and token.name not in VOID and (token.name in _LEFT_OUT or token.hidden):
            self.flush()
            self.skipping.append(token.name)
        else:
            self._tag(token)

    def _skip(self, tag: Tag) -> None:
        if tag.name == self.skipping[-1] and tag.closes:
            self.skipping.pop()
        elif tag.name == self.skipping[-1] and tag.name not in VOID:
            self.skipping.append(tag.name)

    def _tag(self, tag: Tag) -> None:
        if tag.name in _BOLD:
            self.bold = max(0, self.bold + (-1 if tag.closes else 1))
        elif tag.name == "br":
            self.text.append(" " if self.heading else "\n")
        elif tag.name in _BREAKS:
            self._block(tag)

    def _block(self, tag: Tag) -> None:
        name = tag.name
        self.flush()
        if name == "table" and not tag.closes and self.nesting < _MOST_NESTED:
            self.tables = 1
        elif name in ("ul", "ol"):
            self._list(tag)
        elif name == "li":
            self.item = None if tag.closes else self._item(tag)
        elif re.fullmatch("h[1-6]", name):
            self.heading = 0 if tag.closes else int(name[1])

    def _list(self, tag: Tag) -> None:
        self.item = None
        if tag.closes:
            self.lists = self.lists[:-1]
        elif len(self.lists) < 50:
            start = tag.get("start")
            kind = {"a": "lowerLetter", "i": "lowerRoman", "A": "upperLetter"}.get(tag.get("type"), "decimal")
            count = int(start) - 1 if start.isascii() and start.isdigit() and len(start) < 5 else 0
            self.lists.append(_List("" if tag.name == "ul" else kind, count))

    def _item(self, tag: Tag) -> Block:
        if not self.lists:
            self.lists.append(_List("", 0))
        here = self.lists[-1]
        value = tag.get("value")
        here.count = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else here.count + 1
        number = spelled(here.count, here.format) if here.format else ""
        return Block(Kind.ITEM, "", level=len(self.lists), number=number)

    def _within_table(self, token: Tag | str) -> None:
        """Keep what belongs to a table until its end, when its columns are known."""
        if isinstance(token, Tag) and token.name == "table":
            self.tables += -1 if token.closes else 1
        if self.tables:
            self.kept.append(token)
        else:
            self._table()

    def _table(self) -> None:
        """A table of one column only lays text out; the rows of others are read cell by cell."""
        kept, self.kept, self.tables = self.kept, [], 0
        rows = [[(self._inside(cell), cell.heads) for cell in row] for row in rows_of(kept)]
        for row in rows:
            if all(len(each) == 1 for each in rows):
                self.blocks += row[0][0]
                continue
            cells = tuple(_as_cell(blocks) for blocks, _ in row)
            if any(cells):
                self.blocks.append(Block(Kind.ROW, " ".join(cells), cells=cells, strong=all(heads for _, heads in row)))

    def _inside(self, cell: Cell) -> list[Block]:
        page = _Page(nesting=self.nesting + 1)
        for token in cell.tokens:
            page.take(token)
        page.close()
        return page.blocks

    def close(self) -> None:
        """Take in what was left open at the end."""
        if self.tables:
            self._table()
        self.flush()

    def flush(self) -> None:
        """Close the block whose text was gathered."""
        strong, gathered = not self.plain, "".join(self.text)
        self.text, self.plain = [], False
        for text in lines(gathered):
            if self.heading:
                self.blocks.append(Block(Kind.HEADING, text, level=self.heading, sure=True))
            elif self.item is not None:
                self.blocks.append(Block(Kind.ITEM, text, self.item.level, self.item.number, strong=strong))
                self.item = None
            else:
                self.blocks.append(Block(Kind.PARAGRAPH, text, strong=strong))


def _as_cell(blocks: list[Block]) -> str:
    texts = [
        f"• {block.text}" if block.kind is Kind.ITEM and index else block.text for index, block in enumerate(blocks)
    ]
    return tidy_space(" ".join(texts))
