"""Where a reply goes: into the window that is open, into a new one, or into the conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.channels.slack import labels
from bot.channels.slack.read import asked_in, form_of
from bot.channels.slack.render import ONCE, Json, compact, fallback, render, rich
from bot.channels.slack.view import form_view, message_view
from bot.talk.message import Action, Choice, Choices, Message, Para
from bot.talk.turn import Reply

CHOSEN_SIGN = "✓"

_LATE = {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is in Slack: their conversation, and what a reply may open there.

    `view` is the id of the window they pressed in. `respond` writes what they alone see where others read along.
    `asked` is the message, by channel and time, that brought them here and asked for nothing else.
    """

    client: WebClient
    user: str
    channel: str
    trigger: str = ""
    view: str = ""
    respond: Callable[..., Any] | None = None
    asked: tuple[str, str] | None = None


def spot_of(body: Json, client: WebClient, respond: Callable[..., Any]) -> Spot:
    """Where a button was pressed."""
    user, trigger = body["user"]["id"], body.get("trigger_id", "")
    view = body.get("view") or {}
    if view.get("type") == "modal":
        return Spot(client, user, user, trigger, view["id"], asked=asked_in(view))
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or user
    if container.get("is_ephemeral"):
        return Spot(client, user, channel, trigger, respond=respond)
    return Spot(client, user, channel, trigger, asked=_asked(body, channel))


def _asked(body: Json, channel: str) -> tuple[str, str] | None:
    """The message that a button stands in, where it is the only one."""
    message = body.get("message") or {}
    buttons = [each for block in message.get("blocks", ()) if block["type"] == "actions" for each in block["elements"]]
    return (channel, message["ts"]) if len(buttons) == 1 else None


def show(spot: Spot, reply: Reply, pressed: Action | None = None, always: bool = False) -> None:
    """Show a reply, `always` in a window; `pressed` opens it again where none can be opened now."""
    if window := window_of(reply, always or bool(spot.view), spot.asked):
        if spot.view:
            _replaced(spot, window)
            return
        if spot.trigger and _opened(spot, window):
            return
    for message in _posted(reply, pressed):
        post(spot, message)


def window_of(reply: Reply, always: bool = False, asked: tuple[str, str] | None = None) -> Json | None:
    """A reply as a window: a form, or what must not stay in a conversation; None where it is better said there.

    The window carries on which message was `asked`.
    """
    if reply.form is not None:
        window = form_view(reply.form, reply.messages)
    elif reply.messages and (always or any(message.opened_by for message in reply.messages)):
        window = message_view(reply.messages)
    else:
        return None
    return {**window, "private_metadata": compact([*form_of(window), *asked])} if asked else window


def post(spot: Spot, message: Message) -> None:
    """Say something in the conversation, for this person alone where others read along."""
    if spot.respond is None:
        for blocks in render(message):
            spot.client.chat_postMessage(channel=spot.channel, text=fallback(message), blocks=blocks)
        return
    for part in _apart(message):
        for blocks in render(part):
            spot.respond(text=fallback(part), blocks=blocks, response_type="ephemeral", replace_original=False)


def _apart(message: Message) -> Iterator[Message]:
    """What only one person sees can be put in another's place, but not read again: what is answered once is alone."""
    once = [block for block in message.blocks if isinstance(block, Choices) and block.once]
    rest = tuple(block for block in message.blocks if block not in once)
    if rest or not once:
        yield replace(message, blocks=rest)
    yield from (Message("", (block,)) for block in once)


def answered(spot: Spot, body: Json, action: Json) -> None:
    """Put what was chosen in the place of a row that is answered once; a row that is gone is no loss."""
    if not str(action.get("block_id")).startswith(ONCE):
        return
    chosen = rich(f"{CHOSEN_SIGN} {(action.get('text') or {}).get('text', '')}", "bold")
    if spot.respond is not None:
        spot.respond(text=labels.FALLBACK, blocks=chosen, replace_original=True)
    elif message := body.get("message"):
        every = ([block] if block["block_id"] != action["block_id"] else chosen for block in message["blocks"])
        _rewritten(spot, (spot.channel, message["ts"]), [block for part in every for block in part])


def done(spot: Spot, reply: Reply) -> None:
    """Where somebody has done what a message asked for, let it say so in place of its button."""
    if not (reply.done and spot.asked and reply.messages):
        return
    message = reply.messages[0]
    told = tuple(block for block in message.blocks if not isinstance(block, Choices))
    _rewritten(spot, spot.asked, render(replace(message, blocks=told))[0])


def _rewritten(spot: Spot, message: tuple[str, str], blocks: Sequence[Json]) -> None:
    channel, at = message
    with suppress(SlackApiError):  # it was deleted, or may no longer be changed
        spot.client.chat_update(channel=channel, ts=at, text=labels.FALLBACK, blocks=blocks)


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
