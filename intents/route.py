"""Where a message goes: a question, a report, a request, or none of the assistant's business."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from intents.catalogue import Catalogue
from intents.features import Reading, read
from intents.linear import Linear
from intents.model import Example, Route, Routed
from intents.urgent import danger, pressing

LEAN = {Route.ANSWER: 1.0, Route.DISCLOSURE: 1.5, Route.APPROVAL: 1.5, Route.NONE: 1.6}
"""What each route's chance is multiplied by: questions are over-represented in what was learned, and a missed report
costs more than a button too many."""

TOWARDS = {"child-concern": 1.25}
"""What a kind's chance is multiplied by: where in doubt, a report is about the child, and goes to the DSL."""

URGENT_FROM = 0.13
"""The chance of being urgent from which the 999 line is shown even without a word of danger. Learned from other hands,
70 in 100 urgent messages reach it or hold such a word, and 8 in 100 others."""

PHRASED = "phrased"
"""A phrasing of an intent or a clause among the examples of routes."""

REPORT_FROM = 0.15
"""The chance of being a report from which an answer, too, offers the report's button: one too many costs little."""

URGENT = "urgent"
"""A report that cannot wait is learned as a route of its own."""

QUESTIONS = frozenset(
    "what how who where when which why is are am can could do does did should may must will would if was any".split()
)
"""A message that starts with one of these, or has a question mark, asks something."""

SUPPOSING = frozenset({"if", "ever", "would", "the-rule", "must-i"})
"""Cues of a message that thinks of doing something: it asks, though it has no question mark."""

TERSE = 5
"""Words up to which a message without any sign of a question is keywords, and beyond which it tells something."""

_ROLES = {
    "head": re.compile(r"\b(?:head ?teacher|headm(?:aster|istress)|principal|(?:the|our|my|acting) head)\b(?! of)"),
    "DSL": re.compile(r"\bsafeguarding lead\b"),
}


@dataclass(frozen=True, slots=True)
class Router:
    """Two linear scores over the whole message: its route with its urgency, and the kind of report or request."""

    routes: Linear
    kinds: Linear

    @staticmethod
    def messages(shared: Catalogue) -> list[Example]:
        """All of a catalogue that the scores learn from, with the kind and the urgency of a message in its label."""
        told = (Example(m.text, f"{m.route} {m.kind} {m.urgent}") for m in shared.messages)
        return [*told, *shared.phrasings]

    @staticmethod
    def examples(shared: Catalogue, questions: Iterable[Example] = ()) -> dict[str, list[Example]]:
        """What each score learns from: the labelled messages; phrasings of intents and clauses stand for questions."""
        asked = [Example(phrasing.text, PHRASED) for phrasing in (*shared.phrasings, *questions)]
        routes = [Example(message.text, URGENT if message.urgent else message.route) for message in shared.messages]
        return {"routes": [*routes, *asked], "kinds": list(_kinds(shared))}

    @staticmethod
    def learn(examples: Sequence[Example]) -> Linear:
        """Fit one of the scores; a phrasing that reads like a report does not teach what a question is."""
        taught = [e for e in examples if e.label != PHRASED or not _tells(e.text)]
        return Linear.fit([replace(e, label=Route.ANSWER) if e.label == PHRASED else e for e in taught])

    def route(self, message: Reading) -> Routed:
        """Decide the route, the kind of a report or request, and whether it is urgent."""
        grave = bool(danger(message.words))
        if not message.words:
            return Routed(Route.NONE, "", urgent=False, confidence=0.5, asked=0.0)
        chances = dict(zip(self.routes.labels, map(float, self.routes.chances(message)), strict=True))
        urgent = chances.pop(URGENT, 0.0)
        by_route = {route: chances.get(route, 0.0) for route in Route}
        by_route[Route.DISCLOSURE] += urgent
        route = max(by_route, key=lambda one: LEAN[one] * by_route[one])
        if grave and not (route is Route.ANSWER and _asks(message)):
            route = Route.DISCLOSURE
        kind = self.kind(message, route)
        report = ""
        if by_route[Route.DISCLOSURE] >= REPORT_FROM:
            report = kind if route is Route.DISCLOSURE else self.kind(message, Route.DISCLOSURE)
        return Routed(
            route=route,
            kind=kind,
            urgent=grave or (route is Route.DISCLOSURE and (urgent >= URGENT_FROM or bool(pressing(message.words)))),
            confidence=by_route[route],
            asked=_odds(by_route[Route.ANSWER], by_route[Route.NONE]),
            told=_odds(by_route[Route.DISCLOSURE], by_route[Route.ANSWER]),
            named=_named(message),
            report=report,
        )

    def strange(self, texts: Sequence[Reading]) -> float:
        """How likely texts are none of our business, on the whole."""
        column = self.routes.labels.index(Route.NONE)
        return float(np.mean([self.routes.chances(text)[column] for text in texts]))

    def kind(self, message: Reading, route: Route) -> str:
        """The likeliest kind within a route; empty for a question and for `none`."""
        if route in (Route.ANSWER, Route.NONE):
            return ""
        ranked = self.kinds.ranked(message, most=len(self.kinds.labels))
        chances = {s.label.partition(" ")[2]: s.score for s in ranked if s.label.startswith(f"{route} ")}
        return max(chances, key=lambda kind: TOWARDS.get(kind, 1.0) * chances[kind], default="")


def _odds(one: float, other: float) -> float:
    """How many times likelier one is than the other, as a logarithm."""
    return math.log((one + 1e-6) / (other + 1e-6))


def _tells(text: str) -> bool:
    """Whether a phrasing reads like a report: many words, nothing asked and nothing supposed."""
    message = read(text)
    return len(message.words) > TERSE and not SUPPOSING.intersection(message.cues) and not _asks(message)


def _asks(message: Reading) -> bool:
    return "?" in message.words or message.words[0] in QUESTIONS


def _named(message: Reading) -> frozenset[str]:
    plain = " ".join(message.words)
    return frozenset(role for role, pattern in _ROLES.items() if pattern.search(plain))


def _kinds(shared: Catalogue) -> Iterator[Example]:
    for message in shared.messages:
        if kind := shared.kind_of(message.kind):
            yield Example(message.text, f"{message.route} {kind}")
