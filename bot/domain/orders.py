"""What may be done to a case, decided without asking anyone: case and order in, changed case and whom to tell out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.access import Access
from bot.domain.case import Case, Entry, Keyed, Relation, State, kept_out, next_rung, relation, team
from bot.domain.people import School
from bot.domain.retention import Retentions, retain
from bot.domain.routing import Guidance, Reported, Subject, recipients, route
from bot.talk.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks to be done: `facts` are codes and ids, `text` what they wrote.

    `seen` is how many entries they saw, 0 where that does not matter; `key` is the same when the same form comes twice.
    """

    action: str
    ref: str
    by: str
    facts: Mapping[str, str] = field(default_factory=dict)
    text: Sealed | None = None
    seen: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A case with its new entries, who is told with which notice, and whose waiting notices are taken back."""

    case: Case
    tell: tuple[tuple[str, str], ...] = ()
    forget: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision looks at besides the case."""

    school: School
    keyed: Keyed
    access: Access
    guidance: Guidance
    retentions: Retentions
    now: datetime


_SEALED = {"born"}
"""Facts that a decision needs but no entry may show in the clear."""


class Unfit(Exception):
    """An order that does not fit the case; its text is the code of a sentence."""


def decide(case: Case, order: Order, context: Context) -> Change:
    """Carry out an allowed order. Raises Unfit where what it names does not fit."""
    to = context.access[order.action].to
    grown = _written(replace(case, state=to) if to else case, order, context)
    return _DECIDE.get(order.action, _kept)(grown, order, context)


def _written(case: Case, order: Order, context: Context) -> Case:
    by = "" if order.action == "add" else order.by
    kind = "added" if order.action == "add" else order.action
    hidden = order.facts.keys() if order.action == "name-subject" else _SEALED
    facts = {name: value for name, value in order.facts.items() if name not in hidden}
    facts |= {"key": order.key} if order.key else {}
    return case.grown(Entry(len(case.entries) + 1, context.now, kind, by, facts, order.text is not None))


def _kept(case: Case, order: Order, context: Context) -> Change:
    return Change(case)


def _added(case: Case, order: Order, context: Context) -> Change:
    return Change(case, _to_team(case, context, "added"))


def _acknowledged(case: Case, order: Order, context: Context) -> Change:
    return Change(case, to_reporter(case, context, "read") if not case.happened("read") else ())


def _triaged(case: Case, order: Order, context: Context) -> Change:
    return Change(replace(case, level=order.facts["level"]))


def _closed(case: Case, order: Order, context: Context) -> Change:
    born = date.fromisoformat(order.facts["born"]) if order.facts.get("born") else None
    kept = retain(context.retentions, case.kind, case.level, order.facts["outcome"], context.now.date(), born)
    shut = replace(
        case,
        outcome=order.facts["outcome"],
        retention=kept.class_id,
        review_on=kept.review_on.isoformat(),
        period=kept.period,
    )
    return Change(shut, to_reporter(case, context, "done"))


def _reopened(case: Case, order: Order, context: Context) -> Change:
    opened = replace(case, outcome="", retention="", review_on="")
    return Change(opened, _to_team(opened, context, "new", order.by))


def _handed_over(case: Case, order: Order, context: Context) -> Change:
    """Whoever takes it over from higher up is told with their rung; rungs that were passed over wait above it."""
    person = order.facts.get("person", "")
    stands = relation(case, context.school, person, context.keyed)
    waits = stands is not Relation.RECIPIENT and person in _on_ladder(case, context)
    if person == order.by or not (waits or stands in (Relation.RECIPIENT, Relation.MEMBER)):
        raise Unfit("not-on-the-ladder")
    if not waits:
        return Change(case, ((person, "new"),))
    told, above = case.ladder[: case.reached], case.ladder[case.reached :]
    theirs = next(rung for rung in above if person in recipients(context.school, rung, frozenset()))
    ladder = (*told, theirs, *(rung for rung in above if rung != theirs))
    taken = replace(case, ladder=ladder, reached=len(told) + 1)
    return Change(taken, _to_newly_told(case, taken, context))


def _to_newly_told(before: Case, after: Case, context: Context) -> tuple[tuple[str, str], ...]:
    known = team(before, context.school, context.keyed)
    return tuple((who, template) for who, template in _to_team(after, context, "new") if who not in known)


def _proposed(case: Case, order: Order, context: Context) -> Change:
    person = order.facts.get("person", "")
    known = context.school.person(person)
    stands = relation(case, context.school, person, context.keyed)
    if known is None or stands in (Relation.SUBJECT, Relation.RECIPIENT, Relation.MEMBER):
        raise Unfit("cannot-be-added")
    seconds = [who for who in seconders(case, context) if who not in (order.by, person)]
    if not seconds:
        raise Unfit("no-second-person")
    return Change(case, tuple((who, "nudge") for who in seconds))


def seconders(case: Case, context: Context) -> tuple[str, ...]:
    """Everyone who may confirm a new member: all on the ladder, told or not, but those who only reported it."""
    told = team(case, context.school, context.keyed)
    return tuple(who for who in _on_ladder(case, context) if who in told or context.keyed.of(who) != case.reporter)


def _on_ladder(case: Case, context: Context) -> tuple[str, ...]:
    return team(replace(case, reached=len(case.ladder)), context.school, context.keyed)


def _confirmed(case: Case, order: Order, context: Context) -> Change:
    seq = order.facts.get("proposal", "")
    proposal = next((entry for entry in case.happened("propose-member") if str(entry.seq) == seq), None)
    settled = [entry for entry in case.happened("confirm-member") if entry.facts.get("proposal") == seq]
    if proposal is None or len(settled) > 1:
        raise Unfit("no-such-proposal")
    person = proposal.facts["person"]
    if order.by in (proposal.by, person):
        raise Unfit("second-person-needed")
    if relation(case, context.school, proposal.by, context.keyed) is Relation.SUBJECT:
        raise Unfit("no-such-proposal")
    stands = relation(case, context.school, person, context.keyed)
    if context.school.person(person) is None or stands is Relation.SUBJECT:
        raise Unfit("cannot-be-added")
    return Change(replace(case, members=case.members | {person}), ((person, "new"),))


def _recused(case: Case, order: Order, context: Context) -> Change:
    """Where nobody who had picked it up is left, it waits to be picked up again, and its clock runs again."""
    change = _without(case, frozenset({order.by}), context)
    left = {*team(change.case, context.school, context.keyed), *change.case.members}
    picked_up = any(entry.by in left for entry in case.happened("acknowledge"))
    if case.state is not State.ACKNOWLEDGED or picked_up:
        return change
    return replace(change, case=replace(change.case, state=State.RECEIVED))


def _subject_named(case: Case, order: Order, context: Context) -> Change:
    person = order.facts.get("person", "")
    if context.school.person(person) is None:
        raise Unfit("not-on-the-list")
    conflict = any(row.conflict for row in context.guidance.rows if row.id == case.route)
    routed = route(context.guidance, context.school, Reported(case.kind, Subject(person), case.theme, conflict))
    first = routed.ladder[:1] if routed.recipients else ()
    told = tuple(dict.fromkeys((*first, *case.ladder[: case.reached])))
    rest = tuple(rung for rung in routed.ladder if rung not in told)
    named = replace(
        case,
        ladder=(*told, *rest),
        reached=len(told),
        subject=context.keyed.of(person),
        unsure=False,
        route=routed.row,
        guidance=routed.guidance,
    )
    change = _without(named, context.school.close_to(person), context)
    told_already = {who for who, _ in change.tell}
    new = (one for one in _to_newly_told(case, change.case, context) if one[0] not in told_already)
    return replace(change, tell=(*change.tell, *new))


def _without(case: Case, people: frozenset[str], context: Context) -> Change:
    """The case with people kept out from now on; where nobody is left, the next rung is told."""
    names = frozenset(context.keyed.of(person) for person in people)
    left = replace(case, barred=case.barred | names, members=case.members - people)
    if team(left, context.school, context.keyed):
        return Change(left, (), names)
    change = climbed(left, context)
    return replace(change, forget=names)


def climbed(case: Case, context: Context) -> Change:
    """The case with the next rung told."""
    before = team(case, context.school, context.keyed)
    higher = replace(case, reached=next_rung(case, context.school, context.keyed))
    new = [person for person in team(higher, context.school, context.keyed) if person not in before]
    return Change(higher, tuple((person, "escalated") for person in new))


def _kept_longer(case: Case, order: Order, context: Context) -> Change:
    """Looked at again and kept: its texts go under the key of the year in which they will be looked at next."""
    until = date.fromisoformat(order.facts["until"])
    if until <= context.now.date():
        raise Unfit("not-in-the-future")
    return Change(replace(case, review_on=until.isoformat(), period=f"until-{until.year}"))


def _held(case: Case, order: Order, context: Context) -> Change:
    return Change(replace(case, hold=order.action == "hold"))


def _deleted(case: Case, order: Order, context: Context) -> Change:
    """Nobody deletes alone: whoever closed it last leaves the deleting to another."""
    if case.happened("close") and case.happened("close")[-1].by == order.by:
        raise Unfit("closed-by-you")
    if case.hold:
        raise Unfit("on-hold")
    if case.review_on > context.now.date().isoformat():
        raise Unfit("not-due-for-review")
    return Change(case)


def _to_team(case: Case, context: Context, template: str, but: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((who, template) for who in team(case, context.school, context.keyed) if who != but)


def to_reporter(case: Case, context: Context, template: str) -> tuple[tuple[str, str], ...]:
    """The reporter is found by keyed name; whoever the case is about is told nothing, reporter or not."""
    if case.reporter in kept_out(case, context.school, context.keyed):
        return ()
    return tuple((who.id, template) for who in context.school.people if context.keyed.of(who.id) == case.reporter)


_DECIDE: Mapping[str, Callable[[Case, Order, Context], Change]] = {
    "add": _added,
    "acknowledge": _acknowledged,
    "triage": _triaged,
    "close": _closed,
    "reopen": _reopened,
    "hand-over": _handed_over,
    "propose-member": _proposed,
    "confirm-member": _confirmed,
    "recuse": _recused,
    "name-subject": _subject_named,
    "hold": _held,
    "release": _held,
    "keep": _kept_longer,
    "delete": _deleted,
}
