"""What the command line prints: messages in words, data, and what takes long on standard error."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

from bot.channels.terminal.render import WIDEST, render
from bot.talk.message import Message


def say(message: Message) -> None:
    """Print a message as the terminal channel draws it."""
    print(render(message, min(WIDEST, shutil.get_terminal_size((80, 24)).columns)))


def say_json(data: Any, indent: int | None = 2) -> None:
    """Print data; letters that the output cannot take are escaped as JSON does it."""
    print(json.dumps(data, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf"), indent=indent))


def tell(line: str) -> None:
    """Say on standard error what takes long, so that output stays clean."""
    print(line, file=sys.stderr)
