"""`signpost register`: accounts of before come in from a file, and the register as a list."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.cli.say import say, say_json
from bot.conversation import register_wording as words
from bot.conversation.register_page import taken_in
from bot.domain.accounts_csv import Accounts, NoList, read_accounts
from bot.domain.casework import Hidden
from bot.domain.ports import NotRecorded
from bot.domain.register import COLUMNS, Entry
from bot.errors import InputError, UsageError
from bot.settings import read_settings
from bot.talk.message import Message, Points
from bot.wiring import Installation


def nothing_chosen(arguments: argparse.Namespace) -> int:
    """Say what there is."""
    raise UsageError("Say what to do: signpost register import FILE, or signpost register list.")


def take_in(arguments: argparse.Namespace) -> int:
    """Put accounts that are in use already in the register; exit 1 where a line was left out."""
    accounts = _read(arguments.file)
    with _asked(arguments) as here:
        entries, problems = here.approvals.take_in(arguments.school, arguments.person, accounts.rows)
    wrong = [one for one in problems if one.code != "already-there"]
    if arguments.json:
        found = [{"line": one.line, "column": one.column, "problem": one.code, "said": one.said} for one in problems]
        say_json({"taken_in": [one.ref for one in entries], "problems": found, "ignored": list(accounts.ignored)})
    else:
        say(taken_in(entries, problems, accounts.ignored))
    return 1 if wrong else 0


def list_accounts(arguments: argparse.Namespace) -> int:
    """Every account that a person may see, newest first."""
    with _asked(arguments) as here:
        entries = here.approvals.registered(arguments.school, arguments.person)
    if arguments.json:
        say_json([_data(one) for one in entries])
    else:
        rows = tuple((one.ref, f"{one.platform}: {one.handle}. {words.STATUS[one.status]}.") for one in entries)
        say(Message(words.REGISTER, (Points(rows or (("", words.REGISTER_EMPTY),)),)))
    return 0


@contextmanager
def _asked(arguments: argparse.Namespace) -> Iterator[Installation]:
    """The installation, for a person of a school of it."""
    here = Installation(read_settings())
    try:
        if here.school(arguments.school).person(arguments.person) is None:
            raise Hidden
        yield here
    except (Hidden, KeyError):
        raise InputError("There is no such person at that school who may do this.") from None
    except NotRecorded as fault:
        raise InputError(f"Nothing came in. {fault}") from None


def _read(file: Path) -> Accounts:
    try:
        return read_accounts(_text(file.read_bytes()))
    except OSError as fault:
        raise InputError(f"{file} cannot be read: {fault.strerror}.") from None
    except NoList as fault:
        raise InputError(f"{file}: {words.NO_LIST[fault.code].format(about=fault.about)}") from None
    except UnicodeDecodeError:
        raise InputError(f"{file} is no text. Save the list as CSV UTF-8.") from None


def _text(body: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8, UTF-16 where it says so, else Windows' western letters."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252")


def _data(entry: Entry) -> Mapping[str, Any]:
    """An account with what is known of it, days as ISO."""
    known = {name: getattr(entry, name) for name in ("ref", "request", *COLUMNS)}
    days = {name: known[name].isoformat() if known[name] else None for name in ("opens", "closes")}
    return {**known, **days, "status": entry.status.value}
