"""`signpost slack`: what to tell Slack about the app."""

from __future__ import annotations

import argparse
import re

from bot.cli.say import say_json
from bot.errors import UsageError


def nothing_chosen(arguments: argparse.Namespace) -> int:
    """Say what there is."""
    raise UsageError("Say what to do: signpost slack manifest.")


def manifest(arguments: argparse.Namespace) -> int:
    """Print the manifest to paste where Slack asks for one."""
    from bot.channels.slack.manifest import manifest as made

    url = arguments.url.rstrip("/")
    if url and not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?", url):
        raise UsageError("The address must be like https://signpost.example.org: https, and nothing after the name.")
    say_json(made(url))
    return 0
