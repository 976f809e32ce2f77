"""A request for approval: its state is folded from its entries, which are only ever added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import chain

from bot.domain import disclosure
from bot.domain.case import Entry
from bot.domain.orders import Order, Unfit
from bot.domain.people import Role
from bot.domain.stages import Delegation, Staffing, StageRule, Waiting, barred, can_be_named, helpers, signers

_NONE: Mapping[str, str] = {}


class State(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    SENT_BACK = "sent-back"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RECORDED = "recorded"


class Part(StrEnum):
    """What somebody has to do with a request; its requester has no other part in it."""

    REQUESTER = "requester"
    SIGNER = "signer"
    ASKED = "asked"
    """Was asked to sign, or signed: sees what became of it."""
    HELPER = "helper"
    """Can name a signer where nobody is left."""
    OVERSEER = "overseer"
    """Holds a role that sees all, and could sign it: who may not does not choose who does either."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decided a stage, in which role, when, and the digest of the version they signed."""

    verdict: str
    version: int
    stage: int
    by: str
    name: str
    role: str
    at: datetime
    digest: str
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands now; `days` is how long it may lie untouched, `register` what it becomes when approved.

    `stages` are those of its form when it was sent in. `asked` were told of the stage that waits, which began with
    entry `since`; `mark` is the last entry that moved it: who decides says which mark they saw.
    """

    ref: str
    school: str
    form: str
    requester: str
    stages: tuple[StageRule, ...]
    days: int = 30
    register: str = ""
    recorded_only: bool = False
    state: State = State.PENDING
    version: int = 0
    stage: int = 1
    digest: str = ""
    signed: tuple[Signature, ...] = ()
    named: str = ""
    escalated: int = 0
    asked: frozenset[str] = frozenset()
    since: int = 0
    mark: int = 0
    entries: tuple[Entry, ...] = ()

    @property
    def waiting(self) -> Waiting:
        """The stage that waits, or that waited last."""
        here = frozenset(one.by for one in self.signed if (one.version, one.verdict) == (self.version, "approved"))
        return Waiting(self.stages[self.stage - 1], self.requester, here, self.named, self.escalated)

    @property
    def involved(self) -> frozenset[str]:
        """Everyone else who was ever asked, was told of its end, or signed."""
        told = (entry.facts.get("people", "").split() for entry in self.entries if entry.kind in ("asked", "decided"))
        return frozenset(chain(*told, (one.by for one in self.signed))) - {self.requester}

    @property
    def text(self) -> int:
        """The number of the entry that holds the current version."""
        return max(entry.seq for entry in self.entries if entry.kind in ("submitted", "resubmitted"))

    @property
    def moved(self) -> Entry:
        """What happened to it last, clock and questions apart."""
        return self.entries[self.mark - 1]

    def happened(self, kind: str) -> tuple[Entry, ...]:
        """All entries of a kind, oldest first."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def then(
        self, at: datetime, kind: str, by: str = "", facts: Mapping[str, str] = _NONE, written: bool = False
    ) -> Request:
        """The request with one more entry, and what it changed; empty facts are left out."""
        kept = {name: value for name, value in facts.items() if value}
        return self.grown(Entry(len(self.entries) + 1, at, kind, by, kept, written))

    def grown(self, entry: Entry) -> Request:
        """The request with an entry that was kept, and what it changed."""
        grown = replace(self, entries=(*self.entries, entry))
        return _FOLD[entry.kind](grown, entry) if entry.kind in _FOLD else grown


def folded(opened: Request, entries: Iterable[Entry]) -> Request:
    """A request from what never changes of it, and all its entries in order."""
    return reduce(Request.grown, entries, opened)


def _begun(request: Request, entry: Entry, **changed: object) -> Request:
    """A stage begins to wait."""
    fresh = replace(request, named="", escalated=0, asked=frozenset(), since=entry.seq, mark=entry.seq)
    return replace(fresh, **changed)  # type: ignore[arg-type]


def _sent_in(request: Request, entry: Entry) -> Request:
    state = State.RECORDED if request.recorded_only else State.PENDING
    return _begun(request, entry, state=state, version=request.version + 1, stage=1, digest=entry.facts["digest"])


def _decided(request: Request, entry: Entry) -> Request:
    facts = entry.facts
    signature = Signature(
        entry.kind,
        int(facts["version"]),
        int(facts["stage"]),
        entry.by,
        facts["name"],
        facts["role"],
        entry.at,
        facts["digest"],
        facts.get("behalf", ""),
    )
    signed = replace(request, signed=(*request.signed, signature))
    if entry.kind == "approved" and request.stage < len(request.stages):
        return _begun(signed, entry, stage=request.stage + 1)
    return _begun(signed, entry, state=State(entry.kind))


_FOLD: Mapping[str, Callable[[Request, Entry], Request]] = {
    "submitted": _sent_in,
    "resubmitted": _sent_in,
    "approved": _decided,
    "refused": _decided,
    "sent-back": _decided,
    "withdrawn": lambda request, entry: _begun(request, entry, state=State.WITHDRAWN),
    "expired": lambda request, entry: _begun(request, entry, state=State.EXPIRED),
    "reassigned": lambda request, entry: _begun(request, entry, named=entry.facts["person"]),
    "escalate": lambda request, entry: replace(request, escalated=request.escalated + 1),
    "asked": lambda request, entry: replace(request, asked=request.asked | set(entry.facts["people"].split())),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may take an action by their part in a request, and where it must stand."""

    parts: frozenset[Part]
    states: frozenset[State]
    facts: tuple[str, ...] = field(default=())


_DECIDES = Allowed(frozenset({Part.SIGNER}), frozenset({State.PENDING}))
ACTIONS: Mapping[str, Allowed] = {
    "read": Allowed(frozenset(Part), frozenset(State)),
    "approve": _DECIDES,
    "refuse": replace(_DECIDES, facts=("clause",)),
    "send-back": _DECIDES,
    "reassign": Allowed(
        frozenset({Part.SIGNER, Part.HELPER, Part.OVERSEER}), frozenset({State.PENDING}), facts=("person",)
    ),
    "resubmit": Allowed(frozenset({Part.REQUESTER}), frozenset({State.SENT_BACK})),
    "withdraw": Allowed(frozenset({Part.REQUESTER}), frozenset({State.PENDING, State.SENT_BACK})),
}
"""What may be done to a request; what stands in no row is refused."""
OVERSEERS = frozenset({Role.HEAD, Role.POLICY_LEAD})


def parts(request: Request, staffing: Staffing, person: str) -> frozenset[Part]:
    """What somebody has to do with a request now: worked out from the person, never from what was granted once."""
    known = staffing.school.person(person)
    if known is None or person == request.requester:
        return frozenset({Part.REQUESTER}) if known else frozenset()
    may_sign = {one.person for one in signers(request.waiting, staffing)}
    pending = request.state is State.PENDING
    having = {
        Part.SIGNER: pending and person in may_sign,
        Part.HELPER: pending and not may_sign and person in helpers(request.waiting, staffing),
        Part.ASKED: person in request.involved,
        Part.OVERSEER: bool(known.roles & OVERSEERS) and person not in barred(request.waiting, staffing.school),
    }
    return frozenset(part for part, has in having.items() if has)


def may(request: Request, staffing: Staffing, person: str) -> tuple[str, ...]:
    """All that somebody may do to a request now, in the order of the table."""
    mine = parts(request, staffing, person)
    return tuple(action for action, row in ACTIONS.items() if row.parts & mine and request.state in row.states)


@dataclass(frozen=True, slots=True)
class Change:
    """A request with its new entries, and who is told with which notice."""

    request: Request
    tell: tuple[tuple[str, str], ...] = ()


def decide(request: Request, order: Order, staffing: Staffing, words: str = "") -> Change:
    """Carry out an allowed order; `words` is the digest of its text. Raises Unfit where what it names does not fit."""
    if order.action in _VERDICTS:
        return settled(_signed(request, order, staffing, words), order.by, staffing)
    if order.action == "resubmit" and not words:
        raise Unfit("no-words")
    named = order.facts.get("person", "")
    if order.action == "reassign" and not can_be_named(named, order.by, request.waiting, staffing.school):
        raise Unfit("cannot-be-named")
    kind = {"resubmit": "resubmitted", "withdraw": "withdrawn", "reassign": "reassigned"}[order.action]
    digest = "digest" if order.action == "resubmit" else "words"
    facts = {"key": order.key, digest: words, "person": _fact(order, "person")}
    moved = request.then(staffing.now, kind, order.by, facts, order.text is not None)
    return settled(moved, order.by, staffing)


_VERDICTS = {"approve": "approved", "refuse": "refused", "send-back": "sent-back"}


def _fact(order: Order, name: str) -> str:
    return order.facts.get(name, "") if name in ACTIONS[order.action].facts else ""


def _signed(request: Request, order: Order, staffing: Staffing, words: str) -> Request:
    """A sign-off: name, role, time, and the version with its digest."""
    signer = next(one for one in signers(request.waiting, staffing) if one.person == order.by)
    person = staffing.school.person(order.by)
    clause = _fact(order, "clause")
    if order.action == "refuse" and not clause.startswith(f"{staffing.school.policy}/"):
        raise Unfit("no-clause")
    if order.action == "send-back" and not words:
        raise Unfit("no-words")
    facts = {
        "name": person.name if person else "",
        "role": signer.role,
        "behalf": signer.behalf,
        "version": str(request.version),
        "stage": str(request.stage),
        "digest": request.digest,
        "clause": clause,
        "words": words,
        "key": order.key,
    }
    return request.then(staffing.now, _VERDICTS[order.action], order.by, facts, order.text is not None)


_NEWS = {
    State.SENT_BACK: "sent-back",
    State.EXPIRED: "expired",
    State.RECORDED: "recorded",
    State.WITHDRAWN: "withdrawn",
}


def settled(request: Request, by: str, staffing: Staffing) -> Change:
    """Ask whoever has the next word; where it is decided, tell everyone once."""
    if request.state is State.PENDING:
        return asked(request, staffing)
    if request.state is State.RECORDED:
        people = _next(request, staffing)
    elif request.state is State.SENT_BACK:
        people = (request.requester,)
    else:
        people = (request.requester, *sorted(request.involved))
    told = tuple(person for person in people if person != by and staffing.school.person(person))
    if request.state is not State.SENT_BACK:
        request = request.then(staffing.now, "decided", facts={"people": " ".join(told)})
    return Change(request, tuple((person, _NEWS.get(request.state, "decided")) for person in told))


def asked(request: Request, staffing: Staffing) -> Change:
    """Ask those who have the next word and were not asked yet."""
    new = tuple(person for person in asked_now(request, staffing) if person not in request.asked)
    if not new:
        return Change(request)
    return Change(
        request.then(staffing.now, "asked", facts={"people": " ".join(new)}), tuple((one, "ask") for one in new)
    )


def asked_now(request: Request, staffing: Staffing) -> tuple[str, ...]:
    """Who has the next word: who may sign, where nobody may who could name somebody, or the requester."""
    if request.state is State.SENT_BACK:
        return (request.requester,) if staffing.school.person(request.requester) else ()
    return _next(request, staffing) if request.state is State.PENDING else ()


def _next(request: Request, staffing: Staffing) -> tuple[str, ...]:
    may_sign = tuple(one.person for one in signers(request.waiting, staffing))
    return may_sign or helpers(request.waiting, staffing)


def delegated(request: Request, delegation: Delegation, staffing: Staffing) -> Change:
    """The request of which somebody signs for another now, asked where they were not."""
    days = {"since": delegation.since.isoformat(), "until": delegation.until.isoformat()}
    grown = request.then(staffing.now, "delegated", delegation.by, {"person": delegation.to, **days})
    return asked(grown, staffing)


def reference(number: int) -> str:
    """A request's reference from a random number of at least 40 bits."""
    return "R" + disclosure.reference(number)[1:]


def is_reference(text: str) -> bool:
    """Whether a text has the form of a request's reference."""
    return text.startswith("R-") and disclosure.is_reference("S" + text[1:])
