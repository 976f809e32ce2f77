"""Whether Slack sent it: decided on raw bytes and headers, before anything of it is parsed."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence

from bot.talk.sealed import Sealed

AGE = 300
"""Seconds that a request may be old, or ahead of this clock."""

Headers = Iterable[tuple[bytes, bytes]]
"""Header lines as they came in, doubled ones too."""

_TIME = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")


class Refused(Exception):
    """A request that is not taken: a status, and not a word of what it holds."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def verify(secrets: Sequence[Sealed], headers: Headers, body: bytes, now: float) -> None:
    """Raise Refused unless the body was signed with one of the secrets, of which none may be empty, within `AGE`."""
    lines = list(headers)
    sent, signature = only(lines, b"x-slack-request-timestamp"), only(lines, b"x-slack-signature")
    if not (_TIME.fullmatch(sent) and _SIGNATURE.fullmatch(signature)):
        raise Refused(401)
    if abs(now - int(sent)) > AGE:
        raise Refused(401)
    signed = [_signature(secret, b"v0:%b:%b" % (sent, body)) for secret in secrets if secret]
    if not any([hmac.compare_digest(one, signature) for one in signed]):
        raise Refused(401)


def only(lines: Headers, name: bytes) -> bytes:
    """The value of the one header of that name, or nothing where there is none or more than one."""
    found = [value for key, value in lines if key.lower() == name]
    return found[0] if len(found) == 1 else b""


def _signature(secret: Sealed, text: bytes) -> bytes:
    return b"v0=" + hmac.digest(secret.reveal().encode(), text, "sha256").hex().encode()
