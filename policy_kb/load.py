"""Read a pack (a policy as a TOML file) and refuse what does not hold together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intents import cues
from policy_kb.errors import PackError
from policy_kb.model import ASKABLE, BINDS, Clause, Fact, Option, Policy, Silence, Verdict

PACKS = Path(__file__).parent / "policies"

CONDITIONAL = re.compile(
    r"\b(unless|until|except|only (?:if|when|with|after)|as long as|provided that|without (?:\w+ ){0,3}"
    r"(?:permission|approval|agreement|consent|authority))\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\[\[\s*(\w+)\s*\]\]")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_TABLES = {
    "clause": {
        "needed": {"section", "text", "verdict"},
        "text": {"id", "section", "text", "verdict", "condition", "form", "disclosure", "ask"},
        "list": {"binds", "intents", "beside"},
    },
    "fact": {
        "needed": {"question", "clauses", "option"},
        "text": {"intent", "question"},
        "list": {"clauses", "option"},
    },
    "option": {
        "needed": {"label", "verdict", "clauses"},
        "text": {"label", "verdict", "condition"},
        "list": {"clauses", "signs"},
    },
    "silence": {
        "needed": {"text", "nearest", "ask"},
        "text": {"intent", "text", "ask"},
        "list": {"nearest"},
    },
}
"""What each table of a pack must and may hold."""


@dataclass(frozen=True)
class Vocabulary:
    """The words a pack may use: ids of intents, approval forms and disclosure kinds."""

    intents: Collection[str]
    forms: Collection[str]
    disclosures: Collection[str]


@dataclass
class _Source:
    """A pack's text with the line on which each table starts, so that a refusal can point at it."""

    path: Path
    data: dict[str, Any]
    lines: list[str]
    starts: dict[str, list[int]] = field(default_factory=dict)

    def line(self, table: str, index: int, key: str = "") -> int:
        """The line of a key in the index-th table of that name, else of the table's header; from 1."""
        start = self.starts[table][index]
        for number in range(start, len(self.lines)):
            text = self.lines[number]
            if number > start and text.lstrip().startswith("[["):
                break
            if key and re.match(rf"\s*{key}\s*=", text):
                return number + 1
        return start + 1

    def top(self, key: str) -> int:
        """The line of a key or table of the policy itself; from 1."""
        found = re.compile(rf"\s*(\[\[)?{key}\b")
        return next((number for number, line in enumerate(self.lines, start=1) if found.match(line)), 1)

    def refuse(self, table: str, index: int, key: str, problem: str) -> PackError:
        return PackError(self.path.name, self.line(table, index, key), problem)


def load_pack(path: Path, vocabulary: Vocabulary) -> Policy:
    """Read one pack; raises PackError with file and line where it does not hold together."""
    source = _open(path)
    head = _facts_of_policy(source)
    clauses = tuple(_clauses(source, vocabulary))
    known = {clause.id for clause in clauses}
    for index, clause in enumerate(clauses):
        _refuse_dangling(source, "clause", index, "beside", clause.beside, known)
    return Policy(
        **head,
        clauses=clauses,
        facts=tuple(_missing_facts(source, vocabulary, known)),
        silences=tuple(_silences(source, vocabulary, known)),
    )


def load_packs(vocabulary: Vocabulary, folder: Path = PACKS) -> tuple[Policy, ...]:
    """Read every pack of a folder, in the order of their file names."""
    return tuple(load_pack(path, vocabulary) for path in sorted(folder.glob("*.toml")))


def _open(path: Path) -> _Source:
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        raise PackError(path.name, int(at.group(1)) if at else 1, f"not valid TOML: {error}") from None
    source = _Source(path, data, text.splitlines())
    for number, line in enumerate(source.lines):
        if header := _HEADER.match(line):
            source.starts.setdefault(header.group(1), []).append(number)
    return source


def _facts_of_policy(source: _Source) -> dict[str, str]:
    names = ("id", "title", "organisation", "version", "approved", "review_due", "owner", "ask")
    for name in names:
        if not isinstance(source.data.get(name), str):
            raise PackError(source.path.name, 1, f'the policy has no {name} (write {name} = "..." at the top)')
    for name in ("approved", "review_due"):
        if source.data[name] and not _DATE.fullmatch(source.data[name]):
            raise PackError(source.path.name, source.top(name), f"{name} must be YYYY-MM or YYYY-MM-DD, or empty")
    for name in sorted(source.data.keys() - {*names, "clause", "fact", "silence"}):
        raise PackError(source.path.name, source.top(name), f"the policy has an unknown entry {name}")
    if source.data["ask"] not in ASKABLE:
        raise PackError(source.path.name, source.top("ask"), f"the policy has an unknown ask: {source.data['ask']}")
    return {name: source.data[name] for name in names}


def _clauses(source: _Source, vocabulary: Vocabulary) -> Iterator[Clause]:
    seen: set[str] = set()
    for index, row in enumerate(source.data.get("clause", ())):
        clause_id = str(row.get("id", ""))
        if not clause_id.startswith(source.data["id"] + "/"):
            raise source.refuse("clause", index, "id", f"clause id must start with {source.data['id']}/")
        if clause_id in seen:
            raise source.refuse("clause", index, "id", f"{clause_id} stands twice")
        seen.add(clause_id)
        _refuse_shape(source, "clause", index, row, clause_id)
        yield _clause(source, index, row, vocabulary)


def _clause(source: _Source, index: int, row: dict[str, Any], vocabulary: Vocabulary) -> Clause:
    def check(key: str, values: Iterable[str], allowed: Collection[str]) -> None:
        for value in values:
            if value and value not in allowed:
                raise source.refuse("clause", index, key, f"{row['id']} has an unknown {key}: {value}")

    check("verdict", [row["verdict"]], list(Verdict))
    check("binds", row.get("binds", ()), BINDS)
    check("intents", row.get("intents", ()), vocabulary.intents)
    check("form", [row.get("form", "")], vocabulary.forms)
    check("disclosure", [row.get("disclosure", "")], vocabulary.disclosures)
    check("ask", [row.get("ask", "")], ASKABLE)
    _refuse_missing_condition(source, index, row)
    lists = {key: tuple(row.get(key, ())) for key in ("binds", "intents", "beside")}
    return Clause(**{**row, **lists, "verdict": Verdict(row["verdict"])})


def _refuse_missing_condition(source: _Source, index: int, row: dict[str, Any]) -> None:
    if row.get("condition"):
        return
    if row["verdict"] == Verdict.DEPENDS:
        raise source.refuse("clause", index, "verdict", f"{row['id']} says depends but not on what: add a condition")
    if row["verdict"] == Verdict.APPROVAL and not row.get("ask"):
        raise source.refuse("clause", index, "verdict", f"{row['id']} needs approval: say whom to ask")
    permission = row["verdict"] in (Verdict.NO, Verdict.YES, Verdict.APPROVAL)
    if permission and (word := CONDITIONAL.search(row["text"])):
        problem = f"{row['id']} says '{word.group(0)}' but has no condition"
        raise source.refuse("clause", index, "verdict", problem)


def _missing_facts(source: _Source, vocabulary: Vocabulary, known: set[str]) -> Iterator[Fact]:
    for index, row in enumerate(source.data.get("fact", ())):
        _refuse_intent(source, "fact", index, row, vocabulary)
        _refuse_shape(source, "fact", index, row, f"the fact on {row['intent']}")
        options = []
        for option in row["option"]:
            _refuse_shape(source, "fact", index, option, f"an option on {row['intent']}", "option")
            if option["verdict"] not in list(Verdict):
                raise source.refuse("fact", index, "option", f"unknown verdict of an option: {option['verdict']}")
            _refuse_dangling(source, "fact", index, "option", option["clauses"], known)
            named = {sign.strip("«»") for sign in option.get("signs", ()) if sign.startswith("«")}
            if unknown := sorted(named - cues.names()):
                raise source.refuse("fact", index, "option", f"unknown cue among the signs of an option: {unknown[0]}")
            options.append(
                Option(
                    label=option["label"],
                    verdict=Verdict(option["verdict"]),
                    clauses=tuple(option["clauses"]),
                    condition=option.get("condition", ""),
                    signs=tuple(option.get("signs", ())),
                )
            )
        _refuse_dangling(source, "fact", index, "clauses", row["clauses"], known)
        yield Fact(row["intent"], row["question"], tuple(row["clauses"]), tuple(options))


def _silences(source: _Source, vocabulary: Vocabulary, known: set[str]) -> Iterator[Silence]:
    for index, row in enumerate(source.data.get("silence", ())):
        _refuse_intent(source, "silence", index, row, vocabulary)
        _refuse_shape(source, "silence", index, row, f"the silence on {row['intent']}")
        if row["ask"] not in ASKABLE:
            raise source.refuse(
                "silence", index, "ask", f"the silence on {row['intent']} has an unknown ask: {row['ask']}"
            )
        _refuse_dangling(source, "silence", index, "nearest", row["nearest"], known)
        yield Silence(row["intent"], row["text"], tuple(row["nearest"]), row["ask"])


def _refuse_shape(source: _Source, table: str, index: int, row: dict[str, Any], named: str, shape: str = "") -> None:
    """Refuse entries that are unknown, of the wrong kind or missing, in the order in which they are named."""
    entries = _TABLES[shape or table]
    for key in sorted(row.keys() - entries["text"] - entries["list"]):
        raise source.refuse(table, index, key, f"{named} has an unknown entry {key}")
    for key, value in row.items():
        if not isinstance(value, str if key in entries["text"] else list):
            kind = "text in quotes" if key in entries["text"] else "a list"
            raise source.refuse(table, index, key, f"{named} must have {kind} as its {key}")
    for key in sorted(entries["needed"]):
        if not row.get(key):
            raise source.refuse(table, index, key, f"{named} has no {key}")


def _refuse_intent(source: _Source, table: str, index: int, row: dict[str, Any], vocabulary: Vocabulary) -> None:
    if row.get("intent") not in vocabulary.intents:
        raise source.refuse(table, index, "intent", f"unknown intent: {row.get('intent')}")


def _refuse_dangling(
    source: _Source, table: str, index: int, key: str, ids: Iterable[str], known: Collection[str]
) -> None:
    for clause_id in ids:
        if clause_id not in known:
            raise source.refuse(table, index, key, f"{clause_id} is no clause of this pack")
