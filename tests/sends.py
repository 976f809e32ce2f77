"""
What a person sends for given answers, channel by channel, brought back through that channel's real reading.

Answers are texts by question name: of ONE and MANY the values of the options, of the others what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from bot.channels.slack.read import typed
from bot.channels.slack.view import NO_ANSWER, form_view, options
from bot.channels.terminal.app import chat
from bot.channels.web.read import ANSWER, read_fields, read_typed
from bot.channels.web.render import render_form
from bot.domain.people import Person, Practice, School
from bot.talk.day import read_day
from bot.talk.form import Kind, Question
from bot.talk.turn import FormReply, Reply, Submitted, Turn, Typed

Answers = Mapping[str, tuple[str, ...]]
Send = Callable[[FormReply, Answers], Typed]

PRACTICE = Practice((School("oak", "Oak School", "oak", (Person("teacher", "Teacher"),)),))


def by_terminal(reply: FormReply, answers: Answers) -> Typed:
    """Type into a chat that greets with the form: an answer to each question that is asked, then Enter."""
    asked = [question for question in reply.form.questions if not reply.problems or question.name in reply.problems]
    lines = [line for question in asked for line in _typed_lines(question, answers[question.name])]
    clerk = _Clerk(reply)
    typed = StringIO("".join(f"{line}\n" for line in [*lines, ""]))
    assert chat(clerk, PRACTICE, "oak", "teacher", typed, StringIO()) == 0
    (sent,) = clerk.sent
    return sent


@dataclass
class _Clerk:
    """Hands out one form and keeps what comes back."""

    reply_with: FormReply
    sent: list[Typed] = field(default_factory=list)

    def greet(self, person: str, school: str) -> Reply:
        return Reply(form=self.reply_with)

    def reply(self, turn: Turn) -> Reply:
        assert isinstance(turn.act, Submitted)
        self.sent.append(turn.act.typed)
        return Reply()


def _typed_lines(question: Question, given: tuple[str, ...]) -> list[str]:
    match question.kind:
        case Kind.ONE | Kind.MANY:
            numbers = {option.value: str(number) for number, option in enumerate(question.options, 1)}
            return [", ".join(numbers[value] for value in given)]
        case Kind.TEXT:
            lines = re.split("\r\n|\r|\n", given[0]) if given else []
            return [*(_dotted(line) for line in lines), "."]
        case _:
            return [_slashed(given[0]) if given else ""]


def _dotted(line: str) -> str:
    return re.sub(r"\.", "..", line, count=1) if re.fullmatch(r"\s*\.+\s*", line) else _slashed(line)


def _slashed(line: str) -> str:
    command = re.fullmatch(r"\s*/+(close|keep|help|quit)\s*", line)
    return line.replace("/", "//", 1) if command else line


def by_web(reply: FormReply, answers: Answers) -> Typed:
    """Fill in the form as the page shows it, and send all its fields as a browser does."""
    page = _Page()
    page.feed(str(render_form(reply.form, reply.given, reply.problems)))
    for question in reply.form.questions:
        if not reply.problems or question.name in reply.problems:
            page.fill(ANSWER + question.name, answers[question.name])
    return read_typed(reply.form, read_fields(urlencode(page.sent()).encode()))


@dataclass
class _Field:
    """A control of a page: what it would send, and whether it sends."""

    tag: str
    name: str
    value: str
    on: bool = True


class _Page(HTMLParser):
    """The controls of a form, as a browser holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[_Field] = []
        self._select = ""
        self._writing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        match tag:
            case "input":
                ticks = found.get("type") in ("radio", "checkbox")
                kind = found["type"] if ticks else "input"
                self.fields.append(_Field(kind, found["name"], found["value"], not ticks or "checked" in found))
            case "textarea":
                self.fields.append(_Field(tag, found["name"], ""))
                self._writing = True
            case "select":
                self._select = found["name"]
            case "option":
                self.fields.append(_Field(tag, self._select, found["value"], "selected" in found))

    def handle_data(self, data: str) -> None:
        if self._writing:
            self.fields[-1].value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._writing = False
            # The line break right behind the tag is not part of the text.
            self.fields[-1].value = self.fields[-1].value.removeprefix("\n")
        if tag == "select":
            options = [option for option in self.fields if option.name == self._select]
            options[0].on = not any(option.on for option in options[1:])

    def fill(self, name: str, given: tuple[str, ...]) -> None:
        """Type or tick; what is not given is emptied, a chosen radio button can only be changed."""
        mine = [control for control in self.fields if control.name == name]
        assert mine, f"no field for {name}"
        for control in mine:
            if control.tag in ("input", "textarea"):
                control.value = given[0] if given else ""
            elif control.tag == "checkbox":
                control.on = control.value in given
            else:
                control.on = control.value == (given[0] if given else "")

    def sent(self) -> list[tuple[str, str]]:
        """Names and values in the order of the page, line breaks as a browser sends them."""
        return [(one.name, re.sub("\r\n|\r|\n", "\r\n", one.value)) for one in self.fields if one.on]


class Withheld(Exception):
    """What Slack's own window does not send in, since it finds fault with it: the names of these questions."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names = names


def by_slack(reply: FormReply, answers: Answers) -> Typed:
    """Fill in the window as Slack shows it and send it. Raises Withheld where Slack's own window would not."""
    inputs = [block for block in form_view(reply)["blocks"] if block["type"] == "input"]
    state: dict[str, Any] = {}
    withheld = set()
    for question, block in zip(reply.form.questions, inputs, strict=True):
        element = block["element"]
        changed = not reply.problems or question.name in reply.problems
        try:
            held = _filled(question, element, answers[question.name] if changed else None)
            if not block["optional"] and not any(held.values()):
                raise ValueError
        except ValueError:
            withheld.add(question.name)
            continue
        state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    if withheld:
        raise Withheld(withheld)
    return typed({"state": {"values": state}})


def _filled(question: Question, element: Mapping[str, Any], given: tuple[str, ...] | None) -> dict[str, Any]:
    """What an input sends, which is what stands in it where nothing is `given`. Raises ValueError where it refuses."""
    first = {name.removeprefix("initial_"): value for name, value in element.items() if name.startswith("initial_")}
    match element["type"]:
        case "plain_text_input":
            text = first.get("value") if given is None else "".join(given)
            if len(text or "") > element["max_length"]:
                raise ValueError
            return {"value": re.sub("\r\n|\r", "\n", text) if text else None}
        case "number_input":
            number = (first.get("value", "") if given is None else "".join(given)).strip()
            if number and not (re.fullmatch("[+-]?[0-9]+", number) and _within(int(number), element)):
                raise ValueError
            return {"value": number or None}
        case "datepicker":
            # Whoever can tell the day can pick it; nothing else can be picked.
            day = given[0].strip() if given else ""
            picked = read_day(day).isoformat() if day else None
            return {"selected_date": first.get("date") if given is None else picked}
        case "radio_buttons" | "static_select" | "external_select":
            chosen = _chosen(question, element, given or (NO_ANSWER,))
            return {"selected_option": first.get("option") if given is None else next(iter(chosen), None)}
        case _:
            chosen = _chosen(question, element, given or ())
            return {"selected_options": first.get("options", []) if given is None else chosen}


def _within(number: int, element: Mapping[str, Any]) -> bool:
    return int(element["min_value"]) <= number <= int(element["max_value"])


def _chosen(question: Question, element: Mapping[str, Any], given: tuple[str, ...]) -> list[dict[str, Any]]:
    offered = element.get("options") or options(question)
    return [option for option in offered if option["value"] in given]


CHANNELS: Mapping[str, Send] = {"terminal": by_terminal, "web": by_web, "slack": by_slack}
