"""Who receives what is reported, row by row, and in schools where people hold many roles or none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person, Role, School
from bot.domain.routing import LADO, NOBODY_HERE, Reported, Routed, Subject, read_guidance, recipients, route
from tests.domain.schools import PEOPLE, RULES, person, school, without

KINDS = ("reported-contact", "child-concern", "adult-concern", "online-incident", "radicalisation")
UNSURE, PROVIDER = Subject(unsure=True), Subject(provider=True)


def routed(here: School, kind: str, subject: Subject = NOBODY_HERE, theme: str = "", conflict: bool = False) -> Routed:
    return route(RULES.guidance, here, Reported(kind, subject, theme, conflict))


def told(
    here: School, kind: str, subject: Subject = NOBODY_HERE, **more: Any
) -> tuple[str, list[str], tuple[str, ...]]:
    """The row, who is told now, and what the reporter is shown."""
    found = routed(here, kind, subject, **more)
    return found.row, list(found.recipients), found.screen


# --- every row ----------------------------------------------------------------------------------------------
PROPRIETOR = person("owner", Role.PROPRIETOR)
ROWS: list[tuple[str, str, str, Reported, list[str], tuple[str, ...]]] = [
    (
        "conflict-of-interest",
        "milford",
        "a conflict",
        Reported("adult-concern", conflict=True),
        ["independent"],
        (LADO,),
    ),
    ("about-the-proprietor", "milford", "", Reported("adult-concern", Subject("owner")), ["independent"], (LADO,)),
    ("about-the-chair", "milford", "", Reported("adult-concern", Subject("chair")), ["vice"], (LADO,)),
    ("about-the-head", "milford", "", Reported("adult-concern", Subject("head")), ["chair"], ("social-care",)),
    ("not-sure-who", "milford", "", Reported("adult-concern", UNSURE), ["chair"], (LADO,)),
    ("emlm-provider", "emlm", "", Reported("adult-concern", PROVIDER), ["officer"], ()),
    ("emlm-media", "emlm", "", Reported("online-incident", theme="media"), ["head"], ()),
    ("inspire-pupil-joins-staff", "inspire", "", Reported("reported-contact"), ["head", "dsl"], ()),
    ("inspire-adult-online", "inspire", "", Reported("adult-concern", Subject("dsl")), ["head"], ("social-care",)),
    ("whgs-contact", "whgs", "", Reported("reported-contact"), ["dsl", "deputy"], ("social-care",)),
    ("about-the-dsl", "milford", "", Reported("adult-concern", Subject("dsl")), ["head"], ("social-care",)),
    ("about-the-dsl", "milford", "a deputy", Reported("adult-concern", Subject("deputy")), ["head"], ("social-care",)),
    ("about-a-provider", "milford", "", Reported("adult-concern", PROVIDER), ["head"], ("social-care",)),
    (
        "radicalised-adult",
        "milford",
        "",
        Reported("radicalisation", Subject("teacher")),
        ["head"],
        ("social-care", "prevent", "police"),
    ),
    ("about-an-adult", "milford", "", Reported("child-concern", Subject("teacher")), ["head"], ("social-care",)),
    ("threat-by-a-parent", "milford", "", Reported("online-incident", theme="threat"), ["head"], ("police",)),
    ("media", "milford", "", Reported("online-incident", theme="media"), ["head"], ()),
    ("radicalisation", "milford", "", Reported("radicalisation"), ["dsl", "deputy"], ("prevent", "police")),
    ("adult-not-of-the-school", "milford", "", Reported("adult-concern"), ["head"], ("social-care",)),
    ("child", "milford", "", Reported("child-concern"), ["dsl", "deputy"], ("social-care",)),
    ("child", "milford", "a contact", Reported("reported-contact"), ["dsl", "deputy"], ("social-care",)),
    ("child", "milford", "an incident", Reported("online-incident", theme="fake"), ["dsl", "deputy"], ("social-care",)),
]


@pytest.mark.parametrize(
    ("row", "policy", "reported", "people", "screen"),
    [(row, policy, *rest) for row, policy, _, *rest in ROWS],
    ids=[" ".join(one[:3]) for one in ROWS],
)
def test_a_report_goes_where_its_row_says(
    row: str, policy: str, reported: Reported, people: list[str], screen: tuple[str, ...]
) -> None:
    found = route(RULES.guidance, school(*PEOPLE, PROPRIETOR, policy=policy), reported)
    assert (found.row, list(found.recipients), found.screen) == (row, people, screen)
    assert found.guidance == RULES.guidance.version


def test_every_row_has_a_case_above() -> None:
    assert {row.id for row in RULES.guidance.rows} == {one[0] for one in ROWS}


def test_every_row_says_where_it_comes_from_and_screens_name_known_services() -> None:
    assert [row.id for row in RULES.guidance.rows if not row.source] == []
    services = {LADO, "social-care", "out-of-hours", "police", "prevent"}
    assert {name for row in RULES.guidance.rows for name in row.screen} <= services


def test_rows_whose_last_does_not_fit_all_are_refused() -> None:
    row = {"id": "one", "to": [["head"]], "about": ["staff"]}
    with pytest.raises(ValueError, match="the last route fits all"):
        read_guidance({"version": "1", "route": [row]})


def test_a_role_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'wizard' is not a valid Role"):
        read_guidance({"version": "1", "route": [{"id": "one", "to": [["wizard"]]}]})


# --- small schools ------------------------------------------------------------------------------------------
def test_where_the_head_is_the_dsl_what_is_about_them_goes_to_the_chair() -> None:
    here = without("dsl", "deputy", head=person("head", Role.HEAD, Role.DSL))
    assert told(here, "child-concern", Subject("head")) == ("about-the-head", ["chair"], ("social-care",))
    assert told(here, "child-concern") == ("child", ["head"], ("social-care",))


def test_where_there_is_no_deputy_the_dsl_alone_is_told() -> None:
    assert told(without("deputy"), "child-concern") == ("child", ["dsl"], ("social-care",))


def test_where_there_is_neither_dsl_nor_deputy_the_head_is_told_at_once() -> None:
    found = routed(without("dsl", "deputy"), "child-concern")
    assert (found.recipients, found.ladder) == (("head",), ((Role.HEAD,), (Role.CHAIR,)))


def test_where_the_head_is_the_proprietor_nobody_below_them_is_told() -> None:
    here = without(head=person("head", Role.HEAD, Role.PROPRIETOR))
    assert told(here, "adult-concern", Subject("head")) == ("about-the-proprietor", ["independent"], (LADO,))


def test_where_the_chair_is_the_proprietor_the_vice_chair_is_not_told() -> None:
    here = without(chair=person("chair", Role.CHAIR, Role.PROPRIETOR))
    assert told(here, "adult-concern", Subject("chair")) == ("about-the-proprietor", ["independent"], (LADO,))


def test_where_there_is_no_chair_what_is_about_the_head_goes_to_the_vice_chair() -> None:
    assert told(without("chair"), "adult-concern", Subject("head")) == ("about-the-head", ["vice"], ("social-care",))


def test_where_the_chair_is_missing_and_nobody_is_sure_who_it_is_the_lado_is_shown() -> None:
    assert told(without("chair"), "adult-concern", UNSURE) == ("not-sure-who", [], (LADO,))


def test_what_is_about_head_and_chair_in_one_goes_to_the_vice_chair() -> None:
    here = without("head", chair=person("chair", Role.HEAD, Role.CHAIR))
    assert told(here, "adult-concern", Subject("chair")) == ("about-the-chair", ["vice"], (LADO,))


@pytest.mark.parametrize("kind", KINDS)
def test_where_one_person_holds_every_role_what_is_about_them_shows_the_lado_and_tells_nobody(kind: str) -> None:
    found = routed(school(person("teacher"), person("only", *Role)), kind, Subject("only"))
    assert (found.recipients, found.screen) == ((), (LADO,))


def test_where_every_rung_is_empty_the_lado_is_shown_beside_what_else_is() -> None:
    assert told(school(person("teacher")), "radicalisation") == ("radicalisation", [], ("prevent", "police", LADO))


def test_the_delegate_of_the_subject_is_passed_over_even_as_the_deputy() -> None:
    here = without(teacher=person("teacher", delegates=["head"]))
    assert told(here, "adult-concern", Subject("teacher")) == ("about-an-adult", ["chair"], ("social-care",))


def test_one_who_holds_two_roles_of_a_rung_is_told_once() -> None:
    here = without("deputy", dsl=person("dsl", Role.DSL, Role.DEPUTY))
    assert routed(here, "child-concern").recipients == ("dsl",)


def test_a_subject_who_is_not_on_the_schools_list_takes_the_safe_route() -> None:
    assert told(school(), "child-concern", Subject("gone")) == ("not-sure-who", ["chair"], (LADO,))


# --- whoever it is ------------------------------------------------------------------------------------------
IDS = ("a", "b", "c", "d", "e")


@st.composite
def schools(draw: st.DrawFn) -> School:
    roles = st.frozensets(st.sampled_from(Role), max_size=5)
    delegates = st.frozensets(st.sampled_from(IDS), max_size=2)
    people = tuple(Person(one, one, draw(roles), draw(delegates)) for one in IDS)
    return School("any", "Any", draw(st.sampled_from(("milford", "whgs", "emlm", "inspire"))), people)


@given(schools(), st.sampled_from(KINDS), st.sampled_from(IDS), st.sampled_from(("", "media", "threat")), st.booleans())
def test_neither_the_subject_nor_their_delegates_are_ever_told_and_somebody_or_the_lado_remains(
    here: School, kind: str, subject: str, theme: str, conflict: bool
) -> None:
    found = routed(here, kind, Subject(subject), theme=theme, conflict=conflict)
    barred = here.close_to(subject)
    later = {who for rung in found.ladder for who in recipients(here, rung, barred)}
    assert not barred & {*found.recipients, *later}
    assert found.recipients or (LADO in found.screen and not later)


@given(schools(), st.sampled_from(KINDS), st.sampled_from((NOBODY_HERE, UNSURE, PROVIDER)))
def test_every_report_goes_somewhere(here: School, kind: str, subject: Subject) -> None:
    found = routed(here, kind, subject)
    assert found.recipients or LADO in found.screen
