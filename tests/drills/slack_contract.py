"""Every scene of the three jobs in Slack, over both transports, with every payload held against who knows Slack.

What the app sends is held against the limits of Block Kit, slack_sdk's models and `@slack/types`; what the fake sends
against `@slack/bolt`'s types. `--count` is how many scenes, evenly spread.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing

from rich.progress import track

from tests.channels.slack.plays import Played, play, plays
from tests.drills import installation
from tests.slack.check_blocks import check_message, check_options, check_view
from tests.slack.types import Typed, complaints, install, needed

AT_ONCE = 400
"""Payloads that are handed to the TypeScript compiler in one file."""


def drill(count: int | None) -> bool:
    """Print what does not fit; whether all does."""
    every = plays()
    chosen = every if count is None else every[:: max(1, len(every) // count)]
    with tempfile.TemporaryDirectory() as folder, closing(installation(folder)) as knowledge:
        played = {one.name: play(one, knowledge) for one in track(chosen, "Scenes")}
    wrong = [f"{name}: {fault}" for name, each in played.items() for fault in each.faults]
    passed = _each_once(played.values())
    wrong += [f"{one.type}: {fault}" for one in passed for fault in _limits(one)]
    missing = install()
    if missing and not needed():
        print(f"Not held against Slack's types: {missing}")
    elif missing:
        wrong.append(missing)
    else:
        wrong += _typed(passed)
    for fault in wrong:
        print(fault)
    print(", ".join(f"{name} {number}" for name, number in sorted(Counter(one.type for one in passed).items())))
    print(f"{len(chosen)} of {len(every)} scenes, {len(passed):,} different payloads: {len(wrong)} faults")
    return not wrong


def _each_once(played: Iterable[Played]) -> list[Typed]:
    """What passed in all of them, each once."""
    found = [one for each in played for one in each.passed]
    return list({f"{one.type} {json.dumps(one.value, sort_keys=True)}": one for one in found}.values())


def _limits(one: Typed) -> list[str]:
    match one.type:
        case "Blocks":
            return list(check_message(one.value))
        case "Modal" | "Home":
            return list(check_view(one.value))
        case "Next":
            return list(check_view(one.value["view"]))
        case "Options" | "Groups":
            return list(check_options(one.value))
        case _:
            return []


def _typed(passed: list[Typed]) -> list[str]:
    parts = [passed[first : first + AT_ONCE] for first in range(0, len(passed), AT_ONCE)]
    return [fault for part in track(parts, "Types") for fault in complaints(part)]
