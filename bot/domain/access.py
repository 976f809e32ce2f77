"""Who may do what: one table, read from `access.toml`; what it does not allow is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.case import Case, Keyed, Relation, State, relations
from bot.domain.people import Person, Role, School


@dataclass(frozen=True, slots=True)
class Allowed:
    """One row: an action, and who may take it where; `to` is where the case goes, None where it stays."""

    id: str
    relations: frozenset[Relation] = frozenset()
    roles: frozenset[Role] = frozenset()
    states: frozenset[State] = frozenset()
    to: State | None = None
    content: bool = False

    @property
    def of_a_case(self) -> bool:
        """Whether it is done to a case, rather than to the school's cases together."""
        return bool(self.relations)


Access = Mapping[str, Allowed]


def read_access(data: Mapping[str, Any]) -> Access:
    """The table from its data file; raises ValueError for a word it does not know."""
    return {row["id"]: _allowed(row) for row in data["action"]}


def _allowed(row: Mapping[str, Any]) -> Allowed:
    return Allowed(
        row["id"],
        frozenset(Relation(name) for name in row.get("relations", ())),
        frozenset(Role(name) for name in row.get("roles", ())),
        frozenset(State(name) for name in row.get("states", ())),
        State(row["to"]) if "to" in row else None,
        row.get("content", False),
    )


def fits(row: Allowed, person: Person, stands: Relation, state: State | None) -> bool:
    """Whether one cell of the table allows it; `state` is None where there is no case."""
    if stands is Relation.SUBJECT or (row.roles and not row.roles & person.roles):
        return False
    return not row.of_a_case if state is None else stands in row.relations and state in row.states


def may(access: Access, action: str, case: Case, school: School, person: Person, keyed: Keyed) -> bool:
    """Whether a person may do this to a case as it stands now."""
    return _fits_any(access.get(action), person, relations(case, school, person.id, keyed), case.state)


def ever(access: Access, action: str, case: Case, school: School, person: Person, keyed: Keyed) -> bool:
    """Whether a person might do this to a case if it stood elsewhere."""
    ways = relations(case, school, person.id, keyed)
    return any(_fits_any(access.get(action), person, ways, state) for state in State)


def allowed(access: Access, case: Case, school: School, person: Person, keyed: Keyed) -> tuple[str, ...]:
    """All that a person may do to a case now, in the order of the table."""
    ways = relations(case, school, person.id, keyed)
    return tuple(action for action, row in access.items() if _fits_any(row, person, ways, case.state))


def _fits_any(row: Allowed | None, person: Person, ways: Iterable[Relation], state: State) -> bool:
    return row is not None and any(fits(row, person, stands, state) for stands in ways)
