"""`signpost` and `signpost chat`: the assistant itself, in the browser or in this terminal."""

from __future__ import annotations

import argparse
import errno
import logging
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

from bot import wiring
from bot.cli.say import tell
from bot.errors import InputError
from bot.logs import log
from bot.settings import Settings, read_settings
from policy_kb.knowledge import Knowledge


def serve(arguments: argparse.Namespace) -> int:
    """Open the web chat and serve until stopped."""
    import uvicorn

    from bot.channels.web.app import create_app
    from bot.channels.web.guard import HOSTS

    settings = read_settings()
    if settings.host not in HOSTS:
        raise InputError(f"SIGNPOST_HOST must be one of {', '.join(HOSTS)}: practice mode has no sign-in.")
    with _listen(settings) as listening:
        known = wiring.knowledge(settings, tell)
        offered = wiring.practice(known)
        first = offered.schools[0].policy
        known.build([first])
        app = create_app(wiring.assistant(known, offered), offered)
        print(f"Signpost is open at {_address(settings)} in practice mode. Stop with Ctrl-C.", flush=True)
        # What a school imported is built when it is first asked.
        rest = [sample for sample in known.store.samples() if sample != first]
        Thread(target=_build, args=(known, rest), daemon=True).start()
        with suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])
    return 0


def _listen(settings: Settings) -> socket.socket:
    """The socket, before anything else takes time; a browser that comes early waits. Raises InputError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"cannot be opened ({(error.strerror or '').partition(' (while')[0]})"
        raise InputError(
            f"{_address(settings)} {why}. Stop what uses it, or set SIGNPOST_PORT to another number."
        ) from None


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _build(known: Knowledge, policies: Sequence[str]) -> None:
    try:
        known.build(policies)
    except Exception as error:  # it is tried again, and said, when one of them is first asked
        log("build_failed", level=logging.ERROR, kind=type(error).__name__)


def chat(arguments: argparse.Namespace) -> int:
    """The same dialogs, line by line."""
    from bot.channels.terminal.app import chat as talk

    known = wiring.knowledge(read_settings(), tell)
    offered = wiring.practice(known)
    school = arguments.school or offered.schools[0].id
    if school not in {offered_school.id for offered_school in offered.schools}:
        raise InputError(f"There is no school {school}. There is: {', '.join(s.id for s in offered.schools)}.")
    return talk(wiring.assistant(known, offered), offered, school, offered.personas[0].id, sys.stdin, sys.stdout)


def worker(arguments: argparse.Namespace) -> int:
    """Nothing waits to be sent in this version; says so and ends."""
    print("There is nothing to deliver yet: this version keeps no records and sends no notices.")
    return 0
