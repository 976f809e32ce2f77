"""Law 3: hostile text is shown as text, wherever it stands, on the terminal, on the web and in Slack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from html.parser import HTMLParser
from io import StringIO
from typing import get_args

import pytest

from bot.channels.slack.read import pressed
from bot.channels.slack.render import render as render_in_slack
from bot.channels.slack.view import form_view, message_view
from bot.channels.terminal.app import chat
from bot.channels.terminal.render import Asked, render, render_form, render_line, render_question
from bot.channels.web import render as web
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import (
    Action,
    Alert,
    Block,
    Choice,
    Choices,
    Facts,
    Link,
    Message,
    Note,
    Para,
    Points,
    Quote,
    Ruling,
)
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply
from tests.channels.terminal.fake_assistant import PRACTICE, FakeAssistant
from tests.channels.web.pages import Visitor

HOSTILE = {
    "mentions": "<!channel> <@U0123> <#C01|x> @everyone <at>Head</at>",
    "mrkdwn": "*b* _i_ ~s~ `c` ```p``` &lt;x&gt; <http://e.vil|ok>",
    "markdown": "# h [a](http://e.vil) ![i](u) **b** | t | > q - l",
    "html": "<script>x()</script><img src=x onerror=x()><b>b</b>",
    "html attribute": '"\' onclick=x() autofocus x="y" `z` --> ]]>',
    "html end": "</p></textarea></title></script></select><!-- x",
    "card": "${x} {{DATE(2026-01-01)}} [a](b) \\n <at>x</at> &#x41;",
    "jinja": "{{ 7*7 }} {% raw %}{# c #} {{ config }} {{ labels }}",
    "rich": "[bold red]x[/] [link=http://e.vil]y[/link] :smile: [/]",
    "format": "{0} {text} {labels.HOST} %s %(x)s $x ${HOME} \\x1b[31m",
    "formula": '=1+1 +1 -1 @x =HYPERLINK("http://e.vil")',
    "ansi": "a\x1b[31mred\x1b[0m \x1b[2J\x1b[H \x1b(0 b",
    "title and link": "a\x1b]0;owned\x07 \x1b]8;;http://e.vil\x1b\\b\x1b]8;;\x1b\\",
    "eight bit": "a\x9b31m b\x9downed\x9c \x84\x85\x8d c",
    "control": "a\x00b\x07c\x08d\x0be\x0cf\x0eg\x1ah\x7fi",
    "overwrite": "harmless\rowned\b\b\b\b",
    "bidi": "a\u202enimda\u202c \u2066b\u2069 \u202ac \u202dd \u2067e \u2068f",
    "marks": "a\u200eb\u200fc\u061cd",
    "surrogate": "a\ud800b\udfffc",
}
"""Each short enough to stand on one line of a terminal."""

KEPT = "\n\t"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
MARKS = "\u200e\u200f\u061c"

STAND_IN = "\u2603"
"""A harmless text that stands nowhere else on a page, to see where a text comes out."""

SGR = re.compile(r"\x1b\[[0-9;]*m")


def clean(text: str, but: str = "") -> str:
    """What is left to show: no control character, no surrogate, nothing that turns text round."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    dropped = TURNING + but
    return "".join(c for c in text if c in KEPT or (unicodedata.category(c) not in ("Cc", "Cs") and c not in dropped))


def packed(text: str) -> str:
    """Text without what wrapping changes: spaces, line breaks and the bar in front of a quote."""
    return re.sub(r"[\s│]", "", text)


def blocks(text: str) -> dict[type[Block], Block]:
    """A block of every kind with the text in every position."""
    every: tuple[Block, ...] = (
        Para(text),
        Alert(text),
        Ruling(text, text, text),
        Quote(text, text, text),
        Facts(((text, text),)),
        Points(((text, text), ("", text))),
        Note(text),
        Choices(text, (Choice(text, Action(text, {text: text})),)),
        Link(text, Sealed("https://signpost.example/in/token")),
    )
    return {type(block): block for block in every}


def form(text: str) -> Form:
    """A form with a question of every kind and the text in every position."""
    options = (Choosable(text, text), Choosable("other", text))
    asked = (
        Question(f"{kind}-{need}", text, kind, text, need, options if kind in (Kind.ONE, Kind.MANY) else ())
        for kind in Kind
        for need in (True, False)
    )
    many = tuple(Choosable(f"{text}{number}", text) for number in range(20))
    return Form(text, text, text, (*asked, Question("long", text, Kind.ONE, options=many)))


def texts_of(form: Form) -> tuple[dict[str, tuple[Sealed, ...]], dict[str, str]]:
    """The form's title as what was given to each question, and as the problem of each and of the whole form."""
    names = [question.name for question in form.questions]
    return {name: (Sealed(form.title),) for name in names}, {name: form.title for name in [*names, "", form.title]}


def on_terminal(text: str, colour: bool = False) -> str:
    drawn = [render(Message(text, (block,)), 88, colour=colour) for block in blocks(text).values()]
    asked = form(text)
    given, problems = texts_of(asked)
    drawn.append(render_form(asked, problems.values(), 88, colour=colour))
    drawn += [
        render_question(Asked(question, 1, 1, given[question.name], text), 88, colour=colour)
        for question in asked.questions
    ]
    return "\n".join([*drawn, render_line(text, 88)])


def on_web(text: str) -> str:
    asked = form(text)
    given, problems = texts_of(asked)
    message = web.render_message(Message(text, tuple(blocks(text).values())))
    return str(message) + str(web.render_form(asked, given, problems))


class Seen(HTMLParser):
    """What a browser makes of a page: names of elements and attributes, and every text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.texts: list[str] = []
        self._run = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [tag, *(name for name, _ in attrs)]
        self.texts += [value or "" for _, value in attrs]
        self._run = False

    def handle_endtag(self, tag: str) -> None:
        self.names.append(f"/{tag}")
        self._run = False

    def handle_data(self, data: str) -> None:
        if self._run:
            self.texts[-1] += data
        else:
            self.texts.append(data)
        self._run = True

    def handle_comment(self, data: str) -> None:
        self.names.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.names.append("declaration")


def test_every_kind_of_block_and_question_is_tried() -> None:
    assert blocks("x").keys() == set(get_args(Block))
    assert {question.kind for question in form("x").questions} == set(Kind)
    assert {f.name for f in fields(Question)} == {
        "name",
        "label",
        "kind",
        "hint",
        "required",
        "options",
        "least",
        "most",
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_the_terminal_shows_the_text_and_obeys_none_of_it(name: str) -> None:
    drawn = on_terminal(HOSTILE[name])

    assert [c for c in drawn if c != "\n" and clean(c, but=MARKS) != c] == []
    assert packed(drawn).count(packed(clean(HOSTILE[name], but=MARKS))) == on_terminal(STAND_IN).count(STAND_IN)


@pytest.mark.parametrize("name", HOSTILE)
def test_in_colour_the_only_escape_sequences_are_our_own(name: str) -> None:
    plain, hostile = on_terminal(STAND_IN, colour=True), on_terminal(HOSTILE[name], colour=True)

    assert set(SGR.findall(hostile)) == set(SGR.findall(plain))
    assert SGR.sub("", hostile) == on_terminal(HOSTILE[name])


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "surrogate"])
def test_what_a_person_types_cannot_steer_the_terminal_either(name: str) -> None:
    out = StringIO()
    chat(FakeAssistant(), PRACTICE, "oak", "teacher", StringIO(f"{HOSTILE[name]}\n"), out)

    assert [c for c in out.getvalue() if c != "\n" and clean(c, but=MARKS) != c] == []
    assert packed(out.getvalue()).count(packed(clean(HOSTILE[name], but=MARKS))) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_the_web_shows_the_text_and_gains_no_element_and_no_attribute(name: str) -> None:
    harmless, hostile = Seen(on_web(STAND_IN)), Seen(on_web(HOSTILE[name]))

    assert hostile.names == harmless.names
    assert hostile.texts == [text.replace(STAND_IN, clean(HOSTILE[name])) for text in harmless.texts]


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "surrogate"])
def test_a_whole_page_of_the_web_shows_what_was_said_as_text(name: str) -> None:
    harmless, hostile = (_page_after(text) for text in (STAND_IN, HOSTILE[name]))

    assert hostile.names == harmless.names
    assert hostile.texts == [text.replace(STAND_IN, clean(HOSTILE[name])) for text in harmless.texts]


def _page_after(said: str) -> Seen:
    visitor = Visitor()
    token = visitor.page.value("token")
    visitor.say(said)
    return Seen(visitor.client.get("/").text.replace(token, "token"))


def in_slack(text: str) -> list[object]:
    asked = form(text)
    message = Message(text, tuple(blocks(text).values()))
    reply = FormReply(asked, *texts_of(asked))
    return [*render_in_slack(message), message_view([Message("Title", ()), message]), form_view(reply, [message])]


def inside(held: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Everything in what is sent, each with its place."""
    if isinstance(held, dict | list):
        for name, value in held.items() if isinstance(held, dict) else enumerate(held):
            yield from inside(value, f"{path}.{name}")
    else:
        yield path, held


READ_AS_MARKUP = {"mrkdwn", "markdown", "link", "user", "channel", "usergroup", "broadcast", "emoji", "date", "color"}
OURS = (".value", ".block_id", ".private_metadata")
"""What Slack hands back and does not show."""


@pytest.mark.parametrize("name", HOSTILE)
def test_slack_is_sent_the_text_only_where_it_reads_no_markup(name: str) -> None:
    harmless, hostile = dict(inside(in_slack(STAND_IN))), dict(inside(in_slack(HOSTILE[name])))

    assert {value for path, value in hostile.items() if path.endswith(".type")}.isdisjoint(READ_AS_MARKUP)
    assert {value for path, value in hostile.items() if path.endswith(".emoji")} == {False}
    assert [path for path in hostile if path not in harmless] == []
    assert {
        path: value
        for path, value in hostile.items()
        if value != harmless[path] and not path.endswith(OURS) and not shows(value, harmless[path], HOSTILE[name])
    } == {}


def shows(sent: object, harmless: object, text: str) -> bool:
    """Whether this is the harmless text with the hostile one in its stead, as far as it fits."""
    whole, seen = packed(str(harmless).replace(STAND_IN, clean(text))), packed(str(sent))
    return seen == whole or (seen.endswith("…") and whole.startswith(seen[:-1]))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_button_of_slack_hands_back_what_it_was_given_and_nothing_else(name: str) -> None:
    text = HOSTILE[name]
    every = [
        button for part in render_in_slack(Message("", (blocks(text)[Choices],))) for button in part[-1]["elements"]
    ]

    assert [pressed(button) for button in every] == [Action(text, {text: text})]
