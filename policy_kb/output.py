"""An answer as plain data, for `--json` and for whoever reads it by machine."""

from __future__ import annotations

from typing import Any

from intents.model import Route
from policy_kb.answer import Answer


def as_json(found: Answer, question: str, elapsed_ms: float) -> dict[str, Any]:
    """One answer in the shape that DESIGN 5 fixes."""
    return {
        "q": question,
        "policy": found.policy.id,
        "route": str(found.route),
        "verdict": str(found.verdict) if found.verdict else None,
        "urgent": found.urgent,
        "confidence": round(found.confidence, 3),
        "intent": found.intent or None,
        "clauses": [
            {
                "id": cited.clause.id,
                "text": cited.clause.text,
                "citation": cited.citation,
                "score": round(cited.score, 3),
            }
            for cited in (found.cited if found.route is not Route.NONE else ())
        ],
        "condition": found.condition or None,
        "ask_back": {"question": found.fact.question, "options": [o.label for o in found.fact.options]}
        if found.fact
        else None,
        "actions": [{"kind": str(kind.route), "form": kind.id, "label": kind.label} for kind in found.actions],
        "ask": found.ask or None,
        "settled": found.silence is None and found.route is not Route.NONE,
        "elapsed_ms": round(elapsed_ms, 2),
    }
