"""What the bridge is learned from: the clauses and phrasings of the packs, and documents on other subjects."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

from intents.bridge import Pack, Text
from intents.catalogue import SAYS, by_any_hand, hands, rows
from policy_kb.index import ENGINE
from policy_kb.load import PACKS

SUBJECTS = Path(__file__).parent / "subjects"
"""A file for each document: clauses with the questions that staff ask, on subjects from sick leave to exam fees."""

EACH = 12
"""Phrasings of a clause of the packs: more of them would drown the other subjects, and teach nothing more."""


def packs() -> Iterator[Pack]:
    """The packs and the documents, each as clauses and phrasings."""
    for path in sorted(PACKS.glob("*.toml")):
        clauses = tomllib.loads(path.read_text(encoding="utf-8"))["clause"]
        place = {clause["id"]: at for at, clause in enumerate(clauses)}
        asked: list[list[str]] = [[] for _ in clauses]
        for example in by_any_hand(PACKS, path.stem):
            asked[place[example.label.partition(SAYS)[0]]].append(example.text)
        some = [(text, at) for at, all_ in enumerate(asked) for text in all_[:: max(1, len(all_) // EACH)][:EACH]]
        yield Pack([Text(clause["section"], clause["text"]) for clause in clauses], some)
    for path in _documents():
        clauses = list(rows(path))
        asked_of = [(text, at) for at, clause in enumerate(clauses) for text in clause["questions"]]
        yield Pack([Text(clause["heading"], clause["text"]) for clause in clauses], asked_of)


def digest(fingerprint: str) -> str:
    """Names the bridge that these files give, with this engine and the data that messages are read with."""
    seen = hashlib.sha256(f"{ENGINE} {fingerprint}".encode())
    for path in (*sorted(PACKS.glob("*.toml")), *_phrasings(), *_documents()):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _phrasings() -> list[Path]:
    return [path for pack in sorted(PACKS.glob("*.toml")) for path in hands(PACKS, pack.stem)]


def _documents() -> list[Path]:
    return sorted(SUBJECTS.glob("*.jsonl"))
