"""The audit chain of each school: every link is sealed with a key and holds the link before it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlalchemy import insert as plain_insert

from bot.domain.ports import Audited, NotRecorded
from bot.storage.engine import alone, transaction
from bot.storage.tables import audit


class Secret(Protocol):
    """The keys that a school has for a purpose, such as `audit` or `box`."""

    def __call__(self, school: str, name: str) -> bytes:
        """Its 32 bytes. Raises KeyMissing."""


_COLUMNS = (
    audit.c.school,
    audit.c.seq,
    audit.c.at,
    audit.c.action,
    audit.c.ref,
    audit.c.by,
    audit.c.digest,
    audit.c.mac,
)
_LAST = select(*_COLUMNS).where(audit.c.school == bindparam("of")).order_by(audit.c.seq.desc()).limit(1)
_ALL = select(*_COLUMNS).where(audit.c.school == bindparam("of")).order_by(audit.c.seq)
_ABOUT = _ALL.where(audit.c.ref == bindparam("about"))


class Audit:
    """The chains of all schools, for whoever checks them."""

    def __init__(self, engine: Engine, secret: Secret) -> None:
        self._engine = engine
        self._secret = secret

    def head(self, school: str) -> str:
        """The last link as `seq:mac`, to be kept outside: without it nobody sees that the end was cut off."""
        with transaction(self._engine) as connection:
            last = connection.execute(_LAST, {"of": school}).one_or_none()
        return f"{last.seq}:{last.mac}" if last else "0:"

    def verify(self, school: str, head: str = "") -> tuple[str, ...]:
        """What is wrong with a school's chain, in plain words; empty when nothing is."""
        key = self._secret(school, "audit")
        try:
            with transaction(self._engine) as connection:
                rows = connection.execution_options(yield_per=10_000).execute(_ALL, {"of": school})
                return verify(map(_audited, rows), key, head)
        except (NotRecorded, TypeError, ValueError, AttributeError):
            self._answers(school)
            return ("The audit chain cannot be read to its end: something in it is not what was written.",)

    def _answers(self, school: str) -> None:
        """Raise NotRecorded where it is the database that cannot be reached."""
        with transaction(self._engine) as connection:
            connection.execute(select(func.count()).where(audit.c.school == school))


def verify(links: Iterable[Audited], key: bytes, head: str = "") -> tuple[str, ...]:
    """What is wrong with the links of one chain, from the first; `head` is one that was kept outside.

    Raises ValueError for a head that is not `seq:mac`.
    """
    faults: list[str] = []
    lock = hmac.new(key, digestmod="sha256")
    number, before = 0, ""
    kept, _, mac = head.partition(":")
    ends = int(kept or 0)
    for link in links:
        number += 1
        if link.seq != number:
            faults.append(f"Before link {link.seq} of the audit chain, links are missing or out of order.")
            number = link.seq
        elif not hmac.compare_digest(link.mac.encode(), _mac(link, before, lock).encode()):
            faults.append(f"Link {link.seq} of the audit chain was changed, moved or put in.")
        if link.seq == ends and link.mac != mac:
            faults.append(f"Link {link.seq} of the audit chain is not the one that was kept outside.")
        before = link.mac
    if number < ends:
        faults.append(f"The end of the audit chain was cut off: it had {ends} links and has {number}.")
    return tuple(faults)


def extend(
    connection: Connection, school: str, key: bytes, at: datetime, acts: Sequence[tuple[str, str, str, str]]
) -> None:
    """Add links (action, ref, by, digest) to a school's chain; one transaction at a time may do so for a school."""
    alone(connection, f"audit/{school}")
    last = connection.execute(_LAST, {"of": school}).one_or_none()
    seq, before = (last.seq, last.mac) if last else (0, "")
    lock = hmac.new(key, digestmod="sha256")
    rows = []
    for action, ref, by, digest in acts:
        seq += 1
        before = _mac(Audited(school, seq, at, action, ref, by, digest, ""), before, lock)
        row = {"school": school, "seq": seq, "at": at, "action": action, "ref": ref, "by": by, "digest": digest}
        rows.append({**row, "mac": before})
    connection.execute(plain_insert(audit), rows)


def trail(connection: Connection, school: str, ref: str = "") -> Iterator[Audited]:
    """A school's links, or those about one case, oldest first."""
    rows = connection.execute(_ABOUT if ref else _ALL, {"of": school, "about": ref} if ref else {"of": school})
    return map(_audited, rows)


def _audited(row: Sequence[Any]) -> Audited:
    return Audited(*row)


def _mac(link: Audited, before: str, lock: hmac.HMAC) -> str:
    """The link and the one before it as a canonical JSON list, under the key."""
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    texts = ",".join(
        map(encode_basestring_ascii, (link.school, at, link.action, link.ref, link.by, link.digest, before))
    )
    turned = lock.copy()  # a chain is long, and to start from the key takes twice as long
    turned.update(f"[{link.seq},{texts}]".encode())
    return turned.hexdigest()
