"""Made-up words in every field that takes words, through the real server with all its logging on: none comes out.

They are typed into reports, additions, case forms, drafts, the search and the chat, also where it fails: bad forms,
wrong tokens, addresses that are not there, a full storage, a broken dialog. None may stand in a file of the data
folder but the keys', in what the process writes, in a notice, a header, an address, or on another person's page.
At the end the cases are deleted, and of their sealed texts nothing is left either. `--count` is how many words.
"""

from __future__ import annotations

import base64
import random
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from httpx2 import Response
from rich.progress import Progress

from bot.conversation import report_wording, wording
from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.report_forms import ADD_TO_REPORT, REPORT_FORMS
from bot.domain.casework import Hidden, NotNow
from bot.domain.orders import Order, Unfit
from bot.settings import Settings
from bot.talk.form import Form, Kind
from bot.wiring import Installation, PracticeOpener, now
from intents.catalogue import catalogue
from tests.drills.process import SCHOOL, Signpost, signpost
from tests.drills.site import WORDS, Visitor

COUNT = 1000
REFERENCE = re.compile(r"S-[2-9A-Z]{4}-[2-9A-Z]{4}")
MARK = "zqvcanary"
"""Every word begins with it, and nothing else does."""
TYPED = (Kind.LINE, Kind.TEXT)
WORKED = (
    "note",
    "triage",
    "action",
    "correct",
    "hold",
    "release",
    "propose-member",
    "hand-over",
    "close",
    "keep",
    "delete",
    "reopen",
    "name-subject",
    "recuse",
)
"""What is done to a case, in an order in which it can be."""
GIVEN = {
    "danger": "no",
    "about": "nobody",
    "theme": "other",
    "conflict": "no",
    "accepted": "no",
    "when-day": "20/11/2026",
}
GIVEN |= {"level": "child-protection", "sort": "police", "day": "20/11/2026", "entry": "1", "outcome": "resolved"}
GIVEN |= {"until": "01/01/2040", "sure": "yes"}
"""What is chosen where a question takes no words."""
OTHERS = ("support", "site", "pa", "it", "auditor", "lead", "manager", "officer")
"""Who receives none of it."""


@dataclass
class Cage:
    """The words that were typed, by the field that took them, and all that came back from the server."""

    placed: Counter[str] = field(default_factory=Counter)
    random: random.Random = field(default_factory=lambda: random.Random(1))
    heads: list[str] = field(default_factory=list)

    def word(self, place: str) -> str:
        """A new word for a field."""
        self.placed[place] += 1
        return f"{MARK}{self.placed.total()}{''.join(self.random.choices('bcdfghjklmnp', k=8))}"

    def filled(self, form: Form) -> dict[str, str]:
        """A form with a word in every field that takes words."""
        return {
            each.name: self.word(f"{form.id}.{each.name}") if each.kind in TYPED else GIVEN[each.name]
            for each in form.questions
            if each.kind in TYPED or each.name in GIVEN
        }

    def spoilt(self, form: Form) -> dict[str, str]:
        """A form that cannot be taken: words in place of a choice or a day, and nothing in place of words."""
        choices = {each.name: self.word("bad forms") for each in form.questions if each.kind not in TYPED}
        return choices | {each.name: "" for each in form.questions if each.kind in TYPED and each.required}

    def took(self, response: Response) -> Response:
        """Keep what a browser, a proxy or a log would see of an answer: its first line and its headers."""
        self.heads += [f"{response.status_code} {name}: {value}" for name, value in response.headers.items()]
        return response

    def watch(self, visitor: Visitor) -> Visitor:
        """The same visitor, all of whose answers are kept."""
        visitor.client.event_hooks = {"response": [self.took]}
        return visitor


def drill(count: int | None) -> bool:
    """Print where a word came out, and what was looked through; whether none did."""
    cage, found, seen = Cage(), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        bar, data = progress.add_task("Words", total=count or COUNT), Path(folder)
        with signpost(data) as server:
            kinds = Counter[str]()
            while cage.placed.total() < (count or COUNT):
                kind = min(REPORT_FORMS, key=lambda each: kinds[each])
                kinds[kind] += 1
                Round(server, cage, kind).go()
                progress.update(bar, completed=cage.placed.total())
            look(data, server, cage, found, seen)
        stopped = dict(files(data))
        found.update(f"{name}, stopped" for name, text in stopped.items() if holds(text))
        bodies = delete(data)
        left = b"".join(dict(files(data)).values())
        found.update("files, after they were deleted" for _ in range(holds(left)))
        found.update("a sealed text that was deleted" for body in bodies if body in left)
    missing = fields() - cage.placed.keys() if len(kinds) == len(REPORT_FORMS) else set()
    for place, number in found.items():
        print(f"{place}: {number} times")
    print(f"fields that took words: {len(cage.placed)}, not reached: {', '.join(sorted(missing)) or 'none'}")
    print("looked through: " + ", ".join(f"{name} {size:,} bytes" for name, size in seen.items()), end="; ")
    print(f"{len(bodies)} sealed texts deleted")
    print(f"{cage.placed.total():,} words typed, {found.total()} came out")
    return bool(bodies) and not found and not missing


def fields() -> set[str]:
    """Every field that takes words."""
    forms = (*REPORT_FORMS.values(), ADD_TO_REPORT, *(CASE_FORMS[act] for act in WORKED))
    return {f"{form.id}.{each.name}" for form in forms for each in form.questions if each.kind in TYPED}


@dataclass(frozen=True, slots=True)
class Round:
    """One report from its first word in the chat to its end, and all that can go wrong on the way."""

    server: Signpost
    cage: Cage
    kind: str

    def go(self) -> None:
        """Report it, add to it, and work on it."""
        reporter = self.cage.watch(self.server.visitor("teacher"))
        form = REPORT_FORMS[self.kind]
        self.chat(reporter)
        self.begin(reporter)
        reporter.send(**self.cage.spoilt(form))
        reporter.send("/leave", **self.cage.filled(form))
        reporter.send("/close", **self.cage.filled(form))
        self.begin(reporter)
        with self.server.full():
            reporter.send(**self.cage.filled(form))
        if report_wording.NOT_RECORDED_TITLE not in reporter.get("/").text:
            raise RuntimeError("the storage did not fail")
        with self.broken("records.db", "drafts"):
            reporter.send("/close", **self.cage.filled(form))
        self.begin(reporter)
        reporter.send(**self.cage.filled(form))
        ref = REFERENCE.findall(reporter.get("/").text)[-1]
        reporter.press(report_wording.ADD)
        reporter.send(**self.cage.filled(ADD_TO_REPORT))
        self.wander(reporter, ref)
        self.work(ref)

    def chat(self, visitor: Visitor) -> None:
        """Words in the chat and in the search, taken or not."""
        word = self.cage.word
        for text in (f"can i friend {word('chat')}", f"policy: {word('search')}", f"{word('chat')} " * 300, "help"):
            visitor.post("/say", text=text)
        visitor.press(wording.LOOK_UP)
        visitor.send(words=word("look-up"))
        with self.broken("policies.db", "policies"):
            visitor.post("/say", text=f"policy: {word('search')}")
            visitor.post("/say", text=f"may i post {word('chat')}")

    def begin(self, visitor: Visitor) -> None:
        """Open the form of a report by what the chat offers."""
        visitor.post("/say", text=f"a child told me something worrying today about {self.cage.word('chat')}")
        visitor.press(REPORT_FORMS[self.kind].title, catalogue().kinds[self.kind].label)

    @contextmanager
    def broken(self, file: str, table: str) -> Iterator[None]:
        """A table is not there while the block runs."""
        with closing(sqlite3.connect(self.server.data / file, timeout=30)) as connection:
            connection.execute(f"ALTER TABLE {table} RENAME TO gone")
            connection.commit()
            yield
            connection.execute(f"ALTER TABLE gone RENAME TO {table}")
            connection.commit()

    def wander(self, visitor: Visitor, ref: str) -> None:
        """Requests that are refused: wrong tokens, addresses that are not there, bodies that are none."""
        word, client = self.cage.word, visitor.client
        for path in ("/say", "/submit", "/leave", f"/cases/{ref}/note", "/nowhere"):
            client.post(
                path, data={"token": word("wrong token"), "text": word("wrong token"), "q.note": word("wrong token")}
            )
        for path in (f"/{word('address')}", f"/cases/{word('address')}", f"/cases/{ref}/{word('address')}"):
            client.get(
                path, params={"q": word("address")}, headers={"referer": f"{self.server.address}/{word('address')}"}
            )
            client.post(path, data={"token": visitor.token, "q.note": word("address")})
        for body in (f"text={word('body')}".encode() + b"\xff", b"x" * 300_000 + word("body").encode()):
            client.post("/say", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        client.post("/say", json={"text": word("body")})
        client.get(
            "/", headers={"host": word("host"), "user-agent": word("agent"), "cookie": f"signpost={word('cookie')}"}
        )

    def work(self, ref: str) -> None:
        """Whoever receives the case works on it, each form once with faults in it."""
        for person in ("dsl", "head", "chair"):
            visitor = self.cage.watch(self.server.visitor(person))
            if visitor.get(f"/cases/{ref}").status_code == 200:
                break
        visitor.post(f"/cases/{ref}/acknowledge", seen="")
        for act in WORKED:
            self.act(visitor, ref, act)
        for form in ("csv", "pdf"):
            visitor.post(f"/cases/{ref}/export", form=form)

    def act(self, visitor: Visitor, ref: str, act: str) -> None:
        """One form of the case: with faults, while the storage is full, and well."""
        key, form = f"{ref}/0", CASE_FORMS[act]
        people = {"hand-over": "deputy", "name-subject": "manager"}
        for fields in (self.cage.spoilt(form), self.cage.filled(form)):
            person = {"person": people[act]} if act in people else {}
            sent = {f"q.{name}": each for name, each in {**fields, **person}.items()}
            visitor.post(f"/cases/{ref}/{act}", key=key, **sent)
        visitor.get(f"/cases/{ref}/{act}")


def look(data: Path, server: Signpost, cage: Cage, found: Counter[str], seen: Counter[str]) -> None:
    """Look through everything while it runs."""
    for place, text in (
        *((f"file {name}", text) for name, text in files(data)),
        ("written by the process", bytes(server.written)),
        ("first lines and headers", "\n".join(cage.heads).encode()),
        *others(server),
    ):
        seen[place.split(" of ")[0]] += len(text)
        found[place] += holds(text)
    for place in [place for place, number in found.items() if not number]:
        del found[place]


def others(server: Signpost) -> Iterator[tuple[str, bytes]]:
    """What people see who receive none of it, and who are nobody."""
    for person in OTHERS:
        visitor = server.visitor(person)
        for path in ("/", "/cases", "/figures", "/audit"):
            yield f"pages of {person}", visitor.get(path).content
    for path in ("/healthz", "/metrics"):
        yield path, server.client().get(path).content


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    """Everything in the data folder but the keys."""
    for path in sorted(data.rglob("*")):
        if path.is_file() and "keys" not in path.relative_to(data).parts:
            yield path.relative_to(data).as_posix(), path.read_bytes()


def holds(text: bytes) -> int:
    """How often the mark stands in bytes, plain or in one of the ways in which text is often written."""
    mark = MARK.encode()
    ways = {mark, MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), mark.hex().encode(), mark[::-1]}
    ways |= {
        base64.b64encode(b"x" * shift + mark)[first:last] for shift, first, last in ((0, 0, 12), (1, 2, 13), (2, 3, 14))
    }
    lower = text.lower()
    return sum(lower.count(way) if way.islower() else text.count(way) for way in ways)


END: tuple[tuple[str, dict[str, str]], ...] = (
    ("acknowledge", {}),
    ("triage", {"level": "low-level"}),
    ("hand-over", {}),
    ("close", {"outcome": "resolved"}),
    ("release", {}),
    ("delete", {}),
)


def later() -> datetime:
    """When everything may be deleted."""
    return now() + timedelta(days=200 * 365)


def delete(data: Path) -> list[bytes]:
    """Close every case and delete it when its time has come; the sealed texts that went with it."""
    clock = [now]
    here = Installation(Settings(data=data), clock=lambda: clock[0]())
    casework, opener = here.casework, PracticeOpener(here.keys)
    with here.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM entries WHERE body IS NOT NULL")
        bodies: list[bytes] = [row[0] for row in rows]
        refs = [row[0] for row in connection.exec_driver_sql("SELECT ref FROM cases")]
    for action, facts in END:
        if action == "delete":
            clock[0] = later
        for ref in refs:
            with casework.records.work(SCHOOL) as work:
                case = work.case(ref)
            team = casework.team(case) if case else ()
            seconds = casework.who_may_second(SCHOOL, case) if case else ()
            person = next((who for who in seconds if who not in team), "")
            for by in team:  # nobody deletes what they closed themselves
                with suppress(NotNow, Unfit, Hidden):
                    casework.do(SCHOOL, Order(action, ref, by, {**facts, "person": person}, WORDS), opener)
                    break
    with here.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM entries WHERE body IS NOT NULL")
        kept = {row[0] for row in rows}
    here.engine.dispose()
    here.known.close()
    return [body for body in bodies if body not in kept]
