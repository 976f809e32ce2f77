"""Questions about three invented documents whose clauses nobody wrote phrasings for.

The documents are taken in as a school would, and asked through the whole product. `--count` is how many are asked.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from intents.catalogue import rows
from intents.normalise import normalise
from policy_kb.answer import answer
from policy_kb.take_in import take_in
from tests.drills import installation
from tests.drills.messages import HELD_OUT, says, share

FOLDER = HELD_OUT / "documents"
NAMES = ("harbour.md", "oakfield.txt", "stmary.txt")
LEAST = 40.0
"""Per cent that must stand first: what was measured when this was written, less noise."""

SAME = 0.8
"""Share of the words of the shorter text from which two clauses are one: an import may cut a document elsewhere."""


def drill(count: int | None) -> bool:
    """Print how often a right clause is first and among three, and the verdict right; whether it holds."""
    asked = [row for row in rows(FOLDER / "questions.jsonl") if row["gold"]][:count]
    texts = {row["id"]: row["text"] for name in NAMES for row in rows(FOLDER / f"{Path(name).stem}.clauses.jsonl")}
    with tempfile.TemporaryDirectory() as folder:
        known = installation(folder)
        for name in NAMES:
            take_in(known, FOLDER / name, Path(name).stem)
        answers = [answer(known, row["policy"], row["q"]) for row in asked]
        known.close()
    right = [
        [any(same(texts[gold], cited.clause.text) for gold in row["gold"]) for cited in found.cited[:3]]
        for row, found in zip(asked, answers, strict=True)
    ]
    routed = [found.route in ("answer", "approval") for found in answers]
    first = share(any(three[:1]) and known for three, known in zip(right, routed, strict=True))
    print(f"hit@1 {first:.1f}  hit@3 {share(map(any, right)):.1f}  routed {share(routed):.1f}", end="  ")
    print(f"verdict {share(says(found, row['verdict']) for row, found in zip(asked, answers, strict=True)):.1f}")
    return first >= LEAST


def same(one: str, other: str) -> bool:
    """Whether one text is nearly a part of the other."""
    counted = [Counter(normalise(text)) for text in (one, other)]
    return (counted[0] & counted[1]).total() >= SAME * min(count.total() for count in counted)
