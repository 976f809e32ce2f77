"""Who somebody in Slack is: the person of a school that a member of a workspace stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.people import Person, School
from bot.domain.ports import Places
from bot.talk.turn import Act, Turn


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in Slack, by the ids that Slack gives; `team` is their workspace."""

    team: str
    user: str

    @property
    def name(self) -> str:
        """Them among all who talk to us, and the name of their conversation."""
        return f"slack/{self.team}/{self.user}"


@dataclass(frozen=True, slots=True)
class Directory:
    """Finds people of the schools that a workspace serves; who is at several is where they last said."""

    schools: Callable[[], Sequence[School]]
    places: Places

    def knows(self, workspace: str) -> bool:
        """Whether a workspace or an organisation is one of a school."""
        return any(workspace in school.slack for school in self.schools())

    def found(self, member: Member) -> list[tuple[School, Person]]:
        """Everything that somebody is now, by the list of staff."""
        served = (school for school in self.schools() if member.team in school.slack)
        return [(school, person) for school in served for person in school.people if person.slack == member.user]

    def at(self, member: Member) -> tuple[School, Person] | None:
        """Where somebody is; None where nobody knows them, or they are at several and have not said at which."""
        found = self.found(member)
        if len(found) > 1:
            chosen = self.places.at(member.name)
            found = [place for place in found if place[0].id == chosen]
        return found[0] if found else None

    def go(self, member: Member, school: str) -> bool:
        """From now on somebody is at this school; False where they do not belong to it."""
        if school not in {place.id for place, _ in self.found(member)}:
            return False
        self.places.go(member.name, school)
        return True

    def turn(self, member: Member, place: tuple[School, Person], act: Act) -> Turn:
        """What they did, as a turn."""
        school, person = place
        return Turn(member.name, person.id, school.id, act)

    def address(self, school: School, person: Person) -> Sequence[Member]:
        """Where a person can be written to, in every workspace of the school."""
        return [Member(team, person.slack) for team in school.slack] if person.slack else []
