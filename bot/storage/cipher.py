"""Sealed text as it is stored: AES-256-GCM under a key of its own, closed with the period's key and then a holder's.

The layers are an onion. Rotation peels and closes the outer one only; without the period's private key nobody gets
past it, the recovery key included. Each layer is bound to its place, so none can stand in for another.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.domain.case import Keyed
from bot.domain.ports import CannotOpen, Envelope, KeyMissing, Wrap
from bot.errors import InputError
from bot.storage.keys import Keys, read_private
from bot.talk.sealed import Sealed

CASE, RECOVERY = "case", "recovery"
"""Who holds the key of an outer layer."""

SUITE = "hpke-x25519-sha256-aes256gcm"
BLOCK = 256
"""Texts are filled up to a multiple of so many bytes: how long one is says little."""

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEY, _NONCE, _LENGTH = 32, 12, 4
_NAMED = 32

Place = tuple[str, str, str]
"""School, label and period."""

CHANGED = "It was changed, or it belongs elsewhere."


class PublicSealer:
    """Seals with public keys; opens nothing."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def seal(self, school: str, label: str, text: Sealed, period: str) -> Envelope:
        """Close a text for its place; without a recovery key, for the case key alone. Raises KeyMissing."""
        key = token_bytes(_KEY)
        wraps = _wraps(self._keys, key, (school, label, period))
        return Envelope(_closed(key, text, _bound("text", school, label)), period, wraps)

    def keyed(self, school: str, people: Sequence[str]) -> Keyed:
        """The keyed names of people: always the same for one person of one school. Raises KeyMissing."""
        key = self._keys.secret(school, "tag")
        return Keyed({person: hmac.digest(key, _bytes(person), "sha256").hex()[:_NAMED] for person in people})


class PrivateOpener:
    """Opens with the private keys of one holder; made by `unlock` or `recover`, and kept no longer than needed."""

    def __init__(self, keys: Keys, holder: str, private: Mapping[str, X25519PrivateKey]) -> None:
        self._keys = keys
        self._holder = holder
        self._private = private

    def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
        """The text. Raises CannotOpen."""
        text = _opened(self._key(school, label, envelope), envelope.body, _bound("text", school, label))
        if text is None:
            raise CannotOpen(CHANGED)
        return text

    def move(self, school: str, label: str, envelope: Envelope, period: str) -> Envelope:
        """The same body under another period's key. Raises CannotOpen and KeyMissing."""
        key = self._key(school, label, envelope)
        return replace(envelope, period=period, wraps=_wraps(self._keys, key, (school, label, period)))

    def rewrap(self, school: str, label: str, envelope: Envelope) -> Envelope:
        """The same text with its outer layers under the keys that are current now. Raises CannotOpen and KeyMissing."""
        place = (school, label, envelope.period)
        return replace(envelope, wraps=_outer(self._keys, self._inner(place, envelope), place))

    def _key(self, school: str, label: str, envelope: Envelope) -> bytes:
        place = (school, label, envelope.period)
        inner = self._inner(place, envelope)
        try:
            private = self._keys.period_private(school, envelope.period)
        except KeyMissing as missing:
            raise CannotOpen(str(missing)) from None
        return _peeled(inner, private, _bound("period", *place))

    def _inner(self, place: Place, envelope: Envelope) -> bytes:
        for wrap in envelope.wraps:
            private = self._private.get(wrap.key_id)
            if private and (wrap.holder, wrap.suite) == (self._holder, SUITE):
                return _peeled(wrap.wrapped, private, _bound(wrap.holder, *place))
        raise CannotOpen("It was closed with a key that is not here.")


class Box:
    """Closes and opens small secrets that the application itself must read back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def put(self, text: Sealed, place: str) -> bytes:
        """Close a text for one place."""
        return _closed(self._key, text, _bound("box", place))

    def take(self, data: bytes, place: str) -> Sealed:
        """The text that was put there. Raises CannotOpen."""
        text = _opened(self._key, data, _bound("box", place))
        if text is None:
            raise CannotOpen(CHANGED)
        return text


def unlock(keys: Keys, school: str, *phrases: Sealed) -> PrivateOpener:
    """An opener with a school's case keys, as far as the phrases open them.

    Raises WrongPhrase where they do not open the current key, KeyMissing where there is none.
    """
    return PrivateOpener(keys, CASE, keys.unlock(school, *phrases))


def recover(keys: Keys, private: Sealed) -> PrivateOpener:
    """An opener for every school from the text of the recovery key; raises InputError where it is not that key."""
    key = read_private(_bytes(private.reveal()))
    if key is None or key.public_key() != keys.recovery():
        raise InputError("This is not the recovery key of this installation.")
    return PrivateOpener(keys, RECOVERY, {RECOVERY: key})


def _wraps(keys: Keys, key: bytes, place: Place) -> tuple[Wrap, ...]:
    school, _, period = place
    return _outer(keys, _HPKE.encrypt(key, keys.period(school, period), _bound("period", *place)), place)


def _outer(keys: Keys, inner: bytes, place: Place) -> tuple[Wrap, ...]:
    key_id, public = keys.case(place[0])
    wraps = [_wrap(CASE, key_id, public, inner, place)]
    with suppress(KeyMissing):
        wraps.append(_wrap(RECOVERY, RECOVERY, keys.recovery(), inner, place))
    return tuple(wraps)


def _wrap(holder: str, key_id: str, public: X25519PublicKey, inner: bytes, place: Place) -> Wrap:
    return Wrap(holder, key_id, SUITE, _HPKE.encrypt(inner, public, _bound(holder, *place)))


def _peeled(layer: bytes, private: X25519PrivateKey, bound: bytes) -> bytes:
    with suppress(InvalidTag, ValueError):
        return _HPKE.decrypt(layer, private, bound)
    raise CannotOpen(CHANGED)


def _closed(key: bytes, text: Sealed, bound: bytes) -> bytes:
    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, _filled(_bytes(text.reveal())), bound)


def _opened(key: bytes, data: bytes, bound: bytes) -> Sealed | None:
    # None, and raised further out: an exception from here would carry the key or the text in its frames.
    with suppress(InvalidTag, ValueError):
        filled = AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], bound)
        size = int.from_bytes(filled[:_LENGTH])
        return Sealed(filled[_LENGTH : _LENGTH + size].decode("utf-8", "surrogatepass"))
    return None


def _filled(text: bytes) -> bytes:
    whole = len(text).to_bytes(_LENGTH) + text
    return whole + bytes(-len(whole) % BLOCK)


def _bound(kind: str, *place: str) -> bytes:
    return json.dumps(("signpost", kind, *place)).encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # half a character from a phone is no reason to lose a report
