"""`signpost bench`: right answers, time and memory of ours and of others, in one run on the same questions."""

from __future__ import annotations

import argparse
import math
import multiprocessing
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.cli import intents_bench, peers
from bot.cli.policy import table
from bot.cli.say import tell
from bot.errors import InputError
from bot.settings import Settings, read_settings
from intents.catalogue import by_any_hand, rows
from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.load import PACKS

HELD_OUT = (3, 11)
"""Places in each clause's phrasings that are asked, not learned, where no labelled file is given."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its policy, and the clauses that answer it."""

    q: str
    policy: str
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One method's figures: per cent right, ms for a question, s to start, MB the process held at most."""

    method: str
    hit1: float
    hit3: float
    median_ms: float
    p99_ms: float
    start_s: float
    peak_mb: int | None


def bench(arguments: argparse.Namespace) -> int:
    """Measure each method in a process of its own, one after another."""
    if arguments.intents:
        return intents_bench.bench(arguments)
    settings = read_settings()
    known = open_knowledge(settings.data, tell)
    asked = _labelled(arguments.questions, known) if arguments.questions else _held_out(known)
    known.build(dict.fromkeys(one.policy for one in asked))
    tell(f"{len(asked)} questions on {len({one.policy for one in asked})} policies.")
    spawn = multiprocessing.get_context("spawn")
    measured: list[Row] = []
    for method in peers.METHODS:
        tell(f"Measuring {method}.")
        with spawn.Pool(1) as pool:
            row = pool.apply(measure, (method, settings, asked, not arguments.questions))
        if row:
            measured.append(row)
        else:
            tell(f"{method} is not installed, so it is left out.")
    first = measured[0].median_ms
    return table([asdict(row) | {"x_ours": round(row.median_ms / first, 2)} for row in measured], arguments.json)


def _labelled(path: Path, known: Knowledge) -> list[Asked]:
    try:
        found = [row for row in rows(path) if row["route"] == "answer"]
        asked = [Asked(row["q"], row["policy"], tuple(row["gold"])) for row in found]
    except (ValueError, KeyError, TypeError):
        raise InputError(f'{path}: each line needs "q", "policy", "route" and "gold" as JSON') from None
    if not asked or any(one.policy not in known.policies for one in asked):
        raise InputError(f"{path}: no questions on policies that are here")
    return asked


def _held_out(known: Knowledge) -> list[Asked]:
    asked = []
    for policy in known.policies:
        count: dict[str, int] = {}
        for example in by_any_hand(PACKS, policy):
            place = count[example.label] = count.get(example.label, -1) + 1
            if place in HELD_OUT:
                asked.append(Asked(example.text, policy, (example.label,)))
    return asked


def measure(method: str, settings: Settings, asked: Sequence[Asked], held_out: bool) -> Row | None:
    """Run one method over all questions; None where it is not installed. Runs in a fresh process."""
    start = time.perf_counter()
    known = open_knowledge(settings.data)
    asked_of = dict.fromkeys(one.policy for one in asked)
    texts = {policy: [(clause.id, clause.text) for clause in known.policy(policy).clauses] for policy in asked_of}
    try:
        rank = _without(asked) if held_out and method == "signpost" else peers.METHODS[method](known, texts)
    except ImportError:
        return None
    ready = time.perf_counter() - start
    one = three = 0
    times = []
    for question in asked:
        begun = time.perf_counter()
        found = rank(question.policy, question.q)
        times.append((time.perf_counter() - begun) * 1000)
        one += found[:1] != [] and found[0] in question.gold
        three += any(clause in question.gold for clause in found[:3])
    ranked = sorted(times)
    median, p99 = round(statistics.median(times), 3), round(ranked[math.ceil(0.99 * len(ranked)) - 1], 3)
    used = memory_mb()
    hit1, hit3 = round(100 * one / len(asked), 1), round(100 * three / len(asked), 1)
    return Row(method, hit1, hit3, median, p99, round(ready, 2), round(used) if used else None)


def _without(asked: Sequence[Asked]) -> peers.Ranker:
    """Ours, learned without the phrasings that are asked."""
    left_out = {(one.policy, one.q) for one in asked}
    return peers.signpost_held_out(
        {
            policy: [e for e in by_any_hand(PACKS, policy) if (policy, e.text) not in left_out]
            for policy in dict.fromkeys(one.policy for one in asked)
        }
    )


def memory_mb() -> float | None:
    """The most memory this process has held; None where the system does not tell."""
    status = Path("/proc/self/status")  # unlike getrusage, it forgets what was there before this program
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
