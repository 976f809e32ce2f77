from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from bot.channels.web.render import VERDICTS, Chrome, render_block, render_form, render_message, shown
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Action, Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed
from tests.fakes import everything

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp; {{ 7*7 }}{% raw %} <@U1> **b** "
    "\u202egnirts\u2066 \x00\x07\x1b[31m\ud800 =1+1 </textarea></title>"
)
CLEAN = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp; {{ 7*7 }}{% raw %} <@U1> **b** "
    "gnirts [31m =1+1 </textarea></title>"
)


def drawn(block: Block) -> str:
    without_icons = re.sub(r"<svg.*?</svg>", "(sign)", render_block(block, "1.0.0", Chrome("T")), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", without_icons)


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (Para("a < b"), '<p class="para" dir="auto">a &lt; b</p>'),
        (
            Alert("Phone 999."),
            '<div class="alert">(sign)<div><strong class="alert-word">Important</strong>'
            '<p class="alert-text" dir="auto">Phone 999.</p></div></div>',
        ),
        (
            Ruling("no", "No", "Not allowed."),
            '<div class="ruling ruling--no"><p class="plate">(sign)<bdi class="plate-word">No</bdi></p>'
            '<p class="ruling-text" dir="auto">Not allowed.</p></div>',
        ),
        (
            Quote("Do not.", "Policy, 4", "whgs/4"),
            '<figure class="quote"><blockquote dir="auto">Do not.</blockquote><figcaption>'
            '<span class="vh">Source: </span><cite><bdi>Policy, 4</bdi></cite> <code class="ref">'
            "<bdi>whgs/4</bdi></code></figcaption></figure>",
        ),
        (
            Facts((("DSL", "Ms O"),)),
            '<dl class="facts"><div><dt dir="auto">DSL</dt><dd dir="auto">Ms O</dd></div></dl>',
        ),
        (
            Points((("First", "save."), ("", "wait."))),
            '<ul class="points"><li dir="auto"><strong><bdi>First</bdi></strong> save.</li>'
            '<li dir="auto">wait.</li></ul>',
        ),
        (Note("Small."), '<p class="note" dir="auto">Small.</p>'),
        (
            Choices("Which?", (Choice("This", Action("a", {"b": "c"})),)),
            '<div class="choices" role="group" aria-label="Which?">'
            '<p class="choices-question" dir="auto">Which?</p><ul><li>'
            '<form method="post" action="/press#trouble-box"><input type="hidden" name="token" value="T">'
            '<button class="choice" name="choice" value="1.0.0.0"><bdi>This</bdi></button></form></li></ul></div>',
        ),
    ],
)
def test_each_block_is_drawn_as_what_it_means(block: Block, html: str) -> None:
    assert drawn(block) == html


def test_every_kind_of_ruling_has_its_own_sign_and_an_unknown_one_the_sign_of_none() -> None:
    signs = {kind: re.findall(r"<svg.*?</svg>", render_block(Ruling(kind, "", "")), re.DOTALL)[0] for kind in VERDICTS}

    assert len(set(signs.values())) == len(VERDICTS)
    assert render_block(Ruling('x" onclick="', "L", "")) == render_block(Ruling("none", "L", ""))


def test_a_long_quote_is_shown_whole() -> None:
    text = "a long clause " * 2000

    assert text in render_block(Quote(text, "", ""))


class Seen(HTMLParser):
    """The texts of a page and the names of its tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [tag, *(name for name, _ in attrs)]
        self.texts += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def blocks_with(text: str) -> Message:
    choices = Choices(text, (Choice(text, Action(text, {text: text})),))
    texts = (Para(text), Alert(text), Ruling("no", text, text), Quote(text, text, text), Note(text))
    return Message(text, (*texts, Facts(((text, text),)), Points(((text, text),)), choices))


def form_with(text: str) -> Markup:
    options = (Choosable(text, text),)
    kinds = [Question(kind.value, text, kind, hint=text, required=False, options=options) for kind in Kind]
    given = {kind.value: (Sealed(text),) for kind in Kind}
    problems = {kind.value: text for kind in Kind} | {"": text}
    return render_form(Form(text, text, text, tuple(kinds)), given, problems)


@pytest.mark.parametrize("draw", [lambda text: render_message(blocks_with(text)), form_with])
def test_hostile_text_is_text_and_adds_no_element_and_no_attribute(draw: object) -> None:
    plain, hostile = Seen(draw("x")), Seen(draw(HOSTILE))  # type: ignore[operator]

    assert hostile.names == plain.names
    assert [text.replace(CLEAN, "x") for text in hostile.texts] == plain.texts


def test_controls_and_what_turns_text_round_go_and_every_other_character_stays() -> None:
    assert shown("a\x00\x1b\x9f\u202a\u202e\u2066\u2069\ud800b\r\nc\rd\te") == "ab\nc\nd\te"
    assert shown("Zoë שלום\u200f 👩🏽‍🏫 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301") == "Zoë שלום\u200f 👩🏽‍🏫 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301"


def test_the_fake_shows_every_kind_of_block() -> None:
    assert {type(block) for block in everything().blocks} == set(Block.__args__)


def test_a_problem_of_the_whole_form_is_said_instead_of_how_many_answers_to_check() -> None:
    drawn = render_form(Form("f", "Form", "Send", (Question("a", "What?"),)), {}, {"": "NOT recorded."})
    assert "NOT recorded.</h2>" in drawn
    assert "Please check" not in drawn
