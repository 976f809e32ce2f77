"""`signpost migrate`, `doctor`, `audit`, `export`, `sign-in`: the records, seen from the server."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import timedelta

from bot.cli.say import say, say_json
from bot.domain.casework import Hidden
from bot.domain.ports import KeyMissing, NotRecorded
from bot.errors import InputError, UsageError
from bot.settings import read_settings
from bot.wiring import Installation

STALE = 600
"""Seconds after which an undelivered notice is a fault."""


def migrate(arguments: argparse.Namespace) -> int:
    """Bring the records to the tables of this version."""
    Installation(read_settings()).engine  # noqa: B018  (opening it migrates it)
    print("The records are at the newest tables.")
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Everything that could lose, leak or hold up a report; exit 1 if anything is wrong."""
    found = _faults(Installation(read_settings()))
    if arguments.json:
        say_json({"problems": found})
    else:
        print("\n".join(found) or "Everything is in order.")
    return 1 if found else 0


def _faults(here: Installation) -> list[str]:
    from bot.channels.slack.doctor import faults as slack_faults  # imports the SDK

    found = [*(here.people.faults() if here.people else ())]
    found += slack_faults(here.settings, here.clock, here.directory.knows)
    for school in here.schools():
        unknown = [form for form in school.forms if form not in here.forms]
        found += [f"{school.id}: there is no request form {form}. See your schools file." for form in unknown]
    try:
        counts, oldest = here.outbox.counts(), here.outbox.oldest_waiting(here.clock())
        for school in here.schools():
            found += here.keys.check(school.id, here.clock().date())
            found += [f"{school.id}: {fault}" for fault in here.audit.verify(school.id)]
        beat = here.heartbeats.last("worker")
    except (NotRecorded, KeyMissing) as fault:
        return [*found, str(fault)]
    if beat and (quiet := (here.clock() - beat).total_seconds()) > STALE:
        found.append(f"No worker has run for {quiet / 60:.0f} minutes. Start one: signpost worker")
    if dead := counts.get("dead", 0):
        found.append(f"{dead} notices could not be delivered. Tell these people yourself: see the case list.")
    if oldest > STALE:
        found.append(f"A notice has waited for {oldest / 60:.0f} minutes. Is a worker running? Start: signpost worker")
    return found


def verify(arguments: argparse.Namespace) -> int:
    """Check the audit chain of a school, or of all; exit 1 if anything was changed."""
    here = Installation(read_settings())
    schools = [arguments.school] if arguments.school else [school.id for school in here.schools()]
    if arguments.head and not re.fullmatch(r"\d+:[0-9a-f]*", arguments.head):
        raise UsageError("A last link is a number, a colon and letters, as signpost audit verify prints it.")
    if arguments.head and len(schools) != 1:
        raise InputError("A last link belongs to one school. Say which: --school ID")
    found = {school: list(here.audit.verify(school, arguments.head)) for school in schools}
    if arguments.json:
        say_json({"faults": found, "heads": {school: here.audit.head(school) for school in schools}})
    else:
        for school, faults in found.items():
            print("\n".join(f"{school}: {fault}" for fault in faults) or f"{school}: whole, {here.audit.head(school)}")
    return 1 if any(found.values()) else 0


def figures(arguments: argparse.Namespace) -> int:
    """Figures of a school without names, as CSV on standard output."""
    from bot.paper.figures import figures as count
    from bot.paper.figures import figures_csv, figures_message

    here = Installation(read_settings())
    until = here.clock().date()
    try:
        cases = here.casework.counted(arguments.school, arguments.person)
    except (Hidden, KeyError):
        raise InputError("There is no such person at that school who may see figures.") from None
    found = count(cases, until - timedelta(days=365), until)
    if arguments.csv:
        sys.stdout.write(figures_csv(found).decode("utf-8-sig"))
    else:
        say(figures_message(found))
    return 0


def sign_in(arguments: argparse.Namespace) -> int:
    """A link that works once, for ten minutes; without the case phrase it opens no record."""
    here = Installation(read_settings())
    if not here.live:
        raise InputError("Practice mode needs no sign-in. Set SIGNPOST_SCHOOLS for a live installation.")
    school = next((each for each in here.schools() if each.id == arguments.school), None)
    if school is None or school.person(arguments.person) is None:
        raise InputError("There is no such person at that school. See your schools file.")
    token = here.links.make(school.id, arguments.person, here.casework.keyed(school.id, arguments.person))
    print(f"Give this to them alone. It works once, within ten minutes:\n/in/{token.reveal()}")
    return 0


def nothing_chosen(arguments: argparse.Namespace) -> int:
    """Say what can go out."""
    raise UsageError("Say what to export: signpost export figures. A case is exported from its page.")
