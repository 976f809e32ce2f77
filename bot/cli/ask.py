"""`signpost ask`: one question or a file of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.cli.say import say, say_json, tell
from bot.conversation.in_words import in_words
from bot.errors import InputError, UsageError
from bot.settings import read_settings
from bot.talk.message import Block, Choices, Message, Points
from intents.evidence import nearest
from intents.features import read
from policy_kb.answer import answer
from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.output import as_json

LISTED = frozenset({"settle", "start"})
"""Buttons that say something where they cannot be pressed: the missing fact, and the form that comes next."""


def ask(arguments: argparse.Namespace) -> int:
    """Answer in words, or with --json and --batch as data; exit 0 whatever the answer is."""
    known = open_knowledge(read_settings().data, tell)
    if arguments.batch:
        for row in _rows(arguments.batch, known):
            say_json(_data(known, row["policy"], row["q"]), indent=None)
        return 0
    if not arguments.question or not arguments.policy:
        raise UsageError(f'Write: signpost ask "your question" --policy ID. The ids are: {", ".join(known.policies)}')
    known.policy(arguments.policy)
    if arguments.json:
        say_json(_data(known, arguments.policy, arguments.question))
    else:
        _in_words(known, arguments.policy, arguments.question)
    if arguments.explain:
        _explain(known, arguments.policy, arguments.question)
    return 0


def _data(known: Knowledge, policy_id: str, question: str) -> dict[str, Any]:
    start = time.perf_counter()
    found = answer(known, policy_id, question)
    return as_json(found, question, (time.perf_counter() - start) * 1000)


def _rows(path: Path, known: Knowledge) -> Iterator[dict[str, str]]:
    """The questions of a batch, each checked before the first is answered."""
    rows = []
    for number, line in enumerate(_text(path).split("\n"), start=1):  # other line breaks may stand inside JSON
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question, policy_id = row["q"], row["policy"]
            if not isinstance(question, str) or not isinstance(policy_id, str):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InputError(f'{path}:{number}: each line needs "q" and "policy" as JSON') from None
        if policy_id not in known.policies:
            raise InputError(f"{path}:{number}: there is no policy called {policy_id}")
        rows.append({"q": question, "policy": policy_id})
    return iter(rows)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is not UTF-8 text. Save it as UTF-8 and try again") from None


def _in_words(known: Knowledge, policy_id: str, question: str) -> None:
    say(_without_buttons(in_words(answer(known, policy_id, question), date.today())))


def _without_buttons(message: Message) -> Message:
    """The message for a terminal that ends here: nothing to press, so choices become a list."""
    blocks: list[Block] = []
    for block in message.blocks:
        if not isinstance(block, Choices):
            blocks.append(block)
        elif labels := [option.label for option in block.options if option.action.name in LISTED]:
            blocks.append(Points(((block.question, " / ".join(labels)),)))
    return Message(message.title, tuple(blocks))


def _explain(known: Knowledge, policy_id: str, question: str) -> None:
    message = read(question)
    index = known.index(policy_id)
    best = index.find(message, known.topics.chances(message), most=3).ranked
    print("\nWhy", file=sys.stderr)
    print("  read as:  " + " ".join(message.words), file=sys.stderr)
    routes = ", ".join(f"{scored.label} {scored.score:.2f}" for scored in known.router.routes.ranked(message))
    print(f"  routes:   {routes}", file=sys.stderr)
    for scored in best:
        shares = ", ".join(f"{name} {share:+.2f}" for name, share in index.why(message, scored.label, 6))
        print(f"  {scored.score:.2f} {scored.label}: {shares}", file=sys.stderr)
    near = nearest(question, index.of_clause(best[0].label))
    if near:
        print(f"  resembles ({near[1]:.0%}): {near[0].text}", file=sys.stderr)
