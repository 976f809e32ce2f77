"""The first step of a report and of a request: safety first, who receives it, what the policy says."""

from __future__ import annotations

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.policy import quote
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points, Ruling
from intents.model import Kind, Route
from policy_kb.answer import Answer

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
        Facts(((wording.REPORT_WHO, _capital(wording.who(to))), _about_receiver(to))),
        Points(tuple(("", advice) for advice in _advice(kind))),
        Para(wording.REPORT_POLICY),
        *(quote(cited) for cited in found.cited[:QUOTED]),
        _otherwise(found),
    ]
    if not found.urgent:
        blocks.append(Note(wording.GREETING_URGENT))
    return Message(wording.REPORT_TITLE, tuple(blocks))


def request(found: Answer) -> Message:
    """Something was asked for in chat: who decides, and the rule behind it."""
    to = found.ask
    return Message(
        wording.APPROVAL_TITLE,
        (
            Ruling("approval", wording.APPROVAL_LABEL, wording.APPROVAL.format(who=wording.who(to))),
            *(quote(cited) for cited in found.cited[:QUOTED]),
            _buttons(found, to),
            _otherwise(found),
        ),
    )


def start(kind: Kind, to: str) -> Message:
    """The form's button was pressed before the form exists: say so plainly, and what to do instead."""
    now = wording.REPORT_NOW if kind.route is Route.DISCLOSURE else wording.APPROVAL_NOW
    title = wording.REPORT_TITLE if kind.route is Route.DISCLOSURE else wording.APPROVAL_TITLE
    blocks: list[Block] = [Para(wording.FORM_LATER.format(form=kind.label)), Para(now.format(who=wording.who(to)))]
    if kind.route is Route.DISCLOSURE:
        blocks = [Alert(wording.URGENT), *blocks, Facts((_about_receiver(to),))]
    return Message(title, tuple(blocks))


def _buttons(found: Answer, to: str) -> Choices:
    first, *_ = found.actions
    return Choices(wording.NEXT_STEP, (Choice(first.label, press("start", kind=first.id, to=to)),))


def _otherwise(found: Answer) -> Choices:
    return Choices("", (Choice(wording.NOT_MEANT, press("not-meant", others=",".join((found.intent, *found.others)))),))


def _about_receiver(to: str) -> tuple[str, str]:
    return wording.REPORT_ABOUT.format(who=wording.who(to)), wording.instead(to)


def _advice(kind: Kind) -> tuple[str, ...]:
    first = (wording.REPORT_NO_REPLY,) if kind.id == CONTACT else ()
    return (*first, wording.REPORT_KEEP, wording.REPORT_SECRET)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
