"""What is done with cases: each use is one transaction that ends synced, or nothing happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256

from bot.domain.access import Access, allowed, ever, fits, may
from bot.domain.case import Case, Entry, Keyed, Relation, State, relation, team
from bot.domain.disclosure import DisclosureFiled, FileDisclosure, is_reference, opened, reference
from bot.domain.orders import Change, Context, Order, decide, seconders, to_reporter
from bot.domain.people import Person, School
from bot.domain.ports import AlreadyFiled, Audited, CannotOpen, Clock, Envelope, Notice, Opener, Records, Sealer, Work
from bot.domain.retention import Retentions
from bot.domain.routing import LADO, Guidance, route
from bot.domain.timers import Deadline, deadlines
from bot.talk.sealed import Sealed


class Hidden(Exception):
    """There is no such case for this person: missing and hidden are the same."""


class NotNow(Exception):
    """The case does not stand where this can be done, or somebody else was faster."""


LOOKS = ("read", "export")
"""What `open` does to a case; everything else is done by `do`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The data files that decide."""

    guidance: Guidance
    access: Access
    retentions: Retentions


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as one person may see it: without words, and what they may do now.

    `screen` names the service to phone where nobody inside the school receives it (any more).
    """

    case: Case
    stands: Relation
    may: tuple[str, ...]
    screen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its words by entry number, and earlier cases about the same person."""

    seen: Seen
    words: Mapping[int, Sealed]
    trail: tuple[Audited, ...] = ()
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Casework:
    """All that can be done with cases; raises `NotRecorded` wherever the storage refuses or is in doubt."""

    records: Records
    sealer: Sealer
    schools: Callable[[str], School]
    rules: Rules
    clock: Clock
    random: Callable[[], int] = field(repr=False)

    def file(self, order: FileDisclosure) -> DisclosureFiled:
        """Record what was reported and queue who is told; the same key twice gives one reference. Raises Hidden."""
        self.check_role(order.school, order.reporter, "report")
        school, keyed = self.place(order.school)
        routed = route(self.rules.guidance, school, order.reported)
        now, ref = self.clock(), reference(self.random())
        case = opened(order, school, routed, keyed, ref, now)
        sealed = self.sealer.seal(school.id, f"{ref}/1", order.content, case.period)
        try:
            with self.records.work(school.id) as work:
                work.add(case, order.key)
                work.append(ref, case.entries[0], sealed)
                for person in routed.recipients:
                    work.notify(Notice(school.id, ref, person, "new", created=now), keyed.of(person))
                work.audit("filed", ref, "", digest(sealed))
        except AlreadyFiled as before:
            return DisclosureFiled(before.ref, now, routed)
        return DisclosureFiled(ref, now, routed)

    def do(self, school_id: str, order: Order, opener: Opener | None = None) -> Seen:
        """Carry out an order on a case. Raises Hidden, NotNow, Unfit."""
        school, keyed = self.place(school_id)
        context = self.context(school, keyed)
        with self._work(school, order.ref, order.by) as work:
            case, person = self._found(work, school, keyed, order.ref, order.by)
            if order.key and any(entry.facts.get("key") == order.key for entry in case.entries):
                return self._seen(case, school, person, keyed)
            if order.action in LOOKS or (self._content(order.action) and opener is None):
                raise Hidden
            self._check(case, person, school, keyed, order)
            change = decide(case, order, context)
            self.keep(work, case, change, order.text, context)
            if change.case.period != case.period and opener is not None:
                self._move(work, change.case, opener)
            if change.case.state is State.DELETED:
                work.withdraw(case.ref)
        return self._seen(change.case, school, person, keyed)

    @contextmanager
    def _work(self, school: School, ref: str, by: str) -> Iterator[Work]:
        """One transaction; where it ends as Hidden, all that is kept is that somebody tried."""
        try:
            with self.records.work(school.id) as work:
                yield work
        except Hidden:
            self._refused(school, ref, by)
            raise

    def _refused(self, school: School, ref: str, by: str) -> None:
        """Put it on the audit trail, for a case that is missing just as for one that is hidden."""
        with self.records.work(school.id) as work:
            work.audit("refused", ref if is_reference(ref) else "", by if school.person(by) else "")

    def _content(self, action: str) -> bool:
        row = self.rules.access.get(action)
        return row is not None and row.content

    def _found(self, work: Work, school: School, keyed: Keyed, ref: str, by: str) -> tuple[Case, Person]:
        case, person = work.case(ref), school.person(by)
        if case is None or person is None or not self._stands(case, school, person, keyed):
            raise Hidden
        return case, person

    def _stands(self, case: Case, school: School, person: Person, keyed: Keyed) -> bool:
        """Whether the case is there for them; for whoever could confirm a new member, only while one waits."""
        stands = relation(case, school, person.id, keyed)
        return stands not in (Relation.SUBJECT, Relation.NONE) and (
            stands is not Relation.SECOND or bool(case.proposed)
        )

    def _check(self, case: Case, person: Person, school: School, keyed: Keyed, order: Order) -> None:
        if not ever(self.rules.access, order.action, case, school, person, keyed):
            raise Hidden
        if not may(self.rules.access, order.action, case, school, person, keyed):
            raise NotNow
        if order.seen and order.seen != len(case.entries):
            raise NotNow

    def keep(self, work: Work, before: Case, change: Change, text: Sealed | None, context: Context) -> None:
        """Store what an order changed: the case, its new entries with their audit links, notices."""
        case, keyed = change.case, context.keyed
        for entry in case.entries[len(before.entries) :]:
            sealed = None
            if entry.written and text is not None:
                sealed = self.sealer.seal(case.school, f"{case.ref}/{entry.seq}", text, case.period)
            work.append(case.ref, entry, sealed)
            work.audit(entry.kind, case.ref, entry.by, digest(sealed) if sealed else "")
        work.save(case)  # after its entries: a case that is deleted loses their texts as well
        if change.forget:
            work.withdraw(case.ref, tuple(change.forget))
        for person, template in change.tell:
            work.notify(Notice(case.school, case.ref, person, template, created=context.now), keyed.of(person))

    def _move(self, work: Work, case: Case, opener: Opener) -> None:
        """Put the texts of a closed case under the key of the year in which they end."""
        for seq, envelope in work.envelopes(case.ref).items():
            if envelope.period != case.period:
                moved = opener.move(case.school, f"{case.ref}/{seq}", envelope, case.period)
                work.replace_envelope(case.ref, seq, moved)

    def open(self, school_id: str, by: str, ref: str, opener: Opener, action: str = "read") -> Opened:
        """A case with its words; that it was looked at is on the audit trail before a word is shown."""
        school, keyed = self.place(school_id)
        context = self.context(school, keyed)
        with self._work(school, ref, by) as work:
            case, person = self._found(work, school, keyed, ref, by)
            if action not in LOOKS:
                raise Hidden
            self._check(case, person, school, keyed, Order(action, ref, by))
            case = self._looked_at(work, case, by, action, context)
            envelopes, others = work.envelopes(ref), self._same_subject(work, case, school, person, keyed)
            trail = tuple(work.trail(ref))
        words = dict(_opened(opener, school.id, ref, envelopes))
        return Opened(self._seen(case, school, person, keyed), words, trail, others)

    def _looked_at(self, work: Work, case: Case, by: str, action: str, context: Context) -> Case:
        """The first look of each person, and each export, is an entry of the case; every look is on the audit trail."""
        if action == "read" and any(entry.by == by for entry in case.happened("read")):
            work.audit("read", case.ref, by)
            return case
        grown = case.grown(Entry(len(case.entries) + 1, context.now, action, by))
        tell = self._first_read(case, context) if action == "read" else ()
        self.keep(work, case, Change(grown, tell), None, context)
        return grown

    def _first_read(self, case: Case, context: Context) -> tuple[tuple[str, str], ...]:
        known = case.happened("read") or case.happened("acknowledge")
        return () if known else to_reporter(case, context, "read")

    def _same_subject(self, work: Work, case: Case, school: School, person: Person, keyed: Keyed) -> tuple[str, ...]:
        """Earlier cases about the same member of staff, of those this person may read as well."""
        if not case.subject:
            return ()
        return tuple(
            other.ref
            for other in work.cases()
            if other.ref != case.ref
            and other.subject == case.subject
            and may(self.rules.access, "read", other, school, person, keyed)
        )

    def listed(self, school_id: str, by: str) -> tuple[Seen, ...]:
        """The cases that wait for this person or that they work on, newest first; never one about them."""
        return tuple(
            seen
            for seen in self._current(school_id, by, "list-cases")
            if seen.stands in (Relation.RECIPIENT, Relation.MEMBER)
            or (seen.stands is Relation.SECOND and seen.case.proposed)
        )

    def own(self, school_id: str, by: str) -> tuple[Seen, ...]:
        """What this person has reported, newest first; not what is about them."""
        _, keyed = self.place(school_id)
        current = self._current(school_id, by, "list-own")
        return tuple(seen for seen in current if seen.case.reporter == keyed.of(by))

    def _current(self, school_id: str, by: str, action: str) -> Sequence[Seen]:
        """All that is not deleted, where the action is allowed."""
        person = self.schools(school_id).person(by)
        if person is None or not fits(self.rules.access[action], person, Relation.NONE, None):
            return ()
        return [seen for seen in self._all(school_id, by) if seen.case.state is not State.DELETED]

    def see(self, school_id: str, by: str, ref: str) -> Seen:
        """One case without words, for those who work on it; its reporter finds it among their own. Raises Hidden."""
        school, keyed = self.place(school_id)
        with self._work(school, ref, by) as work:
            case, person = self._found(work, school, keyed, ref, by)
            seen = self._seen(case, school, person, keyed)
            if seen.stands is Relation.REPORTER:
                raise Hidden
        return seen

    def _all(self, school_id: str, by: str) -> Sequence[Seen]:
        school, keyed = self.place(school_id)
        person = school.person(by)
        if person is None:
            return ()
        with self.records.work(school.id) as work:
            cases = work.cases()
        seen = (self._seen(case, school, person, keyed) for case in cases)
        return [one for one in seen if one.stands is not Relation.SUBJECT]

    def _seen(self, case: Case, school: School, person: Person, keyed: Keyed) -> Seen:
        stands = relation(case, school, person.id, keyed)
        screen = () if team(case, school, keyed) else (LADO,)
        return Seen(case, stands, allowed(self.rules.access, case, school, person, keyed), screen)

    def counted(self, school_id: str, by: str) -> tuple[Case, ...]:
        """All cases for figures, but those about this person. Raises Hidden for whoever may not see figures."""
        self.check_role(school_id, by, "figures")
        return tuple(seen.case for seen in self._all(school_id, by))

    def check_role(self, school_id: str, by: str, action: str) -> None:
        """Raise Hidden where a person may not take an action that belongs to no case."""
        school = self.schools(school_id)
        person, row = school.person(by), self.rules.access.get(action)
        if person is None or row is None or not fits(row, person, Relation.NONE, None):
            self._refused(school, "", by)
            raise Hidden

    def team(self, case: Case) -> tuple[str, ...]:
        """The ids of all who receive a case now, and of those added to it."""
        school, keyed = self.place(case.school)
        members = (who for who in sorted(case.members) if relation(case, school, who, keyed) is Relation.MEMBER)
        return (*team(case, school, keyed), *members)

    def who_may_second(self, school_id: str, case: Case) -> tuple[str, ...]:
        """Who can confirm a new member of a case."""
        school, keyed = self.place(school_id)
        return seconders(case, self.context(school, keyed))

    def notices(self, school_id: str, by: str) -> Sequence[Notice]:
        """What has been delivered to this person inside Signpost, newest first; nothing of what is about them."""
        school, keyed = self.place(school_id)
        with self.records.work(school_id) as work:
            return [
                notice
                for notice in (work.notices(keyed.of(by)) if school.person(by) else ())
                if (case := work.case(notice.ref)) and relation(case, school, by, keyed) is not Relation.SUBJECT
            ]

    def saw(self, school_id: str, by: str) -> None:
        """Note that this person has seen what waits for them."""
        _, keyed = self.place(school_id)
        with self.records.work(school_id) as work:
            work.saw(keyed.of(by))

    def keyed(self, school_id: str, person: str) -> str:
        """The keyed name of one person."""
        return self.sealer.keyed(school_id, [person]).of(person)

    def deadlines(self, case: Case) -> tuple[Deadline, ...]:
        """What runs on a case and until when."""
        school, keyed = self.place(case.school)
        return deadlines(case, school, keyed)

    def place(self, school_id: str) -> tuple[School, Keyed]:
        """A school as it is now, and the keyed names of its people."""
        school = self.schools(school_id)
        return school, self.sealer.keyed(school.id, [person.id for person in school.people])

    def context(self, school: School, keyed: Keyed) -> Context:
        """What a decision looks at besides the case."""
        return Context(school, keyed, self.rules.access, self.rules.guidance, self.rules.retentions, self.clock())


def _opened(opener: Opener, school: str, ref: str, envelopes: Mapping[int, Envelope]) -> Iterator[tuple[int, Sealed]]:
    """Every text that can still be opened; one whose period's key was destroyed is left out."""
    for seq, envelope in envelopes.items():
        with suppress(CannotOpen):
            yield seq, opener.open(school, f"{ref}/{seq}", envelope)


def digest(envelope: Envelope) -> str:
    """What the audit trail keeps of a sealed text: it proves which one it was, and says nothing of it."""
    return sha256(envelope.body).hexdigest()
