"""The forms by which permission is asked for: every school's, what they ask when, and what each refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.forms import FORMS, LOOK_UP
from bot.conversation.request_forms import (
    LINE_MANAGER,
    NEXT,
    Asked,
    RequestForm,
    Rule,
    Stage,
    broken,
    for_school,
    load_request_forms,
    pages,
)
from bot.domain.people import Role, School
from bot.talk import limits
from bot.talk.check import Value, check
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Typed
from intents.catalogue import catalogue
from policy_kb.load import Vocabulary, load_packs
from tests.laws.forms import answers
from tests.laws.test_limits import misfits
from tests.laws.test_round_trip import read_back
from tests.sends import CHANNELS

REQUESTS = load_request_forms()
EVERY = pytest.mark.parametrize("form", REQUESTS.values(), ids=lambda form: form.id)
SHARED = catalogue()
PACKS = load_packs(Vocabulary(SHARED.intents, SHARED.forms(), SHARED.disclosures()))
SCHOOLS = ("emlm", "milford", "whgs", "inspire", "rmet")
PEOPLE = tuple((f"p{number}", f"Person {number}") for number in range(20))
ME = "p19"
TODAY = date(2026, 8, 4)


def typed(**given: str) -> Typed:
    return {name.replace("_", "-"): tuple(map(Sealed, texts.split())) for name, texts in given.items()}


def names(shown: tuple[Form, ...]) -> list[str]:
    return [f"{form.id}: {' '.join(question.name for question in form.questions)}" for form in shown]


def widest(form: RequestForm) -> tuple[Form, ...]:
    """Its pages with every question on them."""
    bare = tuple(tuple(replace(asked, when=None) for asked in page) for page in form.pages)
    return pages(replace(form, pages=bare), {}, PEOPLE)


def sound(form: RequestForm) -> dict[str, Value]:
    """Values that break no rule: everybody another person but who asks, every day later than the one before."""
    values: dict[str, Value] = {}
    for number, asked in enumerate(form.asked):
        options = [option.value for option in asked.question.options] or [person for person, _ in PEOPLE[:-1]]
        match asked.question.kind:
            case Kind.LINE | Kind.TEXT:
                values[asked.question.name] = Sealed("words")
            case Kind.ONE:
                values[asked.question.name] = options[number % len(options)]
            case Kind.MANY:
                several = (options[number % len(options)], options[(number + 9) % len(options)])
                values[asked.question.name] = several if asked.people else tuple(options)
            case Kind.DAY:
                values[asked.question.name] = TODAY + timedelta(number)
            case Kind.NUMBER:
                values[asked.question.name] = 1
    return values | {name: ME for rule in form.rules if rule.kind == "me" for name in rule.questions}


def at(policy: str, *forms: str) -> School:
    return School(policy, policy, policy, forms=forms)


# --- which forms there are -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("policy", [*SCHOOLS, "imported"])
def test_every_kind_of_approval_has_a_form_at_every_school(policy: str) -> None:
    found = {kind: for_school(REQUESTS, at(policy), kind) for kind in SHARED.forms()}

    assert [kind for kind, form in found.items() if form is None or form.kind != kind] == []
    assert [form for form in found.values() if form and form.policies and policy not in form.policies] == []


@pytest.mark.parametrize(
    ("policy", "kind", "form"),
    [
        ("emlm", "new-account", "emlm-site"),
        ("milford", "new-account", "milford-account"),
        ("whgs", "new-account", "whgs-channel"),
        ("inspire", "new-account", "inspire-service"),
        ("rmet", "new-account", "rmet-presence"),
        ("imported", "new-account", "new-account"),
        ("milford", "content", "leaders-content"),
        ("emlm", "content", "content"),
        ("whgs", "video-upload", "whgs-video"),
        ("whgs", "contact-exception", "whgs-exception"),
        ("rmet", "contact-exception", "rmet-contact"),
        ("inspire", "contact-exception", "contact-exception"),
    ],
)
def test_a_school_uses_its_own_form_and_else_the_general_one(policy: str, kind: str, form: str) -> None:
    found = for_school(REQUESTS, at(policy), kind)
    assert found and found.id == form


@pytest.mark.parametrize(
    ("clause", "form"),
    [
        ("whgs/staff-personal.6", "whgs-exception"),
        ("whgs/staff-personal.4", "whgs-relationship"),
        ("whgs/faq.1", "whgs-exception"),
    ],
)
def test_of_two_forms_of_a_kind_the_one_that_rests_on_the_clause_is_used(clause: str, form: str) -> None:
    found = for_school(REQUESTS, at("whgs"), "contact-exception", clause)
    assert found and found.id == form


@pytest.mark.parametrize(
    ("chosen", "form"),
    [
        ((), "whgs-channel"),
        (("logo", "new-account"), "new-account"),
        (("logo", "whgs-channel"), "whgs-channel"),
        (("logo",), None),
    ],
)
def test_a_school_that_chooses_its_forms_uses_no_others(chosen: tuple[str, ...], form: str | None) -> None:
    found = for_school(REQUESTS, at("whgs", *chosen), "new-account")
    assert (found.id if found else None) == form


def test_what_is_no_approval_has_no_form() -> None:
    assert for_school(REQUESTS, at("emlm"), "child-concern") is None


def test_every_clause_of_a_pack_that_leads_to_a_form_is_one_that_this_form_rests_on() -> None:
    leading = [clause for pack in PACKS for clause in pack.clauses if clause.form]
    found = {clause.id: for_school(REQUESTS, at(clause.policy), clause.form, clause.id) for clause in leading}

    assert [clause for clause, form in found.items() if form is None or clause not in form.clauses] == []


@EVERY
def test_every_clause_that_a_form_rests_on_is_in_a_pack(form: RequestForm) -> None:
    known = {clause.id for pack in PACKS for clause in pack.clauses}
    assert [clause for clause in form.clauses if clause not in known] == []
    assert [clause for clause in form.clauses if form.policies and clause.partition("/")[0] not in form.policies] == []


def test_a_family_link_is_told_and_nothing_else_is_recorded_only() -> None:
    told = {form.id: form.stages for form in REQUESTS.values() if form.recorded_only}
    assert told == {"family-link": (Stage("head", ("chair",)),)}


@pytest.mark.parametrize(
    ("form", "roles"),
    [
        ("emlm-site", [LINE_MANAGER, "head"]),
        ("milford-account", ["approver"]),
        ("whgs-channel", ["head"]),
        ("whgs-video", ["it-admin"]),
        ("whgs-exception", ["head"]),
        ("whgs-relationship", [LINE_MANAGER]),
        ("other-service", ["approver"]),
        ("own-phone", ["approver"]),
        ("work-blog", [LINE_MANAGER]),
        ("encyclopaedia-correction", [LINE_MANAGER]),
        ("inspire-service", ["head"]),
        ("worktime-use", ["head"]),
        ("school-reference", ["head"]),
        ("rmet-presence", ["it-admin", "approver"]),
        ("device-use", ["approver"]),
        ("rmet-contact", ["approver"]),
        ("content", ["head"]),
        ("third-party-site", ["head"]),
        ("logo", ["head"]),
        ("advertise-contributors", ["head"]),
    ],
)
def test_the_stages_are_those_of_the_policy(form: str, roles: list[str]) -> None:
    assert [stage.role for stage in REQUESTS[form].stages] == roles


@EVERY
def test_every_stage_has_somebody_who_stands_in(form: RequestForm) -> None:
    roles = {role for stage in form.stages for role in (stage.role, *stage.instead)}
    assert roles <= {*Role, LINE_MANAGER}
    assert [stage for stage in form.stages if not stage.instead or stage.role in stage.instead] == []


@EVERY
def test_a_form_says_what_happens_and_how_long_it_waits(form: RequestForm) -> None:
    assert (0 < len(form.intro) <= limits.BODY, form.intro[-1:], 0 < form.expires_days <= 90) == (True, ".", True)


@EVERY
def test_what_is_registered_is_asked_for(form: RequestForm) -> None:
    wanted = {"platform", "purpose", "audience", "administrators"} if form.register else set()
    assert wanted <= form.register_fields.keys()
    assert bool(form.register_fields) == bool(form.register)


def test_every_new_account_goes_into_the_register() -> None:
    registered = {form.id: form.register for form in REQUESTS.values() if form.kind == "new-account"}
    assert registered == {
        **dict.fromkeys(("emlm-site", "inspire-service", "milford-account", "new-account", "rmet-presence"), "account"),
        "whgs-channel": "channel",
    }


def test_the_forms_of_the_chat_are_where_they_were() -> None:
    assert FORMS["look-up"] is LOOK_UP


# --- what they ask ---------------------------------------------------------------------------------------------------
@EVERY
def test_every_page_fits_the_narrowest_channel(form: RequestForm) -> None:
    assert [fault for page in widest(form) for fault in misfits(page)] == []


@EVERY
def test_a_page_is_short_and_none_sends_it_in_before_all_was_checked(form: RequestForm) -> None:
    shown = widest(form)
    assert [page.id for page in shown if not 1 <= len(page.questions) <= 8] == []
    assert {page.submit for page in shown} == {NEXT}
    assert [page.id for page in shown] == [f"{form.id}.{number}" for number in range(1, len(shown) + 1)]


def test_a_question_takes_the_same_sort_of_answer_in_every_form() -> None:
    sorts = {(one.question.name, one.question.kind, one.people) for form in REQUESTS.values() for one in form.asked}
    assert len(sorts) == len({name for name, _, _ in sorts})


def test_the_site_form_asks_for_every_field_of_appendix_b() -> None:
    asked = [question.name for page in widest(REQUESTS["emlm-site"]) for question in page.questions]
    assert (
        asked
        == (
            "department author line-manager handle purpose content audience contributors host audience-others "
            "contributors-others platform vetting sought consent security administrators moderators opens closes"
        ).split()
    )


def test_at_first_only_what_is_always_asked_is_there() -> None:
    assert names(pages(REQUESTS["emlm-site"], {}, PEOPLE)) == [
        "emlm-site.1: department author line-manager handle purpose content",
        "emlm-site.2: audience contributors host",
        "emlm-site.3: security",
        "emlm-site.4: administrators moderators opens closes",
    ]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (typed(audience="pupils others"), "audience-others security"),
        (typed(audience="pupils", contributors="staff"), "security"),
        (typed(contributors="pupils"), "consent security"),
        (typed(contributors="staff public"), "vetting sought consent security"),
        (typed(contributors="others"), "contributors-others vetting sought consent security"),
        (typed(host="third-party"), "platform security"),
        (typed(host="school"), "security"),
        (typed(host="nonsense"), "security"),
        (typed(security="others"), "security"),
    ],
)
def test_questions_appear_and_disappear_with_the_answers(given: Typed, asked: str) -> None:
    assert names(pages(REQUESTS["emlm-site"], given, PEOPLE))[2] == f"emlm-site.3: {asked}"


def test_a_page_with_nothing_left_to_ask_is_not_there_and_the_others_keep_their_ids() -> None:
    first = (Asked(_one("pet", "yes", "no")),)
    form = replace(
        REQUESTS["logo"],
        pages=(
            first,
            (Asked(_one("kind", "dog", "cat"), ("pet", frozenset({"yes"}))),),
            (Asked(Question("end", "E")),),
        ),
    )

    assert names(pages(form, typed(pet="no"), PEOPLE)) == ["logo.1: pet", "logo.3: end"]
    assert names(pages(form, typed(pet="yes"), PEOPLE)) == ["logo.1: pet", "logo.2: kind", "logo.3: end"]


def test_an_answer_to_what_is_no_longer_asked_calls_for_nothing() -> None:
    form = replace(
        REQUESTS["logo"],
        pages=(
            (Asked(_one("pet", "yes", "no")),),
            (Asked(_one("kind", "dog", "cat"), ("pet", frozenset({"yes"}))),),
            (Asked(Question("breed", "B"), ("kind", frozenset({"dog"}))), Asked(Question("end", "E"))),
        ),
    )

    assert names(pages(form, typed(pet="yes", kind="dog"), PEOPLE))[-1] == "logo.3: breed end"
    assert names(pages(form, typed(pet="no", kind="dog"), PEOPLE)) == ["logo.1: pet", "logo.3: end"]


def _one(name: str, *options: str) -> Question:
    return Question(name, name, Kind.ONE, options=tuple(Choosable(value, value) for value in options))


def test_people_are_those_of_the_school_and_a_long_name_fits() -> None:
    people = (("p1", "Teacher " * 20), ("p2", "Headteacher"))
    (asked,) = [
        question
        for page in pages(REQUESTS["emlm-site"], {}, people)
        for question in page.questions
        if question.name == "administrators"
    ]
    assert asked.options == (Choosable("p1", ("Teacher " * 20)[: limits.LABEL]), Choosable("p2", "Headteacher"))


# --- what they refuse ------------------------------------------------------------------------------------------------
@EVERY
def test_sound_answers_break_no_rule(form: RequestForm) -> None:
    assert broken(form, sound(form), TODAY, ME) == {}


@EVERY
def test_what_was_not_answered_breaks_no_rule(form: RequestForm) -> None:
    nothing = {one.question.name: () if one.question.kind is Kind.MANY else None for one in form.asked}
    assert (broken(form, {}, TODAY, ME), broken(form, nothing, TODAY, ME)) == ({}, {})


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        pytest.param(form, rule, id=f"{form.id} {rule.kind} {' '.join(rule.questions)}")
        for form in REQUESTS.values()
        for rule in form.rules
    ],
)
def test_each_rule_that_is_broken_gives_its_own_message_beside_its_question(form: RequestForm, rule: Rule) -> None:
    values = sound(form)
    assert broken(form, values | break_rule(rule, values), TODAY, ME) == {rule.questions[-1]: rule.problem}
    assert [other.problem for other in form.rules].count(rule.problem) == 1


def break_rule(rule: Rule, values: Mapping[str, Value]) -> dict[str, Value]:
    """Answers that break this rule and no other."""
    first, last = values[rule.questions[0]], values[rule.questions[-1]]
    match rule.kind:
        case "distinct" if isinstance(first, tuple) and isinstance(last, tuple):
            return {rule.questions[-1]: (first[0], *last[1:])}
        case "distinct":
            return {rule.questions[-1]: first}
        case "at-least" if isinstance(last, tuple):
            return {rule.questions[-1]: last[: rule.number - 1]}
        case "after":
            return {rule.questions[-1]: first}
        case "not-before-today":
            return {rule.questions[-1]: TODAY - timedelta(1)}
        case "me":
            return {rule.questions[-1]: "p0"}
        case "someone-else":
            return {rule.questions[-1]: ME}
    raise AssertionError(rule)


def test_today_is_soon_enough_and_a_closing_day_may_be_left_out() -> None:
    form = REQUESTS["new-account"]
    values = sound(form) | {"opens": TODAY, "closes": None}
    assert broken(form, values, TODAY, ME) == {}


def test_two_broken_rules_are_said_beside_both_questions_and_one_question_has_one_problem() -> None:
    form = REQUESTS["emlm-site"]
    values = sound(form) | {"administrators": ("p1",), "moderators": ("p1",), "opens": TODAY - timedelta(1)}

    problems = broken(form, values, TODAY, ME)

    assert problems == {
        "administrators": "A site needs at least 2 administrators. Please pick one more.",
        "moderators": "A site needs at least 2 moderators. Please pick one more.",
        "opens": "The site cannot go live on a day that has passed. Please give today or a later day.",
    }


# --- what is typed, all the way --------------------------------------------------------------------------------------
def test_a_whole_request_goes_through_page_by_page() -> None:
    form = REQUESTS["milford-account"]
    told = {
        "platform": "Photo sharing", "handle": "@history", "purpose": "Show work", "promotion": "Newsletter",
        "open": "open",
    }  # fmt: skip
    given: Typed = {name: (Sealed(text),) for name, text in told.items()}
    given = {**given, **typed(audience="pupils", administrators="p1 p2", moderators="p3", ready="read trained")}

    values: dict[str, Value] = {}
    for page in pages(form, given, PEOPLE):
        checked = check(page, given, TODAY)
        assert checked.problems == {}
        values |= checked.values

    assert broken(form, values, TODAY, ME) == {}
    assert (values["administrators"], values["audience"], values["open"]) == (("p1", "p2"), ("pupils",), "open")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_channel_reads_back_the_same_answers_for_every_page(data: st.DataObject) -> None:
    page = data.draw(st.sampled_from([page for form in REQUESTS.values() for page in widest(form)]))
    drawn = data.draw(answers(page))
    meant = opened(page, {name: tuple(map(Sealed, texts)) for name, texts in drawn.items()})

    read = {name: read_back(send, FormReply(page), drawn, meant, TODAY) for name, send in CHANNELS.items()}

    assert read == dict.fromkeys(CHANNELS, meant)


def opened(page: Form, given: Typed) -> tuple[Mapping[str, object], Mapping[str, str]]:
    checked = check(page, given, TODAY)
    values = {name: one.reveal() if isinstance(one, Sealed) else one for name, one in checked.values.items()}
    return values, checked.problems


# --- a file that does not hold together ------------------------------------------------------------------------------
GOOD = """
id = "mine"
kind = "logo"
policies = ["emlm"]
clauses = ["emlm/A.3.5"]
title = "Mine"
submit = "Send"
intro = "One."
register = "account"
[[stage]]
role = "head"
[[page]]
[[page.ask]]
name = "first"
label = "First"
kind = "one"
options = { a = "A", b = "B" }
[[page.ask]]
name = "start"
label = "Start"
kind = "day"
[[page]]
[[page.ask]]
name = "later"
label = "Later"
when = { question = "first", is = ["a"] }
[[page.ask]]
name = "last"
label = "Last"
kind = "day"
[[rule]]
kind = "after"
questions = ["start", "last"]
problem = "Later, please."
[register_fields]
purpose = "later"
"""


def test_a_school_can_keep_its_own_forms(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.replace("emlm", "oak"), encoding="utf-8")
    form = load_request_forms(tmp_path, frozenset({"oak"}))["mine"]
    assert (form.title, form.stages, form.expires_days, form.recorded_only) == ("Mine", (Stage("head"),), 30, False)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('role = "head"', 'role = "king"', "unknown role: king"),
        ('name = "later"', 'name = "later"\nknown = "age"', "unknown known answer: age"),
        ('role = "head"', 'role = "head"\ninstead = ["queen"]', "unknown role: queen"),
        ('kind = "logo"', 'kind = "child-concern"', "unknown kind: child-concern"),
        ('["emlm"]', '["oak"]', "unknown policy: oak"),
        ("emlm/A.3.5", "emlm/Z.9", "unknown clause: emlm/Z.9"),
        ('register = "account"', 'register = "book"', "unknown register: book"),
        ('purpose = "later"', 'colour = "later"', "unknown field of the register: colour"),
        ('purpose = "later"', 'purpose = "never"', "unknown question of the register: never"),
        ('name = "last"', 'name = "start"', "two questions are named start"),
        ('question = "first"', 'question = "last"', "later waits for last, which is no choice on an earlier page"),
        ('question = "first"', 'question = "start"', "later waits for start, which is no choice on an earlier page"),
        ('is = ["a"]', 'is = ["c"]', "unknown answer that later waits for: c"),
        ('kind = "after"', 'kind = "before"', "unknown rule: before"),
        ('["start", "last"]', "[]", "the rule after is about no question"),
        ('["start", "last"]', '["start"]', "the rule after is about two questions"),
        ('["start", "last"]', '["start", "nothing"]', "unknown question of a rule: nothing"),
        ('["start", "last"]', '["start", "first"]', "the rule after does not fit first"),
        ('{ a = "A", b = "B" }', "{}", "first must offer either options or people exactly where one chooses"),
        ('label = "Last"', 'label = "Last"\npeople = true', "last must offer either options or people"),
        ('label = "Last"', 'label = "Last"\nwhen = { question = "first", is = ["a"] }', "a first and a last page that"),
        ('kind = "day"', 'kind = "moment"', "'moment' is not a valid Kind"),
        ('title = "Mine"\n', "", "'title'"),
        ('label = "Last"\n', "", "'label'"),
        ('problem = "Later, please."\n', "", "problem is missing"),
        ('[[stage]]\nrole = "head"\n', "", "stage is missing"),
        ('title = "Mine"', "title = ", "Invalid value"),
    ],
)
def test_a_form_that_does_not_hold_together_is_refused_with_the_name_of_its_file(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    assert old in GOOD
    (tmp_path / "mine.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError) as refused:
        load_request_forms(tmp_path)
    assert str(refused.value).startswith("mine.toml: ")
    assert fault in str(refused.value)


def test_two_forms_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("mine", "other"):
        (tmp_path / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match="^other.toml: there is another form mine$"):
        load_request_forms(tmp_path)
