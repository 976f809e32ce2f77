"""Read a school's own document into clauses: guard, reader, outline, sections, ids, inference, in this order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policy_kb.errors import PolicyError
from policy_kb.importing import guard, markup, plain
from policy_kb.importing.blocks import Block
from policy_kb.importing.encoding import decode
from policy_kb.importing.identify import identified
from policy_kb.importing.infer import infer
from policy_kb.importing.outline import outline
from policy_kb.importing.sections import cut, title_of
from policy_kb.model import Clause

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document as clauses, verbatim; verdicts and conditions are inferred. A draft has to be read against it."""

    title: str
    clauses: tuple[Clause, ...]
    draft: bool = False
    notes: tuple[str, ...] = ()


def read_document(
    path: Path, policy_id: str, title: str = "", sections: Mapping[str, str] | None = None
) -> ImportedDocument:
    """Read a .md, .txt, .docx, .pdf or .html file; nothing is stored.

    `sections` maps headings (or `Outer / Inner`) to the slugs their clause ids shall have, to keep ids stable.
    Raises PolicyError, one sentence that says what to do, for whatever is no readable policy.
    """
    if not _ID.fullmatch(policy_id):
        raise PolicyError(f"{policy_id!r} cannot be the id of a policy: use small letters, digits and hyphens")
    path = Path(path)
    data = guard.read_guarded(path)
    content = guard.content_of(data, path.name)
    blocks, notes = _blocks(data, content, path)
    clauses, own_title, left_out = _clauses(blocks, policy_id, title, sections or {})
    if not clauses:
        raise PolicyError(f"{path.name} holds no sentence that could be a clause: check that it is the right document")
    named = title or own_title or re.sub(r"[\W_]+", " ", path.stem).strip() or policy_id
    return ImportedDocument(named, clauses, content is guard.Content.PDF, (*notes, *left_out))


def _blocks(data: bytes, content: guard.Content, path: Path) -> tuple[list[Block], tuple[str, ...]]:
    if content is guard.Content.PDF:
        from policy_kb.importing import pdf

        return pdf.read(data, path.name)
    if content is guard.Content.ZIP:
        from policy_kb.importing import word

        return word.read(data, path.name), ()
    text = decode(data, path.name)
    guard.refuse_long(text, path.name)
    if path.suffix.lower() in (".html", ".htm") or markup.is_page(text):
        return markup.read(text), ()
    return plain.read(text), ()


def _clauses(
    blocks: list[Block], policy_id: str, title: str, given: Mapping[str, str]
) -> tuple[tuple[Clause, ...], str, tuple[str, ...]]:
    lines, notes = outline(blocks)
    own_title = title_of(lines)
    named = identified(cut(lines, (own_title, title)), title or own_title, given)
    clauses = []
    for local, section, draft in named:
        reading = infer(draft.text, draft.lead, draft.part or section)
        clauses.append(
            Clause(
                id=f"{policy_id}/{local}",
                section=section,
                text=draft.text,
                verdict=reading.verdict,
                condition=reading.condition,
                binds=reading.binds,
                ask=reading.ask,
                inferred=True,
            )
        )
    return tuple(clauses), own_title, notes
