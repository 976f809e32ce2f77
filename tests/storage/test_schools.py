from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.domain
from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.people import Person, Role, School
from bot.domain.routing import LADO, Reported, Subject, read_guidance, route
from bot.errors import InputError
from bot.storage.practice import PEOPLE, TERMS, practice
from bot.storage.schools import YEARS, SchoolsFile, check, read_schools

EXAMPLE = Path(__file__).parents[2] / "docs" / "schools.example.toml"
ROUTES = Path(bot.domain.__file__).parent / "routing.toml"
GUIDANCE = read_guidance(tomllib.loads(ROUTES.read_text(encoding="utf-8")))

SMALL = """
[[school]]
id = "oak"
name = "Oak School"
policy = "oak-policy"
slack = ["T1"]
[school.contacts]
lado = "01632 960001"
social-care = "01632 960002"
[school.calendar]
opens = 08:30:00
terms = [[2026-09-01, 2026-10-23], [2026-11-02, 2026-12-18]]
closed = [2026-11-27]
bank_holidays = false
[school.departments]
office = "deputy"
[[school.people]]
id = "head"
name = "Headteacher"
roles = ["head", "DSL"]
delegates = ["pa"]
email = "head@oak.example"
[[school.people]]
id = "deputy"
name = "Deputy DSL"
roles = ["deputy"]
manager = "head"
[[school.people]]
id = "chair"
name = "Chair"
roles = ["chair"]
slack = "U1"
[[school.people]]
id = "pa"
name = "Assistant"
department = "office"
"""
NO_MANAGER = "who is not another of its people."
STAFF = frozenset({Role.STAFF})
OAK = School(
    "oak",
    "Oak School",
    "oak-policy",
    (
        Person("head", "Headteacher", STAFF | {Role.HEAD, Role.DSL}, frozenset({"pa"})),
        Person("deputy", "Deputy DSL", STAFF | {Role.DEPUTY}, manager="head"),
        Person("chair", "Chair", STAFF | {Role.CHAIR}, slack="U1"),
        Person("pa", "Assistant", department="office"),
    ),
    {"lado": "01632 960001", "social-care": "01632 960002"},
    Calendar(
        time(8, 30),
        terms=((date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))),
        closed=frozenset({date(2026, 11, 27)}),
    ),
    {"office": "deputy"},
    slack=("T1",),
)
OAK_WITHOUT_PA = replace(OAK, people=(replace(OAK.people[0], delegates=frozenset()), *OAK.people[1:3]))
WITHOUT_PA = SMALL.replace('delegates = ["pa"]\n', "").replace(
    '[[school.people]]\nid = "pa"\nname = "Assistant"\ndepartment = "office"\n', ""
)

ROLES = ", ".join(Role)
IDS = "the id must be 1 to 40 small letters, digits and hyphens, and none of nobody, provider, unsure."
PLAIN = "as text in quotes."
DATES = "as a date without quotes, such as 2026-09-01."
TERM = "each of the terms must be its first day and its last, and they must stand in their order."
REFUSED = [
    (SMALL, "", "schools.toml: write each school as a table under [[school]], at least one."),
    (SMALL, 'school = "oak"', "schools.toml: write each school as a table under [[school]], at least one."),
    ("\n[[school]]", "\nlevel = 1\n[[school]]", "schools.toml: there is no entry level; there is school."),
    ("\n[[school]]", "\n[[school]]\nid = 'oak'\n[[school]]", 'School oak: write name = "..." as text in quotes.'),
    (SMALL, SMALL + SMALL, "schools.toml: the school oak stands twice; give each an id of its own."),
    ('id = "oak"\n', "", f'schools.toml, school 1: write id = "..." {PLAIN}'),
    ('"oak"', '"../oak"', f"schools.toml, school 1: {IDS}"),
    ('"Oak School"', '""', f'School oak: write name = "..." {PLAIN}'),
    ('"Oak School"', '"Oak\\u202eSchool"', "School oak: write name on one line of at most 200 characters."),
    ('"oak-policy"', "7", f'School oak: write policy = "..." {PLAIN}'),
    (
        "policy =",
        "town = 'Here'\npolicy =",
        "schools.toml, school 1: there is no entry town; there is id, name, policy, contacts, calendar, departments, "
        "forms, slack, teams, people.",
    ),
    (
        "lado =",
        "LADO =",
        "School oak, contacts: there is no entry LADO; there is lado, social-care, out-of-hours, police, prevent.",
    ),
    ('"01632 960001"', "1632960001", f'School oak, contacts: write lado = "..." {PLAIN}'),
    ("[school.contacts]", "[[school.contacts]]", "School oak: write contacts as a table under [school.contacts]."),
    (
        "opens = 08:30:00",
        'opens = "8.30"',
        "School oak, calendar: write opens as a time without quotes, such as 08:00:00.",
    ),
    ("08:30:00", "17:00:00", "School oak, calendar: opens must be earlier than closes."),
    ("[2026-11-27]", '["27/11/2026"]', f"School oak, calendar: write every day of closed {DATES}"),
    ("[2026-11-27]", "2026-11-27", f"School oak, calendar: write every day of closed {DATES}"),
    ("2026-11-27", "2026-11-27T08:00:00", f"School oak, calendar: write every day of closed {DATES}"),
    ("[[2026-09-01, 2026-10-23], ", "[2026-09-01, ", f"School oak, calendar: write every day of terms {DATES}"),
    ("[2026-09-01, 2026-10-23]", "[2026-09-01]", f"School oak, calendar: {TERM}"),
    ("2026-10-23", "2026-08-23", f"School oak, calendar: {TERM}"),
    ("2026-10-23", "2026-11-23", f"School oak, calendar: {TERM}"),
    (
        "[[2026-09-01, 2026-10-23], [2026-11-02, 2026-12-18]]",
        "1",
        "School oak, calendar: write terms = [[first day, last day], ...].",
    ),
    ("bank_holidays = false", "bank_holidays = 0", "School oak, calendar: write bank_holidays = true or false."),
    (
        "bank_holidays",
        "holidays",
        "School oak, calendar: there is no entry holidays; there is opens, closes, terms, closed, bank_holidays.",
    ),
    (
        "[[school.people]]",
        "[[school.person]]",
        "schools.toml, school 1: there is no entry person; there is id, name, policy, contacts, calendar, departments, "
        "forms, slack, teams, people.",
    ),
    (
        'name = "Chair"',
        'role = "chair"',
        "School oak, person 3: there is no entry role; there is id, name, roles, delegates, manager, department, "
        "slack, teams, email.",
    ),
    ('id = "chair"', 'id = "unsure"', f"School oak, person 3: {IDS}"),
    ('id = "chair"', 'id = "head"', "School oak: the person head stands twice; give each an id of its own."),
    ('"Chair"', f'"{"C" * 76}"', "School oak, chair: write name on one line of at most 75 characters."),
    ('["chair"]', '["governor"]', f"School oak, chair: there is no role governor; there is {ROLES}."),
    ('["chair"]', '"chair"', 'School oak, chair: write roles = ["...", "..."] as a list of texts in quotes.'),
    ('["pa"]', '["clerk"]', "School oak: head has the delegate clerk, who is not among its people."),
    ('manager = "head"', 'manager = "clerk"', f"School oak: deputy has the manager clerk, {NO_MANAGER}"),
    ('manager = "head"', 'manager = "deputy"', f"School oak: deputy has the manager deputy, {NO_MANAGER}"),
    ('office = "deputy"', 'office = "clerk"', "School oak, departments: clerk is not among the people."),
    (
        'office = "deputy"',
        'science = "deputy"',
        'School oak, departments: say who heads office: office = "the id of a person".',
    ),
    ('["head", "DSL"]', '["head"]', "School oak cannot go live: it has no DSL; give someone the role DSL."),
    ('["deputy"]', "[]", "School oak cannot go live: it has no deputy DSL; give someone the role deputy."),
    (
        '["deputy"]',
        '["deputy", "DSL"]',
        "School oak cannot go live: its only deputy is the DSL; give someone else the role deputy.",
    ),
    ('["head", "DSL"]', '["DSL"]', "School oak cannot go live: it has no head; give someone the role head."),
    ('["chair"]', "[]", "School oak cannot go live: it has no chair of governors; give someone the role chair."),
    (
        'lado = "01632 960001"\n',
        "",
        'School oak cannot go live: it has no contact lado; write lado = "how to phone them" under [school.contacts].',
    ),
    (
        'social-care = "01632 960002"\n',
        "",
        "School oak cannot go live: it has no contact social-care; "
        'write social-care = "how to phone them" under [school.contacts].',
    ),
    (
        '["pa"]',
        '["pa", "chair"]',
        "School oak cannot go live: a report about head would reach nobody; "
        "give someone who is neither they nor their delegate the role chair or vice-chair.",
    ),
    (
        'roles = ["deputy"]',
        'roles = ["deputy"]\ndelegates = ["head", "chair"]',
        "School oak cannot go live: a report about deputy would reach nobody; "
        "give someone who is neither they nor their delegate the role head or chair.",
    ),
]


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "schools.toml").write_text(SMALL, encoding="utf-8")
    return tmp_path / "schools.toml"


def test_a_file_is_read_as_it_is_written(path: Path) -> None:
    assert SchoolsFile(path).all() == (OAK,)


def test_the_example_in_the_docs_is_read() -> None:
    (oak,) = read_schools(EXAMPLE)
    assert [(who.id, sorted(who.roles - STAFF), sorted(who.delegates)) for who in oak.people] == [
        ("headteacher", ["head"], ["head-pa"]),
        ("head-pa", [], []),
        ("dsl", ["DSL"], []),
        ("deputy-dsl", ["deputy", "line-manager"], []),
        ("chair", ["chair"], []),
        ("vice-chair", ["vice-chair"], []),
        ("it", ["it-admin"], []),
        ("year-4-teacher", [], []),
    ]
    manages = {who.id: manager.id for who in oak.people if (manager := oak.manager_of(who.id))}
    assert manages == {"headteacher": "chair", "vice-chair": "chair", "year-4-teacher": "deputy-dsl"}
    assert (oak.id, oak.name, oak.policy) == ("oak", "Oak Primary School", "oak-social-media")
    assert list(oak.contacts) == ["lado", "social-care", "out-of-hours", "police", "prevent"]
    assert oak.calendar == Calendar(time(8), time(16, 30), TERMS, bank_holidays(YEARS) | {date(2026, 11, 27)})


def test_the_example_names_every_role() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert [role for role in Role if role not in text] == []


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED)
def test_what_does_not_hold_together_is_refused_in_one_sentence(path: Path, old: str, new: str, sentence: str) -> None:
    assert old in SMALL
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        SchoolsFile(path)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[[school]", "this is not valid TOML: Expected ']]' at the end of an array declaration"),
        (b'name = "\xff"', "this is not UTF-8 text. Save it as UTF-8 and try again."),
        (None, "the file of schools cannot be read (No such file or directory)."),
    ],
)
def test_what_is_no_file_of_schools_is_refused_in_one_sentence(
    path: Path, content: bytes | None, sentence: str
) -> None:
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        SchoolsFile(path)
    assert str(refused.value).startswith(f"{path}: {sentence}")


def test_a_mark_that_windows_puts_in_front_is_passed_over(path: Path) -> None:
    path.write_text(SMALL, encoding="utf-8-sig")
    assert read_schools(path) == (OAK,)


def test_a_school_is_found_by_its_id_and_no_other_is(path: Path) -> None:
    schools = SchoolsFile(path)
    lookup: Callable[[str], School] = schools
    assert (schools.school("oak"), lookup("oak")) == (OAK, OAK)
    with pytest.raises(InputError, match=r"^There is no such school\. There is: oak\.$"):
        schools.school("elm")


def test_a_leaver_is_gone_a_second_after_the_file_was_saved(path: Path) -> None:
    clock = Clock()
    schools = SchoolsFile(path, clock)
    path.write_text(WITHOUT_PA, encoding="utf-8")
    clock.now = 0.9
    before = schools.school("oak")
    clock.now = 1.0
    assert (before, schools.school("oak")) == (OAK, OAK_WITHOUT_PA)


def test_a_change_of_the_same_length_is_seen(path: Path) -> None:
    clock = Clock()
    schools = SchoolsFile(path, clock)
    path.write_text(SMALL.replace("Oak School", "Elm School"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    clock.now = 1.0
    assert schools.all() == (replace(OAK, name="Elm School"),)


def test_a_file_that_became_faulty_leaves_the_old_schools_in_force_and_says_so_until_it_is_mended(path: Path) -> None:
    clock = Clock()
    schools = SchoolsFile(path, clock)
    path.write_text(WITHOUT_PA.replace('roles = ["chair"]', ""), encoding="utf-8")
    clock.now = 1.0
    fault = "School oak cannot go live: it has no chair of governors; give someone the role chair."
    assert (schools.all(), schools.faults()) == ((OAK,), (fault,))
    clock.now = 2.0
    assert (schools.all(), schools.faults()) == ((OAK,), (fault,))
    path.write_text(WITHOUT_PA, encoding="utf-8")
    clock.now = 3.0
    assert (schools.faults(), schools.all()) == ((), (OAK_WITHOUT_PA,))


def test_a_file_that_is_away_for_a_while_changes_nothing_and_is_said(path: Path) -> None:
    clock = Clock()
    schools = SchoolsFile(path, clock)
    away = path.rename(path.with_suffix(".away"))
    clock.now = 1.0
    assert schools.faults() == (f"{path}: the file of schools cannot be read (No such file or directory).",)
    assert schools.all() == (OAK,)
    away.rename(path)
    clock.now = 2.0
    assert (schools.faults(), schools.all()) == ((), (OAK,))


def test_many_threads_see_the_file_as_it_was_or_as_it_is_and_nothing_between(path: Path) -> None:
    clock = Clock()
    schools = SchoolsFile(path, clock)

    def look(number: int) -> School:
        if number % 20 == 0:
            part = path.with_suffix(f".{number}")
            part.write_text(WITHOUT_PA if number % 40 else SMALL, encoding="utf-8")
            part.replace(path)
        clock.now += 1.0
        return schools.school("oak")

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(look, range(400)))
    assert [school for school in seen if school not in (OAK, OAK_WITHOUT_PA)] == []
    assert schools.faults() == ()


@pytest.mark.parametrize("school", [*read_schools(EXAMPLE), *practice({"emlm": "Oak School", "inspire": "Elm Trust"})])
def test_every_report_reaches_someone_or_is_shown_the_lado_at_the_schools_we_offer(school: School) -> None:
    check(school)
    assert _lost(school) == []


@given(st.lists(st.frozensets(st.sampled_from([who.id for who in OAK.people]), max_size=3), min_size=4, max_size=4))
def test_every_report_reaches_someone_or_is_shown_the_lado_wherever_a_school_may_go_live(
    delegates: list[frozenset[str]],
) -> None:
    people = zip(OAK.people, delegates, strict=True)
    school = replace(OAK, people=tuple(replace(person, delegates=theirs) for person, theirs in people))
    with suppress(InputError):
        check(school)
        assert _lost(school) == []


def _lost(school: School) -> list[Reported]:
    """Of all reports there can be, those that reach nobody here and whose route does not show the LADO."""
    screens = {row.id: row.screen for row in GUIDANCE.rows}
    subjects = [Subject(), Subject(unsure=True), Subject(provider=True), *(Subject(who.id) for who in school.people)]
    kinds = sorted({kind for row in GUIDANCE.rows for kind in row.kinds})
    themes = sorted({"", *(theme for row in GUIDANCE.rows for theme in row.themes)})
    reports = [Reported(*facts) for facts in product(kinds, subjects, themes, (False, True))]
    routed = [(reported, route(GUIDANCE, school, reported)) for reported in reports]
    return [reported for reported, to in routed if not to.recipients and LADO not in screens[to.row]]


def test_practice_offers_a_school_for_each_policy_with_the_same_people() -> None:
    contact = "the number in your staff handbook (practice)"
    services = ("lado", "social-care", "out-of-hours", "police", "prevent")
    calendar = Calendar(terms=TERMS, closed=bank_holidays(YEARS))
    assert practice({"oak": "Oak School", "elm": "Elm Trust"}) == (
        School("oak", "Oak School", "oak", PEOPLE, dict.fromkeys(services, contact), calendar),
        School("elm", "Elm Trust", "elm", PEOPLE, dict.fromkeys(services, contact), calendar),
    )


def test_practice_has_every_role_to_try_it_as() -> None:
    assert [(who.id, who.name, *sorted(who.roles - STAFF), *sorted(who.delegates)) for who in PEOPLE] == [
        ("teacher", "Teacher"),
        ("support", "Teaching assistant"),
        ("site", "Site or office staff"),
        ("dsl", "DSL", "DSL"),
        ("deputy", "Deputy DSL", "deputy"),
        ("head", "Headteacher", "head", "pa"),
        ("pa", "Head's personal assistant"),
        ("chair", "Chair of governors", "chair"),
        ("vice", "Vice-chair of governors", "vice-chair"),
        ("manager", "Line manager", "line-manager"),
        ("leader", "Senior leader", "approver"),
        ("lead", "Policy lead", "policy-lead"),
        ("it", "IT manager", "it-admin"),
        ("auditor", "Auditor", "auditor"),
        ("officer", "School officer (contracts)", "school-officer"),
    ]
    assert [who.id for who in PEOPLE if Role.STAFF not in who.roles] == []


def test_half_terms_and_bank_holidays_are_no_school_days_in_practice() -> None:
    (school,) = practice({"oak": "Oak School"})
    assert all(first.weekday() < 5 and last.weekday() < 5 for first, last in school.calendar.terms)
    assert {date(2026, 12, 25), date(2027, 3, 26), date(2027, 5, 3)} <= school.calendar.closed
