"""`signpost policy`: see, search, check, compare and import policies."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from textwrap import fill
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from bot.channels.terminal.wrap import shown
from bot.cli.say import say_json, tell
from bot.conversation import wording
from bot.errors import InputError
from bot.settings import read_settings
from policy_kb import check as checking
from policy_kb import compare as comparing
from policy_kb import look_up
from policy_kb.answer import Answer
from policy_kb.correct import Correction
from policy_kb.correct import correct as correct_clause
from policy_kb.errors import PolicyError
from policy_kb.importing.guard import SUFFIXES
from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.model import Clause, Policy, is_overdue
from policy_kb.take_in import TakenIn
from policy_kb.take_in import take_in as take_in_document

SHORT = 24
"""A word of up to this many characters stands whole in a table."""


def list_policies(arguments: argparse.Namespace) -> int:
    """Every policy with its version and review date; with --intents the shared topics."""
    known = _known()
    if arguments.intents:
        rows = [{"intent": i.id, "topic": i.topic} for i in known.shared.intents.values()]
    else:
        rows = [_head(row) for row in known.store.heads()]
    return table(rows, arguments.json, leave_out=("title",))


def _head(row: Mapping[str, Any]) -> dict[str, Any]:
    late = " (overdue)" if is_overdue(row["review_due"], date.today()) else ""
    return {
        "id": row["id"],
        "title": row["title"],
        "school": row["organisation"],
        "version": row["version"],
        "review due": row["review_due"] + late,
        "clauses": row["clauses"],
    }


def show(arguments: argparse.Namespace) -> int:
    """One clause with all that is known of it, or every clause of a policy."""
    known = _known()
    policy = known.policy(arguments.id.partition("/")[0])
    if "/" not in arguments.id:
        return table([_row(policy, clause) for clause in policy.clauses], arguments.json)
    clause = policy.clause(arguments.id)
    if clause is None:
        raise PolicyError(f"There is no clause {arguments.id}. 'signpost policy show {policy.id}' lists them.")
    details = asdict(clause) | {"citation": policy.cite(clause), "verdict": str(clause.verdict)}
    if arguments.json:
        return _print_json(details)
    for name, value in details.items():
        if value:
            print(f"{name:<11} {shown(', '.join(value) if isinstance(value, tuple) else str(value))}")
    return 0


def _row(policy: Policy, clause: Clause) -> dict[str, str]:
    return {"id": clause.id, "verdict": str(clause.verdict), "text": clause.text}


def search(arguments: argparse.Namespace) -> int:
    """Clauses that hold the words, best first."""
    known = _known()
    ids = [known.policy(arguments.policy).id] if arguments.policy else list(known.policies)
    words = " ".join(arguments.words)
    rows = [
        _row(known.policies[policy_id], clause)
        for policy_id in ids
        for clause in look_up.search(known, policy_id, words, most=8 if len(ids) == 1 else 3)
    ]
    if not rows and not arguments.json:
        print(wording.NOT_FOUND)
        return 0
    return table(rows, arguments.json)


def check(arguments: argparse.Namespace) -> int:
    """What a policy lead should look at, policy by policy."""
    known = _known()
    ids = [arguments.policy] if arguments.policy else list(known.policies)
    found = [finding for policy_id in ids for finding in checking.check(known, policy_id, date.today())]
    return table([asdict(finding) for finding in found], arguments.json)


def compare(arguments: argparse.Namespace) -> int:
    """One topic across all policies."""
    rows = [_compared(found) for found in comparing.compare(_known(), arguments.intent)]
    return table(rows, arguments.json)


def _compared(found: Answer) -> dict[str, str]:
    if found.silence:
        verdict, says, condition = wording.UNSETTLED.lower(), found.silence.text, ""
    elif not found.cited or found.verdict is None:
        verdict, says, condition = "silent", "", ""
    else:
        lead = found.cited[0].clause
        verdict, condition = wording.LABELS[found.verdict].lower(), found.condition
        says = f"{lead.text} [{lead.id}]"
    return {"policy": found.policy.id, "verdict": verdict, "says": says, "condition": condition}


def links(arguments: argparse.Namespace) -> int:
    """How each clause of a policy was understood, and whether a person checked it."""
    policy = _known().policy(arguments.policy)
    return _say_links(policy.clauses, arguments.json)


def _say_links(clauses: Sequence[Clause], as_json: bool) -> int:
    if as_json:
        return _print_json([_link(clause) for clause in clauses])
    for clause in clauses:
        checked = wording.UNCHECKED if clause.inferred else wording.CHECKED
        print(shown(f"{clause.id}: {wording.LABELS[clause.verdict]} ({checked})"))
        for line in (clause.text, f"Topics: {', '.join(clause.intents)}", *(f"Answers: {a}" for a in clause.asked)):
            print(fill(shown(line), initial_indent="  ", subsequent_indent="  "))
    return 0


def _link(clause: Clause) -> dict[str, Any]:
    return {
        "clause": clause.id,
        "verdict": str(clause.verdict),
        "topics": ", ".join(clause.intents),
        "checked": "no" if clause.inferred else "yes",
        "questions": list(clause.asked),
        "text": clause.text,
    }


def correct(arguments: argparse.Namespace) -> int:
    """Say what a clause means, in place of what was worked out; it is checked from then on."""
    said = Correction(
        arguments.verdict,
        None if arguments.topics is None else [topic.strip() for topic in arguments.topics.split(",") if topic.strip()],
        arguments.condition,
        arguments.ask,
        arguments.answers or (),
    )
    clause = correct_clause(_known(), arguments.clause, said)
    return _say_links([clause], arguments.json)


def build(arguments: argparse.Namespace) -> int:
    """Make every index that is missing or out of date."""
    count = _known().build()
    return _print_json({"indexes": count}) if arguments.json else _print(f"{count} indexes are up to date.")


def take_in(arguments: argparse.Namespace) -> int:
    """Import documents; one that cannot be read is said and does not stop the rest. Exit 1 if any was refused."""
    files = list(dict.fromkeys(_documents(arguments.files)))
    names = {path: _id(arguments.id, path, alone=len(files) == 1) for path in files}
    sections = _sections(arguments.sections)
    known, refused, taken = _known(), 0, []
    with Progress(console=Console(stderr=True), disable=len(files) < 2, transient=True) as progress:
        for path in progress.track(files, description="Importing"):
            try:
                _refuse_same_id(path, names)
                taken.append((path, take_in_document(known, path, names[path], arguments.title, sections)))
            except (PolicyError, OSError) as error:
                refused += 1
                progress.console.print(Text(shown(f"signpost: {path.name}: {error}")), soft_wrap=True)
    if arguments.json:
        keys = (
            {"file": p.name, "id": t.policy.id, "version": t.number, "clauses": len(t.policy.clauses)} for p, t in taken
        )
        _print_json(list(keys))
    else:
        for path, done in taken:
            _say_taken(path, done)
    return 1 if refused else 0


def _say_taken(path: Path, done: TakenIn) -> None:
    state = "" if done.new else ", unchanged"
    print(shown(f"{path.name}: {len(done.policy.clauses)} clauses as {done.policy.id}, version {done.number}{state}."))
    for note in done.notes:
        print(shown(f"  {note}"))


def _documents(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.iterdir() if child.suffix.lower() in SUFFIXES)
        else:
            yield path


def _id(given: str, path: Path, alone: bool) -> str:
    if given and alone:
        return given
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "policy"
    return f"{given}-{name}" if given else name


def _refuse_same_id(path: Path, names: Mapping[Path, str]) -> None:
    """Refuse a document that would be a version of another one of this call: neither may hide the other."""
    others = [str(other) for other, name in names.items() if name == names[path] and other != path]
    if others:
        raise PolicyError(f"{', '.join(others)} would get the same id, {names[path]}. Rename one of them.")


def _sections(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        return {str(heading): str(slug) for heading, slug in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise InputError(f'{path.name}: write one line for each section, for example "Staff use" = "staff"') from None


def _known() -> Knowledge:
    return open_knowledge(read_settings().data, tell)


def table(rows: Sequence[Mapping[str, Any]], as_json: bool, leave_out: Sequence[str] = ()) -> int:
    """Print rows as JSON, or as a table for people, which may leave out columns for want of room; returns 0."""
    if as_json:
        return _print_json(rows)
    if not rows:
        return _print("Nothing to show.")
    drawn = Table(box=None, pad_edge=False, show_edge=False)
    columns = [name for name in rows[0] if name not in leave_out]
    for name in columns:
        whole = all(len(str(row[name])) <= SHORT and " " not in str(row[name]) for row in rows)
        drawn.add_column(name.capitalize().replace("_", " "), overflow="fold", no_wrap=whole)
    for row in rows:
        drawn.add_row(*(Text(shown(str(row[name]))) for name in columns))
    Console(file=sys.stdout, highlight=False).print(drawn)
    return 0


def _print_json(data: Any) -> int:
    say_json(data)
    return 0


def _print(text: str) -> int:
    print(text)
    return 0
