"""Every cell of the role matrix through the pages and through the chat: they do what the table says, and no more.

What shows or changes what people reported is never done in the chat. `--count` is how many cells, evenly spread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count as counting
from itertools import groupby
from typing import cast

from httpx2 import Response
from rich.progress import Progress
from starlette.routing import Mount, Route

from bot.conversation import case_wording as say
from bot.conversation import report_wording
from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.report_forms import REPORT_FORMS
from bot.domain.case import State
from bot.domain.disclosure import reference
from bot.domain.people import Role, School
from bot.storage.cipher import PublicSealer
from bot.talk.message import Action, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Pressed, Said, Submitted, Turn
from tests.domain.schools import RULES, Office, person, school
from tests.drills.site import Ground, Site, Visitor, ground
from tests.fake_seal import FakeSealer
from tests.laws import matrix as law
from tests.laws.matrix import Cell

YES, HIDDEN, NOT_NOW = "yes", "hidden", "not-now"
ME, SCHOOL = "somebody", "milford"

ROUTES: Mapping[str, tuple[str, ...]] = {
    "/cases": ("list-cases",),
    "/figures": ("figures",),
    "/audit": ("verify-audit",),
    "/cases/{ref}": ("read",),
    "/cases/{ref}/export": ("export",),
    "/cases/{ref}/{act}": ("acknowledge", *CASE_FORMS),
    "/": ("list-own",),
    **dict.fromkeys(("/say", "/press", "/submit"), ("report", "list-own", "add")),
    **dict.fromkeys(("/close", "/leave", "/switch", "/healthz", "/metrics", "/static"), ()),
}
"""Every address, and what is done there; those without anything belong to no case and show none."""

STARTS = {form.title for form in REPORT_FORMS.values() if form.id != "adult-concern"}
"""Buttons that begin a report of which only what happened must be told."""

GIVEN = {"level": "low-level", "outcome": "unfounded", "sort": "police", "day": "23/11/2026", "entry": "1"}
GIVEN |= {"proposal": "2", "sure": "yes", "until": "01/01/2030"}
"""What is filled in where a question does not take any words."""

FILLED = {"happened": (Sealed("words"),), "about": (Sealed("nobody"),)}


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody before one case in one cell, or before none."""

    site: Site
    visitor: Visitor
    cell: Cell
    ref: str

    @property
    def in_pages(self) -> str:
        """What the table lets them do there: a case that is deleted is no more, and what is added comes by the chat."""
        gone = self.cell.state is State.DELETED and self.cell.action in ("read", "add")
        return HIDDEN if gone and self.cell.expected == NOT_NOW else self.cell.expected

    @property
    def in_chat(self) -> str:
        """There nothing is done that shows or changes what was reported, nor what is only on the pages."""
        if self.cell.action in ("figures", "verify-audit", "read", "export"):
            return HIDDEN
        content = RULES.access[self.cell.action].content
        return NOT_NOW if content and self.cell.expected == YES else self.cell.expected

    def kept(self) -> tuple[object, ...]:
        """All that could have changed, the audit trail apart."""
        tables = ("cases", "entries", "members", "bars", "notices", "wraps")
        return tuple(self.site.rows(f"SELECT * FROM {table} WHERE ref = ?", self.ref) for table in tables)

    def pages(self) -> str:
        """What comes of it on the pages."""
        action, address = self.cell.action, f"/cases/{self.ref}/{self.cell.action}"
        match action:
            case "read":
                page = self.visitor.get(f"/cases/{self.ref}")
                shown = page.status_code != 200 or say.CHRONOLOGY in page.text
                return _outcome(page) if shown else HIDDEN
            case "export":
                return _outcome(self.visitor.post(address, form="csv"))
            case "acknowledge":
                return _outcome(self.visitor.post(address, seen="2"))
            case "add":
                return self.added()
            case "report":
                return self.reported()
            case "list-own":
                return YES if report_wording.MY_REPORTS in self.told("my reports").text else HIDDEN
            case "figures" | "verify-audit" | "list-cases":
                return _outcome(self.visitor.get(next(path for path, acts in ROUTES.items() if action in acts)))
        before, bare = self.kept(), self.visitor.post(address, seen="2")
        if bare.status_code not in (404, 409) or self.kept() != before:
            return f"{bare.status_code} without its form"
        looked, did = self.visitor.get(address), self.visitor.post(address, key=f"{self.ref}/2", **_filled(action))
        return _outcome(did) if _outcome(looked) == _outcome(did) else f"{looked.status_code}, {did.status_code}"

    def told(self, words: str) -> Response:
        """The chat page after something was typed there."""
        self.visitor.post("/say", text=words)
        return self.visitor.get("/")

    def added(self) -> str:
        """Add to the report by its button; its address adds nothing, whatever is sent there."""
        for fields in ({"seen": "2"}, {"key": f"{self.ref}/2", "q.extra": "words"}):
            if (status := self.visitor.post(f"/cases/{self.ref}/add", **fields).status_code) != 404:
                return str(status)
        label = f"{report_wording.ADD}: {self.ref}"
        if label not in self.told("my reports").text:
            return HIDDEN
        self.visitor.press(label)
        return self.sent(extra="words")

    def reported(self) -> str:
        """Report something by the button that the chat offers."""
        self.told("i am worried about a child in my class")
        self.visitor.press(*STARTS)
        return self.sent(happened="words", about="nobody")

    def sent(self, **answers: str) -> str:
        """Send the form that is open."""
        done = self.visitor.send(**answers)
        page = self.visitor.get("/").text
        said = report_wording.ADDED_TITLE in page or report_wording.RECORDED_TITLE in page
        return _outcome(done) if said else HIDDEN

    def chat(self) -> str:
        """What comes of it in the chat."""
        before = self.kept()
        reply = self.site.installed.assistant.reply(Turn("drill", ME, self.site.here.id, self.act()))
        titles = {message.title for message in reply.messages}
        if say.CHRONOLOGY in titles:
            return YES
        if self.cell.relation is None:
            listed = titles & {say.LIST_TITLE, report_wording.MY_REPORTS, report_wording.RECORDED_TITLE}
            return YES if listed else HIDDEN
        if before != self.kept():
            return YES
        texts = {block.text for message in reply.messages for block in message.blocks if isinstance(block, Para)}
        return NOT_NOW if say.NOT_NOW in texts or report_wording.NOT_RECORDED_TITLE in titles else HIDDEN

    def act(self) -> Act:
        """What is pressed or sent there."""
        action = self.cell.action
        match action:
            case "report":
                return Submitted("child-concern", FILLED, self.ref)
            case "list-own":
                return Said(Sealed("my reports"))
            case "list-cases":
                return Pressed(Action("cases"))
            case "figures":
                return Pressed(Action("figures"))
            case "verify-audit":
                return Pressed(Action("trail"))
            case "read":
                return Pressed(Action("case", {"ref": self.ref}))
            case "export":
                return Pressed(Action("case-file", {"ref": self.ref, "form": "csv"}))
            case "acknowledge":
                return Pressed(Action("case-do", {"ref": self.ref, "act": action, "seen": "2"}))
            case "add":
                return Submitted("add-to-report", {"extra": (Sealed("words"),)}, f"{self.ref}/once")
        typed = {name.removeprefix("q."): (Sealed(value),) for name, value in _filled(action).items()}
        return Submitted(action, typed, f"{self.ref}/2")


def _filled(act: str) -> dict[str, str]:
    """A form of a case, filled in."""
    person = {"person": "colleague" if act == "hand-over" else "teacher"}
    given = GIVEN | person
    return _named({each.name: given.get(each.name, "words") for each in CASE_FORMS[act].questions if _asked(each.name)})


def _asked(question: str) -> bool:
    return question not in ("harm", "born")


def _named(answers: Mapping[str, str]) -> dict[str, str]:
    return {f"q.{name}": value for name, value in answers.items()}


def _outcome(response: Response) -> str:
    known = {200: YES, 303: YES, 404: HIDDEN, 409: NOT_NOW}
    return known.get(response.status_code, str(response.status_code))


def drill(count: int | None) -> bool:
    """Print how many cells did what the table says, and which did not; whether all did."""
    every = list(law.cells())
    chosen = every if count is None else every[:: max(1, len(every) // count)]
    chosen = sorted(chosen, key=lambda cell: cell.role)
    results: Counter[str] = Counter()
    with ground(school(person(ME))) as place, Progress() as progress:
        faults = [f"has no cell: {what}" for what in unknown(place)]
        bar = progress.add_task("Cells", total=len(chosen))
        for role, cells in groupby(chosen, key=lambda cell: cell.role):
            for cell, where, found, expected in tried(place, role, cells):
                results[f"{where}: {found}"] += 1
                progress.advance(bar, 0.5)
                if found != expected:
                    faults.append(f"{where}: {cell} should be {expected} and is {found}")
    for fault in faults[:20]:
        print(fault)
    print(", ".join(f"{name} {number:,}" for name, number in sorted(results.items())))
    print(f"{len(chosen):,} of {len(every):,} cells through pages and chat: {len(faults)} not as the table says")
    return not faults


def unknown(place: Ground) -> Iterator[str]:
    """Addresses and acts that stand in no table."""
    with place.site(school(person(ME))) as site:
        paths = {route.path for route in site.app.routes if isinstance(route, Route | Mount)}
    yield from sorted(paths - ROUTES.keys())
    done = {act for acts in ROUTES.values() for act in acts}
    listed = {line.action for line in law.lines()}
    yield from sorted(done ^ listed)
    yield from sorted((say.ACTS.keys() | CASE_FORMS.keys()) - listed)


def tried(place: Ground, role: Role, cells: Iterable[Cell]) -> Iterator[tuple[Cell, str, str, str]]:
    """Each cell of a role with what is found and what should be, on the pages and in the chat."""
    people = (person("teacher"), person(ME, role), law._colleague(role))
    with place.site(school(*people)) as site:
        visitor, numbers = site.visitor(ME), counting(10**6, 10**5 + 3)
        for cell in cells:
            for where in ("pages", "chat"):
                trial = Trial(site, visitor, cell, reference(next(numbers)))
                put(site, cell, school(*people), trial.ref)
                before = trial.kept()
                found, expected = (trial.pages(), trial.in_pages) if where == "pages" else (trial.chat(), trial.in_chat)
                if found != YES and trial.kept() != before:
                    found = f"{found}, and left a trace"
                yield cell, where, found, expected


def put(site: Site, cell: Cell, people: School, ref: str) -> None:
    """The case of a cell, and the school in which somebody stands to it so."""
    office = Office(people, sealer=cast(FakeSealer, PublicSealer(site.installed.keys)))
    if cell.relation is not None and cell.state is not None:
        law._put(office, cell.role, cell.relation, cell.state)
        case = replace(office.case(law.REF), ref=ref)
        with site.casework.records.work(people.id) as work:
            work.add(case, ref)
            for entry in case.entries:
                work.append(ref, entry, None)
    site.become(office.here)
