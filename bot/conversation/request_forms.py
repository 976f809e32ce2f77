"""The forms by which permission is asked for, read from data files: their pages, their stages and their rules."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.conversation.report_forms import Staff
from bot.domain.people import Role, School
from bot.domain.stages import LINE_MANAGER
from bot.talk import limits
from bot.talk.check import Value, check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.turn import Typed
from intents.catalogue import catalogue
from policy_kb.load import Vocabulary, load_packs

FORMS = Path(__file__).parent / "forms"

ROLES = frozenset({*Role, LINE_MANAGER})
KNOWN = frozenset({"", "me", "manager", "department"})
REGISTERS = frozenset({"", "account", "channel"})
REGISTERED = frozenset(
    ("platform", "handle", "purpose", "audience", "administrators", "moderators", "opens", "closes", "conditions")
)
"""What an entry of the register can take from a request."""

NEXT = "Next"
"""The button of every page: after the last, all answers are checked, and there they are sent."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One sign-off: who gives it, and who stands in, in order; of what is recorded only, who is told."""

    role: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `when` an earlier page's choice that calls for it, `people` where it offers those of the school.

    `known` is what the staff list answers beforehand of the person who asks: themselves, their manager or department.
    """

    question: Question
    when: tuple[str, frozenset[str]] | None = None
    people: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What answers must be beside being well typed, and the sentence for where they are not.

    `distinct`: nobody stands in two of the questions. `at-least`: that many are chosen. `after`: the second day is
    later than the first. `not-before-today`: no day has passed. `me`: the person who asks. `someone-else`: not they.
    """

    kind: str
    questions: tuple[str, ...]
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class RequestForm:
    """A form for one kind of permission: `policies` are the schools' own it serves, none where it serves the others.

    `clauses` are those it rests on, of whichever policies; `register_fields` say which answer fills which field of the
    register. What a question that was not asked would have filled stays empty.
    """

    id: str
    kind: str
    policies: frozenset[str]
    clauses: tuple[str, ...]
    title: str
    submit: str
    intro: str
    stages: tuple[Stage, ...]
    recorded_only: bool
    register: str
    pages: tuple[tuple[Asked, ...], ...]
    rules: tuple[Rule, ...]
    expires_days: int
    register_fields: Mapping[str, str]

    def serves(self, school: School) -> bool:
        """Whether a school uses it: it fits its policy, and is among those that were chosen."""
        return school.policy in (self.policies or {school.policy}) and self.id in (school.forms or {self.id})

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All its questions, in order."""
        return tuple(asked for page in self.pages for asked in page)


# --- which form, what it asks now, and what is wrong with the answers ------------------------------------------------
def for_school(forms: Mapping[str, RequestForm], school: School, kind: str, clause: str = "") -> RequestForm | None:
    """The form for a kind among those that a school uses: its own, else the general one; None where it uses neither.

    Where the school has two of a kind, it is the one that rests on `clause`, else the first.
    """
    used = [form for form in forms.values() if form.kind == kind and form.serves(school)]
    fitting = [form for form in used if form.policies] or used
    return next((form for form in fitting if clause in form.clauses), next(iter(fitting), None))


def pages(form: RequestForm, answers: Typed, people: Staff) -> tuple[Form, ...]:
    """The pages to fill in, with the questions that the answers so far call for and the people of the school.

    A page for which nothing is left to ask is not there; the others keep their ids.
    """
    found = []
    chosen: dict[str, frozenset[str]] = {}
    for number, page in enumerate(form.pages, 1):
        asked = tuple(one for one in page if _called_for(one, chosen))
        chosen |= {one.question.name: _chosen(one.question, answers) for one in asked}
        questions = tuple(_filled(one, people) for one in asked)
        if questions:
            found.append(Form(f"{form.id}.{number}", form.title, NEXT, questions))
    return tuple(found)


def _called_for(asked: Asked, chosen: Mapping[str, frozenset[str]]) -> bool:
    return asked.when is None or not chosen.get(asked.when[0], frozenset()).isdisjoint(asked.when[1])


def _chosen(question: Question, answers: Typed) -> frozenset[str]:
    """What was chosen of a list; nothing where the question has none of its own."""
    if not question.options:
        return frozenset()
    return frozenset(_texts(check(Form("", "", "", (question,)), answers).values.get(question.name)))


def _filled(asked: Asked, people: Staff) -> Question:
    if not asked.people:
        return asked.question
    options = tuple(Choosable(person, name[: limits.LABEL]) for person, name in people)
    return replace(asked.question, options=options)


def broken(form: RequestForm, values: Mapping[str, Value], today: date, requester: str) -> Mapping[str, str]:
    """The first problem of each question by its name; a question that was not answered breaks no rule."""
    problems: dict[str, str] = {}
    for rule in form.rules:
        given = {name: values[name] for name in rule.questions if values.get(name) not in (None, ())}
        for name in _breaking(rule, given, today, requester):
            problems.setdefault(name, rule.problem)
    return problems


def _breaking(rule: Rule, given: Mapping[str, Value], today: date, requester: str) -> Iterator[str]:
    days = {name: value for name, value in given.items() if isinstance(value, date)}
    match rule.kind:
        case "distinct":
            counts = Counter(text for value in given.values() for text in _texts(value))
            shared = [name for name, value in given.items() if any(counts[text] > 1 for text in _texts(value))]
            yield from shared[-1:]
        case "at-least":
            yield from (name for name, value in given.items() if len(_texts(value)) < rule.number)
        case "after":
            if len(days) == 2 and days[rule.questions[1]] <= days[rule.questions[0]]:
                yield rule.questions[1]
        case "not-before-today":
            yield from (name for name, day in days.items() if day < today)
        case "me":
            yield from (name for name, value in given.items() if requester not in _texts(value))
        case "someone-else":
            yield from (name for name, value in given.items() if requester in _texts(value))


def _texts(value: Value) -> tuple[str, ...]:
    """What was chosen, one or many."""
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


# --- from the data files ---------------------------------------------------------------------------------------------
@cache
def load_request_forms(folder: Path = FORMS, policies: frozenset[str] = frozenset()) -> Mapping[str, RequestForm]:
    """Every form by id; raises ValueError, with the name of the file, for one that does not hold together.

    `policies` are those of the schools beside the ones that come along; whether they have a clause is not looked at.
    """
    forms: dict[str, RequestForm] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            form = _form(tomllib.loads(path.read_text(encoding="utf-8")))
            _refuse(form, forms, policies)
        except KeyError as missing:
            raise ValueError(f"{path.name}: {missing.args[0]} is missing") from None
        except (ValueError, TypeError, AttributeError) as fault:
            raise ValueError(f"{path.name}: {fault}") from None
        forms[form.id] = form
    return forms


def _form(row: dict[str, Any]) -> RequestForm:
    left_out: dict[str, Any] = {"recorded_only": False, "register": "", "expires_days": 30, "register_fields": {}}
    return RequestForm(
        policies=frozenset(row.pop("policies", ())),
        clauses=tuple(row.pop("clauses", ())),
        stages=tuple(Stage(stage["role"], tuple(stage.get("instead", ()))) for stage in row.pop("stage")),
        pages=tuple(tuple(_asked(dict(asked)) for asked in page["ask"]) for page in row.pop("page")),
        rules=tuple(_rule(rule) for rule in row.pop("rule", ())),
        **left_out | row,
    )


def _asked(row: dict[str, Any]) -> Asked:
    people, when, known = row.pop("people", False), row.pop("when", None), row.pop("known", "")
    options = tuple(Choosable(value, label) for value, label in row.pop("options", {}).items())
    question = Question(kind=Kind(row.pop("kind", "line")), options=options, **row)
    return Asked(question, (when["question"], frozenset(when["is"])) if when else None, people, known)


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(row["kind"], tuple(row["questions"]), row.get("number", 0), row["problem"])


def _refuse(form: RequestForm, before: Collection[str], theirs: frozenset[str]) -> None:
    """Raise ValueError for the first thing that does not hold together."""
    if fault := next(_faults(form, before, theirs), ""):
        raise ValueError(fault)


def _faults(form: RequestForm, before: Collection[str], theirs: frozenset[str]) -> Iterator[str]:
    kinds, policies, clauses = _known()
    names = [asked.question.name for asked in form.asked]
    roles = [role for stage in form.stages for role in (stage.role, *stage.instead)]
    if form.id in before:
        yield f"there is another form {form.id}"
    yield from (f"two questions are named {name}" for name, count in Counter(names).items() if count > 1)
    yield from _unknown("role", roles, ROLES)
    yield from _unknown("kind", [form.kind], kinds)
    yield from _unknown("policy", sorted(form.policies), policies | theirs)
    yield from _unknown("clause", [each for each in form.clauses if each.partition("/")[0] not in theirs], clauses)
    yield from _unknown("known answer", [asked.known for asked in form.asked], KNOWN)
    yield from _unknown("register", [form.register], REGISTERS)
    yield from _unknown("field of the register", form.register_fields, REGISTERED)
    yield from _unknown("question of the register", form.register_fields.values(), names)
    yield from (fault for rule in form.rules for fault in _rule_faults(rule, form))
    yield from _page_faults(form)


def _unknown(what: str, used: Collection[str], known: Collection[str]) -> Iterator[str]:
    return (f"unknown {what}: {each}" for each in used if each not in known)


_TAKES: Mapping[str, tuple[Kind, ...]] = {
    "distinct": (Kind.ONE, Kind.MANY),
    "at-least": (Kind.MANY,),
    "after": (Kind.DAY,),
    "not-before-today": (Kind.DAY,),
    "me": (Kind.ONE, Kind.MANY),
    "someone-else": (Kind.ONE, Kind.MANY),
}


def _rule_faults(rule: Rule, form: RequestForm) -> Iterator[str]:
    kinds = {asked.question.name: asked.question.kind for asked in form.asked}
    if rule.kind not in _TAKES:
        yield f"unknown rule: {rule.kind}"
    elif not rule.questions:
        yield f"the rule {rule.kind} is about no question"
    elif rule.kind == "after" and len(rule.questions) != 2:
        yield "the rule after is about two questions"
    else:
        yield from _unknown("question of a rule", rule.questions, kinds)
        wrong = (name for name in rule.questions if kinds.get(name) not in _TAKES[rule.kind])
        yield from (f"the rule {rule.kind} does not fit {name}" for name in wrong)


def _page_faults(form: RequestForm) -> Iterator[str]:
    """Conditions look at an earlier page, so that a page never changes while it is filled in."""
    offered: dict[str, set[str]] = {}
    for page in form.pages:
        for asked in page:
            name, kind, options = asked.question.name, asked.question.kind, asked.question.options
            if asked.when and asked.when[0] not in offered:
                yield f"{name} waits for {asked.when[0]}, which is no choice on an earlier page"
            elif asked.when:
                yield from _unknown(f"answer that {name} waits for", sorted(asked.when[1]), offered[asked.when[0]])
            if (bool(options) or asked.people) != (kind in (Kind.ONE, Kind.MANY)) or (options and asked.people):
                yield f"{name} must offer either options or people exactly where one chooses"
        offered |= {
            one.question.name: {option.value for option in one.question.options} for one in page if one.question.options
        }
    if (
        not form.stages
        or not form.pages
        or any(all(asked.when for asked in page) for page in (form.pages[0], form.pages[-1]))
    ):
        yield "there must be a stage, and a first and a last page that are always there"


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The kinds that are approved, the policies, and the clauses of all of them."""
    shared = catalogue()
    packs = load_packs(Vocabulary(shared.intents, shared.forms(), shared.disclosures()))
    clauses = frozenset(clause.id for pack in packs for clause in pack.clauses)
    return frozenset(shared.forms()), frozenset(pack.id for pack in packs), clauses
