from __future__ import annotations

import json

import pytest

from policy_kb.answer import answer
from policy_kb.knowledge import Knowledge
from policy_kb.output import as_json

DESIGNED = ["q", "policy", "route", "verdict", "urgent", "confidence", "intent", "clauses", "condition", "ask_back",
            "actions", "elapsed_ms"]  # fmt: skip
"""The keys that DESIGN 5 fixes, in its order."""

ADDED = {"ask", "settled"}
"""What we give besides: whom to ask, and whether the policy settles it."""

EX_PUPIL = "can I friend an ex-pupil?"
EXCEPTION = "Existing relationships and exceptions are discussed with your line manager or the Leadership Team."


def test_an_answer_has_every_field_of_the_contract_as_it_is_written(knowledge: Knowledge) -> None:
    found = answer(knowledge, "whgs", EX_PUPIL)
    plain = as_json(found, EX_PUPIL, 1.2345)
    clauses = [
        {"id": c.clause.id, "text": c.clause.text, "citation": c.citation, "score": round(c.score, 3)}
        for c in found.cited
    ]
    assert plain == {
        "q": EX_PUPIL,
        "policy": "whgs",
        "route": "answer",
        "verdict": "no",
        "urgent": False,
        "confidence": round(found.confidence, 3),
        "intent": "former-pupil-contact",
        "clauses": clauses,
        "condition": EXCEPTION,
        "ask_back": {
            "question": "Is the former pupil still under 18, or in full-time education (secondary or 16 to 19)?",
            "options": ["Yes", "No, 18 or over and out of that education"],
        },
        "actions": [{"kind": "approval", "form": "contact-exception", "label": "Ask for an exception"}],
        "ask": "line manager",
        "settled": True,
        "elapsed_ms": 1.23,
    }


def test_out_of_scope_is_empty_but_for_whom_to_ask(knowledge: Knowledge) -> None:
    found = answer(knowledge, "whgs", "tell me a joke")
    assert as_json(found, "tell me a joke", 0.5) == {
        "q": "tell me a joke",
        "policy": "whgs",
        "route": "none",
        "verdict": None,
        "urgent": False,
        "confidence": round(found.confidence, 3),
        "intent": None,
        "clauses": [],
        "condition": None,
        "ask_back": None,
        "actions": [],
        "ask": "head",
        "settled": False,
        "elapsed_ms": 0.5,
    }


@pytest.mark.parametrize(
    "text", [EX_PUPIL, "tell me a joke", "a pupil sent me a request", "please can we have a new account", ""]
)
@pytest.mark.parametrize("school", ["emlm", "rmet"])
def test_every_answer_has_the_same_keys_and_is_json(knowledge: Knowledge, school: str, text: str) -> None:
    plain = as_json(answer(knowledge, school, text), text, 1.0)
    assert [key for key in plain if key not in ADDED] == DESIGNED and ADDED < set(plain)
    assert json.loads(json.dumps(plain)) == plain and len(plain["clauses"]) <= 5


def test_where_the_policy_is_silent_the_answer_is_not_settled(knowledge: Knowledge) -> None:
    plain = as_json(answer(knowledge, "emlm", EX_PUPIL), EX_PUPIL, 1.0)
    assert (plain["settled"], plain["verdict"], plain["ask_back"]) == (False, "depends", None)
