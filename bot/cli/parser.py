"""The words of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TypeAlias


@dataclass(frozen=True, slots=True)
class Late:
    """A command by module and name: imported when it runs, so that help and a mistyped word come at once."""

    module: str
    name: str

    def __call__(self, arguments: argparse.Namespace) -> int:
        """Run it; returns its exit code."""
        return int(getattr(import_module(f"bot.cli.{self.module}"), self.name)(arguments))


class _OneLine(argparse.ArgumentParser):
    """Says what does not fit in one line, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. Try: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command with its values; `run` is the function to call. Exits with 2 where the words do not fit."""
    return build().parse_args(argv)


def build() -> argparse.ArgumentParser:
    """The whole grammar."""
    top = _OneLine(prog="signpost", description="A staff assistant for UK schools.")
    top.set_defaults(run=Late("serve", "serve"))
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _ask(commands)
    _chat(commands)
    _policy(commands)
    _bench(commands)
    commands.add_parser("worker", help="deliver what waits to be sent").set_defaults(run=Late("serve", "worker"))
    commands.add_parser("migrate", help="bring the records to this version").set_defaults(
        run=Late("records", "migrate")
    )
    _keys(commands)
    _records(commands)
    _register(commands)
    _slack(commands)
    return top


Commands: TypeAlias = "argparse._SubParsersAction[_OneLine]"


def _ask(commands: Commands) -> None:
    one = commands.add_parser("ask", help="ask one question, or a file of them")
    one.add_argument("question", nargs="?", help="the question in your own words")
    one.add_argument("--policy", metavar="ID", help="which policy (see: signpost policy list)")
    one.add_argument("--batch", type=Path, metavar="FILE", help='JSONL with "q" and "policy"; one JSON answer a line')
    one.add_argument("--json", action="store_true", help="machine-readable output")
    one.add_argument("--explain", action="store_true", help="show the phrasing it resembles and what each word added")
    one.set_defaults(run=Late("ask", "ask"))


def _chat(commands: Commands) -> None:
    talk = commands.add_parser("chat", help="talk to the assistant in this terminal")
    talk.add_argument("--school", metavar="ID", default="", help="which school to try it as")
    talk.add_argument("--person", metavar="ID", default="", help="which of its people to be, for example dsl")
    talk.set_defaults(run=Late("serve", "chat"))


def _policy(commands: Commands) -> None:
    group = commands.add_parser("policy", help="see, search, check and import policies")
    group.set_defaults(run=Late("policy", "list_policies"), json=False, intents=False)
    verbs = group.add_subparsers(title="commands", metavar="COMMAND")

    def verb(name: str, text: str) -> _OneLine:
        added = verbs.add_parser(name, help=text)
        added.add_argument("--json", action="store_true", help="machine-readable output")
        return added

    listed = verb("list", "all policies, or with --intents all topics")
    listed.add_argument("--intents", action="store_true", help="the shared topics instead")
    listed.set_defaults(run=Late("policy", "list_policies"))
    shown = verb("show", "one clause, or a whole policy")
    shown.add_argument("id", metavar="CLAUSE_ID", help="for example whgs/staff-personal.4, or whgs")
    shown.set_defaults(run=Late("policy", "show"))
    searched = verb("search", "clauses that hold some words")
    searched.add_argument("words", nargs="+")
    searched.add_argument("--policy", metavar="ID", help="only this policy")
    searched.set_defaults(run=Late("policy", "search"))
    checked = verb("check", "late reviews, rules nobody finds, contradictions, gaps")
    checked.add_argument("--policy", metavar="ID", help="only this policy")
    checked.set_defaults(run=Late("policy", "check"))
    compared = verb("compare", "one topic across all policies")
    compared.add_argument("intent", help="for example former-pupil-contact")
    compared.set_defaults(run=Late("policy", "compare"))
    linked = verb("links", "how each clause was understood, to be reviewed")
    linked.add_argument("policy", metavar="ID", help="which policy")
    linked.set_defaults(run=Late("policy", "links"))
    _correct(verb("correct", "say what an imported clause means, or which question it answers"))
    verb("build", "make the indexes that are missing or out of date").set_defaults(run=Late("policy", "build"))
    _import(verb("import", "take in a document: .md .txt .docx .pdf .html"))


def _correct(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("clause", metavar="CLAUSE_ID", help="for example hillside/3.2")
    verb.add_argument("--verdict", metavar="V", help="no, approval, depends, yes, action or info")
    verb.add_argument("--topics", metavar="A,B", help="topics it settles (see: signpost policy list --intents)")
    verb.add_argument("--condition", metavar="TEXT", help="what could change the verdict")
    verb.add_argument("--ask", metavar="ROLE", help="whom to ask about it")
    verb.add_argument("--answers", metavar="QUESTION", action="append", help="a question it answers; may be repeated")
    verb.set_defaults(run=Late("policy", "correct"))


def _import(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("files", nargs="+", type=Path, metavar="FILE", help="documents, or folders of them")
    verb.add_argument("--id", metavar="ID", default="", help="short name of the policy; of several: put in front")
    verb.add_argument("--title", metavar="T", default="", help="its title, where the document has none")
    verb.add_argument("--sections", type=Path, metavar="FILE", help="TOML that names sections: heading = slug")
    verb.set_defaults(run=Late("policy", "take_in"))


def _keys(commands: Commands) -> None:
    group = commands.add_parser("keys", help="make, rotate, check and destroy the case keys")
    group.set_defaults(run=Late("keys", "check"), json=False, school="")
    verbs = group.add_subparsers(title="commands", metavar="COMMAND")

    def verb(name: str, text: str, function: str, school: bool = True) -> _OneLine:
        added = verbs.add_parser(name, help=text)
        added.add_argument("--school", metavar="ID", required=school, default="", help="which school")
        added.set_defaults(run=Late("keys", function))
        return added

    made = verb("make", "the first keys of a school", "make")
    made.add_argument("--recovery", type=Path, metavar="FILE", help="where the recovery key goes, once")
    rotated = verb("rotate", "a new case key, and every text under it", "rotate")
    rotated.add_argument("--old-phrase-file", type=Path, metavar="FILE", help="read the phrase until now from a file")
    rotated.add_argument("--resume", action="store_true", help="go on after it was stopped: make no further key")
    for added in (made, rotated):
        added.add_argument("--phrase-file", type=Path, metavar="FILE", help="read the (new) phrase from a file")
    verb("check", "what is wrong with the keys", "check", school=False).add_argument("--json", action="store_true")
    destroyed = verb("destroy", "destroy a period's key: its texts are gone for good", "destroy")
    destroyed.add_argument("period", metavar="PERIOD", help="for example until-2051")
    destroyed.add_argument("--yes", action="store_true", help="do not ask")
    tried = verb("recover-test", "try whether the recovery key opens the records", "recover_test", school=False)
    tried.add_argument("--recovery", type=Path, metavar="FILE", required=True, help="the file that holds it")


def _records(commands: Commands) -> None:
    checked = commands.add_parser("doctor", help="what could lose, leak or hold up a report")
    checked.add_argument("--json", action="store_true", help="machine-readable output")
    checked.set_defaults(run=Late("records", "doctor"))
    signing = commands.add_parser("sign-in", help="a link that lets one person into the case pages, once")
    signing.add_argument("--school", metavar="ID", required=True, help="which school")
    signing.add_argument("--person", metavar="ID", required=True, help="whom")
    signing.set_defaults(run=Late("records", "sign_in"))
    audit = commands.add_parser("audit", help="check the audit trail")
    audit.set_defaults(run=Late("records", "verify"), school="", head="", json=False)
    verified = audit.add_subparsers(title="commands", metavar="COMMAND").add_parser(
        "verify", help="whether anything in it was changed, moved or cut off"
    )
    verified.set_defaults(run=Late("records", "verify"))
    verified.add_argument("--school", metavar="ID", default="", help="only this school")
    verified.add_argument("--head", metavar="SEQ:MAC", default="", help="a last link that was kept outside")
    verified.add_argument("--json", action="store_true", help="machine-readable output")
    group = commands.add_parser("export", help="what goes out of the records")
    group.set_defaults(run=Late("records", "nothing_chosen"))
    out = group.add_subparsers(title="commands", metavar="COMMAND")
    counted = out.add_parser("figures", help="figures without names, for governors")
    counted.add_argument("--school", metavar="ID", required=True, help="which school")
    counted.add_argument("--person", metavar="ID", required=True, help="who asks: cases about them are left out")
    counted.add_argument("--csv", action="store_true", help="as CSV")
    counted.set_defaults(run=Late("records", "figures"))


def _register(commands: Commands) -> None:
    group = commands.add_parser("register", help="the register of accounts: take in a list, or list them")
    group.set_defaults(run=Late("register", "nothing_chosen"))
    verbs = group.add_subparsers(title="commands", metavar="COMMAND")
    taken = verbs.add_parser("import", help="accounts that are in use already, from a CSV file")
    taken.add_argument("file", type=Path, metavar="FILE", help="first line: platform, handle, administrators and so on")
    listed = verbs.add_parser("list", help="every account that a person may see")
    for verb, function in ((taken, "take_in"), (listed, "list_accounts")):
        verb.add_argument("--school", metavar="ID", required=True, help="which school")
        verb.add_argument("--person", metavar="ID", required=True, help="who asks")
        verb.add_argument("--json", action="store_true", help="machine-readable output")
        verb.set_defaults(run=Late("register", function))


def _slack(commands: Commands) -> None:
    group = commands.add_parser("slack", help="what to tell Slack about the app")
    group.set_defaults(run=Late("slack", "nothing_chosen"))
    made = group.add_subparsers(title="commands", metavar="COMMAND").add_parser(
        "manifest", help="the manifest from which Slack makes the app"
    )
    way = made.add_mutually_exclusive_group()
    way.add_argument("--socket", action="store_true", help="for Socket Mode, which needs no address; so without --url")
    way.add_argument("--url", metavar="URL", default="", help="for HTTP at an address of yours: https://…")
    made.set_defaults(run=Late("slack", "manifest"))


def _bench(commands: Commands) -> None:
    timed = commands.add_parser("bench", help="measure right answers, time and memory beside other methods")
    timed.add_argument("--questions", type=Path, metavar="FILE", help="labelled JSONL; without it held-out phrasings")
    timed.add_argument("--intents", type=Path, metavar="FILE", help="public intent data instead (CLINC150, BANKING77)")
    timed.add_argument("--part", default="train", metavar="NAME", help="with --intents: the part to learn from")
    timed.add_argument("--json", action="store_true", help="machine-readable output")
    timed.set_defaults(run=Late("bench", "bench"))
