"""What a typed line means, to the letter."""

from __future__ import annotations

import pytest

from bot.channels.terminal.read import (
    choices_by_number,
    read_act,
    read_chat_command,
    read_form_command,
    read_line,
    read_numbers,
    read_text_line,
)
from bot.talk.form import Choosable, Kind, Question
from bot.talk.message import Action, Choice, Choices, Message, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Pressed, Said

FIRST, SECOND, THIRD = Action("first"), Action("second"), Action("third")
ON_SCREEN = choices_by_number(
    [
        Message("", (Choices("", (Choice("1", FIRST),)), Para("-"), Choices("", (Choice("2", SECOND),)))),
        Message("", (Choices("", (Choice("3", THIRD),)),)),
    ]
)


@pytest.mark.parametrize(("line", "action"), [("1", FIRST), ("2", SECOND), (" 3 ", THIRD)])
def test_the_number_of_a_choice_on_screen_presses_it(line: str, action: Action) -> None:
    assert read_act(Sealed(line), ON_SCREEN) == Pressed(action)


@pytest.mark.parametrize("line", ["0", "4", "01", "1.", "1 2", "-1", "+1", "1_0", "١", "²", "one", "", " "])
def test_any_other_line_is_said_as_it_stands(line: str) -> None:
    act = read_act(Sealed(line), ON_SCREEN)

    assert (type(act), isinstance(act, Said) and act.text.reveal()) == (Said, line)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/help", ("/help", "")),
        (" /School  elm ", ("/school", "elm")),
        ("/unheard of", ("/unheard", "of")),
        ("/", None),
        ("/ is this allowed?", None),
        ("and/or", None),
        ("//help", None),
    ],
)
def test_a_line_that_starts_with_a_slash_and_a_word_is_a_command(line: str, command: tuple[str, str] | None) -> None:
    assert read_chat_command(Sealed(line)) == command


@pytest.mark.parametrize(
    ("line", "command"),
    [("/close", "/close"), (" /keep ", "/keep"), ("/quit", "/quit"), ("/help", "/help")]
    + [(line, None) for line in ("//close", "/close it", "/school elm", "/Close", "close", "/", "-", "")],
)
def test_in_a_form_only_its_own_four_commands_are_commands(line: str, command: str | None) -> None:
    assert read_form_command(Sealed(line)) == command


@pytest.mark.parametrize(
    ("line", "answer"),
    [("//close", "/close"), (" ///quit ", " //quit "), ("//example.org", "//example.org"), ("-", "-"), (".", ".")],
)
def test_one_slash_goes_where_a_command_is_meant_as_an_answer(line: str, answer: str) -> None:
    assert read_line(Sealed(line)).reveal() == answer


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (".", None),
        (" . ", None),
        ("..", "."),
        (" ... ", " .. "),
        (".. x", ".. x"),
        ("", ""),
        ("-", "-"),
        ("//help", "/help"),
    ],
)
def test_a_single_dot_ends_a_text_and_of_more_dots_one_goes(line: str, answer: str | None) -> None:
    read = read_text_line(Sealed(line))

    assert (None if read is None else read.reveal()) == answer


MISLEADING = (Choosable("2", "Two comes first"), Choosable("1", "One comes second"), Choosable("9", "Nine"))


@pytest.mark.parametrize(
    ("kind", "line", "values"),
    [
        (Kind.ONE, "1", ["2"]),
        (Kind.ONE, " 2 ", ["1"]),
        (Kind.ONE, "", []),
        (Kind.ONE, "9", None),
        (Kind.ONE, "1 2", None),
        (Kind.MANY, "3, 1", ["9", "2"]),
        (Kind.MANY, "1,2 3", ["2", "1", "9"]),
        (Kind.MANY, " , ", []),
        (Kind.MANY, "1, 4", None),
        (Kind.MANY, "Nine", None),
    ],
)
def test_options_are_chosen_by_their_number_alone(kind: Kind, line: str, values: list[str] | None) -> None:
    read = read_numbers(Question("q", "Q", kind, options=MISLEADING), Sealed(line))

    assert (None if read is None else [value.reveal() for value in read]) == values
