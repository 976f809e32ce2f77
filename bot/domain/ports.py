"""What the rules need from outside: sealing, records, and nothing else. `storage` makes them real, tests fake them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.case import Case, Entry, Keyed
from bot.domain.register import Entry as Account
from bot.domain.request import Request
from bot.domain.stages import Delegation
from bot.talk.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Wrap:
    """The data key of one sealed text, closed with one public key; `holder` is `case` or `recovery`."""

    holder: str
    key_id: str
    suite: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed text as it is stored: ciphertext, the period whose key is needed as well, and its wraps."""

    body: bytes
    period: str
    wraps: tuple[Wrap, ...]


class Sealer(Protocol):
    """Closes text with public keys alone: intake and worker hold nothing that opens it again."""

    def seal(self, school: str, label: str, text: Sealed, period: str) -> Envelope:
        """Close a text; `label` names its place (`ref/seq`) and is bound to it. Raises KeyMissing."""

    def keyed(self, school: str, people: Sequence[str]) -> Keyed:
        """The keyed names of people."""


class Opener(Protocol):
    """Opens what the sealer closed: made from a private key once a person has given its phrase."""

    def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
        """The text. Raises CannotOpen where a key is missing or anything was changed."""

    def move(self, school: str, label: str, envelope: Envelope, period: str) -> Envelope:
        """The same text under another period's key."""

    def rewrap(self, school: str, label: str, envelope: Envelope) -> Envelope:
        """The same text under the case key that is current now."""


class CannotOpen(Exception):
    """A sealed text cannot be opened: its key was destroyed or is not here, or it was changed."""


class KeyMissing(Exception):
    """A school has no case key, so nothing can be recorded for it."""


class NotRecorded(Exception):
    """Nothing was recorded: the storage refused, or it is in doubt."""


class TryLater(Exception):
    """A notice could not be delivered now; `seconds` is what the other side asked us to wait, if it did."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


class Undeliverable(Exception):
    """A notice can never be delivered this way."""


class AlreadyFiled(NotRecorded):
    """Nothing was recorded because the same was recorded before, under this reference."""

    def __init__(self, ref: str) -> None:
        super().__init__("This was recorded before.")
        self.ref = ref


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that something waits: a reference and the name of a fixed text, never content."""

    school: str
    ref: str
    to: str
    template: str
    id: int = 0
    attempts: int = 0
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """One link of a school's audit chain."""

    school: str
    seq: int
    at: datetime
    action: str
    ref: str
    by: str
    digest: str
    mac: str


class Transaction(Protocol):
    """One transaction of one school: all of it is kept and synced when the block ends well, or none of it."""

    def filed(self, key: str) -> str:
        """The reference that was given for an idempotency key, or empty."""

    def notify(self, notice: Notice, keyed: str) -> None:
        """Queue a notice; `keyed` is the recipient's keyed name."""

    def withdraw(self, ref: str, keyed: Sequence[str] = ()) -> int:
        """Take back what still waits about a reference, for these keyed names or for everyone; how many."""

    def audit(self, action: str, ref: str, by: str, digest: str = "") -> None:
        """Add a link to the school's audit chain; it is written last, at the end of the block."""

    def trail(self, ref: str = "") -> Sequence[Audited]:
        """The links of the audit chain, or those about one reference, oldest first."""

    def notices(self, keyed: str) -> Sequence[Notice]:
        """What was delivered to one person about what is kept here and not seen, newest first."""


class Work(Transaction, Protocol):
    """One transaction about cases."""

    def add(self, case: Case, key: str) -> None:
        """Keep a new case, without its entries. Raises AlreadyFiled where its key was there first."""

    def save(self, case: Case) -> None:
        """Keep what changed of a case, its entries apart; a case that stands as deleted loses all its texts."""

    def append(self, ref: str, entry: Entry, envelope: Envelope | None) -> None:
        """Add an entry."""

    def replace_envelope(self, ref: str, seq: int, envelope: Envelope) -> None:
        """Put the wraps of an entry under another key; its text stays."""

    def case(self, ref: str) -> Case | None:
        """A case of this school with its entries; locked until the end where the database can."""

    def cases(self) -> Sequence[Case]:
        """All cases of this school with their entries, newest first."""

    def envelopes(self, ref: str) -> Mapping[int, Envelope]:
        """The sealed texts of a case by entry number."""

    def saw(self, keyed: str) -> None:
        """Note that a person has seen what was delivered to them about cases."""


class Records(Protocol):
    """Where cases are kept."""

    def work(self, school: str) -> AbstractContextManager[Work]:
        """One transaction. Leaving it raises NotRecorded where it is not certain that it was synced."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A text as it is stored, closed with the application's own key, and a keyed digest of what it says."""

    body: bytes
    digest: str


class Box(Protocol):
    """The application's own box: what is in it can be read again wherever the application runs."""

    def close(self, school: str, label: str, text: Sealed) -> Closed:
        """Close a text; `label` names its place (`ref/seq`) and is bound to it."""

    def open(self, school: str, label: str, closed: Closed) -> Sealed:
        """The text. Raises CannotOpen where anything was changed."""


class Names(Protocol):
    """Keyed names, as a `Sealer` gives them."""

    def keyed(self, school: str, people: Sequence[str]) -> Keyed:
        """The keyed names of people."""


class RequestWork(Transaction, Protocol):
    """One transaction about requests and the register."""

    def add_request(self, request: Request, key: str) -> None:
        """Keep a new request, without its entries. Raises AlreadyFiled where its key was there first."""

    def append_request(self, ref: str, entry: Entry, closed: Closed | None) -> None:
        """Add an entry; a number that is taken is refused."""

    def request(self, ref: str) -> Request | None:
        """A request of this school, folded from its entries; locked until the end where the database can."""

    def requests(self) -> Sequence[Request]:
        """All requests of this school, newest first."""

    def texts(self, ref: str) -> Mapping[int, Closed]:
        """What was written in a request, by entry number."""

    def alone(self) -> None:
        """Wait until nobody else takes a list of accounts in at this school, and keep all others waiting."""

    def add_entry(self, entry: Account) -> None:
        """Put a new entry in the register, before anything was done about it; its reference must be new."""

    def append_entry(self, ref: str, line: Entry) -> None:
        """Add a line to the history of an entry of the register."""

    def entry(self, ref: str) -> Account | None:
        """An entry of the register, folded from its history; locked as a request is."""

    def entries(self) -> Sequence[Account]:
        """The whole register of this school, newest first."""

    def delegate(self, delegation: Delegation) -> None:
        """Keep who acts for whom."""

    def delegations(self) -> Sequence[Delegation]:
        """All that were kept, oldest first."""

    def saw(self, keyed: str, refs: Sequence[str]) -> None:
        """Note that a person has seen what was delivered to them about these."""


class RequestRecords(Protocol):
    """Where requests and the register are kept."""

    def work(self, school: str) -> AbstractContextManager[RequestWork]:
        """One transaction. Leaving it raises NotRecorded where it is not certain that it was synced."""


class Drafts(Protocol):
    """What people have typed and not sent, sealed with the application's own key."""

    def keep(self, school: str, keyed: str, form: str, typed: Sealed) -> None:
        """Keep a draft in place of an earlier one."""

    def kept(self, school: str, keyed: str, form: str) -> Sealed | None:
        """The draft, or None."""

    def drop(self, school: str, keyed: str, form: str) -> None:
        """Forget a draft."""

    def forms(self, school: str, keyed: str) -> Sequence[str]:
        """Of which forms somebody has a draft, the newest first."""


class Standing(StrEnum):
    """How it stands with something that may come in more than once: ours to do, being done, done."""

    OURS = "ours"
    BUSY = "busy"
    DONE = "done"


class Seen(Protocol):
    """What has come in before: whoever claims it does it, and where they die the next one may."""

    def claim(self, key: str, by: str) -> Standing:
        """Claim something for a while under a name of one's own. Raises NotRecorded."""

    def done(self, key: str) -> None:
        """Note that it is done, once that can no longer be lost. Raises NotRecorded."""

    def give_up(self, key: str, by: str) -> None:
        """Let go of a claim of one's own, so that the next one may do it. Raises NotRecorded."""


class Places(Protocol):
    """At which school somebody is in a channel that serves several."""

    def at(self, name: str) -> str:
        """The school's id, empty where they have not said."""

    def go(self, name: str, school: str) -> None:
        """Remember it. Raises NotRecorded."""


class Clock(Protocol):
    """What time it is."""

    def __call__(self) -> datetime:
        """Now, in UTC."""
