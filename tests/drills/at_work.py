"""One person at one channel: in a browser over HTTP, or at a keyboard line by line; both do the same things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from queue import Empty, Queue
from threading import Thread
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.terminal import labels as terminal
from bot.channels.terminal.app import chat
from bot.channels.web import labels as web
from bot.conversation.written import Line
from bot.domain.people import Practice
from bot.talk.form import Form, Kind, Question
from bot.talk.turn import Assistant
from tests.drills.answers import Answers
from tests.drills.site import BASE, Visitor

PATIENCE = 30.0
BUTTON = re.compile(r'name="choice" value="([^"]+)"[^>]*><bdi>([^<]*)</bdi>')
_FACT = re.compile(r'<dt dir="auto">(.*?)</dt><dd dir="auto">(.*?)</dd>', re.DOTALL)
_COMMAND = re.compile(r"\s*/+(?:close|keep|help|quit)\s*")
_DOTS = re.compile(r"\s*\.+\s*")


class Fault(Exception):
    """Something is not as it must be."""


class Hand(Protocol):
    """What somebody does, and what they see of it."""

    def say(self, words: str) -> None:
        """Type something into the chat."""

    def press(self, label: str) -> None:
        """Press the newest button with a label. Raises Fault."""

    def fill(self, page: Form, answers: Answers, keep: Collection[str] = ()) -> dict[str, str]:
        """Fill in the open page and send it; `keep` is left as it stands. The problems that stood beside questions."""

    def put_away(self, page: Form, answers: Answers) -> None:
        """Fill in what there is of the open page, its first questions, and close it."""

    def shows(self, lines: Iterable[Line]) -> bool:
        """Whether each question stands with its answer in what came last."""

    @property
    def text(self) -> str:
        """What came last."""

    def leave(self) -> None:
        """Go."""


def plain(text: str) -> str:
    """A text without its line breaks and runs of spaces."""
    return " ".join(text.split())


# --- in a browser ----------------------------------------------------------------------------------------------------
class Sheet(HTMLParser):
    """The form on a page: what stands in each question, and the problem beside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.given: dict[str, list[str]] = {}
        self.problems: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._beside: dict[str, str] = {}
        self._in, self._name, self.number = "", "", ""
        self.feed(html.partition('<form id="answers"')[2].partition("</form>")[0])
        self.problems = {self._ids[key]: plain(text) for key, text in self._beside.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if at.get("name") == "form":
            self.number = at["value"]
        if at.get("name", "").startswith("q."):
            self._name = at["name"].removeprefix("q.")
            self.given.setdefault(self._name, [])
            if at.get("id"):
                self._ids[at["id"]] = self._name
        if tag == "textarea":
            self._in = "textarea"
        if at.get("class") == "problem":
            self._in = at["id"].removesuffix("-problem")
        ticked = at.get("type") in ("radio", "checkbox") and "checked" in at
        if self._name and at.get("value") and (at.get("type") == "text" or ticked or "selected" in at):
            self.given[self._name].append(at["value"])

    def handle_data(self, data: str) -> None:
        if self._in == "textarea":
            self.given[self._name] += [text] if (text := data.removeprefix("\n")) else []
        elif self._in and plain(data) != web.PROBLEM:
            self._beside[self._in] = self._beside.get(self._in, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "p"):
            self._in = ""


@dataclass
class Browser:
    """Somebody with a browser; the page is asked for once after each thing they do."""

    app: Starlette
    school: str
    person: str
    client: TestClient = field(init=False)
    visitor: Visitor = field(init=False)
    page: str = ""

    def __post_init__(self) -> None:
        self.client = TestClient(self.app, base_url=BASE, follow_redirects=False)
        self.client.__enter__()
        self.visitor = Visitor(self.client, self.school, self.person)

    @property
    def sheet(self) -> Sheet:
        """The form that is open."""
        return Sheet(self.page)

    @property
    def _last(self) -> str:
        return self.page.rpartition('<article class="exchange"')[2].partition(">")[2].partition("</article>")[0]

    @property
    def text(self) -> str:
        """What came last."""
        return plain(unescape(re.sub("<[^>]*>", " ", self._last)))

    def _post(self, to: str, **fields: Any) -> None:
        status = self.visitor.post(to, **fields).status_code
        if status != 303:
            raise Fault(f"{to} came back with {status}")
        self.page = self.visitor.get("/").text

    def say(self, words: str) -> None:
        """Type something into the chat."""
        self._post("/say", text=words)

    def press(self, label: str) -> None:
        """Press the newest button with a label. Raises Fault."""
        found = [spot for spot, text in BUTTON.findall(self.page) if unescape(text) == label]
        if not found:
            raise Fault(f"no button {label}")
        self._post("/press", choice=found[-1])

    def fill(self, page: Form, answers: Answers, keep: Collection[str] = ()) -> dict[str, str]:
        """Fill in the open page and send it."""
        sheet = self.sheet
        self._send("/submit", page, {**answers, **{name: tuple(sheet.given[name]) for name in keep}}, sheet)
        return sheet.problems

    def put_away(self, page: Form, answers: Answers) -> None:
        """Fill in what there is of the open page, and close it."""
        self._send("/close", page, answers, self.sheet)

    def _send(self, to: str, page: Form, answers: Answers, sheet: Sheet) -> None:
        if list(sheet.given) != [each.name for each in page.questions]:
            raise Fault(f"{page.id} asks {list(sheet.given)}")
        # A browser sends what is ticked in the order of the page.
        order = {each.name: [option.value for option in each.options] for each in page.questions}
        fields = {name: [*answers.get(name, ())] for name in sheet.given}
        fields |= {name: sorted(fields[name], key=known.index) for name, known in order.items() if known}
        self._post(to, form=sheet.number, **{f"q.{name}": each for name, each in fields.items()})

    def shows(self, lines: Iterable[Line]) -> bool:
        """Whether each question stands with its answer in what came last."""
        facts = {(unescape(label), unescape(words)) for label, words in _FACT.findall(self._last)}
        return facts >= {(label, words) for _, label, words in lines}

    def leave(self) -> None:
        """Close the browser."""
        self.client.__exit__()


# --- at a keyboard ---------------------------------------------------------------------------------------------------
class Keyboard(StringIO):
    """Somebody at a terminal: a line is typed once the chat waits for it."""

    def __init__(self, assistant: Assistant, practice: Practice, school: str, person: str) -> None:
        super().__init__()
        self._screen, self._mark = StringIO(), 0
        self._typed: Queue[str] = Queue()
        self._waits: Queue[None] = Queue()
        self._chat = Thread(target=chat, args=(assistant, practice, school, person, self, self._screen), daemon=True)
        self._chat.start()
        self._wait()

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """The next line, once it is typed."""
        self._waits.put(None)
        return self._typed.get()

    def _wait(self) -> None:
        try:
            self._waits.get(timeout=PATIENCE)
        except Empty:
            raise Fault("the chat in the terminal does not go on") from None

    def _type(self, line: str) -> None:
        self._mark = len(self._screen.getvalue())
        self._typed.put(f"{line}\n")
        self._wait()

    @property
    def _new(self) -> str:
        return self._screen.getvalue()[self._mark :].partition("\n")[2]

    @property
    def text(self) -> str:
        """What came last."""
        return plain(self._new)

    def say(self, words: str) -> None:
        """Type something into the chat."""
        self._type(words)

    def press(self, label: str) -> None:
        """Type the number of the newest choice with a label. Raises Fault."""
        self._type(self._number(label))

    def _number(self, label: str) -> str:
        found = re.findall(rf"^ +(\d+)  {re.escape(label)}$", self._new, re.MULTILINE)
        if not found:
            raise Fault(f"no choice {label}")
        return str(found[-1])

    def fill(self, page: Form, answers: Answers, keep: Collection[str] = ()) -> dict[str, str]:
        """Answer what is asked of the open page, and send it."""
        beside = {}
        while asked := self._asked(page):
            if problem := re.search(rf"! {terminal.PROBLEM}: (.*(?:\n  \S.*)*)", self._new):
                # Options are indented as the second line of a problem is.
                beside[asked.name] = plain(re.split(r"\n +\d+  ", problem[1])[0])
            self._answer(asked, ("/keep",) if asked.name in keep else answers.get(asked.name, ()), asked.name in keep)
            if self.text.startswith((terminal.NOTHING_TO_KEEP, terminal.NOT_ON_LIST)):
                raise Fault(f"{page.id}, {asked.name}: {self.text}")
        if plain(terminal.FORM_READY.format(submit=page.submit)) not in self.text:
            raise Fault(f"{page.id} cannot be sent: {self.text}")
        self._type("")
        return beside

    def put_away(self, page: Form, answers: Answers) -> None:
        """Answer as many questions as there are answers, and close the page."""
        while (asked := self._asked(page)) and asked.name in answers:
            self._answer(asked, answers[asked.name])
        self._type("/close")

    def _asked(self, page: Form) -> Question | None:
        place = re.search(r"^Question (\d+) of (\d+)$", self._new, re.MULTILINE)
        if place is None:
            return None
        asked = page.questions[int(place[1]) - 1]
        if int(place[2]) != len(page.questions) or plain(asked.label) not in self.text:
            raise Fault(f"{page.id} asks {self.text}")
        return asked

    def _answer(self, question: Question, given: tuple[str, ...], command: bool = False) -> None:
        if command:
            self._type(given[0])
        elif question.options:
            labels = {option.value: option.label for option in question.options}
            self._type(", ".join(self._number(labels[value]) for value in given))
        elif question.kind is Kind.TEXT:
            for line in given[0].split("\n") if given else ():
                self._type(line.replace(".", "..", 1) if _DOTS.fullmatch(line) else _slashed(line))
            self._type(".")
        else:
            self._type(_slashed(given[0]) if given else "")

    def shows(self, lines: Iterable[Line]) -> bool:
        """Whether each question stands with its answer in what came last."""
        rows = (
            plain(f"{label}{'' if label.endswith((':', '.', '?', '!')) else ':'} {words}") for _, label, words in lines
        )
        return all(row in self.text for row in rows)

    def leave(self) -> None:
        """The end of the input."""
        self._typed.put("")
        self._chat.join(PATIENCE)


def _slashed(line: str) -> str:
    """A line that would be a command, with one slash more."""
    return line.replace("/", "//", 1) if _COMMAND.fullmatch(line) else line
