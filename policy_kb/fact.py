"""Facts that decide a verdict: whether one is missing, and whether a message already gives it."""

from __future__ import annotations

from collections.abc import Sequence

from intents.features import Reading
from intents.normalise import normalise
from policy_kb.model import Clause, Fact, Option, Policy

FILLERS = frozenset({"own", "new", "the", "very", "official"})
"""Words that may stand inside a fact's sign: `my own facebook` says what `my facebook` says."""

DENIALS = frozenset({"not", "no", "never", "without"})
"""In front of a fact's sign these mean that it does not hold."""


def missing(policy: Policy, lead: Clause, intent: str) -> Fact | None:
    """The fact that would decide between the leading clause and others on an intent; None where none would."""
    return next((fact for fact in policy.facts if fact.intent == intent and lead.id in fact.clauses), None)


def given(fact: Fact, message: Reading) -> Option | None:
    """The option whose signs stand in the message, not denied; the stricter one is listed first and wins.

    A sign is a run of words, or a cue in angle quotes: `«grown-up»`.
    """
    signs = ((option, sign) for option in fact.options for sign in option.signs)
    return next((option for option, sign in signs if _shows(message, sign)), None)


def _shows(message: Reading, sign: str) -> bool:
    if sign.startswith("«"):
        return sign.strip("«»") in message.cues
    return _says(message.words, normalise(sign))


def _says(words: Sequence[str], sign: Sequence[str]) -> bool:
    spoken = [word for word in words if word not in FILLERS]
    wanted = [word for word in sign if word not in FILLERS]
    for at in range(len(spoken) - len(wanted) + 1):
        before = spoken[max(0, at - 4) : at]
        denied = any(word in DENIALS or word.endswith("n't") for word in before)
        if spoken[at : at + len(wanted)] == wanted and not denied:
            return True
    return False
