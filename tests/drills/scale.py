"""Size: one trust with many clauses, and many schools in one process; the time for an answer beside that of one school.

`--count` is how many schools there are; the trust has twenty clauses for each of them.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from itertools import cycle, islice

from rich.progress import track

from bot.cli.bench import memory_mb
from intents.catalogue import rows
from policy_kb import bridge_data
from policy_kb.answer import answer
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy, Verdict
from tests.drills import installation

SCHOOLS, CLAUSES, ASKED = 1000, 60, 400
MOST = 12.0
"""How many times slower the trust may be than a school; its clauses are over three hundred times as many."""


def drill(count: int | None) -> bool:
    """Print the time of an answer and the memory held, at each size; whether the large ones stay near the small."""
    schools = count or SCHOOLS
    written = [row for path in bridge_data.documents() for row in rows(path)]
    asked = [question for row in written for question in row["questions"][:1]][:ASKED]
    with tempfile.TemporaryDirectory() as folder:
        known = installation(folder)
        known.build(())
        for number in track(range(schools), "Taking in"):
            put(known, f"school{number}", written[number % 7 :], CLAUSES)
        put(known, "trust", written, schools * 20)
        before = memory_mb()
        one = figures(known, ["school0"], asked)
        many = figures(known, [f"school{number}" for number in range(schools)], asked)
        trust = figures(known, ["trust"], asked)
        held = memory_mb()
        known.close()
    for name, took in (("one school", one), (f"{schools} schools", many), (f"{schools * 20} clauses", trust)):
        print(f"{name}: median {took[0]:.2f} ms, p99 {took[1]:.2f} ms")
    print(f"memory: {before or 0:.0f} MB, then {held or 0:.0f} MB")
    print(f"the trust takes {trust[0] / one[0]:.1f} times as long")
    return trust[0] / one[0] <= MOST


def put(known: Knowledge, name: str, written: list[dict[str, str]], count: int) -> None:
    """Store a policy of so many clauses, and build its index."""
    texts = enumerate(islice(cycle(written), count))
    clauses = [Clause(f"{name}/{n}", row["heading"], row["text"], Verdict.INFO, inferred=True) for n, row in texts]
    known.store.put(Policy(name, name, name, "", "", "", "", "head", tuple(clauses)), name, imported=True)
    known.index(name)


def figures(known: Knowledge, names: list[str], asked: list[str]) -> tuple[float, float]:
    """Median and 99th percentile of an answer in milliseconds, once each policy is loaded where all fit."""
    for name in names[:50]:
        answer(known, name, asked[0])
    times = []
    for name, question in zip(cycle(names), asked, strict=False):
        start = time.perf_counter()
        answer(known, name, question)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]
