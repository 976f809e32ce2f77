"""Edits of the audit table of a real database by somebody who owns its file: every one must be found.

Each column of each row is changed in many ways; rows are deleted, swapped, put in, dated anew, closed with other keys
and moved to another school; the end is cut off, or the chain is written again with its true key, which shows against
the head that was kept outside. `--count` is how many edits, as many of each kind.
"""

from __future__ import annotations

import hmac
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice

from rich.progress import track

from bot.domain.casework import Hidden
from bot.domain.ports import Audited, NotRecorded
from bot.storage import audit
from bot.storage.engine import transaction
from tests.domain.schools import school
from tests.drills.site import Site, ground

COUNT = 5000
REPORTS = 8
Statement = tuple[str, tuple[object, ...]]
Edit = tuple[Statement, ...]
AT = "%Y-%m-%d %H:%M:%S.%f"
"""A moment as the database writes it."""
COLUMNS = ("action", "ref", "by", "digest", "mac")
"""Those that hold text."""


@dataclass(slots=True)
class Forger:
    """Somebody who can write what they like into the table, and knows every key but the chain's own."""

    links: Sequence[Audited]
    keys: Sequence[bytes]
    random: random.Random

    def kinds(self) -> dict[str, Callable[[], Edit]]:
        """What they can do, each time differently."""
        return {
            **{f"{column} changed": self._changing(column) for column in COLUMNS},
            "at changed": lambda: self._set("at", self._moment()),
            "seq changed": lambda: self._set("seq", self.random.choice((0, -1, 1)) * self._far()),
            "school changed": lambda: self._set("school", self.random.choice(("", "nobody", "Milford"))),
            "not even text": self._unreadable,
            "deleted": self._deleted,
            "swapped": self._swapped,
            "put in": self._put_in,
            "dated anew": self._dated,
            "closed with another key": self._closed_again,
            "end cut off": self._cut,
        }

    def _one(self) -> Audited:
        return self.random.choice(self.links)

    def _far(self) -> int:
        return len(self.links) + self.random.randint(1, 10**6)

    def _moment(self) -> str:
        """Another moment."""
        by = self.random.choice((1, 1_000, 10**6, 3600 * 10**6, 365 * 24 * 3600 * 10**6)) * self.random.choice((1, -1))
        at: datetime = self._one().at + timedelta(microseconds=by * self.random.randint(1, 9))
        return f"{at:{AT}}"

    def _changing(self, column: str) -> Callable[[], Edit]:
        def changed() -> Edit:
            link = self._one()
            before: str = getattr(link, column)
            ways = (
                "",
                f"{before} ",
                f"{before}\x00",
                before[:-1],
                before.swapcase(),
                before[::-1],
                "é",
                self._letter(before),
            )
            return self._set(
                column, self.random.choice((*ways, getattr(self._one(), self.random.choice(COLUMNS)))), link
            )

        return changed

    def _letter(self, text: str) -> str:
        place = self.random.randrange(len(text) + 1)
        return f"{text[:place]}{self.random.choice('0123456789abcdef')}{text[place + 1 :]}"

    def _set(self, column: str, value: object, link: Audited | None = None) -> Edit:
        one = link or self._one()
        return ((f'UPDATE audit SET "{column}" = ? WHERE school = ? AND seq = ?', (value, one.school, one.seq)),)

    def _unreadable(self) -> Edit:
        """What no program of ours would write: bytes where text belongs, text that is none, a moment that is none."""
        column, one = self.random.choice((*COLUMNS, "at")), self._one()
        where = "WHERE school = ? AND seq = ?"
        value = self.random.choice(
            (f'CAST("{column}" AS BLOB)', "CAST(X'FF80' AS TEXT)", "X'00FF'", "'yesterday'", "7.5")
        )
        return ((f'UPDATE audit SET "{column}" = {value} {where}', (one.school, one.seq)),)

    def _deleted(self) -> Edit:
        """Some rows go; what follows is numbered on, or not."""
        first, number = self.random.randrange(1, len(self.links)), self.random.randint(1, 3)
        left = [*self.links[: first - 1], *self.links[first - 1 + number :]]
        if self.random.random() < 0.5 or first - 1 + number >= len(self.links):
            return self._written(left)
        return self._written([replace(link, seq=seq) for seq, link in enumerate(left, 1)])

    def _swapped(self) -> Edit:
        """Two rows in each other's place."""
        one, other = self.random.sample(range(len(self.links)), 2)
        links = list(self.links)
        links[one], links[other] = (
            replace(links[other], seq=links[one].seq),
            replace(links[one], seq=links[other].seq),
        )
        return self._written(links)

    def _put_in(self) -> Edit:
        """A row more, at the end or between others, that is a copy or made up."""
        place, like = self.random.randint(0, len(self.links)), self._one()
        made_up = replace(like, by="head", mac=self.random.randbytes(32).hex())
        links = [*self.links[:place], self.random.choice((like, made_up)), *self.links[place:]]
        return self._written([replace(link, seq=seq) for seq, link in enumerate(links, 1)])

    def _dated(self) -> Edit:
        """All rows from one on are older or newer than they were."""
        first, by = self.random.randrange(len(self.links)), timedelta(seconds=self.random.randint(-(10**6), 10**6) or 1)
        return self._written([*self.links[:first], *(replace(link, at=link.at + by) for link in self.links[first:])])

    def _closed_again(self) -> Edit:
        """The chain from one row on, or only that row, is changed and closed with a key that is at hand."""
        first, key = self.random.randrange(len(self.links)), self.random.choice(self.keys)
        return self._written(closed(self.links, first, self.random.choice((first + 1, len(self.links))), key))

    def _cut(self) -> Edit:
        return self._written(self.links[: self.random.randrange(len(self.links))])

    def _written(self, links: Sequence[Audited]) -> Edit:
        """The table with these rows alone."""
        row = 'INSERT INTO audit (school, seq, at, action, ref, "by", digest, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
        rows = ((row, (link.school, link.seq, f"{link.at:{AT}}", *astuple(link)[3:])) for link in links)
        return (("DELETE FROM audit WHERE school = ?", (self.links[0].school,)), *rows)


_ROW = "SELECT school, seq, " + ", ".join(f'typeof("{each}"), hex("{each}")' for each in ("at", *COLUMNS))
SIDES = ((f"{_ROW} FROM audit", f"{_ROW} FROM before"), (f"{_ROW} FROM before", f"{_ROW} FROM audit"))
"""The rows as they are and as they were, whatever stands in them."""


def closed(links: Sequence[Audited], first: int, last: int, key: bytes) -> list[Audited]:
    """The links with somebody else named in one of them, and closed with a key from there up to another."""
    lock, closed = hmac.new(key, digestmod="sha256"), list(links)
    closed[first] = replace(closed[first], by=f"{closed[first].by}x")
    for place in range(first, last):
        before = closed[place - 1].mac if place else ""
        closed[place] = replace(closed[place], mac=audit._mac(closed[place], before, lock))
    return closed


@dataclass(frozen=True, slots=True)
class Books:
    """The audit table of one site; `head` was kept outside."""

    site: Site
    head: str

    def refused(self, edits: Sequence[Edit]) -> int:
        """How many edits the database itself refuses."""
        return sum(not self._done(edit) for edit in edits)

    def found(self, edit: Edit) -> str:
        """What the check of the chain says to an edit, which is then undone; empty where it sees nothing."""
        if not self._done(edit) or not any(self.site.rows(f"{one} EXCEPT {other}") for one, other in SIDES):
            return "nothing was changed"
        try:
            faults = self.site.installed.audit.verify(self.site.here.id, self.head)
            return "found" if faults else "missed"
        except Exception as fault:
            return f"the check fails with {type(fault).__name__}"
        finally:
            self._done((("DELETE FROM audit", ()), ("INSERT INTO audit SELECT * FROM before", ())))

    def own(self) -> None:
        """What the owner of the file can do: take away what stands in the way of edits."""
        triggers = self.site.rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
        self._done((*((f"DROP TRIGGER {name}", ()) for (name,) in triggers),))
        self._done((("CREATE TABLE before AS SELECT * FROM audit", ()),))

    def _done(self, edit: Edit) -> bool:
        try:
            with transaction(self.site.installed.engine) as connection:
                for statement, values in edit:
                    connection.exec_driver_sql(statement, values)
        except NotRecorded:
            return False
        return True


def drill(count: int | None) -> bool:
    """Print how many edits of each kind were made and found; whether all were."""
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    with ground(school()) as place, place.site(school()) as site:
        lived(site)
        with site.casework.records.work(site.here.id) as work:
            links = work.trail()
        secret, head = site.installed.keys.secret, site.installed.audit.head(site.here.id)
        others = (secret(site.here.id, "box"), secret(site.here.id, "tag"), bytes(32), b"")
        books, forger = Books(site, head), Forger(links, others, random.Random(1))
        refused = books.refused([forger._set("by", "x"), (("DELETE FROM audit", ()),)])
        sound = not site.installed.audit.verify(site.here.id, head)
        books.own()
        forgers = forger.kinds()
        forgers["written with the true key"] = partial(rewritten, forger, secret(site.here.id, "audit"))
        kinds = islice(cycle(forgers.items()), count or COUNT)
        for kind, forge in track(list(kinds), "Edits"):
            while (said := books.found(edit := forge())) == "nothing was changed":
                continue
            made[kind] += 1
            missed[f"{kind}: {said}, {edit[0]}"] += said != "found"
    for fault, number in missed.most_common(10):
        if number:
            print(f"{fault} ({number} times)")
    print(", ".join(f"{kind} {number:,}" for kind, number in made.items()))
    print(f"{len(links)} links, {refused} of 2 edits refused by the database", end="; ")
    print(f"{made.total() - missed.total():,} of {made.total():,} edits found")
    return sound and refused == 2 and not missed.total()


def rewritten(forger: Forger, key: bytes) -> Edit:
    """The chain written again from one row on, by somebody who has its key."""
    return forger._written(closed(forger.links, forger.random.randrange(len(forger.links)), len(forger.links), key))


def lived(site: Site) -> None:
    """Reports that are filed, read, worked on and tried by others."""
    for _ in range(REPORTS):
        ref = site.file().ref
        site.wait(0.01)
        site.do(ref, "dsl", "acknowledge")
        site.open(ref, "dsl")
        site.do(ref, "dsl", "note", "words")
        site.do(ref, "dsl", "triage", "words", level="child-protection")
        site.open(ref, "deputy", "export")
        with suppress(Hidden):
            site.open(ref, "head")
        site.do(ref, "dsl", "close", "words", outcome="resolved")
