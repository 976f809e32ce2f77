"""A sealer and an opener that really hide: what is stored can be read by nobody who has not opened it here."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle

from bot.domain.case import Keyed
from bot.domain.ports import CannotOpen, Envelope, KeyMissing, Wrap
from bot.talk.sealed import Sealed


def _veiled(data: bytes, secret: str) -> bytes:
    return bytes(one ^ other for one, other in zip(data, cycle(hashlib.sha256(secret.encode()).digest()), strict=False))


@dataclass
class FakeSealer:
    """Closes texts for every school but those in `without`, which have no case key."""

    without: set[str] = field(default_factory=set)

    def seal(self, school: str, label: str, text: Sealed, period: str) -> Envelope:
        """The text, bound to its place; the wrap bears the period."""
        if school in self.without:
            raise KeyMissing
        body = base64.b64encode(_veiled(f"{label}\n{text.reveal()}".encode(), f"{school}/{label}"))
        return Envelope(body, period, (Wrap("case", f"{school}-1", "fake", period.encode()),))

    def keyed(self, school: str, people: Sequence[str]) -> Keyed:
        """A keyed name for each id, which shows nothing of it."""
        return _keyed(school, tuple(people))


@cache
def _keyed(school: str, people: tuple[str, ...]) -> Keyed:
    return Keyed({one: hashlib.sha256(f"{school}/{one}".encode()).hexdigest()[:16] for one in people})


@dataclass
class FakeOpener:
    """Opens what the fake sealer closed, but nothing of a period whose key was `destroyed`."""

    destroyed: set[str] = field(default_factory=set)

    def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
        """The text. Raises CannotOpen where its period is over or it lies in another place."""
        kept = {wrap.wrapped.decode() for wrap in envelope.wraps} == {envelope.period}
        plain = _veiled(base64.b64decode(envelope.body), f"{school}/{label}")
        place, _, text = plain.partition(b"\n")
        if envelope.period in self.destroyed or not kept or place != label.encode():
            raise CannotOpen
        return Sealed(text.decode())

    def move(self, school: str, label: str, envelope: Envelope, period: str) -> Envelope:
        """The same text under another period's key."""
        self.open(school, label, envelope)
        return Envelope(envelope.body, period, (Wrap("case", f"{school}-1", "fake", period.encode()),))
