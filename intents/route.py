"""Where a message goes: a question, a report, a request, or none of the assistant's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from intents.catalogue import Catalogue
from intents.features import Reading
from intents.linear import Linear
from intents.model import Example, Route, Routed
from intents.urgent import cues

LEAN = {Route.ANSWER: 0.0, Route.DISCLOSURE: 0.1, Route.APPROVAL: 0.0, Route.NONE: 0.0}
"""Added to each route's score. A missed report costs more than a button too many, so reports lean forward."""

URGENT_FROM = 0.15
"""An urgent score from which the 999 line is shown even without a word of danger; from cross-validation."""

NEAR = 0.2
"""A message with a word of danger that comes this near to being a report is taken as one."""

URGENT, CALM = "urgent", "calm"


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
        if not scores.any():
            return Routed(Route.NONE, "", urgent=False, confidence=0.5, asked=0.0)
        leaning = scores + np.array([LEAN[Route(label)] for label in self.routes.labels], np.float32)
        order = np.argsort(-leaning, kind="stable")
        at = self.routes.labels.index
        if leaning[at(Route.DISCLOSURE)] >= leaning[order[0]] - NEAR and cues(message.words):
            order = np.array([at(Route.DISCLOSURE), order[0]])
        route = Route(self.routes.labels[order[0]])
        margin = float(leaning[order[0]] - leaning[order[1]])
        urgent = route is Route.DISCLOSURE and self._urgent(message)
        confidence = 1 / (1 + float(np.exp(-6 * margin)))
        asked = float(scores[at(Route.ANSWER)] - scores[at(Route.NONE)])
        return Routed(route, self.kind(message, route), urgent, confidence, asked)

    def kind(self, message: Reading, route: Route) -> str:
        """The likeliest kind within a route; empty for a question and for `none`."""
        ranked = self.kinds.ranked(message, most=len(self.kinds.labels))
        return next((scored.label.partition(" ")[2] for scored in ranked if scored.label.startswith(f"{route} ")), "")

    def _urgent(self, message: Reading) -> bool:
        score = self.urgency.scores(message)[self.urgency.labels.index(URGENT)]
        return bool(cues(message.words)) or float(score) >= URGENT_FROM


def _kinds(shared: Catalogue) -> Iterator[Example]:
    for message in shared.messages:
        if kind := shared.kind_of(message.kind):
            yield Example(message.text, f"{message.route} {kind}")
