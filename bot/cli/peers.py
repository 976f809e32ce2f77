"""The methods that `bench` measures: ours, and what one would use without it, over the same clauses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from intents.features import read
from intents.linear import Linear
from intents.model import Example
from policy_kb.knowledge import Knowledge

Ranker = Callable[[str, str], list[str]]
"""From a policy's id and a question to clause ids, best first, three of them."""

Texts = Mapping[str, Sequence[tuple[str, str]]]
"""Clause ids and texts of each policy."""


def signpost(known: Knowledge, texts: Texts) -> Ranker:
    """The product itself: the whole answer, not just the ranking."""
    from policy_kb.answer import answer

    known.build(texts)
    return lambda policy, q: [cited.clause.id for cited in answer(known, policy, q).cited[:3]]


def signpost_held_out(learned: Mapping[str, Sequence[Example]]) -> Ranker:
    """The ranking alone, fitted without the phrasings that are asked."""
    fitted = {policy: Linear.fit(examples) for policy, examples in learned.items()}
    return lambda policy, q: [scored.label for scored in fitted[policy].ranked(read(q), 3)]


def wratio(texts: Texts) -> Ranker:
    """rapidfuzz WRatio of the question against every clause text."""
    from rapidfuzz import fuzz, process, utils

    bodies = {policy: [utils.default_process(text) for _, text in rows] for policy, rows in texts.items()}

    def rank(policy: str, question: str) -> list[str]:
        asked = utils.default_process(question)
        return [
            texts[policy][at][0] for _, _, at in process.extract(asked, bodies[policy], scorer=fuzz.WRatio, limit=3)
        ]

    return rank


def fts5(texts: Texts) -> Ranker:
    """SQLite FTS5 with porter stemming, any word may match, BM25 order."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table clauses using fts5(policy unindexed, id unindexed, text, tokenize='porter')")
    for policy, rows in texts.items():
        db.executemany("insert into clauses values (?, ?, ?)", [(policy, *row) for row in rows])

    def rank(policy: str, question: str) -> list[str]:
        words = [word for word in "".join(c if c.isalnum() else " " for c in question).split()]
        query = " OR ".join(f'"{word}"' for word in words)
        sql = "select id from clauses where clauses match ? and policy = ? order by bm25(clauses) limit 3"
        return [row[0] for row in db.execute(sql, (query, policy))] if words else []

    return rank


def bm25s(texts: Texts) -> Ranker:
    """bm25s with its own tokeniser; raises ImportError where it is not installed."""
    import bm25s as library

    fitted = {}
    for policy, rows in texts.items():
        fitted[policy] = library.BM25()
        tokens = library.tokenize([text for _, text in rows], stopwords="en", show_progress=False)
        fitted[policy].index(tokens, show_progress=False)

    def rank(policy: str, question: str) -> list[str]:
        tokens = library.tokenize(question, stopwords="en", show_progress=False)
        found, _ = fitted[policy].retrieve(tokens, k=3, show_progress=False)
        return [texts[policy][at][0] for at in found[0]]

    return rank


METHODS: Mapping[str, Callable[[Knowledge, Texts], Ranker]] = {
    "signpost": signpost,
    "rapidfuzz": lambda known, texts: wratio(texts),
    "SQLite FTS5": lambda known, texts: fts5(texts),
    "bm25s": lambda known, texts: bm25s(texts),
}
