"""The forms by which a request is decided; clauses and people are filled in per request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.conversation import request_wording as say
from bot.talk import limits
from bot.talk.form import Choosable, Form, Kind, Question
from policy_kb.model import Clause, Policy, Verdict

WHY = Question("why", say.ASK_WHY, Kind.TEXT)


def _form(act: str, *questions: Question) -> Form:
    return Form(act, say.FORM_TITLES[act], say.FORM_TITLES[act], questions)


REQUEST_ACTS: Mapping[str, Form] = {
    form.id: form
    for form in (
        _form("send-back", Question("change", say.ASK_CHANGE, Kind.TEXT, say.HINT_CHANGE)),
        _form("refuse", Question("clause", say.ASK_CLAUSE, Kind.ONE, options=(Choosable("none", say.SAMPLE),)), WHY),
        _form(
            "reassign",
            Question("person", say.ASK_PERSON, Kind.ONE, say.HINT_PERSON, options=(Choosable("nobody", say.SAMPLE),)),
            replace(WHY, required=False),
        ),
        _form("withdraw", Question("reason", say.ASK_WITHDRAW, Kind.TEXT, required=False)),
    )
}
FACTS = frozenset({"clause", "person"})
"""Answers that are ids and stand in the clear; all else is what somebody wrote."""


def act_form(act: str, clauses: Sequence[Clause], people: Sequence[tuple[str, str]]) -> Form:
    """The form of an act, with the clauses and the people that can be chosen here."""
    offered = {
        "clause": tuple(Choosable(clause.id, _label(clause)) for clause in clauses),
        "person": tuple(Choosable(person, name[: limits.LABEL]) for person, name in people),
    }
    form = REQUEST_ACTS[act]
    filled = (replace(each, options=offered.get(each.name) or each.options) for each in form.questions)
    return replace(form, questions=tuple(filled))


def _label(clause: Clause) -> str:
    """A clause on one line: its number, and as many of its words as there is room for."""
    text = f"{clause.number}: {' '.join(clause.text.split())}"
    if len(text) <= limits.LABEL:
        return text
    return text[: limits.LABEL].rpartition(" ")[0].rstrip(" ,;:.") + "…"


def own_clauses(policy: Policy, named: Sequence[str]) -> tuple[Clause, ...]:
    """The clauses of a school's own policy among those that a form rests on."""
    return tuple(clause for each in named if (clause := policy.clause(each)) is not None)


def clauses_for(policy: Policy, kind: str, named: Sequence[str]) -> tuple[Clause, ...]:
    """What a refusal may cite: the form's own rules, else those that lead to it, else all that forbid or need leave."""
    own = own_clauses(policy, named)
    leading = tuple(clause for clause in policy.clauses if clause.form == kind)
    strict = tuple(clause for clause in policy.clauses if clause.verdict in (Verdict.NO, Verdict.APPROVAL))
    return own or leading or strict or policy.clauses
