"""`signpost keys`: make, rotate, check and destroy the keys that records are sealed with."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from getpass import getpass
from pathlib import Path

from bot.cli.say import say_json
from bot.domain.keeping import rewrap, under
from bot.domain.ports import CannotOpen, KeyMissing
from bot.errors import InputError
from bot.settings import read_settings
from bot.storage.cipher import PublicSealer, recover, unlock
from bot.storage.keys import Keys
from bot.talk.sealed import Sealed
from bot.wiring import Installation, keys_folder

SHORTEST = 12
"""Characters of a phrase, at least."""


def make(arguments: argparse.Namespace) -> int:
    """The first keys of a school, and of the installation where it has none."""
    keys = _keys()
    phrase = _phrase(arguments.phrase_file, "Phrase")
    if arguments.recovery:
        keys.make_recovery(lambda private: _keep(arguments.recovery, private))
        print(
            f"The recovery key is in {arguments.recovery}. Move it offline now: it opens every record of every school."
        )
        print(f"Then try it: signpost keys recover-test --recovery {arguments.recovery}")
    elif not keys.has_recovery():
        raise InputError("There is no recovery key yet. Say where to put it, on a stick for a safe: --recovery FILE")
    with _said():
        keys.make(arguments.school, phrase)
        keys.prepare(arguments.school, date.today())
    print(f"{arguments.school} has its keys. Whoever opens records needs the phrase; it is kept nowhere.")
    return 0


def rotate(arguments: argparse.Namespace) -> int:
    """A new case key for a school, under a phrase that may be new as well, and every text under it.

    Run again with both phrases it goes on where it was stopped: with --resume no further key is made.
    """
    here, school = Installation(read_settings()), arguments.school
    here.keys.case(school)
    old = _once(arguments.old_phrase_file, "Phrase of the key until now")
    new = _phrase(arguments.phrase_file, "Phrase for the new key")
    with _said():
        if not arguments.resume:
            unlock(here.keys, school, old)
            here.keys.rotate(school, new)
        count = rewrap(here.casework, school, unlock(here.keys, school, old, new))
    print(f"{school} seals with {here.keys.case(school)[0]} from now on; {count} texts are under it as well.")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """What is wrong with the keys of a school, or of all; exit 1 if anything is."""
    keys = _keys()
    schools = [arguments.school] if arguments.school else keys.schools()
    with _said():
        problems = [problem for school in schools for problem in keys.check(school, date.today())]
    found = list(dict.fromkeys(problems)) if schools else ["No school has keys yet."]
    if arguments.json:
        say_json({"problems": found})
    else:
        print("\n".join(found) or "The keys are in order.")
    return 1 if found else 0


def destroy(arguments: argparse.Namespace) -> int:
    """Destroy a period's key, so that nobody can read its records again."""
    period = arguments.period
    if not arguments.yes:
        print(f"After this nobody can read the records of {period}, with the recovery key neither.")
        if _typed(input, "Type the period again to destroy its key: ") != period:
            raise InputError("The key was not destroyed.")
    here = Installation(read_settings())
    if lost := under(here.casework, arguments.school, period):
        raise InputError(
            f"The key was not destroyed: {len(lost)} cases still need it, {lost[0]} for one. Delete these first."
        )
    with _said():
        here.keys.destroy(arguments.school, period, date.today())
    print(f"The key {period} of {arguments.school} is destroyed. Destroy it in every backup of the keys as well.")
    return 0


def recover_test(arguments: argparse.Namespace) -> int:
    """Seal a word for every school and open it with the recovery key; fails where one does not open."""
    keys, period = _keys(), f"open-{date.today().year}"
    with _said():
        opener = recover(keys, _read(arguments.recovery))
        for school in keys.schools():
            opener.open(school, "test", PublicSealer(keys).seal(school, "test", Sealed("recovery test"), period))
    print(f"The recovery key opens the records of: {', '.join(keys.schools()) or 'no school yet'}.")
    return 0


def _keys() -> Keys:
    return Keys(keys_folder(read_settings()))


def _phrase(file: Path | None, asked: str) -> Sealed:
    phrase = _read(file) if file else Sealed(_typed(getpass, f"{asked}: "))
    again = phrase if file else Sealed(_typed(getpass, "The same again: "))
    if phrase.reveal() != again.reveal():
        raise InputError("The two phrases differ. Nothing was made.")
    if len(phrase.reveal().strip()) < SHORTEST:
        raise InputError(f"A phrase needs at least {SHORTEST} characters: four words that do not belong together.")
    return phrase


def _once(file: Path | None, asked: str) -> Sealed:
    return _read(file) if file else Sealed(_typed(getpass, f"{asked}: "))


def _typed(ask: Callable[[str], str], question: str) -> str:
    try:
        return ask(question).strip()
    except EOFError:
        raise InputError("Nobody is here to answer. Use --phrase-file FILE, or --yes to destroy.") from None


def _read(file: Path) -> Sealed:
    try:
        return Sealed(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        pass
    raise InputError(f"{file} is not UTF-8 text.")


def _keep(file: Path, private: Sealed) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(private.reveal())
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def _said() -> Iterator[None]:
    """Says what a key lacks as the command line says what a person can mend."""
    try:
        yield
    except (KeyMissing, CannotOpen) as error:
        raise InputError(str(error)) from None
