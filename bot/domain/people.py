"""Schools, the people in them, and the roles they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.calendar import Calendar


class Role(StrEnum):
    """What a person is trusted with at a school; one person may hold several."""

    STAFF = "staff"
    DSL = "DSL"
    DEPUTY = "deputy"
    HEAD = "head"
    CHAIR = "chair"
    VICE_CHAIR = "vice-chair"
    INDEPENDENT = "independent"
    PROPRIETOR = "proprietor"
    OFFICER = "school-officer"
    LINE_MANAGER = "line-manager"
    APPROVER = "approver"
    POLICY_LEAD = "policy-lead"
    IT_ADMIN = "it-admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a school; `delegates` are the ids of people who act for them or read their post.

    `manager` is the id of whoever they answer to; where it is empty, that is the head of their `department`.
    `slack` and `teams` are their user ids there.
    """

    id: str
    name: str
    roles: frozenset[Role] = frozenset({Role.STAFF})
    delegates: frozenset[str] = frozenset()
    manager: str = ""
    department: str = ""
    slack: str = ""
    teams: str = ""

    @property
    def label(self) -> str:
        """How they are shown in a list."""
        return self.name


@dataclass(frozen=True, slots=True)
class School:
    """One establishment: its policy, its people, whom to phone outside it (by name of the service), and its year.

    `departments` says by name who heads each, by id; `forms` are the request forms it uses, all that fit where empty.
    `slack` are the ids of its workspaces, `teams` those of its tenants.
    """

    id: str
    name: str
    policy: str
    people: tuple[Person, ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = Calendar()
    departments: Mapping[str, str] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    slack: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def person(self, person_id: str) -> Person | None:
        """The person with this id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody who holds a role now."""
        return tuple(person for person in self.people if role in person.roles)

    def manager_of(self, person_id: str) -> Person | None:
        """A person's line manager, or None where nobody is known to be that; never they themselves."""
        person = self.person(person_id)
        manager = (person.manager or self.departments.get(person.department, "")) if person else ""
        return self.person(manager) if manager != person_id else None

    def close_to(self, person_id: str) -> frozenset[str]:
        """A person and their delegates: all who are kept out of what is about that person."""
        person = self.person(person_id)
        return frozenset({person_id}) | (person.delegates if person else frozenset())


@dataclass(frozen=True, slots=True)
class Practice:
    """What practice mode offers to choose from; it starts at the first school, as the first of its people."""

    schools: tuple[School, ...]
