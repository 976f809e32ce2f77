"""Whole conversations in the terminal, as they stand on the screen."""

from __future__ import annotations

from io import StringIO

from bot.channels.terminal.app import chat
from bot.talk.turn import Submitted
from tests.channels.terminal.fake_assistant import PRACTICE, FakeAssistant

WELCOME = "Welcome, teacher of oak.\n\n  1  Report a contact\n  2  Help\n"

SEARCH = """
Look it up

Nothing is sent before you say so at the end. Type /close to leave this form, /help for
help.

Question 1 of 1
Which words?
"""


def transcript(*lines: str, assistant: FakeAssistant | None = None) -> str:
    """What is on the screen after these lines were typed and the input ended; without the greeting."""
    out = StringIO()
    typed = StringIO("".join(f"{line}\n" for line in lines))
    assert chat(assistant or FakeAssistant(), PRACTICE, "oak", "teacher", typed, out) == 0
    assert out.getvalue().startswith(WELCOME)
    return out.getvalue().removeprefix(WELCOME)


def test_what_is_typed_is_said_and_answered() -> None:
    assert transcript("can I friend him?", "", "/quit") == (
        "\n> can I friend him?\n\nYou said: can I friend him?\n\n> \n> /quit\n\nGoodbye.\n"
    )


def test_the_end_of_the_input_leaves_politely() -> None:
    assert transcript() == "\n> \n\nGoodbye.\n"


def test_a_number_presses_the_choice_that_was_shown_last() -> None:
    assert transcript("2", "1", "2", "/quit") == (
        "\n> 2\n\nYou pressed: help\n\nMore?\n  1  Again\n"
        "\n> 1\n\nYou pressed: again\n\nMore?\n  1  Again\n"
        "\n> 2\n\nYou said: 2\n"
        "\n> /quit\n\nGoodbye.\n"
    )


def test_choices_stay_until_others_are_shown() -> None:
    assert "You pressed: help" in transcript("hello", "2")


def test_the_school_can_be_changed_and_a_wrong_one_is_named() -> None:
    assistant = FakeAssistant()

    assert transcript("hi", "/school", "/school ash", "/school elm", "hi", "/quit", assistant=assistant) == (
        "\n> hi\n\nYou said: hi\n"
        "\n> /school\n\nYou are at oak. There is: oak, elm.\n"
        "\n> /school ash\n\nThere is no school ash. There is: oak, elm.\n"
        "\n> /school elm\n\nWelcome, teacher of elm.\n\n  1  Report a contact\n  2  Help\n"
        "\n> hi\n\nYou said: hi\n"
        "\n> /quit\n\nGoodbye.\n"
    )
    assert [turn.school for turn in assistant.turns] == ["oak", "elm"]
    assert len({turn.conversation for turn in assistant.turns}) == 2


def test_help_and_an_unknown_command_say_what_there_is() -> None:
    assert transcript("/help", "/dance now", "/quit") == (
        "\n> /help\n\n• Type a question in your own words, or the number of a choice.\n"
        "• /school ID: changes the school and starts a new chat.\n"
        "• /help: shows this.\n"
        "• /quit: leaves. So do Ctrl-C and the end of the input.\n"
        "\n> /dance now\n\nThere is no /dance here. Type /help to see what there is.\n"
        "\n> /quit\n\nGoodbye.\n"
    )


def test_a_form_is_asked_question_by_question_and_only_problems_are_asked_again() -> None:
    lines = ["1", "Sam", "He wrote.", "", "-", "..", ".", "9", "2", "1, 2", "31/2/2026", "", ""]
    again = ["21/11/2026", "", "/quit"]

    assert transcript(*lines, *again) == (
        "\n> 1\n\nReport a contact\n\n"
        "Nothing is sent before you say so at the end. Type /close to leave this form, /help for\nhelp.\n\n"
        "Question 1 of 6\nWho got in touch?\nA name, or what you know of them.\n\n> Sam\n\n"
        "Question 2 of 6\nWhat happened? (optional)\n"
        "Type as many lines as you like. End with a line that holds a single dot. A single dot at\n"
        "once leaves it empty. For a line of nothing but dots, type one dot more.\n\n"
        "> He wrote.\n> \n> -\n> ..\n> .\n\n"
        "Question 3 of 6\nWhere?\n  1  Direct message\n  2  Comment\nType the number of your choice.\n\n"
        "> 9\n\nThat is not on the list. Type only numbers from the list.\n\n> 2\n\n"
        "Question 4 of 6\nWhat have you kept? (optional)\n  1  A screenshot\n  2  The address\n"
        "Type the numbers of all that fit, for example 1, 2. Press Enter to leave it empty.\n\n> 1, 2\n\n"
        "Question 5 of 6\nWhen?\nDay/month/year, for example 21/11/2026.\n\n> 31/2/2026\n\n"
        "Question 6 of 6\nHow often? (optional)\nA whole number in digits. Press Enter to leave it empty.\n\n> \n\n"
        "Send report: press Enter. Or type /close to leave the form; nothing is sent then.\n\n> \n\n"
        "Report a contact\n\n"
        "Nothing is sent before you say so at the end. Type /close to leave this form, /help for\nhelp.\n\n"
        "Question 5 of 6\nWhen?\nYour answer so far:\n│ 31/2/2026\n"
        "! Problem: That day does not exist. Please check it.\n"
        "Day/month/year, for example 21/11/2026. Type /keep to keep your answer so far.\n\n> 21/11/2026\n\n"
        "Send report: press Enter. Or type /close to leave the form; nothing is sent then.\n\n> \n\n"
        "who: Sam\nwhat: He wrote.\n  \n  -\n  .\nwhere: post\nkept: ('shot', 'link')\nday: 2026-11-21\ntimes: None\n"
        "\n> /quit\n\nGoodbye.\n"
    )


def test_nothing_is_sent_before_enter_is_pressed_alone() -> None:
    assert transcript("search", "photos", "yes", "", "/quit") == (
        f"\n> search\n{SEARCH}\n> photos\n\n"
        "Search: press Enter. Or type /close to leave the form; nothing is sent then.\n\n"
        "> yes\n\nThat was not sent. Press Enter alone to send the form, or type /close.\n\n> \n\n"
        "words: photos\n\n> /quit\n\nGoodbye.\n"
    )


def test_a_form_that_was_closed_opens_again_with_what_was_typed() -> None:
    assistant = FakeAssistant()
    transcript(
        "1", "Sam", "one", "two", "/close", "1", "/keep", "/keep", "1", "", "21/11/2026", "", "", assistant=assistant
    )

    *_, sent = (turn.act for turn in assistant.turns)
    assert isinstance(sent, Submitted)
    assert {name: [text.reveal() for text in texts] for name, texts in sent.typed.items()} == {
        "who": ["Sam"],
        "what": ["one\ntwo"],
        "where": ["dm"],
        "kept": [],
        "day": ["21/11/2026"],
        "times": [],
    }


def test_what_was_sent_is_not_offered_again() -> None:
    assert "so far" not in transcript("search", "photos", "", "search")


def test_closing_leaving_and_asking_for_help_inside_a_form_are_possible() -> None:
    assert transcript("search", "/help", "/keep", "/close", "search", "/quit") == (
        f"\n> search\n{SEARCH}\n> /help\n\n"
        "• /keep: keeps your answer so far, where a question shows one.\n"
        "• /close: leaves the form. Nothing is sent.\n"
        "• /help: shows this.\n"
        "• /quit: leaves the chat. Nothing is sent.\n"
        "• To answer with one of these words itself, type one slash more: //quit.\n\n"
        "> /keep\n\nThere is no answer to keep yet.\n\n"
        "> /close\n\nForm closed: Look it up. Nothing was sent. What you typed is kept.\n"
        f"\n> search\n{SEARCH}\n> /quit\n\n"
        "The form was not sent: Look it up.\n\nGoodbye.\n"
    )


def test_input_that_ends_inside_a_form_sends_nothing_and_keeps_it() -> None:
    assistant = FakeAssistant()

    assert transcript("search", "photos", assistant=assistant).endswith(
        "> \n\nThe form was not sent: Look it up.\n\nGoodbye.\n"
    )
    assert [type(turn.act).__name__ for turn in assistant.turns] == ["Said", "Kept"]
