"""Defects in what comes in: done twice, lost, not acknowledged, or taken for somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest import MonkeyPatch as Patch
from slack_bolt import App
from slack_sdk import WebClient
from starlette.responses import Response

from bot.channels.slack import app, channel, edge, once
from bot.channels.slack.app import Listeners
from bot.channels.slack.install import Installations
from bot.channels.slack.once import Once
from bot.channels.slack.place import Directory, Member
from bot.channels.slack.render import Json
from tests.channels.slack import test_answer_scenes as answers
from tests.channels.slack import test_report_scenes as reports
from tests.channels.slack import test_request_scenes as requests
from tests.channels.slack import test_scenes as scenes
from tests.channels.slack import test_trouble_scenes as trouble
from tests.drills.slack_defect import Defect, onto

Ack = Callable[..., Any]

DEFECTS: list[Defect] = []
defect = onto(DEFECTS)

AGAIN = trouble.test_an_event_that_comes_again_is_answered_once
FAILED = trouble.test_an_event_whose_work_failed_is_done_when_it_comes_again
SLOW = trouble.test_a_form_whose_turn_takes_long_says_so_and_then_what_came_of_it
REPORTED = reports.test_a_contact_is_reported_in_a_window_and_what_is_missing_is_said_beside_its_question
KEPT = reports.test_a_form_that_is_put_away_half_way_comes_back_as_it_was
COMMAND = scenes.test_a_command_is_answered_so_that_nobody_else_sees_it
UNHEARD = scenes.test_what_bots_say_and_what_was_edited_is_not_answered
TOKENS = scenes.test_each_workspace_is_answered_by_its_school_with_its_own_token


# --- what comes in twice, or fails ------------------------------------------------------------------------------------
@defect("what comes in again is done again", AGAIN)
def _(patch: Patch) -> None:
    patch.setattr(Once, "__call__", lambda self, request: self.dispatch(request))


@defect(
    "a second delivery is told something else than the first",
    trouble.test_a_form_that_is_sent_in_twice_at_once_is_recorded_once_and_both_see_the_same,
)
def _(patch: Patch) -> None:
    patch.setattr(Once, "_keep", lambda self, key, answer: None)


@defect("it is noted as done before it is done", FAILED)
def _(patch: Patch) -> None:
    real = Once._do

    def do(self: Once, request: Any, key: str, ours: str) -> Any:
        self.seen.done(key)
        return real(self, request, key, ours)

    patch.setattr(Once, "_do", do)


@defect("what is sent again is dropped", trouble.test_an_event_that_was_first_sent_again_is_answered_all_the_same)
def _(patch: Patch) -> None:
    real = edge.Edge._answer

    def answer(self: edge.Edge, kind: Any, headers: Any, body: bytes) -> Response:
        again = any(name == b"x-slack-retry-num" for name, _ in headers)
        return Response() if again else real(self, kind, headers, body)

    patch.setattr(edge.Edge, "_answer", answer)


@defect("events are acknowledged before the work", FAILED)
def _(patch: Patch) -> None:
    patch.setattr(channel, "App", lambda **given: App(**{**given, "process_before_response": False}))


@defect("Slack's wish for patience is not heeded", trouble.test_where_slack_asks_for_patience_the_answer_comes_later)
def _(patch: Patch) -> None:
    patch.setattr(
        channel,
        "_web",
        lambda api, token: WebClient(token.reveal() if token else None, base_url=api, retry_handlers=[]),
    )


@defect("what took long is never shown", SLOW)
def _(patch: Patch) -> None:
    patch.setattr(Listeners, "_catch_up", lambda self, client, view, working: None)


@defect("a slow turn is waited for", SLOW)
def _(patch: Patch) -> None:
    patch.setattr(channel, "Listeners", lambda assistant, directory: Listeners(assistant, directory, 10.0))


# --- acknowledgements -------------------------------------------------------------------------------------------------
def _acking(patch: Patch, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what a listener acknowledges with."""
    real = getattr(Listeners, name)
    patch.setattr(Listeners, name, lambda self, ack, *given: real(self, lambda **said: ack(**change(said)), *given))


@defect(
    "a problem stands at no input",
    reports.test_a_contact_is_reported_in_a_window_and_what_is_missing_is_said_beside_its_question,
)
def _(patch: Patch) -> None:
    def change(said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "errors": {"answer": "x"}} if "errors" in said else said

    _acking(patch, "_acknowledge", change)


@defect(
    "a form with a problem is closed",
    reports.test_a_contact_is_reported_in_a_window_and_what_is_missing_is_said_beside_its_question,
)
def _(patch: Patch) -> None:
    _acking(patch, "_acknowledge", lambda said: {"response_action": "clear"} if "errors" in said else said)


@defect("a form is closed without a word", answers.test_words_are_looked_up_in_a_window)
def _(patch: Patch) -> None:
    _acking(patch, "_acknowledge", lambda said: said if "errors" in said else {"response_action": "clear"})


@defect(
    "a button is not acknowledged",
    answers.test_a_missing_fact_is_asked_for_and_settled_and_the_answer_is_called_helpful,
)
def _(patch: Patch) -> None:
    real = Listeners.button

    def button(
        self: Listeners, ack: Ack, body: Json, action: Json, client: WebClient, context: Any, respond: Any
    ) -> None:
        real(self, _nothing, body, action, client, context, respond)  # type: ignore[arg-type]

    patch.setattr(Listeners, "button", button)


@defect("a command is not acknowledged", COMMAND)
def _(patch: Patch) -> None:
    real = Listeners.command

    def command(self: Listeners, ack: Ack, command: Json, client: WebClient, context: Any, respond: Any) -> None:
        real(self, _nothing, command, client, context, respond)  # type: ignore[arg-type]

    patch.setattr(Listeners, "command", command)


@defect("a form that is put away is forgotten", KEPT)
def _(patch: Patch) -> None:
    patch.setattr(Listeners, "_keep", lambda self, member, view: None)


@defect(
    "what stands in a form is lost by its buttons", requests.test_what_stands_in_a_page_is_kept_where_somebody_goes_back
)
def _(patch: Patch) -> None:
    patch.setattr(app, "changed", lambda view: False)


def _nothing(*given: object, **named: object) -> None:
    """Do nothing."""


# --- who and where ----------------------------------------------------------------------------------------------------
@defect("bots are answered", UNHEARD)
def _(patch: Patch) -> None:
    _hearing(patch, lambda event: {key: value for key, value in event.items() if key != "bot_id"})


@defect("edits are answered", UNHEARD)
def _(patch: Patch) -> None:
    _hearing(patch, lambda event: {key: value for key, value in event.items() if key != "subtype"})


@defect("what is said in channels is answered", UNHEARD)
def _(patch: Patch) -> None:
    _hearing(patch, lambda event: {**event, "channel_type": "im"})


def _hearing(patch: Patch, change: Callable[[Json], Json]) -> None:
    real = Listeners.message

    def message(self: Listeners, event: Json, client: WebClient, context: Any) -> None:
        real(self, change(event), client, context)

    patch.setattr(Listeners, "message", message)


@defect("everybody is taken for one person", scenes.test_who_is_on_no_list_gets_no_answer_but_how_to_get_on_it)
def _(patch: Patch) -> None:
    real = app._member
    patch.setattr(app, "_member", lambda context: Member(real(context).team, "U0TEACHER"))


@defect(
    "everybody of a trust is at its first school",
    scenes.test_who_is_at_two_schools_of_a_trust_says_at_which_and_is_answered_by_its_policy,
)
def _(patch: Patch) -> None:
    patch.setattr(Directory, "at", lambda self, member: next(iter(self.found(member)), None))


@defect("a workspace is that of any school", TOKENS)
def _(patch: Patch) -> None:
    def found(self: Directory, member: Member) -> list[Any]:
        return [(school, one) for school in self.schools() for one in school.people if one.slack == member.user][:1]

    patch.setattr(Directory, "found", found)


@defect(
    "a workspace is answered with another's token",
    TOKENS,
)
def _(patch: Patch) -> None:
    real = Installations.find_bot
    patch.setattr(Installations, "find_bot", lambda self, **named: real(self, **{**named, "team_id": "T0SCHOOL"}))


@defect("what comes in is known by its trigger alone", AGAIN)
def _(patch: Patch) -> None:
    patch.setattr(once, "key_of", lambda payload: str(payload.get("trigger_id", "")))
