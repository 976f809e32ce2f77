"""Where a message goes: a question, a report, a request, or none of the assistant's business."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from intents.catalogue import Catalogue
from intents.features import Reading
from intents.linear import Linear
from intents.model import Example, Route, Routed
from intents.urgent import danger, pressing

LEAN = {Route.ANSWER: 0.0, Route.DISCLOSURE: 0.1, Route.APPROVAL: 0.0, Route.NONE: 0.0}
"""Added to each route's score. A missed report costs more than a button too many, so reports lean forward."""

FLOOR = {Route.ANSWER: -1.0, Route.DISCLOSURE: 0.12, Route.APPROVAL: 0.2, Route.NONE: -1.0}
"""A best score below this means no route at all; 1 % of another hand's reports and requests fall below."""

URGENT_FROM = 0.2
"""An urgent score from which the 999 line is shown even without a word of danger; from cross-validation."""

URGENT, CALM = "urgent", "calm"

QUESTIONS = frozenset(
    "what how who where when which why is are am can could do does did should may must will would if was any".split()
)
"""A message that starts with one of these, or has a question mark, asks something."""

_ROLES = {
    "head": re.compile(r"\b(?:head ?teacher|headm(?:aster|istress)|principal|(?:the|our|my|acting) head)\b(?! of)"),
    "DSL": re.compile(r"\bsafeguarding lead\b"),
}


@dataclass(frozen=True, slots=True)
class Router:
    """Three linear scores over the whole message: its route, its kind, its urgency."""

    routes: Linear
    kinds: Linear
    urgency: Linear

    @staticmethod
    def examples(shared: Catalogue) -> dict[str, list[Example]]:
        """What each score learns from: the labelled messages; the intents' phrasings stand for questions."""
        questions = [Example(phrasing.text, Route.ANSWER) for phrasing in shared.phrasings]
        routes = [Example(message.text, message.route) for message in shared.messages]
        urgency = [Example(message.text, URGENT if message.urgent else CALM) for message in shared.messages]
        return {"routes": [*routes, *questions], "kinds": list(_kinds(shared)), "urgency": urgency}

    def route(self, message: Reading) -> Routed:
        """Decide the route, the kind of a report or request, and whether it is urgent."""
        scores = self.routes.scores(message)
        grave = bool(danger(message.words))
        if not scores.any() and not grave:
            return Routed(Route.NONE, "", urgent=False, confidence=0.5, asked=0.0)
        by_route = {Route(label): float(score) for label, score in zip(self.routes.labels, scores, strict=True)}
        leaning = {route: by_route[route] + LEAN[route] for route in by_route}
        route = max(leaning, key=lambda one: leaning[one])
        if grave and not (route is Route.ANSWER and _asks(message)):
            route = Route.DISCLOSURE
        elif by_route[route] < FLOOR[route]:
            route = Route.NONE
        margin = leaning[route] - max(score for other, score in leaning.items() if other is not route)
        return Routed(
            route=route,
            kind=self.kind(message, route),
            urgent=grave or (route is Route.DISCLOSURE and self._urgent(message)),
            confidence=1 / (1 + float(np.exp(-6 * margin))),
            asked=by_route[Route.ANSWER] - by_route[Route.NONE],
            named=_named(message),
        )

    def kind(self, message: Reading, route: Route) -> str:
        """The likeliest kind within a route; empty for a question and for `none`."""
        ranked = self.kinds.ranked(message, most=len(self.kinds.labels))
        return next((scored.label.partition(" ")[2] for scored in ranked if scored.label.startswith(f"{route} ")), "")

    def _urgent(self, message: Reading) -> bool:
        """Whether a report without a word of danger is urgent all the same."""
        score = self.urgency.scores(message)[self.urgency.labels.index(URGENT)]
        return bool(pressing(message.words)) or float(score) >= URGENT_FROM


def _asks(message: Reading) -> bool:
    return "?" in message.words or message.words[0] in QUESTIONS


def _named(message: Reading) -> frozenset[str]:
    plain = " ".join(message.words)
    return frozenset(role for role, pattern in _ROLES.items() if pattern.search(plain))


def _kinds(shared: Catalogue) -> Iterator[Example]:
    for message in shared.messages:
        if kind := shared.kind_of(message.kind):
            yield Example(message.text, f"{message.route} {kind}")
