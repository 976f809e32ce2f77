"""Defects in what goes out: windows that do not work, words where others see them, texts that are cut or misread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pytest import MonkeyPatch as Patch
from slack_sdk import WebClient

from bot.channels.slack import app, labels, read, render, show, view
from bot.channels.slack.app import Listeners
from bot.channels.slack.render import Json, compact
from bot.talk.message import Message
from bot.talk.turn import Reply
from tests.channels.slack import test_answer_scenes as answers
from tests.channels.slack import test_report_scenes as reports
from tests.channels.slack import test_request_scenes as requests
from tests.channels.slack import test_scenes as scenes
from tests.channels.slack import test_trouble_scenes as trouble
from tests.drills.slack_defect import Defect, onto

DEFECTS: list[Defect] = []
defect = onto(DEFECTS)

POINTED = reports.test_a_message_that_somebody_points_at_is_offered_to_them_alone_and_recorded
KEPT = reports.test_a_form_that_is_put_away_half_way_comes_back_as_it_was
ADDED = reports.test_more_is_added_to_a_report_from_the_list_of_ones_own
LONG = reports.test_a_long_report_is_kept_whole
REQUESTED = requests.test_a_request_goes_from_the_question_to_the_head_and_into_the_register
LEFT = requests.test_a_request_that_is_put_away_half_way_is_found_among_ones_own
COMMAND = scenes.test_a_command_is_answered_so_that_nobody_else_sees_it


# --- windows ----------------------------------------------------------------------------------------------------------
@defect("work comes before the window", POINTED)
def _(patch: Patch) -> None:
    def late(*given: Any) -> None:
        time.sleep(3.1)
        show.show(*given)

    patch.setattr(app, "show", late)


@defect("a trigger is used twice", POINTED)
def _(patch: Patch) -> None:
    real = show._opened
    patch.setattr(show, "_opened", lambda spot, window: real(spot, window) and real(spot, window))


@defect("a late window is lost", trouble.test_a_window_whose_turn_takes_too_long_is_offered_as_a_button)
def _(patch: Patch) -> None:
    patch.setattr(show, "_LATE", set())


@defect("a form's key is not carried", requests.test_a_request_is_refused_with_the_rule_and_the_reason)
def _(patch: Patch) -> None:
    patch.setattr(view, "compact", lambda value: compact([value[0], ""]))


@defect("a question has another name in its window", LONG)
def _(patch: Patch) -> None:
    real = view._asked

    def asked(question: Any, reply: Any) -> Iterator[Json]:
        for block in real(question, reply):
            yield {**block, "block_id": f"q-{question.name}"} if block["type"] == "input" else block

    patch.setattr(view, "_asked", asked)


@defect("an input has a name that is not read", LONG)
def _(patch: Patch) -> None:
    patch.setattr(view, "_answer", lambda key: "given")


@defect(
    "an input of a form that is begun anew keeps its name",
    KEPT,
)
def _(patch: Patch) -> None:
    patch.setattr(view, "_answer", lambda key: view.ANSWER)


@defect("a window's title is too long", answers.test_words_are_looked_up_in_a_window)
def _(patch: Patch) -> None:
    real = view._modal

    def modal(callback: str, title: str, blocks: Any) -> Json:
        longer = {"type": "plain_text", "text": f"{title}, which only you can see"}
        return {**real(callback, title, blocks), "title": longer}

    patch.setattr(view, "_modal", modal)


@defect("a form cannot be sent in", answers.test_words_are_looked_up_in_a_window)
def _(patch: Patch) -> None:
    patch.setattr(app, "window_of", _without("submit"))
    patch.setattr(show, "window_of", _without("submit"))


@defect("a form that is put away is not told of", LEFT)
def _(patch: Patch) -> None:
    patch.setattr(show, "window_of", _without("notify_on_close"))
    patch.setattr(app, "window_of", _without("notify_on_close"))


def _without(name: str) -> Callable[..., Json | None]:
    real = show.window_of

    def window_of(*given: Any, **named: Any) -> Json | None:
        window = real(*given, **named)
        return {key: value for key, value in window.items() if key != name} if window else None

    return window_of


@defect("“No answer” is an answer", requests.test_the_register_is_searched_and_an_account_changes_hands_and_is_closed)
def _(patch: Patch) -> None:
    patch.setattr(read, "NO_ANSWER", "-")


@defect("a window that was only looked at is not heard of", ADDED)
def _(patch: Patch) -> None:
    patch.setattr(app, "SHOWN", "other")


# --- where it is said -------------------------------------------------------------------------------------------------
@defect("a mention is answered for all", scenes.test_what_is_said_where_others_read_along_is_answered_to_one_alone)
def _(patch: Patch) -> None:
    patch.setattr(app, "alone", lambda spot, where: replace(spot, channel=where))


@defect("a command is answered for all", COMMAND)
def _(patch: Patch) -> None:
    real = Listeners.command

    def command(self: Listeners, ack: Any, command: Json, client: WebClient, context: Any, respond: Any) -> None:
        real(self, ack, command, client, context, lambda **said: respond(**{**said, "response_type": "in_channel"}))

    patch.setattr(Listeners, "command", command)


@defect("a notification says what it is about", answers.test_danger_is_answered_with_999_first)
def _(patch: Patch) -> None:
    patch.setattr(show, "fallback", lambda message: message.title)


@defect("what is for a window is posted", REQUESTED)
def _(patch: Patch) -> None:
    patch.setattr(show, "render", lambda message: render.render(_open(message)))


@defect(
    "what is for a window is posted where a button was pressed",
    REQUESTED,
)
def _(patch: Patch) -> None:
    real = show.window_of

    def window_of(reply: Reply, always: bool = False, *given: Any) -> Json | None:
        return real(replace(reply, messages=tuple(map(_open, reply.messages))), always and bool(reply.form), *given)

    patch.setattr(show, "window_of", window_of)
    patch.setattr(show, "render", lambda message: render.render(_open(message)))


def _open(message: Message) -> Message:
    return replace(message, opened_by=None)


@defect(
    "what was pointed at is posted on",
    POINTED,
)
def _(patch: Patch) -> None:
    real = Listeners.report_message

    def report_message(self: Listeners, ack: Any, shortcut: Json, client: WebClient, context: Any) -> None:
        real(self, ack, shortcut, client, context)
        about = render.rich(shortcut["message"]["text"])
        client.chat_postMessage(channel=context["user_id"], text=labels.FALLBACK, blocks=about)

    patch.setattr(Listeners, "report_message", report_message)


@defect("a button carries what was typed", LONG)
def _(patch: Patch) -> None:
    last, real = [""], read.said

    def said(text: object) -> Any:
        last[0] = str(text)
        return real(text)

    patch.setattr(app, "said", said)
    patch.setattr(render, "_value", lambda action: compact([action.name, {**action.values, "said": last[0]}]))


# --- what is shown ----------------------------------------------------------------------------------------------------
@defect("long texts are cut", requests.test_long_answers_are_shown_whole_to_whoever_decides)
def _(patch: Patch) -> None:
    real = render._packed
    patch.setattr(render, "_packed", lambda named: list(real(named))[:1])


@defect("only the first part of a reply is shown", requests.test_a_request_is_refused_with_the_rule_and_the_reason)
def _(patch: Patch) -> None:
    real = view.message_view
    patch.setattr(show, "message_view", lambda messages: real(messages[:1]))


@defect("what was typed is read as markup", requests.test_answers_that_look_like_markup_are_words_to_whoever_decides)
def _(patch: Patch) -> None:
    def marked(*elements: Json) -> Json:
        return {"type": "section", "text": {"type": "mrkdwn", "text": "".join(_words(elements))[:3000] or "-"}}

    patch.setattr(render, "_rich", marked)


@defect("what stands in an event is read as it is written", answers.test_words_that_look_like_markup_are_words)
def _(patch: Patch) -> None:
    patch.setattr(read, "_ESCAPED", {sign: sign for sign in read._ESCAPED})


@defect("two buttons of a message have one name", COMMAND)
def _(patch: Patch) -> None:
    real = render._button
    patch.setattr(render, "_button", lambda choice, numbers: {**real(choice, numbers), "action_id": "do:1"})


def _words(value: object) -> Iterator[str]:
    match value:
        case {"text": str(text)}:
            yield text
        case Mapping():
            for each in value.values():
                yield from _words(each)
        case list() | tuple():
            for each in value:
                yield from _words(each)
