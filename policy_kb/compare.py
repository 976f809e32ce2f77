"""One intent across all policies, side by side."""

from __future__ import annotations

from policy_kb.answer import Answer, about
from policy_kb.errors import PolicyError
from policy_kb.knowledge import Knowledge


def compare(knowledge: Knowledge, intent: str) -> list[Answer]:
    """What each policy says on an intent, in the order of the policies; raises PolicyError for an unknown intent."""
    if intent not in knowledge.shared.intents:
        near = [name for name in knowledge.shared.intents if set(name.split("-")) & set(intent.split("-"))]
        hint = f" Did you mean: {', '.join(near)}?" if near else " 'signpost policy list --intents' shows them all."
        raise PolicyError(f"There is no intent called {intent}.{hint}")
    return [about(knowledge, policy_id, intent) for policy_id in knowledge.policies]
