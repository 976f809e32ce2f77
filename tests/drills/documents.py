"""Questions about three invented documents whose clauses nobody wrote phrasings for.

Beside each other: what imported policies are searched with today, and a bridge between the words of staff and those of
policies, learned from the packs, that is to take its place. `--count` is how many questions are asked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from intents.catalogue import SAYS, by_any_hand, rows
from intents.features import read
from intents.linear import Linear
from intents.model import Example
from policy_kb.index import SHARE_BARE, Index
from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.load import PACKS
from policy_kb.model import Clause, Policy, Verdict
from tests.drills import bridge
from tests.drills.messages import HELD_OUT, share

NAMES = ("harbour", "oakfield", "stmary")
LEAST = 42.0
"""Per cent that the bridge must find first: what was measured when this was written, less noise."""

Ranker = Callable[[str], Sequence[str]]


def drill(count: int | None) -> bool:
    """Print both methods' figures; whether the bridge's hold."""
    asked = [row for row in rows(HELD_OUT / "documents" / "questions.jsonl") if row["gold"]][:count]
    with tempfile.TemporaryDirectory() as folder:
        known = open_knowledge(Path(folder), print)
        figures("today", {name: today(known, name) for name in NAMES}, asked)
        learned = bridge.Bridge.fit([pack(known.policy(name)) for name in known.policies])
        found = figures("bridge", {name: across(learned, name) for name in NAMES}, asked)
        known.close()
    return found >= LEAST


def figures(method: str, rankers: dict[str, Ranker], asked: list[dict[str, Any]]) -> float:
    """Print how often a right clause stands first and among three, in per cent; returns the first."""
    ranked = [rankers[row["policy"]](row["q"])[:3] for row in asked]
    first = share(three[0] in row["gold"] for three, row in zip(ranked, asked, strict=True))
    third = share(bool(set(three) & set(row["gold"])) for three, row in zip(ranked, asked, strict=True))
    print(f"{method:8} hit@1 {first:.1f}  hit@3 {third:.1f}")
    return first


def clauses(name: str) -> list[tuple[str, str]]:
    """Ids and texts of an invented document."""
    return [(row["id"], row["text"]) for row in rows(HELD_OUT / "documents" / f"{name}.clauses.jsonl")]


def today(known: Knowledge, name: str) -> Ranker:
    """The index that an import gets."""
    bare = tuple(Clause(id_, "", text, Verdict.INFO, inferred=True) for id_, text in clauses(name))
    policy = Policy(name, name, name, "", "", "", "", "head", bare)
    examples = [Example(clause.text, clause.id) for clause in bare]
    index = Index.over(policy, Linear.fit(examples), examples, known.topics, SHARE_BARE)
    return lambda q: [found.label for found in index.find(read(q), known.topics.chances(read(q)), 3).ranked]


def pack(policy: Policy) -> bridge.Pack:
    """A pack as the bridge learns from it."""
    place = {clause.id: at for at, clause in enumerate(policy.clauses)}
    written = [(e.text, place[e.label.partition(SAYS)[0]]) for e in by_any_hand(PACKS, policy.id)]
    return bridge.Pack([bridge.Text(clause.section, clause.text) for clause in policy.clauses], written)


def across(learned: bridge.Bridge, name: str) -> Ranker:
    """The document on the other side of the bridge."""
    written = clauses(name)
    index = bridge.Index.of(learned, [bridge.Text("", text) for _, text in written])
    return lambda q: [written[at][0] for at, _ in index.rank(q, most=3)]
