"""The rounds of the clock: what is due on the cases of a school is done, and whoever must act is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case import Case, Entry, team
from bot.domain.casework import Casework
from bot.domain.orders import Change, Context, climbed, seconders
from bot.domain.timers import Step, due


def tick(casework: Casework, school_id: str) -> int:
    """Make the steps that are due: nudges, and the next rung where nobody acts; how many."""
    school, keyed = casework.place(school_id)
    context, made = casework.context(school, keyed), 0
    with casework.records.work(school.id) as work:
        for ref in [case.ref for case in work.cases() if due(case, school, context.now, keyed)]:
            case = work.case(ref)  # once more: now nobody else can change it
            if case and (steps := due(case, school, context.now, keyed)):
                casework.keep(work, case, _stepped(case, steps, context), None, context)
                made += len(steps)
    return made


def _stepped(case: Case, steps: Sequence[Step], context: Context) -> Change:
    tell: list[tuple[str, str]] = []
    for step in steps:
        change = climbed(case, context) if step.kind == "escalate" else Change(case, _nudged(case, step, context))
        facts = {"timer": step.timer, "number": str(step.number)}
        case = change.case.grown(Entry(len(case.entries) + 1, context.now, step.kind, "", facts))
        tell += change.tell
    return Change(case, tuple(tell))


def _nudged(case: Case, step: Step, context: Context) -> tuple[tuple[str, str], ...]:
    people = seconders(case, context) if step.timer == "proposal" else team(case, context.school, context.keyed)
    return tuple((person, "nudge") for person in people)
