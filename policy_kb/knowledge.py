"""All policies of an installation, ready to be asked: the packs that ship, and what schools imported."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from intents.bridge import Bridge
from intents.catalogue import Catalogue, by_any_hand, catalogue, hands
from intents.catalogue import fingerprint as files
from intents.features import Reading, read
from intents.linear import Linear
from intents.model import Example
from intents.route import Router
from policy_kb import bridge_data, index, unphrased
from policy_kb.errors import PolicyError
from policy_kb.index import Index
from policy_kb.load import PACKS, Vocabulary, load_pack
from policy_kb.model import Policy
from policy_kb.store import Store
from policy_kb.unphrased import Crossing, Unphrased

Tell = Callable[[str], None]
"""Says what takes long, in one line."""


def quiet(line: str) -> None:
    """Say nothing."""


EVERY = 10
"""Of the phrasings of clauses, which teach the router what a question is: there are enough of them for each clause."""

LOADED = 50
"""Policies and indexes held at once: an index takes 3 to 30 MB, and is read again in less than a tenth of a second."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values that were used last, up to a number; safe to share between threads."""

    def __init__(self, most: int = LOADED) -> None:
        self._most, self._lock = most, threading.Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value, which is the last used from now on; None where it is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Hold a value, and let go of the one whose use is longest ago where there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


class Shelf(Mapping[str, Policy]):
    """Policies by id as they are in the store now, each read when first asked for: one question loads one policy."""

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, threading.Lock()
        self._seen = store.stamp(), store.numbers()
        self._read: Recent[tuple[str, int], Policy] = Recent()

    def __getitem__(self, policy_id: str) -> Policy:
        key = policy_id, self._numbers()[policy_id]
        found = self._read.get(key)
        if found is None:
            with self._lock:
                found = self._read.get(key) or self._store.policy(*key)
            if found is None:
                raise KeyError(policy_id)
            self._read.put(key, found)
        return found

    def __contains__(self, policy_id: object) -> bool:
        return policy_id in self._numbers()

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers())

    def __len__(self) -> int:
        return len(self._numbers())

    def _numbers(self) -> dict[str, int]:
        """The number of each version that is current, looked up again once this or another process stored one."""
        stamp, numbers = self._seen
        if stamp != self._store.stamp():
            with self._lock:
                stamp, numbers = self._seen = self._store.stamp(), self._store.numbers()
        return numbers


class Knowledge:
    """Policies by id, and what is learned from their phrasings; indexes load when first asked for.

    Threads may share it: what several ask for at once is built once, and what is loaded waits for nothing.
    """

    def __init__(self, store: Store, shared: Catalogue, tell: Tell = quiet, packs: Path = PACKS) -> None:
        self.store, self.shared, self._tell, self._packs = store, shared, tell, packs
        self.policies: Mapping[str, Policy] = Shelf(store)
        self._indexes: Recent[str, tuple[Policy, Index | Unphrased]] = Recent()
        self._locks: dict[str, threading.Lock] = {}

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def policy(self, policy_id: str) -> Policy:
        """The current policy of that id; raises PolicyError with the ids there are."""
        try:
            return self.policies[policy_id]
        except KeyError:
            there_is = ", ".join(self.policies)
            raise PolicyError(f"There is no policy called {policy_id}. There is: {there_is}.") from None

    def index(self, of: str | Policy) -> Index | Unphrased:
        """Which clause a question is about; read from the store, or built and kept.

        Hand over the policy itself where both must be of one version: another may be stored at any time.
        """
        policy = self.policy(of) if isinstance(of, str) else of
        found = self._loaded(policy)
        if found is None:
            with self._lock_of(policy.id):
                found = self._loaded(policy) or self._read(policy)
                self._indexes.put(policy.id, (policy, found))
        return found

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """One in three of the shared phrasings, each read once."""
        return tuple(read(example.text) for example in self.shared.phrasings[::3])

    @cached_property
    def topics(self) -> Linear:
        """Which shared intent a message is about."""
        phrasings = self.shared.phrasings
        with self._lock_of(":intents"):
            return self._linear(":intents", index.digest(phrasings), lambda: phrasings)

    @cached_property
    def router(self) -> Router:
        """Where a message goes."""
        told = index.digest(Router.messages(self.shared))

        def learn(name: str, stamp: str) -> Linear:
            def fit() -> bytes:
                return Router.learn(Router.examples(self.shared, self._questions())[name]).dump()

            with self._lock_of(f":{name}"):
                return Linear.load(self._stored(f":{name}", stamp, fit))

        return Router(routes=learn("routes", told + self._phrased()), kinds=learn("kinds", told))

    @cached_property
    def bridge(self) -> Bridge:
        """From how staff ask to how policies say it, for policies that nobody wrote phrasings for."""
        with self._lock_of(":bridge"):
            return Bridge.load(self._stored(":bridge", self._bridge_digest, _learn_bridge))

    @cached_property
    def _bridge_digest(self) -> str:
        return bridge_data.digest()

    def _phrased(self) -> str:
        """Names the phrasings of all clauses that ship; to read them all takes longer than a whole answer."""
        return files(path for pack in sorted(self._packs.glob("*.toml")) for path in hands(self._packs, pack.stem))

    def _questions(self) -> Iterator[Example]:
        """Some of the phrasings of the clauses that ship: what else staff ask, in equal shares."""
        for path in sorted(self._packs.glob("*.toml")):
            yield from islice(by_any_hand(self._packs, path.stem), 0, None, EVERY)

    def build(self, of: Iterable[str] | None = None) -> int:
        """Make the indexes of some policies, else of all, where missing or out of date; returns how many there are."""
        shared = self.topics, self.router.routes, self.router.kinds
        ids = list(self.policies if of is None else of)
        for policy_id in ids:
            self.index(policy_id)
        return len(shared) + len(ids)

    def _lock_of(self, name: str) -> threading.Lock:
        return self._locks.setdefault(name, threading.Lock())

    def _loaded(self, policy: Policy) -> Index | Unphrased | None:
        """The index in memory, unless it is that of another version."""
        found = self._indexes.get(policy.id)
        return found[1] if found and found[0] is policy else None

    def _read(self, policy: Policy) -> Index | Unphrased:
        written = hands(self._packs, policy.id)
        if not written and not policy.silences:
            return self._unphrased(policy)

        @cache
        def examples() -> tuple[Example, ...]:
            return tuple(index.phrasings(policy, tuple(by_any_hand(self._packs, policy.id)), self.shared))

        digest = index.digest(list(index.phrasings(policy, (), self.shared))) + files(written)
        linear = self._linear(policy.id, digest, examples)
        share = index.SHARE if written else index.SHARE_BARE
        return Index.over(policy, linear, examples, self.topics, share)

    def _unphrased(self, policy: Policy) -> Unphrased:
        """The index of a policy that nobody wrote phrasings for."""
        digest = index.digest([Example(index.words(c), f"{c.id} {c.intents} {c.inferred}") for c in policy.clauses])

        def cross() -> bytes:
            about = index.about(policy, [clause.id for clause in policy.clauses], self.topics)
            strange = self.router.strange([read(index.words(clause)) for clause in policy.clauses])
            return Crossing.of(self.bridge, unphrased.texts(policy), np.ascontiguousarray(about.T), strange).dump()

        crossing = Crossing.load(self._stored(policy.id, f"{digest} {self._bridge_digest}", cross))
        return Unphrased.over(policy, self.bridge, crossing)

    def _linear(self, name: str, digest: str, examples: Callable[[], Sequence[Example]]) -> Linear:
        """The scores of that name from the store, where they are fitted if they are missing or out of date."""
        return Linear.load(self._stored(name, digest, lambda: Linear.fit(examples()).dump()))

    def _stored(self, name: str, digest: str, make: Callable[[], bytes]) -> bytes:
        """What is stored under that name, if it was made from just this; else it is made, and stored."""
        dumped = self.store.index(name, digest)
        if dumped is None:
            self._tell(f"Building the index {name.lstrip(':')} (once).")
            dumped = make()
            self.store.put_index(name, digest, dumped)
        return dumped


def _learn_bridge() -> bytes:
    from intents import bridge_fit  # only where it is built

    return bridge_fit.fit(list(bridge_data.packs())).dump()


def open_knowledge(folder: Path, tell: Tell = quiet, packs: Path = PACKS, shared: Catalogue | None = None) -> Knowledge:
    """Open the store in a folder, which is made if missing, and bring the packs that ship up to date in it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "policies.db")
    shared = shared or catalogue()
    try:
        take_in_packs(store, shared, sorted(packs.glob("*.toml")))
    except BaseException:
        store.close()
        raise
    return Knowledge(store, shared, tell, packs)


def take_in_packs(store: Store, shared: Catalogue, paths: Iterable[Path]) -> None:
    """Store each pack that has changed; raises PolicyError and stores nothing of a pack that does not hold together
    or whose id a school gave to a policy of its own."""
    vocabulary = Vocabulary(shared.intents, shared.forms(), shared.disclosures())
    known, imported = store.digests(), set(store.ids()).difference(store.samples())
    for path in paths:
        if path.stem in imported:
            raise PolicyError(
                f"{path.stem} is the id of a policy that was imported here and of a sample: move {path} out of the way."
            )
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if known.get(path.stem) != digest:
            store.put(load_pack(path, vocabulary), digest, imported=False)
