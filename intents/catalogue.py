"""The shared intents, kinds and labelled messages, read from the data files."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from intents.model import Example, Intent, Kind, Route

EXAMPLES = Path(__file__).parent / "examples"

SAYS = "="
"""Between an id and the verdict that a phrasing gets instead of the id's own, for a fact that it tells."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message that is known to go somewhere; `kind` may be finer than the kinds that have a form, or empty."""

    text: str
    route: Route
    kind: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is shared between schools: intents and kinds by id, phrasings, labelled messages."""

    intents: Mapping[str, Intent]
    kinds: Mapping[str, Kind]
    phrasings: tuple[Example, ...]
    messages: tuple[Labelled, ...]

    def forms(self) -> tuple[str, ...]:
        """Ids of what can be asked for."""
        return tuple(kind.id for kind in self.kinds.values() if kind.route is Route.APPROVAL)

    def kind_of(self, finer: str) -> str:
        """The kind that has a form, for the kind of a labelled message; empty where there is none."""
        return next((kind.id for kind in self.kinds.values() if finer == kind.id or finer in kind.also), "")

    def disclosures(self) -> tuple[str, ...]:
        """Ids of what can be reported."""
        return tuple(kind.id for kind in self.kinds.values() if kind.route is Route.DISCLOSURE)


@cache
def catalogue(folder: Path = EXAMPLES) -> Catalogue:
    """The catalogue in a folder: the one that ships with the package, where no other is named."""
    topics = _toml(folder / "intents.toml")["intent"]
    kinds = _toml(folder / "kinds.toml")["kind"]
    return Catalogue(
        intents={row["id"]: Intent(**row) for row in topics},
        kinds={row["id"]: _kind(row) for row in kinds},
        phrasings=tuple(by_any_hand(folder, "intents")),
        messages=tuple(labelled(folder)),
    )


def labelled(folder: Path, hand: int | None = None) -> Iterator[Labelled]:
    """The labelled messages that all hands wrote, or one of them."""
    for path in hands(folder, "routes", hand):
        yield from (Labelled(row["q"], Route(row["route"]), row["kind"], row["urgent"]) for row in rows(path))


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(row["id"], Route(row["route"]), row["label"], row["to"], tuple(row.get("also", ())))


def hands(folder: Path, name: str, hand: int | None = None) -> list[Path]:
    """The files of one name, one for each hand that wrote it (`whgs.1.jsonl`, `whgs.2.jsonl`), in order."""
    return sorted(folder.glob(f"{name}.{hand or '[0-9]*'}.jsonl"))


def fingerprint(paths: Iterable[Path]) -> str:
    """Names what some files hold."""
    seen = hashlib.blake2b(digest_size=16)
    for path in paths:
        seen.update(path.read_bytes())
    return seen.hexdigest()


def by_any_hand(folder: Path, name: str) -> Iterator[Example]:
    """The phrasings that all hands wrote, label by label within each hand."""
    return by_hand(folder, name, None)


def by_hand(folder: Path, name: str, hand: int | None) -> Iterator[Example]:
    """The phrasings that one hand wrote, or all of them."""
    for path in hands(folder, name, hand):
        yield from (Example(text, _label(row)) for row in rows(path) for text in row["examples"])


def _label(row: Mapping[str, Any]) -> str:
    """A row's id; with its verdict where the row has one: `whgs/dont.2=yes`."""
    return f"{row['id']}{SAYS}{row['verdict']}" if "verdict" in row else str(row["id"])


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, in order."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
