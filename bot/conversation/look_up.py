"""Dialogs that browse the policy: words, topics, whole sections."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.policy import quote_clause
from bot.talk.message import Block, Choice, Choices, Message, Para, Quote
from intents.model import Intent
from policy_kb import look_up
from policy_kb.knowledge import Knowledge
from policy_kb.model import Clause, Policy

PAGE = 12
"""Topics shown at a time."""

SHOWN = 5
"""Clauses shown for a look-up."""


def find(knowledge: Knowledge, policy_id: str, words: str) -> Message:
    """What the policy holds on some words: a topic where they name one, else the clauses with those words."""
    policy = knowledge.policy(policy_id)
    if named := look_up.topic(knowledge, policy_id, words):
        return topic(policy, named)
    found = look_up.search(knowledge, policy_id, words, most=SHOWN)
    if not found:
        return Message(wording.FOUND_TITLE, (Para(wording.NOT_FOUND), _to_topics()))
    return Message(wording.FOUND_TITLE, (Para(wording.FOUND), *_quotes(policy, found), _to_topics()))


def topic(policy: Policy, intent: Intent) -> Message:
    """All that the policy says on a topic, and that it leaves it open where it does."""
    clauses = sorted(
        (clause for clause in policy.clauses if intent.id in clause.intents),
        key=lambda clause: clause.intents.index(intent.id),
    )
    title = wording.ABOUT_TOPIC.format(topic=intent.topic)
    blocks: list[Block] = [Para(title), *_quotes(policy, clauses)]
    for silence in (silence for silence in policy.silences if silence.intent == intent.id):
        nearest = [clause for name in silence.nearest if (clause := policy.clause(name)) and clause not in clauses]
        blocks += [Para(silence.text), *_quotes(policy, nearest)]
    return Message(title, (*blocks, _to_topics()))


def topics(knowledge: Knowledge, policy_id: str, start: int = 0) -> Message:
    """A page of the policy's topics as buttons."""
    named = look_up.topics(knowledge, knowledge.policy(policy_id))
    page = named[start : start + PAGE]
    buttons = [Choice(intent.topic, press("topic", intent=intent.id)) for intent in page]
    if start + PAGE < len(named):
        buttons.append(Choice(wording.MORE_TOPICS, press("topics", start=str(start + PAGE))))
    return Message(wording.TOPICS_TITLE, (Choices(wording.CHOOSE_TOPIC, tuple(buttons)),))


def section(policy: Policy, clause: Clause) -> Message:
    """Every clause of the section that a clause stands in."""
    blocks: list[Block] = [Para(clause.section), *_quotes(policy, look_up.section(policy, clause))]
    return Message(wording.SECTION_TITLE, tuple(blocks))


def meant(intents: Sequence[Intent], question: str) -> Message:
    """The next topics that a message could have been about."""
    buttons = [Choice(intent.topic, press("topic", intent=intent.id)) for intent in intents]
    buttons.append(Choice(wording.LOOK_UP, press("look-up")))
    return Message(wording.TOPICS_TITLE, (Choices(question, tuple(buttons), once=True),))


def _quotes(policy: Policy, clauses: Sequence[Clause]) -> list[Quote]:
    return [quote_clause(policy, clause) for clause in clauses]


def _to_topics() -> Choices:
    return Choices("", (Choice(wording.TOPICS, press("topics")), Choice(wording.LOOK_UP, press("look-up"))))
