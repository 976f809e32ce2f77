"""Defects that a bot in Slack can have, seeded one by one: the scenes see every one of them.

Each is tried first in the scene that is about it, which must play well without it, then in all. `--count` is how many
defects, evenly spread.
"""

from __future__ import annotations

import tempfile
from contextlib import closing

import pytest
from rich.progress import track

from policy_kb.knowledge import Knowledge
from tests.channels.slack import scene
from tests.channels.slack.plays import Play, play, plays
from tests.drills import installation, slack_defects_in, slack_defects_out
from tests.drills.slack_defect import Defect, Seed

DEFECTS = (*slack_defects_in.DEFECTS, *slack_defects_out.DEFECTS)
WAIT = 2.0
"""Seconds that a scene waits for what a defect keeps from coming about."""


def drill(count: int | None) -> bool:
    """Print how each defect was seen, and those that were not; whether all were, and nothing was where none is."""
    chosen = DEFECTS if count is None else DEFECTS[:: max(1, len(DEFECTS) // count)]
    sound = dict.fromkeys(_in_order(one)[0] for one in chosen)
    with tempfile.TemporaryDirectory() as folder, closing(installation(folder)) as knowledge:
        blind = [(one.name, _fault(one, knowledge)) for one in track(sound, "Without a defect")]
        found = [(one, *_seen(one, knowledge)) for one in track(chosen, "Defects")]
    for one, name, fault in found:
        print(f"{one.name:60} {f'{name}: {fault}'[:160] if fault else 'NOT SEEN'}")
    wrong = [f"without a defect, {name}: {fault}" for name, fault in blind if fault]
    for fault in wrong:
        print(fault)
    unseen = [one.name for one, _, fault in found if not fault]
    print(f"{len(chosen)} of {len(DEFECTS)} defects: {len(chosen) - len(unseen)} seen, {len(unseen)} not seen")
    return not unseen and not wrong


def _seen(one: Defect, knowledge: Knowledge) -> tuple[str, str]:
    """The first scene in which a defect shows, and how; nothing where it shows in none."""
    for each in _in_order(one):
        if fault := _fault(each, knowledge, one.seed):
            return each.name, fault
    return "", ""


def _fault(one: Play, knowledge: Knowledge, seed: Seed = lambda patch: None) -> str:
    """What is wrong in a scene with a defect in it, on one line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene, "WAIT", WAIT)
        seed(patch)
        return " ".join(next(iter(play(one, knowledge).faults), "").split())


def _in_order(one: Defect) -> list[Play]:
    return sorted(plays(), key=lambda each: each.act is not one.shows)
