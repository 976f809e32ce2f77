"""What the bridge is learned from: the clauses and phrasings of the packs, and documents on other subjects."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from intents import features
from intents.bridge import Pack, Text
from intents.catalogue import SAYS, by_any_hand, fingerprint, hands, rows
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
    for path in documents():
        clauses = list(rows(path))
        asked_of = [(text, at) for at, clause in enumerate(clauses) for text in clause["questions"]]
        yield Pack([Text(clause["heading"], clause["text"]) for clause in clauses], asked_of)


def digest() -> str:
    """Names the bridge that these files give, with this engine and the data that messages are read with."""
    written = [path for pack in sorted(PACKS.glob("*.toml")) for path in (pack, *hands(PACKS, pack.stem))]
    return f"{ENGINE} {features.fingerprint()} {fingerprint([*written, *documents()])}"


def documents() -> list[Path]:
    """The files of the documents on other subjects."""
    return sorted(SUBJECTS.glob("*.jsonl"))
