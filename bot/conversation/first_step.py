"""The first step of a report and of a request: safety first, who receives it, what the policy says."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.policy import quote
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points, Ruling
from intents.model import Kind
from policy_kb.answer import Answer
from policy_kb.model import Verdict

QUOTED = 2

CONTACT = "reported-contact"


def report(found: Answer) -> Message:
    """Something was reported in chat: nothing of it is repeated, and nothing is claimed to be recorded."""
    kind = found.actions[0]
    to = found.ask
    blocks: list[Block] = [Alert(wording.URGENT)] if found.urgent else []
    blocks += [
        Para(wording.REPORT),
        Para(wording.REPORT_NOW.format(who=wording.who(to))),
        _buttons(found, to),
        Facts(tuple(_receivers(found))),
        Points(tuple(("", advice) for advice in _advice(kind))),
    ]
    if told := [cited for cited in found.cited if cited.clause.disclosure == kind.id][:QUOTED]:
        blocks += [Para(wording.REPORT_POLICY), *map(quote, told)]
    blocks.append(_otherwise(found))
    if not found.urgent:
        blocks.append(Note(wording.GREETING_URGENT))
    return Message(wording.REPORT_TITLE, tuple(blocks))


def request(found: Answer) -> Message:
    """Something was asked for in chat: who decides, and the rule behind it; a ban is said first."""
    who = wording.who(found.ask)
    ruling = Ruling("approval", wording.APPROVAL_LABEL, wording.APPROVAL.format(who=who))
    if found.cited[0].clause.verdict is Verdict.NO:
        ruling = Ruling("no", wording.FORBIDDEN_LABEL, wording.FORBIDDEN.format(who=who))
    forms = {kind.id for kind in found.actions}
    asked = [cited for cited in found.cited if cited.clause.form in forms][:QUOTED] or found.cited[:1]
    quotes = map(quote, asked)
    return Message(wording.APPROVAL_TITLE, (ruling, *quotes, _buttons(found, found.ask), _otherwise(found)))


def start(kind: Kind, to: str) -> Message:
    """The button of a request was pressed before its form exists: say so plainly, and what to do instead."""
    blocks = (Para(wording.FORM_LATER.format(form=kind.label)), Para(wording.APPROVAL_NOW.format(who=wording.who(to))))
    return Message(wording.APPROVAL_TITLE, blocks)


def _buttons(found: Answer, to: str) -> Choices:
    first, *_ = found.actions
    past = {"past": found.passed_over} if found.passed_over else {}
    return Choices(wording.NEXT_STEP, (Choice(first.label, press("start", kind=first.id, to=to, **past)),))


def _otherwise(found: Answer) -> Choices:
    return Choices("", (Choice(wording.NOT_MEANT, press("not-meant", others=",".join((found.intent, *found.others)))),))


def _receivers(found: Answer) -> Iterator[tuple[str, str]]:
    """Who must hear of it, and where to go instead when it is about one of those whom the message names."""
    yield wording.REPORT_WHO, _capital(wording.who(found.ask))
    if found.passed_over:
        yield wording.REPORT_NOT_ABOUT.format(who=wording.short(found.passed_over)), wording.REPORT_USUAL
    yield from (_about(role) for role in sorted(found.named - {found.ask, found.passed_over}))
    yield _about(found.ask)


def _about(to: str) -> tuple[str, str]:
    return wording.REPORT_ABOUT.format(who=wording.short(to)), wording.instead(to)


def _advice(kind: Kind) -> tuple[str, ...]:
    first = (wording.REPORT_NO_REPLY,) if kind.id == CONTACT else ()
    return (*first, wording.REPORT_KEEP, wording.REPORT_SECRET)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
