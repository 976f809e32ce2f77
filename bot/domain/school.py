"""Schools and the people in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class School:
    """One establishment and the policy it follows."""

    id: str
    name: str
    policy: str


@dataclass(frozen=True, slots=True)
class Persona:
    """A role to try the assistant as, in practice mode only."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Practice:
    """What practice mode offers to choose from; the first of each is where it starts."""

    schools: tuple[School, ...]
    personas: tuple[Persona, ...]


PERSONAS = (
    Persona("teacher", "Teacher"),
    Persona("support", "Teaching assistant"),
    Persona("site", "Site or office staff"),
    Persona("governor", "Governor"),
    Persona("dsl", "DSL"),
    Persona("head", "Headteacher"),
)
