"""Whom a case is about, and who reads their post, is told nothing of it, whatever roles they hold and whatever happens.

Every life of a case on records in memory; then one for each set of roles through the real pages and the chat, where
all that the two see must be, byte for byte, what they see of a school where nothing was reported and of a case that
does not exist. `--count` is how many lives of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar, cast

from rich.progress import track

from bot.conversation.case_page import ACTS
from bot.domain.people import Role
from bot.talk.message import Action
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Pressed, Submitted, Turn
from tests.domain.schools import Office, person
from tests.drills.site import Ground, Site, Visitor, ground
from tests.laws import subject as law

Each = TypeVar("Each")
MISSING = "S-ZZZZ-ZZZZ"
"""A reference that no case has."""
KEPT_OUT = ("subject", "pa")
TRIED = (*ACTS, "add", "read", "export", "nothing")
"""What is tried on a case by its address."""
PAGED = 40
"""Lives through the pages where no number is given."""
WHOLE = ("file", "name-subject", "tick")
"""Events after which everything is tried; after the others only what is quick."""


@dataclass
class Watched(law._Life):
    """A life whose case is looked for through the pages and the chat; `twin` is a school where nothing happened."""

    site: Site = field(kw_only=True)
    twin: Site = field(kw_only=True)
    early: bool = field(kw_only=True)
    before: dict[str, Visitor] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)

    def name(self) -> None:
        """Before they are named they come to the pages, as they may; their notices were brought or still wait."""
        if self.early:
            self.deliver()
        for who in KEPT_OUT:
            self.before[who] = self.site.visitor(who)
            self.before[who].get(f"/cases/{self.ref}")
        super().name()

    def look(self, after: str, force: bool = False) -> None:
        """Look everywhere, before and after what waits is delivered."""
        self.twin.now = self.site.now
        if not self.known:
            self.faults.append(f"{after}: the case has forgotten whom it is about")
        for who in KEPT_OUT:
            hits = [*self.waiting(who), *self.pages(who), *(self.tried(who) if after in WHOLE else ())]
            self.faults += [f"{after}: {who} {hit}" for hit in hits]
        self.deliver()

    def deliver(self) -> None:
        """Deliver what waits."""
        while self.site.installed.worker.deliver():
            pass

    def waiting(self, who: str) -> Iterator[str]:
        """Notices that would still reach them."""
        keyed = self.site.casework.keyed(self.site.here.id, who)
        states = Counter(str(row[0]) for row in self.site.rows("SELECT state FROM notices WHERE keyed = ?", keyed))
        self.looks["queued notices"] += 1
        if states["waiting"] + states["leased"]:
            yield "waits for a notice"

    def pages(self, who: str) -> Iterator[str]:
        """What stands on their pages and in their chat, as of somebody who has just come."""
        here, there = self.site.visitor(who), self.twin.visitor(who)
        for path in ("/", "/cases", "/figures"):
            yield from self.same(path, here.plain(here.get(path)), there.plain(there.get(path)))
        yield from (f"finds it on {path}" for path in ("/audit",) if self.ref in self.page(here, path))
        for visitor, ref in ((here, self.ref), (there, MISSING)):
            for words in ("my reports", "cases", ref):
                visitor.post("/say", text=words)
        seen, expected = here.plain(here.get("/")), there.plain(there.get("/"))
        yield from self.same("chat", (*seen[:2], seen[2].replace(self.ref, MISSING)), expected)
        sessions = {"in a new session": here, "in one that was open before": self.before.get(who, here)}
        yield from (f"opens it {name}" for name, one in sessions.items() if self.status(one, self.ref) != 404)

    def page(self, visitor: Visitor, path: str) -> str:
        """A page of theirs."""
        self.looks["pages"] += 1
        return visitor.get(path).text

    def status(self, visitor: Visitor, ref: str) -> int:
        """What their browser is told of a case."""
        self.looks["pages"] += 1
        return visitor.get(f"/cases/{ref}").status_code

    def same(self, what: str, found: object, expected: object) -> Iterator[str]:
        """Whether two answers are the same, byte for byte."""
        self.looks["pages"] += 1
        if found != expected:
            yield f"sees another {what} than where nothing was reported"

    def tried(self, who: str) -> Iterator[str]:
        """What they are told when they try a reference they know, beside one that does not exist."""
        visitor = self.site.visitor(who)
        for act in TRIED:
            found, expected = ([*_pages(visitor, ref, act), *self.said(who, ref, act)] for ref in (self.ref, MISSING))
            self.looks["tries"] += len(found)
            yield from (
                f"is told something by {act}" for one, other in zip(found, expected, strict=True) if one != other
            )
            yield from (f"gets {one[0]} by {act}" for one in found if one[0] not in (404, "chat"))

    def said(self, who: str, ref: str, act: str) -> Iterator[tuple[str, str]]:
        """What the chat says when they bring the reference there."""
        acts: tuple[Act, ...] = (
            Pressed(Action("case", {"ref": ref})),
            Pressed(Action("case-form", {"ref": ref, "act": act})),
            Pressed(Action("case-do", {"ref": ref, "act": act, "seen": "2"})),
            Pressed(Action("add-to-report", {"ref": ref})),
            Submitted(act, {"note": (Sealed("words"),)}, f"{ref}/2"),
            Submitted("add-to-report", {"extra": (Sealed("words"),)}, f"{ref}/once"),
        )
        for each in acts:
            reply = self.site.installed.assistant.reply(Turn("drill", who, self.site.here.id, each))
            yield "chat", repr(reply).replace(ref, MISSING)


def _pages(visitor: Visitor, ref: str, act: str) -> Iterator[tuple[int, object, str]]:
    """Every way to come to a case by its address."""
    address = f"/cases/{ref}/{act}"
    for response in (
        visitor.get(address),
        visitor.post(address, seen="2"),
        visitor.post(address, **{"key": f"{ref}/2", "q.note": "words", "q.why": "words", "q.person": "teacher"}),
        visitor.post(f"/cases/{ref}/export", form="csv"),
    ):
        status, headers, text = visitor.plain(response)
        yield status, headers, text.replace(ref, MISSING)


def drill(count: int | None) -> bool:
    """Print what was told to the subject in all lives; whether it was nothing."""
    every = list(product(law.subsets(), law.KINDS, law.NAMED))
    faults: list[str] = []
    for held, kind, named in track(_some(every, count), "Lives in memory"):
        faults += [f"{held} {kind} {named}: {fault}" for fault in law.told(held, kind, named)]
    ways = list(product(law.KINDS, law.NAMED))
    through = [(held, *ways[number * 7 % len(ways)]) for number, held in enumerate(law.subsets())]
    looks: Counter[str] = Counter()
    with ground(law._school(())) as place:
        for number, life in enumerate(track(_some(through, count or PAGED), "Lives through the pages")):
            watched = lived(place, number % 2 == 0, *life)
            looks += watched.looks
            faults += [f"through the pages, {life}: {fault}" for fault in watched.faults]
    for fault in faults[:10]:
        print(fault)
    seen = ", ".join(f"{number:,} {name}" for name, number in looks.items())
    print(f"through the pages: {seen}")
    lives = f"{len(_some(every, count)):,} lives in memory, {len(_some(through, count or PAGED))} through the pages"
    print(f"{lives}: {len(faults)} times something was told")
    return not faults


def lived(place: Ground, early: bool, held: tuple[Role, ...], kind: str, named: str) -> Watched:
    """One life through the pages."""
    here = law._school(held)
    everyone = {one.id: one for one in (*here.people, *(person(role, role) for role in law.ROLES))}
    with place.site(here, tuple(everyone.values())) as site, place.site(here, site.everyone) as twin:
        life = Watched(cast(Office, site), kind, named, site=site, twin=twin, early=early)
        life.file()
        life.live()
        life.stand_down()
    return life


def _some(all_of_them: Sequence[Each], count: int | None) -> Sequence[Each]:
    """So many of them, evenly spread."""
    return all_of_them if count is None else all_of_them[:: max(1, len(all_of_them) // count)][:count]
