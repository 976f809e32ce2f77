"""All policies of an installation, ready to be asked: the packs that ship, and what schools imported."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from intents.catalogue import Catalogue, by_any_hand, catalogue
from intents.linear import Linear
from intents.model import Example
from intents.route import Router
from policy_kb import index
from policy_kb.errors import PolicyError
from policy_kb.index import Index
from policy_kb.load import PACKS, Vocabulary, load_pack
from policy_kb.model import Policy
from policy_kb.store import Store

Tell = Callable[[str], None]
"""Says what takes long, in one line."""


def quiet(line: str) -> None:
    """Say nothing."""


class Shelf(Mapping[str, Policy]):
    """Policies by id, each read from the store when first asked for: one school's question loads one policy."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Policy | None] = dict.fromkeys(store.ids())

    def __getitem__(self, policy_id: str) -> Policy:
        found = self._read[policy_id] or self._store.policy(policy_id)
        if found is None:
            raise KeyError(policy_id)
        self._read[policy_id] = found
        return found

    def __contains__(self, policy_id: object) -> bool:
        return policy_id in self._read

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


class Knowledge:
    """Policies by id, and what is learned from their phrasings; indexes load when first asked for."""

    def __init__(self, store: Store, shared: Catalogue, tell: Tell = quiet, packs: Path = PACKS) -> None:
        self.store, self.shared, self._tell, self._packs = store, shared, tell, packs
        self.policies: Mapping[str, Policy] = Shelf(store)
        self._linears: dict[str, Linear] = {}
        self._indexes: dict[str, Index] = {}

    def policy(self, policy_id: str) -> Policy:
        """The current policy of that id; raises PolicyError with the ids there are."""
        if policy_id not in self.policies:
            raise PolicyError(f"There is no policy called {policy_id}. There is: {', '.join(self.policies)}.")
        return self.policies[policy_id]

    def index(self, policy_id: str) -> Index:
        """Which clause a question is about; read from the store, or built and kept."""
        if policy_id not in self._indexes:
            policy = self.policy(policy_id)
            written = tuple(by_any_hand(self._packs, policy_id))
            examples = tuple(index.phrasings(policy, written, self.shared))
            self._indexes[policy_id] = Index(self._linear(policy_id, examples), examples)
        return self._indexes[policy_id]

    @cached_property
    def topics(self) -> Linear:
        """Which shared intent a message is about."""
        return self._linear(":intents", self.shared.phrasings)

    @cached_property
    def router(self) -> Router:
        """Where a message goes."""
        parts = Router.examples(self.shared)
        return Router(**{name: self._linear(f":{name}", examples) for name, examples in parts.items()})

    def build(self, of: Iterable[str] | None = None) -> int:
        """Make the indexes of some policies, else of all, where missing or out of date; returns how many there are."""
        _ = self.router, self.topics
        for policy_id in self.policies if of is None else of:
            self.index(policy_id)
        return len(self._linears)

    def _linear(self, name: str, examples: Sequence[Example]) -> Linear:
        if name not in self._linears:
            digest = index.digest(examples)
            dumped = self.store.index(name, digest)
            if dumped is None:
                self._tell(f"Building the index {name.lstrip(':')} (once).")
                dumped = Linear.fit(examples).dump()
                self.store.put_index(name, digest, dumped)
            self._linears[name] = Linear.load(dumped)
        return self._linears[name]


def open_knowledge(folder: Path, tell: Tell = quiet, packs: Path = PACKS) -> Knowledge:
    """Open the store in a folder, which is made if missing, and bring the packs that ship up to date in it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "policies.db")
    shared = catalogue()
    take_in_packs(store, shared, sorted(packs.glob("*.toml")))
    return Knowledge(store, shared, tell, packs)


def take_in_packs(store: Store, shared: Catalogue, paths: Iterable[Path]) -> None:
    """Store each pack that has changed; raises PackError and stores nothing of a pack that does not hold together."""
    vocabulary = Vocabulary(shared.intents, shared.forms(), shared.disclosures())
    known = store.digests()
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if known.get(path.stem) != digest:
            store.put(load_pack(path, vocabulary), digest, imported=False)
