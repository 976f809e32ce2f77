"""The `signpost` command: reads the words, runs one command, says errors in one line."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence

from bot.cli.parser import parse
from bot.domain.ports import KeyMissing, NotRecorded
from bot.errors import InputError, UsageError
from bot.talk.shown import shown
from policy_kb.errors import PolicyError

NOT_TEXT = "What was typed or read is not UTF-8 text. Save it as UTF-8 and try again."
RECORDS = "The records cannot be reached, and nothing was recorded. {} See: signpost doctor"
DAMAGED = "The policies cannot be read ({}). If it stays so, move policies.db away and import your documents again."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 for an error, 2 for words that do not fit."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a Windows code page lacks most letters
    try:
        arguments = parse(argv)
        _set_up_logs(arguments.command)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except UsageError as error:
        return _fail(str(error), 2)
    except (InputError, PolicyError, NotRecorded, KeyMissing, OSError, UnicodeError, sqlite3.Error) as error:
        return _fail(_sentence(error), 1)
    except KeyboardInterrupt:
        return 130


def _set_up_logs(command: str | None) -> None:
    """What serves logs as set; where a person reads the screen, only errors, unless they set more."""
    from bot.logs import set_up
    from bot.settings import read_settings

    settings = read_settings()
    serves = command in (None, "worker")
    set_up(settings.log_level if serves or "log_level" in settings.model_fields_set else "ERROR")


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return NOT_TEXT
    if isinstance(error, sqlite3.Error):
        return DAMAGED.format(error)
    if isinstance(error, NotRecorded):
        return RECORDS.format(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _fail(line: str, code: int) -> int:
    print(f"signpost: {' '.join(shown(line).split())}", file=sys.stderr)
    return code
