"""`signpost`, `signpost chat` and `signpost worker`: the assistant itself, in the browser or in this terminal."""

from __future__ import annotations

import argparse
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Event, Thread

from bot.cli.say import tell
from bot.errors import InputError
from bot.logs import log
from bot.settings import Settings, read_settings
from bot.wiring import Installation
from policy_kb.knowledge import Knowledge


def serve(arguments: argparse.Namespace) -> int:
    """Open the web chat, deliver what waits, and serve until stopped."""
    import uvicorn

    from bot.channels.web.guard import HOSTS

    settings = read_settings()
    if settings.schools is None and settings.host not in HOSTS:
        raise InputError(f"SIGNPOST_HOST must be one of {', '.join(HOSTS)}: practice mode has no sign-in.")
    with _listen(settings) as listening:
        here = Installation(settings, tell)
        app = here.web()
        first = here.schools()[0].policy
        here.known.build([first])
        mode = "live" if here.live else "in practice mode"
        print(f"Signpost is open at {_address(settings)} {mode}. Stop with Ctrl-C.", flush=True)
        # What a school imported is built when it is first asked.
        rest = [sample for sample in here.known.store.samples() if sample != first]
        Thread(target=_build, args=(here.known, rest), daemon=True).start()
        stop = Event()
        working = [Thread(target=run, args=(stop,)) for run in _running(here)]
        for thread in working:
            thread.start()
        try:
            with suppress(KeyboardInterrupt):
                uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])
        finally:
            stop.set()
            for thread in working:
                thread.join()
    return 0


def _running(here: Installation) -> Iterator[Callable[[Event], None]]:
    """What runs beside the web pages: the worker, and the connection to Slack where there is one."""
    yield here.worker.run
    if here.speaks_slack and here.slack.socket:
        yield here.slack.socket.run


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

    here = Installation(read_settings(), tell)
    if here.live:
        raise InputError("The terminal has no sign-in, so it is for practice only. Unset SIGNPOST_SCHOOLS to try it.")
    school = arguments.school or here.practice.schools[0].id
    if school not in {offered.id for offered in here.practice.schools}:
        raise InputError(f"There is no school {school}. There is: {', '.join(s.id for s in here.practice.schools)}.")
    person = arguments.person or here.school(school).people[0].id
    if here.school(school).person(person) is None:
        raise InputError(f"There is no {person}. There is: {', '.join(p.id for p in here.school(school).people)}.")
    return talk(here.assistant, here.practice, school, person, sys.stdin, sys.stdout)


def worker(arguments: argparse.Namespace) -> int:
    """Deliver what waits to be sent and watch the clock of the cases, until stopped."""
    here, stop = Installation(read_settings(), tell), Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("The worker is at work. Stop with Ctrl-C.", flush=True)
    with suppress(KeyboardInterrupt):
        here.worker.run(stop)
    return 0
