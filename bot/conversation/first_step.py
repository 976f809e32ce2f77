"""The first step of a report and of a request: safety first, who receives it, what the policy says."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.policy import quote, rests_on
from bot.conversation.report_forms import REPORT_FORMS
from bot.conversation.request_wording import ANOTHER
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
        Ruling("action", wording.REPORT_LABEL, wording.REPORT),
        _buttons(found, to),
        Para(wording.REPORT_NOW.format(who=wording.short(to))),
        Points(tuple(("", advice) for advice in _advice(kind))),
        Facts(tuple(_receivers(found))),
    ]
    if told := next((cited for cited in found.cited if cited.clause.disclosure == kind.id), None):
        blocks += [Para(wording.REPORT_POLICY), quote(told)]
    blocks.append(_other_forms(found))
    if not found.urgent:
        blocks.append(Note(wording.GREETING_URGENT))
    return Message(wording.REPORT_TITLE, tuple(blocks))


def choose() -> Message:
    """Somebody wants to report and has not said what: every form there is."""
    forms = tuple(Choice(form.title, press("start", kind=form.id)) for form in REPORT_FORMS.values())
    return Message(
        wording.REPORT_TITLE, (Para(wording.REPORT_WHICH), Choices("", forms), Note(wording.GREETING_URGENT))
    )


def request(found: Answer) -> Message:
    """Something was asked for in chat: who decides, and the rule behind it; a ban is said first."""
    who = wording.who(found.ask)
    ruling = Ruling("approval", wording.APPROVAL_LABEL, wording.APPROVAL.format(who=who))
    if found.cited[0].clause.verdict is Verdict.NO:
        ruling = Ruling("no", wording.FORBIDDEN_LABEL, wording.FORBIDDEN.format(who=who))
    forms = {kind.id for kind in found.actions}
    asked = [cited for cited in found.cited if cited.clause.form in forms][:QUOTED] or found.cited[:1]
    quotes = map(quote, asked)
    return Message(wording.APPROVAL_TITLE, (ruling, *quotes, _buttons(found, found.ask), _other_requests(found)))


def _buttons(found: Answer, to: str) -> Choices:
    led_to = [cited.clause.form or cited.clause.disclosure for cited in found.cited]
    # What the rule itself leads to comes before what the message sounds like.
    ordered = sorted(found.actions, key=lambda kind: led_to.index(kind.id) if kind.id in led_to else len(led_to))
    forms = (_start(kind.label, kind.id, found, to, **rests_on(found, kind)) for kind in ordered)
    return Choices(wording.NEXT_STEP, tuple(forms))


def _start(label: str, kind: str, found: Answer, to: str, **clause: str) -> Choice:
    past = {"past": found.passed_over} if found.passed_over else {}
    return Choice(label, press("start", kind=kind, to=to, **past, **clause))


def _other_forms(found: Answer) -> Choices:
    """A worry that was taken for another sort still finds its form."""
    others = [form for form in REPORT_FORMS.values() if form.id != found.actions[0].id]
    forms = (_start(form.title, form.id, found, found.ask) for form in others)
    return Choices(wording.REPORT_ELSE, (*forms, *_otherwise(found).options))


def _other_requests(found: Answer) -> Choices:
    """A request that was taken for another sort still finds its form."""
    return Choices("", (Choice(ANOTHER, press("request-forms")), *_otherwise(found).options))


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
