"""The schools of a live installation: one file that the school keeps, read again when it changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from bot.domain.calendar import Calendar, bank_holidays
from bot.domain.people import Person, Role, School
from bot.domain.routing import LADO, recipients
from bot.errors import InputError
from bot.talk import limits

CONTACTS = (LADO, "social-care", "out-of-hours", "police", "prevent")
"""The services that a school can say how to phone; the first two it must."""

YEARS = range(2024, 2051)
"""The years whose bank holidays are known: wide, so that a file nobody has touched for long still has them."""

_NEEDED = (
    (Role.DSL, "DSL"),
    (Role.DEPUTY, "deputy DSL"),
    (Role.HEAD, "head"),
    (Role.CHAIR, "chair of governors"),
)
_EVERY = 1.0  # seconds
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# What a report form offers beside the people: a person with such an id would be taken for it.
_TAKEN = frozenset({"nobody", "unsure", "provider"})
_OPTIONAL = ("manager", "department", "slack", "teams")
_Mark = tuple[int, int, int]


class SchoolsFile:
    """The schools as the file has them now; what it no longer names is gone about a second after it was saved.

    A file that became faulty changes nothing: the schools stay as they were, and `faults` says what to mend.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """Read the file; raises InputError where it does not hold together."""
        self._path, self._clock, self._lock = path, clock, Lock()
        self._looked, self._seen = clock(), _mark(path)
        self._schools = {school.id: school for school in read_schools(path)}
        self._faults: tuple[str, ...] = ()

    def school(self, school_id: str) -> School:
        """The school with this id; raises InputError where there is none."""
        with self._lock:
            self._look()
            if school_id not in self._schools:
                raise InputError(f"There is no such school. There is: {', '.join(self._schools)}.")
            return self._schools[school_id]

    __call__ = school

    def all(self) -> tuple[School, ...]:
        """Every school, in the order of the file."""
        with self._lock:
            self._look()
            return tuple(self._schools.values())

    def faults(self) -> tuple[str, ...]:
        """Why the file as it is now is not in force; empty where it is."""
        with self._lock:
            self._look()
            return self._faults

    def _look(self) -> None:
        now = self._clock()
        if now - self._looked < _EVERY:
            return
        self._looked, mark = now, _mark(self._path)  # marked before it is read, so that a later change is not missed
        if mark == self._seen:
            return
        try:
            self._schools = {school.id: school for school in read_schools(self._path)}
            self._seen, self._faults = mark, ()
        except InputError as error:
            self._seen, self._faults = None, (str(error),)


def _mark(path: Path) -> _Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file, and what a sentence about it starts with."""

    where: str
    entries: Mapping[str, Any]

    def refuse(self, problem: str) -> InputError:
        return InputError(f"{self.where}: {problem}.")

    def only(self, *known: str) -> None:
        if unknown := sorted(self.entries.keys() - set(known)):
            raise self.refuse(f"there is no entry {unknown[0]}; there is {', '.join(known)}")

    def text(self, key: str, most: int = limits.LINE) -> str:
        value = self.entries.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f'write {key} = "..." as text in quotes')
        if len(value) > most or not value.isprintable():
            raise self.refuse(f"write {key} on one line of at most {most} characters")
        return value.strip()

    def id(self) -> str:
        value = self.text("id")
        if not _ID.fullmatch(value) or value in _TAKEN:
            raise self.refuse(
                f"the id must be 1 to 40 small letters, digits and hyphens, and none of {', '.join(sorted(_TAKEN))}"
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.entries.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self.refuse(f'write {key} = ["...", "..."] as a list of texts in quotes')
        return tuple(value)

    def time(self, key: str, usual: time) -> time:
        value = self.entries.get(key, usual)
        if not isinstance(value, time):
            raise self.refuse(f"write {key} as a time without quotes, such as {usual.isoformat()}")
        return value

    def days(self, key: str, value: Any) -> tuple[date, ...]:
        if not isinstance(value, list) or not all(type(day) is date for day in value):
            raise self.refuse(f"write every day of {key} as a date without quotes, such as 2026-09-01")
        return tuple(value)

    def table(self, key: str) -> _Table:
        value = self.entries.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(f"write {key} as a table under [school.{key}]")
        return _Table(f"{self.where}, {key}", value)

    def tables(self, key: str, header: str, what: str) -> tuple[_Table, ...]:
        value = self.entries.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value) or not value:
            raise self.refuse(f"write each {what} as a table under [[{header}]], at least one")
        return tuple(_Table(f"{self.where}, {what} {number}", row) for number, row in enumerate(value, start=1))


def read_schools(path: Path) -> tuple[School, ...]:
    """The schools of a file, in its order; raises InputError with the first thing to mend."""
    top = _Table(path.name, _parsed(path))
    top.only("school")
    schools = tuple(_school(table) for table in top.tables("school", "school", "school"))
    _once(top, "school", [school.id for school in schools])
    for school in schools:
        check(school)
    return schools


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: the file of schools cannot be read ({error.strerror}).") from None
    except UnicodeError:
        raise InputError(f"{path}: this is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: this is not valid TOML: {error}.") from None


def _school(table: _Table) -> School:
    table.only("id", "name", "policy", "contacts", "calendar", "departments", "forms", "slack", "teams", "people")
    school_id = table.id()
    named = _Table(f"School {school_id}", table.entries)
    contacts = named.table("contacts")
    contacts.only(*CONTACTS)
    return School(
        school_id,
        named.text("name"),
        named.text("policy"),
        people := _people(named),
        {service: contacts.text(service) for service in CONTACTS if service in contacts.entries},
        _calendar(named.table("calendar")),
        _departments(named.table("departments"), people),
        named.texts("forms"),
        named.texts("slack"),
        named.texts("teams"),
    )


def _departments(table: _Table, people: tuple[Person, ...]) -> Mapping[str, str]:
    """Who heads each department; everybody's department must be one of them, and its head on the list."""
    heads = {name: table.text(name) for name in table.entries}
    known = {person.id for person in people}
    if missing := sorted(set(heads.values()) - known):
        raise table.refuse(f"{missing[0]} is not among the people")
    if unknown := sorted({person.department for person in people} - {"", *heads}):
        raise table.refuse(f'say who heads {unknown[0]}: {unknown[0]} = "the id of a person"')
    return heads


def _people(school: _Table) -> tuple[Person, ...]:
    tables = school.tables("people", "school.people", "person")
    people = tuple(_person(school, table) for table in tables)
    _once(school, "person", [person.id for person in people])
    known = {person.id for person in people}
    for person in people:
        if missing := sorted(person.delegates - known):
            raise school.refuse(f"{person.id} has the delegate {missing[0]}, who is not among its people")
        if person.manager not in known - {person.id} | {""}:
            raise school.refuse(f"{person.id} has the manager {person.manager}, who is not another of its people")
    return people


def _person(school: _Table, table: _Table) -> Person:
    table.only("id", "name", "roles", "delegates", "manager", "department", "slack", "teams", "email")
    named = _Table(f"{school.where}, {table.id()}", table.entries)
    roles = named.texts("roles")
    if unknown := [role for role in roles if role not in list(Role)]:
        raise named.refuse(f"there is no role {unknown[0]}; there is {', '.join(Role)}")
    # Everyone is staff: whatever else they are trusted with, they can report.
    held = frozenset({Role.STAFF, *map(Role, roles)})
    answers_to = (named.text(key) if key in named.entries else "" for key in _OPTIONAL)
    return Person(named.id(), named.text("name", limits.LABEL), held, frozenset(named.texts("delegates")), *answers_to)


def _calendar(table: _Table) -> Calendar:
    table.only("opens", "closes", "terms", "closed", "bank_holidays")
    usual = Calendar()
    opens, closes = table.time("opens", usual.opens), table.time("closes", usual.closes)
    if opens >= closes:
        raise table.refuse("opens must be earlier than closes")
    closed = frozenset(table.days("closed", table.entries.get("closed", [])))
    holidays = table.entries.get("bank_holidays", True)
    if not isinstance(holidays, bool):
        raise table.refuse("write bank_holidays = true or false")
    return Calendar(opens, closes, _terms(table), closed | (bank_holidays(YEARS) if holidays else frozenset()))


def _terms(table: _Table) -> tuple[tuple[date, date], ...]:
    value = table.entries.get("terms", [])
    if not isinstance(value, list):
        raise table.refuse("write terms = [[first day, last day], ...]")
    pairs = [table.days("terms", pair) for pair in value]
    days = [day for pair in pairs for day in pair]
    if any(len(pair) != 2 for pair in pairs) or days != sorted(days):
        raise table.refuse("each of the terms must be its first day and its last, and they must stand in their order")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _once(table: _Table, what: str, ids: list[str]) -> None:
    if doubled := [one for number, one in enumerate(ids) if one in ids[:number]]:
        raise table.refuse(f"the {what} {doubled[0]} stands twice; give each an id of its own")


def check(school: School) -> None:
    """What a school must have before its staff can rely on it; raises InputError with the first thing it lacks."""
    for problem in _lacks(school):
        raise InputError(f"School {school.id} cannot go live: {problem}.")


def _lacks(school: School) -> Iterator[str]:
    for role, called in _NEEDED:
        if not school.holders(role):
            yield f"it has no {called}; give someone the role {role}"
    if all(Role.DSL in deputy.roles for deputy in school.holders(Role.DEPUTY)):
        yield "its only deputy is the DSL; give someone else the role deputy"
    for service in CONTACTS[:2]:
        if service not in school.contacts:
            yield f'it has no contact {service}; write {service} = "how to phone them" under [school.contacts]'
    for person in school.people:
        yield from _out_of_reach(school, person)


def _out_of_reach(school: School, person: Person) -> Iterator[str]:
    """Whether a report about somebody would reach nobody here, though its route in `routing.toml` counts on it."""
    above = (Role.HEAD, Role.CHAIR)
    if Role.HEAD in person.roles:
        above = (Role.CHAIR, Role.VICE_CHAIR)
    elif person.roles & {Role.CHAIR, Role.PROPRIETOR}:
        return  # the reporter is shown how to phone the LADO instead
    if not recipients(school, above, school.close_to(person.id)):
        yield (
            f"a report about {person.id} would reach nobody; "
            f"give someone who is neither they nor their delegate the role {' or '.join(above)}"
        )
