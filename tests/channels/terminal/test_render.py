"""Every block and every question, as the exact text that a terminal shows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.channels.terminal.render import RULINGS, Asked, render, render_form, render_question
from bot.channels.terminal.wrap import shown, wrap
from bot.talk.form import Choosable, Form, Kind, Question
from bot.talk.message import Action, Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def drawn(*blocks: Block, width: int = 40) -> str:
    return render(Message("Not drawn", blocks), width)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Para("One line.\nAnd one more."), "One line.\nAnd one more."),
        (Alert("Phone 999."), "!! Important: Phone 999."),
        (Ruling("no", "No", "Not allowed."), "✘ No\nNot allowed."),
        (Ruling("unheard-of", "Well", ""), "? Well"),
        (Quote("Do not.", "Policy, 4", "oak/4"), "│ Do not.\n— Policy, 4 (oak/4)"),
        (Quote("Do not.", "", ""), "│ Do not."),
        (Facts((("DSL", "Ms O"), ("Room?", "12"), ("Deputy", ""))), "DSL: Ms O\nRoom? 12\nDeputy:"),
        (Points((("First", "save."), ("", "Wait."))), "• First: save.\n• Wait."),
        (Note("Small."), "Note: Small."),
        (Choices("", (Choice("This", Action("a")),)), "  1  This"),
        (Choices("Which?", (Choice("This", Action("a")), Choice("", Action("b")))), "Which?\n  1  This\n  2  -"),
    ],
)
def test_each_block_is_drawn_as_what_it_means(block: Block, text: str) -> None:
    assert drawn(block) == text


def test_choices_are_numbered_through_all_blocks_of_a_reply() -> None:
    two = Choices("Which?", (Choice("A", Action("a")), Choice("B", Action("b"))))

    assert render(Message("", (two, two)), 40, first=8) == "Which?\n  8  A\n  9  B\n\nWhich?\n  10  A\n  11  B"


def test_what_does_not_fit_goes_on_below_its_first_word() -> None:
    message = (
        Quote("a clause that is too long for one line", "Policy", "oak/4"),
        Points((("", "a point that is too long for one line"),)),
        Choices("", (Choice("a choice that is too long for one line", Action("a")),)),
    )

    assert drawn(*message, width=24) == (
        "│ a clause that is too\n│ long for one line\n— Policy (oak/4)\n\n"
        "• a point that is too\n  long for one line\n\n"
        "  1  a choice that is\n     too long for one\n     line"
    )


def test_no_line_is_wider_than_88_however_wide_the_window() -> None:
    assert [len(line) for line in drawn(Para("word " * 40), width=300).split("\n")] == [84, 84, 29]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(2, 40))
def test_wrapping_cuts_nothing_but_spaces_and_fits_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert "".join(lines).replace(" ", "") == shown(text).replace(" ", "").replace("\n", "")
    assert [line for line in lines if sum(map(cell_len, line)) > width] == []


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.sampled_from([Para, Note, Alert]))
def test_the_screen_shows_every_character_of_a_block(text: str, kind: type[Para] | type[Note] | type[Alert]) -> None:
    assert re.sub(r"[ \n]", "", drawn(kind(text))).endswith(re.sub(r"[ \n]", "", shown(text)))


def test_colour_adds_colour_and_nothing_else() -> None:
    blocks: tuple[Block, ...] = (
        *(Ruling(kind, "Word", "Text") for kind in RULINGS),
        Alert("A"),
        Quote("Q", "S", "r"),
        Note("N"),
    )
    coloured = render(Message("", blocks), 40, colour=True)

    assert (COLOURS.sub("", coloured), "\x1b" in coloured, "\x1b" in drawn(*blocks)) == (drawn(*blocks), True, False)


def test_every_kind_of_ruling_has_a_sign_of_its_own() -> None:
    assert len({sign for sign, _ in RULINGS.values()}) == len(RULINGS)


def test_text_that_looks_like_markup_of_rich_is_only_text() -> None:
    assert drawn(Para("[bold]b[/bold] :smile: [link=x]y[/]")) == "[bold]b[/bold] :smile: [link=x]y[/]"


def test_controls_and_what_turns_text_round_go_and_every_other_character_stays() -> None:
    assert shown("a\x00\x1b[31m\x9b\x7f\u202e\u2066\u200f\u061c\ud800b\r\nc\rd\te\u2028f") == "a[31mb\nc\nd    e\nf"
    assert shown("Zoë שלום 👩🏽‍🏫 e\u0301 😀 —") == "Zoë שלום 👩🏽‍🏫 e\u0301 😀 —"


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            Asked(Question("q", "Who?", hint="A name."), 1, 6),
            "Question 1 of 6\nWho?\nA name.",
        ),
        (
            Asked(Question("q", "What?", Kind.TEXT, required=False), 2, 6),
            "Question 2 of 6\nWhat? (optional)\n"
            "Type as many lines as you like. End with a line that holds a single dot. A single dot at\n"
            "once leaves it empty. For a line of nothing but dots, type one dot more.",
        ),
        (
            Asked(Question("q", "Where?", Kind.ONE, options=(Choosable("dm", "In a message"),)), 3, 6),
            "Question 3 of 6\nWhere?\n  1  In a message\nType the number of your choice.",
        ),
        (
            Asked(
                Question("q", "Kept?", Kind.MANY, required=False, options=(Choosable("s", "A picture"),)),
                4,
                6,
                (Sealed("s"),),
            ),
            "Question 4 of 6\nKept? (optional)\nYour answer so far:\n│ A picture\n  1  A picture\n"
            "Type the numbers of all that fit, for example 1, 2. Press Enter to leave it empty. Type\n"
            "/keep to keep your answer so far.",
        ),
        (
            Asked(Question("q", "When?", Kind.DAY), 5, 6, (Sealed("31/2/2026"),), "That day does not exist."),
            "Question 5 of 6\nWhen?\nYour answer so far:\n│ 31/2/2026\n! Problem: That day does not exist.\n"
            "Day/month/year, for example 21/11/2026. Type /keep to keep your answer so far.",
        ),
        (
            Asked(Question("q", "How often?", Kind.NUMBER, required=False), 6, 6),
            "Question 6 of 6\nHow often? (optional)\nA whole number in digits. Press Enter to leave it empty.",
        ),
    ],
)
def test_each_kind_of_question_says_how_to_answer_it(asked: Asked, text: str) -> None:
    assert render_question(asked, 88) == text


def test_a_problem_of_the_whole_form_stands_below_its_title() -> None:
    assert render_form(Form("f", "Report", "Send", ()), ["Please start again."], 88) == (
        "Report\n! Problem: Please start again.\n\n"
        "Nothing is sent before you say so at the end. Type /close to leave this form, /help for\nhelp."
    )
