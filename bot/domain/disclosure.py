"""What staff report: the order to record it, the case it becomes, and who is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.case import Case, Entry, Keyed, State
from bot.domain.people import School
from bot.domain.routing import Reported, Routed
from bot.talk.sealed import Sealed

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody confuses when a reference is read out on the phone."""
_REFERENCE = re.compile(f"S-[{_LETTERS}]{{4}}-[{_LETTERS}]{{4}}")


@dataclass(frozen=True, slots=True)
class FileDisclosure:
    """The order to record what somebody reports; `key` is the same when the same form comes in twice."""

    key: str
    school: str
    reporter: str
    reported: Reported
    content: Sealed
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class DisclosureFiled:
    """The fact that it was recorded; `told` are the ids of those who receive it."""

    ref: str
    at: datetime
    routed: Routed

    @property
    def told(self) -> tuple[str, ...]:
        """Who receives it."""
        return self.routed.recipients


def reference(number: int) -> str:
    """A reference from a random number of at least 40 bits: it tells nothing of how many there are."""
    letters = []
    for _ in range(8):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return f"S-{''.join(letters[:4])}-{''.join(letters[4:])}"


def is_reference(text: str) -> bool:
    """Whether a text has the form of a reference: only then may it stand where no words may."""
    return _REFERENCE.fullmatch(text) is not None


def opened(order: FileDisclosure, school: School, routed: Routed, keyed: Keyed, ref: str, now: datetime) -> Case:
    """The case that an order becomes, with its first entry."""
    subject = order.reported.subject
    barred = school.close_to(subject.person) if subject.person else frozenset()
    entry = Entry(1, now, "filed", written=True)
    return Case(
        ref=ref,
        school=school.id,
        kind=order.reported.kind,
        state=State.RECEIVED,
        opened=now,
        ladder=routed.ladder,
        reached=min(1, len(routed.recipients)),
        reporter=keyed.of(order.reporter),
        subject=keyed.of(subject.person),
        barred=frozenset(keyed.of(person) for person in barred),
        urgent=order.urgent,
        unsure=subject.unsure or bool(subject.person and school.person(subject.person) is None),
        theme=order.reported.theme,
        route=routed.row,
        guidance=routed.guidance,
        period=f"open-{now.year}",
        entries=(entry,),
    )
