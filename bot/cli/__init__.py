"""The `signpost` command: reads the words, runs one command, says errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bot.errors import UsageError
from policy_kb.errors import PolicyError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 for an error, 2 for words that do not fit."""
    from bot.cli.parser import parse  # late, so that a mistyped command fails fast

    try:
        arguments = parse(argv)
        return int(arguments.run(arguments))
    except (UsageError, PolicyError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return _fail(_sentence(error))
    except KeyboardInterrupt:
        return 130


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _fail(line: str) -> int:
    print(f"signpost: {line}", file=sys.stderr)
    return 1
