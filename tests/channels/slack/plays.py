"""The scenes for whoever plays them outside of pytest: each by its name, over each transport that it is for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from policy_kb.knowledge import Knowledge
from tests.channels.slack import (
    test_answer_scenes,
    test_report_scenes,
    test_request_scenes,
    test_scenes,
    test_trouble_scenes,
)
from tests.channels.slack.laws import faults
from tests.channels.slack.scene import CANARY, WAYS, Scene, scene
from tests.slack.types import Typed, recorded

MODULES = (test_scenes, test_answer_scenes, test_report_scenes, test_request_scenes, test_trouble_scenes)

Act = Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class Play:
    """One scene over one transport."""

    act: Act
    way: str

    @property
    def name(self) -> str:
        """What it shows."""
        return f"{self.act.__name__.removeprefix('test_').replace('_', ' ')}, over {self.way}"


@dataclass(frozen=True, slots=True)
class Played:
    """What was wrong in it, and everything that passed between Slack and the app."""

    faults: list[str]
    passed: list[Typed]


def plays() -> list[Play]:
    """All of them."""
    acts = [act for module in MODULES for name, act in vars(module).items() if name.startswith("test_")]
    return [Play(act, way) for act in acts for way in _ways(act)]


def _ways(act: Act) -> Iterator[str]:
    """The transports that a scene is for: all, unless it is marked with those."""
    marks = [mark.args[1] for mark in getattr(act, "pytestmark", ())]
    yield from marks[0] if marks else WAYS


def play(one: Play, knowledge: Knowledge) -> Played:
    """Play one, and look whether the laws hold of it."""
    passed: list[Typed] = []
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(StringIO()) as logged:
        try:
            with scene(one.way, knowledge, Path(folder)) as site:
                one.act(site)
                found, passed = faults(site), recorded(site.fake)
        except Exception as fault:
            found = [f"{type(fault).__name__}: {fault}"]
    return Played([*found, *(["a log holds what was typed"] if CANARY in logged.getvalue() else [])], passed)
