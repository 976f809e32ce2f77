"""`signpost` and `signpost chat`: the assistant itself, in the browser or in this terminal."""

from __future__ import annotations

import argparse
import sys

from bot import wiring
from bot.cli.say import tell
from bot.errors import UsageError
from bot.logs import set_up
from bot.settings import read_settings


def serve(arguments: argparse.Namespace) -> int:
    """Open the web chat and serve until stopped."""
    import uvicorn

    from bot.channels.web.app import create_app

    settings = read_settings()
    set_up(settings.log_level)
    known = wiring.knowledge(settings, tell)
    known.build(known.store.samples())  # what a school imported is built when it is first asked
    offered = wiring.practice(known)
    app = create_app(wiring.assistant(known, offered), offered)
    print(f"Signpost is open at http://{settings.host}:{settings.port} in practice mode. Stop with Ctrl-C.", flush=True)
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)
    return 0


def chat(arguments: argparse.Namespace) -> int:
    """The same dialogs, line by line."""
    from bot.channels.terminal.app import chat as talk

    set_up("ERROR")
    known = wiring.knowledge(read_settings(), tell)
    offered = wiring.practice(known)
    school = arguments.school or offered.schools[0].id
    if school not in {offered_school.id for offered_school in offered.schools}:
        raise UsageError(f"There is no school {school}. There is: {', '.join(s.id for s in offered.schools)}.")
    return talk(wiring.assistant(known, offered), offered, school, offered.personas[0].id, sys.stdin, sys.stdout)


def worker(arguments: argparse.Namespace) -> int:
    """Nothing waits to be sent in this version; says so and ends."""
    print("There is nothing to deliver yet: this version keeps no records and sends no notices.")
    return 0
