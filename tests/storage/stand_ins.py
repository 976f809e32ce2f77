"""Keys, a box, a clock and cases for the tests of storage."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.case import Case, Entry, State
from bot.domain.people import Role
from bot.domain.ports import CannotOpen, Envelope, Notice, Wrap
from bot.talk.sealed import Sealed

SCHOOL, OTHER = "whgs", "milford"
MORNING = datetime(2026, 11, 23, 8, 30, 0, 123456, UTC)


def secret(school: str, name: str) -> bytes:
    return hashlib.sha256(f"{school}/{name}".encode()).digest()


class StandInBox:
    """A real lock, without the keys folder."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)

    def put(self, text: Sealed, place: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._key.encrypt(nonce, text.reveal().encode(), place.encode())

    def take(self, data: bytes, place: str) -> Sealed:
        try:
            return Sealed(self._key.decrypt(data[:12], data[12:], place.encode()).decode())
        except InvalidTag:
            raise CannotOpen("changed") from None


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def case(ref: str = "WH-0001", **changed: object) -> Case:
    plain = Case(
        ref=ref,
        school=SCHOOL,
        kind="child",
        state=State.RECEIVED,
        opened=MORNING,
        ladder=((Role.DSL, Role.DEPUTY), (Role.HEAD,)),
        reached=1,
        reporter="keyed-reporter",
        subject="keyed-subject",
        barred=frozenset({"keyed-subject", "keyed-delegate"}),
        members=frozenset({"t.member"}),
        level="low-level",
        outcome="false",
        urgent=True,
        unsure=True,
        theme="online",
        route="child",
        guidance="2026-09",
        hold=True,
        retention="child-file",
        review_on="2051-11-23",
        period="open-2026",
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def entry(seq: int = 1, kind: str = "report", **facts: str) -> Entry:
    return Entry(seq, MORNING, kind, "t.reporter", facts, False)


def envelope(body: bytes = b"closed", period: str = "open-2026", key: str = "case-1") -> Envelope:
    return Envelope(
        body, period, (Wrap("case", key, "suite", b"\x00case"), Wrap("recovery", "recovery", "suite", b"\xffrecovery"))
    )


def notice(ref: str = "WH-0001", to: str = "d.dsl", template: str = "waits") -> Notice:
    return Notice(SCHOOL, ref, to, template)
