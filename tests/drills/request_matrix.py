"""Every cell of the matrix of requests and the register in the chat, by its buttons and by forged ones.

A forged button or form carries any value that somebody likes; it does what the table says, and no more.
`--count` is how many cells, evenly spread.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from itertools import count as counting
from typing import Any

from rich.progress import Progress

from bot.conversation import register_wording
from bot.conversation import request_wording as say
from bot.conversation.register_forms import CLOSE, HAND_OVER, IMPORT, LEAVER
from bot.conversation.register_page import mark
from bot.conversation.request_acts import REQUEST_ACTS
from bot.conversation.request_forms import load_request_forms
from bot.conversation.standing_in import STAND_IN
from bot.domain.approvals import Approvals
from bot.domain.register import Entry, Status
from bot.domain.request import Request, reference
from bot.domain.stages import _NO_SIGNERS
from bot.talk.message import Action, Choices, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Pressed, Reply, Submitted, Turn
from tests.domain.schools import person, school
from tests.drills.site import Ground, Site, Visitor, ground
from tests.laws import requests_matrix as law
from tests.laws.requests_matrix import HIDDEN, ME, NOT_NOW, YES, Cell

FORM = load_request_forms()["milford-account"]
ASKED = "can we have an insta page for the netball team"
PAGES: tuple[dict[str, Any], ...] = (
    {
        "platform": "Instagram",
        "handle": "Netball",
        "purpose": "News",
        "audience": ["pupils"],
        "promotion": "A letter",
        "open": "private",
    },
    {"administrators": ["teacher", "colleague"], "moderators": ["colleague"], "ready": ["read", "trained"]},
)
"""All answers that the form asks for, page by page."""
GIVEN = {name: [each] if isinstance(each, str) else each for page in PAGES for name, each in page.items()}
ACCOUNT = {"platform": "Instagram", "handle": "Netball", "administrators": "teacher colleague"}
LINES = [["purpose", "What is the aim of the account?", "News"]]
CONTENT = Sealed(json.dumps({"lines": LINES, "given": GIVEN, "register": ACCOUNT}))
WORDS = Sealed('[["why", "Why?", "words"]]')
LABELS = {
    **say.ACTS,
    "be-named": say.ACTS["reassign"],
    "ask": "Ask for a new account",
    "hand-over": register_wording.HAND_OVER,
    "close": register_wording.CLOSE,
    "done": register_wording.MARK_DONE.format(duty=register_wording.DUTIES["review"]),
    "take-in": register_wording.IMPORT,
    "export": register_wording.DOWNLOAD,
    "leavers": register_wording.LEAVER,
}
"""The button that begins each."""
FORMS = {"delegate": STAND_IN, "hand-over": HAND_OVER, "close": CLOSE, "take-in": IMPORT}
"""Forms of what is not done to a request."""
SHOWN = (say.HISTORY, register_wording.FIELDS["platform"])
"""What stands beside every request, and beside every account, once it is open."""
AT_ONCE = 200
"""Cells tried in one installation: each list there goes through all that was asked for."""
GROWING = ("requests", "request_entries", "register", "register_lines", "delegations")
"""Tables to which things are only ever added."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody before one request or account in one cell, or before none."""

    site: Site
    visitor: Visitor
    cell: Cell
    ref: str
    mark: str

    @property
    def by(self) -> str:
        """Who tries it: somebody is named by a colleague."""
        return "colleague" if self.cell.action == "be-named" else ME

    def expected(self) -> frozenset[str]:
        """What may come of it: where somebody may read a request, how they are refused the rest is the dialog's."""
        if self.cell.expected == YES and not (self.cell.action == "delegate" and self.cell.role in _NO_SIGNERS):
            return frozenset({YES})
        if self.cell.state is None:
            return frozenset({HIDDEN, NOT_NOW})
        reads = "see" if self.cell.action in law.OF_ACCOUNTS else "read"
        known = law.expected(reads, self.cell.role, self.cell.stands, self.cell.state) == YES
        return frozenset({HIDDEN, NOT_NOW} if known else {HIDDEN})

    def kept(self) -> tuple[object, ...]:
        """All that could have changed, the audit trail and what is typed and not sent apart."""
        counts = (self.site.rows(f"SELECT count(*) FROM {table}") for table in GROWING)
        return (*counts, self.site.rows("SELECT * FROM notices WHERE ref = ?", self.ref))

    # --- by buttons ---------------------------------------------------------------------------------------------------
    def buttons(self) -> str:
        """What comes of it by what the chat offers."""
        self.visitor.post("/switch", school=self.site.here.id, persona=self.by)
        match self.cell.action:
            case "read":
                return self._looked(SHOWN[0], "my requests", "requests")
            case "see":
                return self._looked(SHOWN[1], "register: netball")
            case "export" | "leavers":
                return YES if self._told("register") and self._pressed(LABELS[self.cell.action]) else HIDDEN
            case _:
                return self._changed(self._did)

    def _did(self) -> None:
        """Take the way to it that the chat shows, as far as there is one."""
        action = self.cell.action
        self._told({"ask": ASKED, "delegate": "while i am away", "take-in": "register"}.get(action, self.ref))
        if action != "delegate" and not self._pressed(LABELS[action]):
            return
        if action == "ask":
            for page in PAGES:
                self.visitor.send(**page)
        if action in ("ask", "resubmit"):
            self._pressed(FORM.submit)
        elif action not in ("approve", "done"):
            self.visitor.send(**{name: each[0].reveal() for name, each in self._typed().items()})

    def _looked(self, shown: str, *lists: str) -> str:
        """Whether it opens, and a list shows it; the two must agree."""
        listed = any(self.ref in self._told(words) for words in lists)
        opens = shown in self._told(self.ref).rpartition(self.ref.lower())[2]
        return f"listed {listed}, opens {opens}" if listed != opens else YES if opens else HIDDEN

    def _told(self, words: str) -> str:
        """The chat page after something was typed there."""
        self.visitor.get("/")
        self.visitor.post("/say", text=words.lower())
        return unescape(self.visitor.get("/").text)

    def _pressed(self, label: str) -> bool:
        """Press a button where there is one."""
        try:
            self.visitor.press(label)
        except IndexError:
            return False
        return True

    # --- forged -------------------------------------------------------------------------------------------------------
    def forged(self) -> str:
        """What comes of a turn that no page ever offered."""
        action, ref = self.cell.action, self.ref
        match action:
            case "read":
                titles = {message.title for message in self._replied(Pressed(Action("request", {"ref": ref}))).messages}
                return YES if say.HISTORY in titles else HIDDEN
            case "see":
                return YES if self._replied(Pressed(Action("entry", {"ref": ref}))).messages[0].title == ref else HIDDEN
            case "export":
                return YES if self._replied(Pressed(Action("register-file"))).file else HIDDEN
            case "leavers":
                opened = self._replied(Pressed(Action("register-leaver"))).form
                listed = self._replied(Submitted(LEAVER.id, {"person": (Sealed("colleague"),)}))
                return HIDDEN if register_wording.HIDDEN in _texts(listed) and not opened else YES
            case "ask":
                return self._changed(lambda: self._forged_pages("new"))
            case "resubmit":
                return self._changed(self._resubmitted)
            case _:
                return self._changed(lambda: [self._replied(act) for act in self._acts()][-1])

    def _acts(self) -> Iterator[Act]:
        action, key = self.cell.action, f"{self.ref}/{self.mark}"
        values = {"ref": self.ref, "seen": self.mark}
        if action == "done":
            yield Pressed(Action("register-done", {**values, **law.facts("done")}))
        elif action in FORMS:
            yield Pressed(Action("register-form", {**values, "act": action}))
            yield Submitted(FORMS[action].id, self._typed(), key)
        else:
            act = "reassign" if action == "be-named" else action
            yield Pressed(Action("request-do", {**values, "act": act}))
            yield Pressed(Action("request-form", {**values, "act": act}))
            if act in REQUEST_ACTS:
                yield Submitted(act, self._typed(), key)

    def _resubmitted(self) -> Reply:
        """Open it to be changed; where it does not open, send pages of it all the same."""
        reply = self._replied(Pressed(Action("request-again", {"ref": self.ref})))
        send = _button(reply, "request-send")
        return self._replied(Pressed(send)) if send else self._forged_pages(self.ref)

    def _forged_pages(self, ref: str) -> Reply:
        for number, page in enumerate(PAGES, 1):
            typed = {name: tuple(map(Sealed, [each] if isinstance(each, str) else each)) for name, each in page.items()}
            reply = self._replied(Submitted(f"{FORM.id}.{number}", typed, f"{ref}/forged"))
        send = _button(reply, "request-send")
        return self._replied(Pressed(send)) if send else reply

    def _replied(self, act: Act) -> Reply:
        return self.site.installed.assistant.reply(Turn(f"drill-{self.ref}", self.by, self.site.here.id, act))

    def _typed(self) -> Mapping[str, tuple[Sealed, ...]]:
        """The form of an act, filled in."""
        today, (before,) = self.site.now, self.site.rows("SELECT count(*) FROM delegations")[0]
        until = today + timedelta(days=int(str(before)))  # the same once more would change nothing
        filled = {
            "refuse": {**law.facts("refuse"), "why": "words"},
            "send-back": {"change": "words"},
            "reassign": {**law.facts("reassign"), "why": "words"},
            "be-named": {"person": ME, "why": "words"},
            "withdraw": {"reason": "words"},
            "delegate": {"to": "colleague", "since": f"{today:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"},
            "hand-over": law.facts("hand-over"),
            "close": {"sure": "yes"},
            "take-in": {"list": f"platform,handle,administrators\nX,{self.ref},colleague"},
        }
        return {name: (Sealed(text),) for name, text in filled[self.cell.action].items()}

    def _changed(self, does: Callable[[], object]) -> str:
        """Do it: whether anything was changed by it, and else how it was refused."""
        before, said = self.kept(), does()
        if before != self.kept():
            return YES
        if isinstance(said, Reply):
            return HIDDEN if {say.HIDDEN, register_wording.HIDDEN} & set(_texts(said)) else NOT_NOW
        page = unescape(self.visitor.get("/").text)
        return NOT_NOW if any(shown in page for shown in SHOWN) else HIDDEN


def _button(reply: Reply, name: str) -> Action | None:
    blocks = (block for message in reply.messages for block in message.blocks if isinstance(block, Choices))
    return next((one.action for block in blocks for one in block.options if one.action.name == name), None)


def _texts(reply: Reply) -> tuple[str, ...]:
    return tuple(block.text for message in reply.messages for block in message.blocks if isinstance(block, Para))


def drill(count: int | None) -> bool:
    """Print how many cells did what the table says, and which did not; whether all did."""
    every = list(law.cells())
    chosen = every if count is None else every[:: max(1, len(every) // count)]
    results, faults = Counter[str](), list[str]()
    with ground(school(person(ME))) as place, Progress() as progress:
        bar = progress.add_task("Cells", total=len(chosen))
        for first in range(0, len(chosen), AT_ONCE):
            for cell, how, found, expected in tried(place, chosen[first : first + AT_ONCE]):
                results[f"{how}: {found}"] += 1
                progress.advance(bar, 0.5)
                if found not in expected:
                    faults.append(f"{how}: {cell} should be {' or '.join(sorted(expected))} and is {found}")
    for fault in faults[:20]:
        print(fault)
    print(", ".join(f"{name} {number:,}" for name, number in sorted(results.items())))
    print(f"{len(chosen):,} of {len(every):,} cells by buttons and forged: {len(faults)} not as the table says")
    return not faults


def tried(place: Ground, cells: Iterable[Cell]) -> Iterator[tuple[Cell, str, str, frozenset[str]]]:
    """Each of these cells with what is found and what may be, by buttons and by forged ones."""
    everyone = school(*(person(one) for one in (ME, "teacher", "colleague", "spare")))
    with place.site(everyone) as site:
        visitor, numbers = site.visitor(ME), counting(10**6, 10**5 + 3)
        for cell in cells:
            for how in ("buttons", "forged"):
                trial = Trial(site, visitor, cell, *put(site, cell, reference(next(numbers))))
                before = trial.kept()
                found = trial.buttons() if how == "buttons" else trial.forged()
                if found != YES and trial.kept() != before:
                    found = f"{found}, and left a trace"
                yield cell, how, found, trial.expected()


def put(site: Site, cell: Cell, ref: str) -> tuple[str, str]:
    """The request or account of a cell, and the school in which somebody stands to it so; its reference and mark."""
    desk, kept = law.arranged(cell.stands, cell.state, cell.role)
    site.become(desk.here)
    if kept == law.ACCOUNT:
        entry = replace(desk.entries()[0], ref="E" + ref[1:])
        _put_account(site.installed.approvals, entry)
        return entry.ref, mark(entry)
    return _put_request(site.installed.approvals, desk.request(kept), ref)


def _put_account(approvals: Approvals, entry: Entry) -> None:
    with approvals.records.work(entry.school) as work:
        work.add_entry(replace(entry, history=(), status=Status.LIVE))
        for line in entry.history:
            work.append_entry(entry.ref, line)


def _put_request(approvals: Approvals, request: Request, ref: str) -> tuple[str, str]:
    with approvals.records.work(request.school) as work:
        work.add_request(replace(request, ref=ref, form=FORM.id, entries=()), ref)
        for entry in request.entries:
            text = CONTENT if entry.kind == "submitted" else WORDS
            closed = approvals.box.close(request.school, f"{ref}/{entry.seq}", text) if entry.written else None
            work.append_request(ref, entry, closed)
    return ref, str(request.mark)
