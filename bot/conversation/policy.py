"""The dialog of a policy answer: verdict, clause, condition, missing fact, next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.talk.message import Alert, Block, Choice, Choices, Message, Note, Para, Quote, Ruling
from intents.model import Kind, Route
from policy_kb.answer import Answer
from policy_kb.model import Cited, Clause, Policy

QUOTED = 3
"""Clauses quoted in one answer; a phone shows no more without scrolling for long."""


def say(found: Answer, today: date) -> Message:
    """An answer as a message: what leads comes first, what is small print comes last."""
    blocks: list[Block] = [Alert(wording.URGENT)] if found.urgent else []
    blocks += [ruling(found), *quotes(found)]
    blocks += [missing_fact(found)] if found.fact else []
    blocks += next_step(found)
    blocks += small_print(found, today)
    blocks += feedback(found)
    return Message(wording.ANSWER_TITLE, tuple(blocks))


def ruling(found: Answer) -> Block:
    """The verdict in a word, and the sentence that says it."""
    if found.silence:
        return Ruling("depends", wording.UNSETTLED, wording.UNSETTLED_RULING)
    assert found.verdict is not None
    return Ruling(str(found.verdict), wording.LABELS[found.verdict], wording.RULINGS[found.verdict])


def quotes(found: Answer) -> Iterator[Block]:
    """The clause it rests on with its condition, then those to be read with it."""
    lead, *rest = found.cited[:QUOTED]
    if found.silence:
        yield Para(found.silence.text)
        ask = wording.TELL_SILENT if found.ask == "DSL" else wording.ASK_SILENT
        yield Para(ask.format(who=wording.who(found.ask)))
        yield Para(wording.NEAREST)
        yield from (quote(cited) for cited in found.cited if cited.clause.id in found.silence.nearest)
        return
    yield quote(lead)
    if found.condition:
        yield Para(wording.condition(found.condition))
    together = [other for other in rest if _belongs(other, lead)]
    if together:
        yield Para(wording.READ_WITH)
        yield from map(quote, together)


def _belongs(other: Cited, lead: Cited) -> bool:
    return (
        other.clause.id in lead.clause.beside or lead.clause.id in other.clause.beside or other.score >= lead.score / 2
    )


def quote(cited: Cited) -> Quote:
    """One clause with its place in the policy."""
    return Quote(cited.clause.text, cited.citation, cited.clause.id)


def quote_clause(policy: Policy, clause: Clause) -> Quote:
    """One clause of a policy with its place in it."""
    return Quote(clause.text, policy.cite(clause), clause.id)


def missing_fact(found: Answer) -> Choices:
    """The question that decides the verdict, with its answers as buttons."""
    assert found.fact is not None
    values = {"intent": found.intent, "clause": found.cited[0].clause.id}
    options = (
        Choice(option.label, press("settle", **values, option=str(number)))
        for number, option in enumerate(found.fact.options)
    )
    return Choices(found.fact.question, tuple(options), once=True)


def next_step(found: Answer) -> Iterator[Block]:
    """The forms that an answer leads to, and whom to ask."""
    lead = found.cited[0].clause
    asks = {kind.id: kind.to if kind.id == lead.disclosure else found.ask for kind in found.actions}
    if buttons := tuple(
        Choice(kind.label, press("start", kind=kind.id, to=asks[kind.id], **rests_on(found, kind)))
        for kind in found.actions
    ):
        yield Choices(wording.NEXT_STEP, buttons)


def rests_on(found: Answer, kind: Kind) -> Mapping[str, str]:
    """The clause that a request rests on, by which one of two forms of its kind is found; nothing for a report."""
    if kind.route is not Route.APPROVAL:
        return {}
    leading = (cited.clause for cited in found.cited if cited.clause.form == kind.id)
    return {"clause": next(leading, found.cited[0].clause).id}


def small_print(found: Answer, today: date) -> Iterator[Block]:
    """Whom to ask, and what to know about the policy itself."""
    if not found.silence:
        yield Note(wording.ASK.format(who=wording.who(found.ask)))
    if any(cited.clause.inferred for cited in found.cited[:1]):
        yield Note(wording.INFERRED)
    if found.policy.overdue(today):
        yield Note(wording.overdue(found.policy))


def feedback(found: Answer) -> Iterator[Block]:
    """Helpful or not, or something else; and the whole section."""
    lead = found.cited[0].clause.id
    yield Choices(
        wording.FEEDBACK_QUESTION,
        (
            Choice(wording.HELPFUL, press("helpful", clause=lead)),
            Choice(wording.NOT_HELPFUL, press("not-helpful", clause=lead, others=",".join(found.others))),
            Choice(wording.NOT_MEANT, press("not-meant", others=",".join(found.others))),
        ),
        once=True,
    )
    yield Choices("", (Choice(wording.SECTION, press("section", clause=lead)),))


def none(found: Answer) -> Message:
    """The policy is silent, or the message is not for it: say so and name a person."""
    return Message(
        wording.NONE_TITLE,
        (
            Ruling("none", wording.NONE_LABEL, wording.NONE.format(who=wording.who(found.ask))),
            Choices("", (Choice(wording.LOOK_UP, press("look-up")), Choice(wording.TOPICS, press("topics")))),
        ),
    )
