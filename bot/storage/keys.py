"""The keys of every school, as files: whoever reads the folder can seal and search, and only a phrase opens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bot.domain.ports import KeyMissing
from bot.errors import InputError
from bot.storage.files import is_loose, make_folder, shred, write
from bot.talk.sealed import Sealed

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SECRET = 32


class WrongPhrase(InputError):
    """What was given as the phrase opens no case key."""

    def __init__(self) -> None:
        super().__init__("The phrase does not open the case key. Check it and try again.")


@dataclass(frozen=True, slots=True)
class Keys:
    """A folder of keys; nothing is remembered, so that what another process makes or destroys counts at once."""

    folder: Path

    def schools(self) -> tuple[str, ...]:
        """The ids of all schools that have a case key."""
        return tuple(sorted({path.parent.name for path in self.folder.glob("*/case-*.pub")}))

    def make(self, school: str, phrase: Sealed) -> None:
        """Make the first keys of a school; raises InputError where it has some."""
        home = self._home(school)
        if any(home.glob("case-*.pub")):
            raise InputError(f"{school} has keys already. They can be rotated, never made anew.")
        for folder in (self.folder, home, home / "periods"):
            make_folder(folder)
        with suppress(FileExistsError):
            write(home / "secret", token_bytes(_SECRET))
        self._make_case(home, phrase)

    def rotate(self, school: str, phrase: Sealed) -> str:
        """Make a new case key the current one and return its id; earlier keys stay under the phrases they had."""
        self.case(school)
        return self._make_case(self._home(school), phrase)

    def make_recovery(self, keep: Callable[[Sealed], object]) -> None:
        """Make the installation's recovery key, once; `keep` puts the private half away before the public one counts.

        Raises InputError where there is one.
        """
        if self.has_recovery():
            raise InputError("There is a recovery key already. It is made once for all schools.")
        make_folder(self.folder)
        private = X25519PrivateKey.generate()
        keep(Sealed(_private_text(private).decode()))
        write(self.folder / "recovery.pub", _public_text(private))

    def case(self, school: str) -> tuple[str, X25519PublicKey]:
        """The id and public half of a school's current case key. Raises KeyMissing."""
        newest = max(self._home(school).glob("case-*.pub"), key=_number, default=None)
        if newest is None:
            raise KeyMissing("This school has no case key.")
        return newest.stem, _read_public(newest)

    def has_recovery(self) -> bool:
        """Whether the recovery key has been made."""
        return (self.folder / "recovery.pub").exists()

    def recovery(self) -> X25519PublicKey:
        """The public half of the recovery key. Raises KeyMissing."""
        return _read_public(self.folder / "recovery.pub")

    def secret(self, school: str, name: str) -> bytes:
        """32 bytes of a school for one purpose (`audit`, `tag`, `box`). Raises KeyMissing."""
        secret = _read(self._home(school) / "secret")
        if len(secret) != _SECRET:
            raise KeyMissing("The secret of this school is damaged.")
        return HKDF(SHA256(), _SECRET, None, f"signpost {name}".encode()).derive(secret)

    def own(self, name: str) -> bytes:
        """32 bytes of the installation itself for one purpose, made when first asked for. Raises KeyMissing."""
        make_folder(self.folder)
        with suppress(FileExistsError):
            write(self.folder / "secret", token_bytes(_SECRET))
        secret = _read(self.folder / "secret")
        if len(secret) != _SECRET:
            raise KeyMissing("The secret of this installation is damaged.")
        return HKDF(SHA256(), _SECRET, None, f"signpost {name}".encode()).derive(secret)

    def unlock(self, school: str, *phrases: Sealed) -> dict[str, X25519PrivateKey]:
        """A school's private case keys by id, as far as the phrases open them.

        Raises WrongPhrase where the current one stays closed, KeyMissing where there is none.
        """
        current, _ = self.case(school)
        files = sorted(self._home(school).glob("case-*.pem"))
        passwords = [self._password(school, phrase) for phrase in phrases]
        opened = {file.stem: key for file in files for word in passwords if (key := _read_private(file, word))}
        if current not in opened:
            raise WrongPhrase
        return opened

    def period(self, school: str, name: str) -> X25519PublicKey:
        """The public half of a period's key, made where it is missing. Raises KeyMissing where it was destroyed."""
        private, public, destroyed = self._period(school, name)
        try:
            if destroyed.exists():
                raise KeyMissing("The key of this period was destroyed.")
            return _read_public(public) if public.exists() else self._make_period(school, private, public)
        except OSError:
            raise KeyMissing("The key of this period cannot be read or made.") from None

    def period_private(self, school: str, name: str) -> X25519PrivateKey:
        """The private half of a period's key. Raises KeyMissing."""
        private, _, destroyed = self._period(school, name)
        key = None if destroyed.exists() else _read_private(private)
        if key is None:
            raise KeyMissing("The key of this period is not here.")
        return key

    def prepare(self, school: str, today: date) -> None:
        """Make the keys of this year and the next, so that they are in a backup before they are used."""
        for year in (today.year, today.year + 1):
            self.period(school, f"open-{year}")

    def destroy(self, school: str, period: str, on: date) -> None:
        """Destroy both halves of a period's key: nobody can open its texts again. Raises KeyMissing."""
        private, public, destroyed = self._period(school, period)
        if not private.exists() and not public.exists():
            raise KeyMissing("There is no key of this period.")
        with suppress(FileExistsError):
            write(destroyed, f"{on.isoformat()}\n".encode())
        for path in (private, public):
            shred(path)

    def check(self, school: str, today: date) -> tuple[str, ...]:
        """What is wrong with a school's keys, in sentences; empty when nothing is."""
        home, coming = self._home(school), f"open-{today.year + 1}"
        recovery = self.folder / "recovery.pub"
        if not any(home.glob("case-*.pub")):
            return (f"{school} has no case key. Make one: signpost keys make --school {school}",)
        needed = {
            recovery: "There is no recovery key: a lost phrase would lose every text.",
            home / "secret": f"{school} has lost its secret. Bring it back from a backup of the keys.",
            self._period(school, coming)[1]: f"{school} lacks next year's key, {coming}. It is made at the next start.",
        }
        files = [path for path in (self.folder, recovery, home, *sorted(home.rglob("*"))) if path.exists()]
        public = [path for path in files if path.suffix == ".pub"]
        halves = [path.with_suffix(".pem") for path in public if path != recovery]
        return (
            *(sentence for path, sentence in needed.items() if not path.exists()),
            *(f"{path} is damaged. Bring it back from a backup of the keys." for path in public if _is_damaged(path)),
            *(f"{path} is missing: what it closes, it cannot open." for path in halves if not path.exists()),
            *(f"{path} can be used by others. Allow its owner alone." for path in files if is_loose(path)),
        )

    def _home(self, school: str) -> Path:
        return self.folder / _name(school)

    def _period(self, school: str, name: str) -> tuple[Path, Path, Path]:
        folder = self._home(school) / "periods"
        return folder / f"{_name(name)}.pem", folder / f"{name}.pub", folder / f"{name}.destroyed"

    def _make_case(self, home: Path, phrase: Sealed) -> str:
        key_id = f"case-{max(map(_number, home.glob('case-*.pem')), default=0) + 1}"
        private = X25519PrivateKey.generate()
        closed = BestAvailableEncryption(self._password(home.name, phrase))
        write(home / f"{key_id}.pem", _private_text(private, closed))
        write(home / f"{key_id}.pub", _public_text(private))
        return key_id

    def _password(self, school: str, phrase: Sealed) -> bytes:
        # PKCS8 files stretch a password by 2,048 rounds only, so a phrase is made dear to guess before it gets there.
        slow = Argon2id(salt=self.secret(school, "phrase"), length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
        return slow.derive(_same_everywhere(phrase)).hex().encode()

    def _make_period(self, school: str, private: Path, public: Path) -> X25519PublicKey:
        self.case(school)
        with suppress(FileExistsError):
            write(private, _private_text(X25519PrivateKey.generate()))
        # Whichever process came first, the public half belongs to the private one that stands in the file.
        key = _read_private(private)
        if key is None:
            raise KeyMissing("The key of this period cannot be read or made.")
        with suppress(FileExistsError):
            write(public, _public_text(key))
        return key.public_key()


def _same_everywhere(phrase: Sealed) -> bytes:
    """A phrase in one form, however a keyboard composes its accents and whether or not a file ends in a line break."""
    return unicodedata.normalize("NFKC", phrase.reveal()).strip().encode("utf-8", "surrogatepass")


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise KeyMissing("A school or a period is named with small letters, digits and hyphens.")
    return name


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _private_text(key: X25519PrivateKey, closed: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed or NoEncryption())


def _public_text(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise KeyMissing("A key is missing or cannot be read.") from None


def _read_public(path: Path) -> X25519PublicKey:
    with suppress(ValueError):
        key = load_pem_public_key(_read(path))
        if isinstance(key, X25519PublicKey):
            return key
    raise KeyMissing("A key is damaged.")


def _read_private(path: Path, password: bytes | None = None) -> X25519PrivateKey | None:
    with suppress(KeyMissing):
        return read_private(_read(path), password)
    return None


def read_private(text: bytes, password: bytes | None = None) -> X25519PrivateKey | None:
    """A private key from its PEM text; None where it is none, or the password does not open it."""
    with suppress(ValueError, TypeError):
        key = load_pem_private_key(text, password)
        return key if isinstance(key, X25519PrivateKey) else None
    return None


def _is_damaged(public: Path) -> bool:
    try:
        _read_public(public)
    except KeyMissing:
        return True
    return False
