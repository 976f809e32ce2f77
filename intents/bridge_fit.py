"""Learn the bridge: softmax over the clauses of a phrasing's own pack, by Adam. Build time only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intents.bridge import Bridge, Pack, Places, stem
from intents.normalise import normalise
from intents.table import Floats

EPOCHS, BATCH = 2, 64
"""Rounds over the phrasings, and phrasings a step."""

PACE, SLOWEST = 1e-3, 0.1
"""Adam's first step, and the share of it that is left at the end."""

DROPPED = 0.3
"""Share of the words left out of every text at every step, so that none is leant on."""

HEADED = 0.5
"""Share of the clauses shown with their heading."""

SHARP = 12.0
"""How strongly nearness counts at first; it is learned."""

STILL, EVEN = 1e-2, 1e-4
"""Pull of the maps to no change, and of the strengths to none."""


def fit(packs: Sequence[Pack], seed: int = 0) -> Bridge:
    """A bridge learned from packs; the same packs and seed give the same arrays."""
    bridge = Bridge.bare(shared_stems(packs))
    learn(bridge, packs, seed)
    return bridge


def shared_stems(packs: Sequence[Pack]) -> list[str]:
    """The stems that stand in more than one text."""
    clauses = [clause.words() for pack in packs for clause in pack.clauses]
    asked = [normalise(phrasing) for pack in packs for phrasing, _ in pack.phrasings]
    seen = Counter(name for words in (*clauses, *asked) for name in dict.fromkeys(map(stem, words)))
    return [name for name, count in seen.items() if count > 1]


def learn(bridge: Bridge, packs: Sequence[Pack], seed: int) -> None:
    """Fit the arrays of a bare bridge in place."""
    chance = np.random.default_rng(seed)
    clauses = [[(bridge.places(normalise(c.text)), bridge.places(c.words())) for c in p.clauses] for p in packs]
    asked = [[bridge.places(normalise(text)) for text, _ in pack.phrasings] for pack in packs]
    right = [np.array([at for _, at in pack.phrasings], np.intp) for pack in packs]
    sharp = np.log(np.full(1, SHARP, np.float32))
    learned = [bridge.moves, bridge.ask, bridge.say, bridge.asking, bridge.saying, sharp]
    means, spreads = [np.zeros_like(x) for x in learned], [np.zeros_like(x) for x in learned]
    steps = EPOCHS * sum(-(-len(one) // BATCH) for one in asked)
    for step, (pack, some) in enumerate(part for _ in range(EPOCHS) for part in _parts(asked, chance)):
        told = [_thinned(clause[int(chance.random() < HEADED)], chance) for clause in clauses[pack]]
        heard = [_thinned(asked[pack][at], chance) for at in some]
        slopes = _slopes(bridge, heard, told, right[pack][some], float(np.exp(sharp[0])))
        pace = PACE * (1 - (1 - SLOWEST) * step / steps)
        for value, slope, mean, spread in zip(learned, slopes, means, spreads, strict=True):
            mean += 0.1 * (slope - mean)
            spread += 0.001 * (slope * slope - spread)
            step_size = mean / (1 - 0.9 ** (step + 1)) / (np.sqrt(spread / (1 - 0.999 ** (step + 1))) + 1e-8)
            value -= np.float32(pace) * step_size
        bridge.moves[0], bridge.ask[0], bridge.say[0] = 0, 0, 0


def _parts(asked: Sequence[Sequence[Places]], chance: np.random.Generator) -> list[tuple[int, Places]]:
    """One round: a pack and some of its phrasings at a time, in no order."""
    parts = []
    for pack, one in enumerate(asked):
        order = chance.permutation(len(one))
        parts += [(pack, order[at : at + BATCH]) for at in range(0, len(one), BATCH)]
    return [parts[at] for at in chance.permutation(len(parts))]


def _thinned(places: Places, chance: np.random.Generator) -> Places:
    kept = places[chance.random(len(places)) >= DROPPED]
    return kept if len(kept) else places


def _slopes(
    bridge: Bridge, heard: Sequence[Places], told: Sequence[Places], right: Places, sharp: float
) -> list[Floats]:
    """How the loss of one step leans on each learned array, in the order of `learn`."""
    one = _Side.of(bridge, heard, bridge.asking, bridge.ask)
    other = _Side.of(bridge, told, bridge.saying, bridge.say)
    scores = sharp * one.unit @ other.unit.T
    wrong = np.exp(scores - scores.max(axis=1, keepdims=True))
    wrong /= wrong.sum(axis=1, keepdims=True)
    wrong[np.arange(len(right)), right] -= 1
    wrong /= len(right)
    moves = np.zeros_like(bridge.moves)
    strengths, maps = [], []
    pulls = (sharp * wrong @ other.unit, sharp * wrong.T @ one.unit)
    own = ((bridge.asking, bridge.ask), (bridge.saying, bridge.say))
    for side, pull, (map_, strength) in zip((one, other), pulls, own, strict=True):
        down = side.back(pull)
        forced = side.force[:, None] * down
        np.add.at(moves, side.stems, forced)
        lean = 2 * EVEN * strength
        np.add.at(lean, side.stems, (down * side.vectors).sum(axis=1))
        strengths.append(lean)
        maps.append(side.rows.T @ forced + 2 * STILL * (map_ - np.eye(len(map_), dtype=np.float32)))
    return [moves, *strengths, *maps, np.array([(wrong * scores).sum()], np.float32)]


@dataclass(frozen=True, slots=True)
class _Side:
    """Texts on one side of the bridge, with what it takes to lean back on the arrays."""

    count: Floats
    rows: Floats
    stems: Places
    force: Floats
    vectors: Floats
    unit: Floats
    length: Floats

    @classmethod
    def of(cls, bridge: Bridge, texts: Sequence[Places], map_: Floats, strength: Floats) -> _Side:
        pairs, at = np.unique(np.concatenate(texts), axis=0, return_inverse=True)
        count = np.zeros((len(texts), len(pairs)), np.float32)
        np.add.at(count, (np.repeat(np.arange(len(texts)), [len(text) for text in texts]), at.ravel()), 1)
        rows, force = bridge.plain(pairs), np.exp(strength[pairs[:, 1]])
        vectors = force[:, None] * (rows @ map_ + bridge.moves[pairs[:, 1]])
        total = count @ vectors
        length = np.linalg.norm(total, axis=1, keepdims=True) + np.float32(1e-6)
        return cls(count, rows, pairs[:, 1], force, vectors, total / length, length)

    def back(self, pull: Floats) -> Floats:
        """From how the loss leans on the directions of the texts to how it leans on the vectors of their words."""
        across = pull - self.unit * (pull * self.unit).sum(axis=1, keepdims=True)
        return np.asarray(self.count.T @ (across / self.length))
