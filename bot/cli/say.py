"""What the command line prints: messages in words, and what takes long on standard error."""

from __future__ import annotations

import shutil
import sys

from bot.channels.terminal.render import render
from bot.talk.message import Message

WIDEST = 88


def say(message: Message) -> None:
    """Print a message as the terminal channel draws it."""
    print(render(message, min(WIDEST, shutil.get_terminal_size((80, 24)).columns)))


def tell(line: str) -> None:
    """Say on standard error what takes long, so that output stays clean."""
    print(line, file=sys.stderr)
