"""Where a reply goes: into the window that is open, into a new one, or into the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.channels.slack import labels
from bot.channels.slack.render import Json, fallback, render
from bot.channels.slack.view import form_view, message_view
from bot.talk.message import Action, Choice, Choices, Message, Para
from bot.talk.turn import Reply

_LATE = {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is in Slack: their conversation, and what a reply may open there.

    `view` is the id of the window they pressed in. `respond` writes what they alone see where others read along.
    """

    client: WebClient
    user: str
    channel: str
    trigger: str = ""
    view: str = ""
    respond: Callable[..., Any] | None = None


def show(spot: Spot, reply: Reply, pressed: Action | None = None, always: bool = False) -> None:
    """Show a reply, `always` in a window; `pressed` opens it again where none can be opened now."""
    if window := window_of(reply, always or bool(spot.view)):
        if spot.view:
            _replaced(spot, window)
            return
        if spot.trigger and _opened(spot, window):
            return
    for message in _posted(reply, pressed):
        post(spot, message)


def window_of(reply: Reply, always: bool = False) -> Json | None:
    """A reply as a window: a form, or what must not stay in a conversation; None where it is better said there."""
    if reply.form is not None:
        return form_view(reply.form, reply.messages)
    held = any(message.opened_by for message in reply.messages)
    return message_view(reply.messages) if reply.messages and (held or always) else None


def post(spot: Spot, message: Message) -> None:
    """Say something in the conversation, for this person alone where others read along."""
    for blocks in render(message):
        if spot.respond is not None:
            spot.respond(text=fallback(message), blocks=blocks, response_type="ephemeral", replace_original=False)
        else:
            spot.client.chat_postMessage(channel=spot.channel, text=fallback(message), blocks=blocks)


def _posted(reply: Reply, pressed: Action | None) -> Sequence[Message]:
    """The messages of a reply; where a form waits behind them, with the button that opens it."""
    if reply.form is None:
        return reply.messages
    again = pressed or reply.form.opened_by
    if again is None:
        return (*reply.messages, Message(reply.form.form.title, (Para(labels.ASK_AGAIN),)))
    button = Choices(labels.WINDOW, (Choice(labels.OPEN, again),))
    return (*reply.messages, Message(reply.form.form.title, (button,)))


def _opened(spot: Spot, window: Json) -> bool:
    try:
        spot.client.views_open(trigger_id=spot.trigger, view=window)
    except SlackApiError as refused:
        if refused.response.get("error") not in _LATE:
            raise
        return False
    return True


def _replaced(spot: Spot, window: Json) -> None:
    try:
        spot.client.views_update(view_id=spot.view, view=window)
    except SlackApiError as refused:
        if refused.response.get("error") != "not_found":  # they have closed it
            raise


def alone(spot: Spot, channel: str) -> Spot:
    """The same spot in a channel that others read: what is said there only they see."""

    def respond(text: str, blocks: Sequence[Json], **_: object) -> None:
        spot.client.chat_postEphemeral(channel=channel, user=spot.user, text=text, blocks=blocks)

    return replace(spot, channel=channel, respond=respond)
