"""The shared intents, kinds and labelled messages, read from the data files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from intents.model import Example, Intent, Kind, Route

EXAMPLES = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message that is known to go somewhere; `kind` may be finer than the kinds that have a form."""

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
def catalogue() -> Catalogue:
    """The catalogue that ships with the package."""
    topics = _toml("intents.toml")["intent"]
    kinds = _toml("kinds.toml")["kind"]
    return Catalogue(
        intents={row["id"]: Intent(**row) for row in topics},
        kinds={row["id"]: _kind(row) for row in kinds},
        phrasings=tuple(by_any_hand(EXAMPLES, "intents")),
        messages=tuple(
            Labelled(row["q"], Route(row["route"]), row["kind"], row["urgent"])
            for path in hands(EXAMPLES, "routes")
            for row in rows(path)
        ),
    )


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(row["id"], Route(row["route"]), row["label"], row["to"], tuple(row.get("also", ())))


def hands(folder: Path, name: str) -> list[Path]:
    """The files of one name, one for each hand that wrote it (`whgs.1.jsonl`, `whgs.2.jsonl`), in order."""
    return sorted(folder.glob(f"{name}.[0-9].jsonl"))


def by_any_hand(folder: Path, name: str) -> Iterator[Example]:
    """The phrasings that all hands wrote, label by label within each hand."""
    for path in hands(folder, name):
        yield from (Example(text, row["id"]) for row in rows(path) for text in row["examples"])


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, in order."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8"))
