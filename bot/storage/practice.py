"""Practice mode: a school for each policy, its people called by their roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.people import Person, Role, School
from bot.storage.schools import CONTACTS, YEARS

TERMS = (
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
)
"""The school year 2026-27 as many schools in England keep it."""


def _person(
    person_id: str, name: str, *roles: Role, delegates: frozenset[str] = frozenset(), manager: str = "head"
) -> Person:
    return Person(person_id, name, frozenset({Role.STAFF, *roles}), delegates, manager)


PEOPLE = (
    _person("teacher", "Teacher", manager="manager"),
    _person("support", "Teaching assistant", manager="manager"),
    _person("site", "Site or office staff", manager="manager"),
    _person("dsl", "DSL", Role.DSL),
    _person("deputy", "Deputy DSL", Role.DEPUTY),
    _person("head", "Headteacher", Role.HEAD, delegates=frozenset({"pa"}), manager="chair"),
    _person("pa", "Head's personal assistant"),
    _person("chair", "Chair of governors", Role.CHAIR, manager=""),
    _person("vice", "Vice-chair of governors", Role.VICE_CHAIR, manager="chair"),
    _person("manager", "Line manager", Role.LINE_MANAGER),
    _person("leader", "Senior leader", Role.APPROVER),
    _person("lead", "Policy lead", Role.POLICY_LEAD),
    _person("it", "IT manager", Role.IT_ADMIN),
    _person("auditor", "Auditor", Role.AUDITOR),
    _person("officer", "School officer (contracts)", Role.OFFICER),
)
"""The same people at every school; practice starts as the first of them."""


def practice(organisations: Mapping[str, str]) -> tuple[School, ...]:
    """A school for each policy, from the names of the organisations by policy id, in their order."""
    calendar = Calendar(terms=TERMS, closed=bank_holidays(YEARS))
    contacts = dict.fromkeys(CONTACTS, "the number in your staff handbook (practice)")
    return tuple(School(policy, name, policy, PEOPLE, contacts, calendar) for policy, name in organisations.items())
