"""A defect that a bot in Slack can have, as `slack-mutants` seeds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pytest import MonkeyPatch

from tests.channels.slack.plays import Act

Seed = Callable[[MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Defect:
    """One, by name: `seed` puts it in, `shows` is the scene that is about it."""

    name: str
    shows: Act
    seed: Seed


def onto(defects: list[Defect]) -> Callable[[str, Act], Callable[[Seed], None]]:
    """A decorator that puts a seed on a list."""

    def defect(name: str, shows: Act) -> Callable[[Seed], None]:
        return lambda seed: defects.append(Defect(name, shows, seed))

    return defect
