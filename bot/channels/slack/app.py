"""The Slack app: what Slack sends becomes a turn, and what comes back goes where the person is."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.channels.slack import labels
from bot.channels.slack.home import home_view
from bot.channels.slack.place import Directory, Member
from bot.channels.slack.read import asked_in, changed, form_of, pressed, said, typed
from bot.channels.slack.show import Spot, alone, answered, done, post, show, spot_of, window_of
from bot.channels.slack.view import FORM, SHOWN, message_view
from bot.domain.people import Person, School
from bot.logs import log
from bot.talk.message import Action, Choice, Choices, Message, Note, Para
from bot.talk.turn import Act, Assistant, Kept, Pressed, Reply, Submitted

PATIENCE = 2.0
"""Seconds after which a form that was sent in is answered with "working": Slack waits three."""

PLACE = "place"
"""The button by which somebody at several schools says at which they are."""

Body = dict[str, Any]
_NAMED = re.compile(r"\s*<@[^>]*>\s*")
"""Our own name in front of what is said to us where others read along."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """What is done about each thing that Slack tells us; `patience` is in seconds."""

    assistant: Assistant
    directory: Directory
    patience: float = PATIENCE
    slow: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(thread_name_prefix="slack"))

    def on(self, app: App) -> App:
        """Join them to an app."""
        app.event("message")(self.message)
        app.event("app_mention")(self.mention)
        app.event("app_home_opened")(self.home)
        app.command(labels.COMMAND)(self.command)
        app.shortcut(labels.REPORT_MESSAGE)(self.report_message)
        app.shortcut(labels.REPORT)(self.shortcut)
        app.shortcut(labels.ASK)(self.shortcut)
        app.action(re.compile("^do:"))(self.button)
        app.action(re.compile("^link:"))(self.nothing)
        app.view(FORM)(self.submitted)
        app.view_closed(FORM)(self.closed)
        app.view_closed(SHOWN)(self.nothing)
        return app

    # --- what is said ------------------------------------------------------------------------------------------------
    def message(self, event: Body, client: WebClient, context: Body) -> None:
        """Something typed into the conversation with us; what bots say, and what was edited, is nothing new."""
        if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id"):
            return
        member = _member(context)
        self._take(member, Spot(client, member.user, event["channel"]), said(event.get("text")))

    def mention(self, event: Body, client: WebClient, context: Body) -> None:
        """Something said to us where others read along: only they see the answer."""
        if event.get("bot_id"):
            return
        member = _member(context)
        spot = alone(Spot(client, member.user, member.user), event["channel"])
        self._take(member, spot, said(_NAMED.sub("", event.get("text") or "", count=1)))
        post(spot, Message(labels.ALONE, (Note(labels.ALONE),)))

    def command(self, ack: Ack, command: Body, client: WebClient, context: Body, respond: Callable[..., Any]) -> None:
        """`/policy words`, answered so that only they see it."""
        ack()
        member = _member(context)
        spot = Spot(client, member.user, command["channel_id"], command.get("trigger_id", ""), respond=respond)
        self._take(member, spot, said(command.get("text") or "help"))

    def shortcut(self, ack: Ack, shortcut: Body, client: WebClient, context: Body) -> None:
        """A shortcut that stands beside every message box."""
        ack()
        self._begin(shortcut, client, context, Pressed(Action(shortcut["callback_id"])))

    def report_message(self, ack: Ack, shortcut: Body, client: WebClient, context: Body) -> None:
        """A message that somebody points at, to be reported: its text is offered to them alone."""
        ack()
        about = said((shortcut.get("message") or {}).get("text")).text
        self._begin(shortcut, client, context, Pressed(Action(labels.REPORT), about))

    def _begin(self, shortcut: Body, client: WebClient, context: Body, act: Pressed) -> None:
        member = _member(context)
        spot = Spot(client, member.user, member.user, shortcut["trigger_id"])
        self._take(member, spot, act, window=True)

    # --- buttons -----------------------------------------------------------------------------------------------------
    def button(self, ack: Ack, body: Body, action: Body, client: WebClient, context: Body, respond: Any) -> None:
        """A button, in a message or in a window."""
        ack()
        member, wanted, spot = _member(context), pressed(action), spot_of(body, client, respond)
        if wanted.name == PLACE:
            self._moved(member, spot, wanted)
            return
        if changed(body.get("view")):
            self._keep(member, body["view"])
        self._take(member, spot, Pressed(wanted), window=_at_home(body))
        self._later(answered, spot, body, action)

    def nothing(self, ack: Ack) -> None:
        """A link, or a window that was only looked at: whoever it was is elsewhere by now."""
        ack()

    def _moved(self, member: Member, spot: Spot, wanted: Action) -> None:
        gone = self.directory.go(member, wanted.values.get("school", ""))
        place = self.directory.at(member)
        if gone and place:
            school, person = place
            show(spot, self.assistant.greet(person.id, school.id))

    # --- forms -------------------------------------------------------------------------------------------------------
    def submitted(self, ack: Ack, view: Body, client: WebClient, context: Body) -> None:
        """A form that was sent in: acknowledged once what it says is kept, or with "working" where that takes long."""
        member, (form, key) = _member(context), form_of(view)
        place = self.directory.at(member)
        if place is None:
            ack(response_action="update", view=message_view((_unknown(self.directory.found(member)),)))
            return
        working = self.slow.submit(self._reply, member, place, Submitted(form, typed(view), key))
        try:
            reply = working.result(self.patience)
            self._acknowledge(ack, view, reply)
            self._later(done, Spot(client, member.user, member.user, asked=asked_in(view)), reply)
        except NotYet:
            ack(response_action="update", view=message_view((Message(labels.NAME, (Para(labels.WORKING),)),)))
            self._later(self._catch_up, client, view, working)

    def _acknowledge(self, ack: Ack, view: Body, reply: Reply) -> None:
        if reply.form is not None and reply.form.problems and not reply.messages:
            asked = {block.get("block_id") for block in view.get("blocks", ())}
            if asked.issuperset(reply.form.problems):
                ack(response_action="errors", errors=dict(reply.form.problems))
                return
        window = window_of(reply, True, asked_in(view))
        if window is None:
            ack(response_action="clear")
        else:
            ack(response_action="update", view=window)

    def _later(self, act: Callable[..., None], *values: Any) -> Future[None]:
        """Do something beside: Slack does not wait for it, and a failure is logged by its kind."""

        def safely() -> None:
            try:
                act(*values)
            except Exception as fault:  # its text may hold what a person typed
                log("slack_failed", level=logging.ERROR, kind=type(fault).__name__)

        return self.slow.submit(safely)

    def _catch_up(self, client: WebClient, view: Body, working: Future[Reply]) -> None:
        reply, asked = working.result(), asked_in(view)
        window = window_of(reply, True, asked)
        if window is not None:
            client.views_update(view_id=view["id"], view=window)
        done(Spot(client, "", "", asked=asked), reply)

    def closed(self, ack: Ack, view: Body, context: Body) -> None:
        """A form that was put away: what stood in it is kept."""
        ack()
        self._keep(_member(context), view)

    def _keep(self, member: Member, view: Body) -> None:
        form, key = form_of(view)
        if place := self.directory.at(member):
            self._reply(member, place, Kept(form, typed(view), key))

    # --- home --------------------------------------------------------------------------------------------------------
    def home(self, event: Body, client: WebClient, context: Body) -> None:
        """The page of the app: what waits, and what can be done."""
        if event.get("tab") != "home":
            return
        member = _member(context)
        if place := self.directory.at(member):
            school, person = place
            at_home = self._reply(member, place, Pressed(Action("home")))
            messages = (*self.assistant.greet(person.id, school.id).messages, *at_home.messages)
        else:
            messages = (_unknown(self.directory.found(member)),)
        client.views_publish(user_id=member.user, view=home_view(messages))

    # --- all of them -------------------------------------------------------------------------------------------------
    def _take(self, member: Member, spot: Spot, act: Act, window: bool = False) -> None:
        place = self.directory.at(member)
        if place is None:
            reply = Reply((_unknown(self.directory.found(member)),))
        else:
            reply = self._reply(member, place, act)
        pressed = act.action if isinstance(act, Pressed) else None
        self._shown(partial(show, spot, reply, pressed, window))
        self._later(done, spot, reply)

    def _shown(self, act: Callable[[], None]) -> None:
        """Show something, in time where Slack is quick; where it is not, what was done is acknowledged first."""
        with suppress(NotYet):
            self._later(act).result(self.patience)

    def _reply(self, member: Member, place: tuple[School, Person], act: Act) -> Reply:
        return self.assistant.reply(self.directory.turn(member, place, act))


def _member(context: Body) -> Member:
    return Member(context.get("team_id") or context.get("enterprise_id") or "", context.get("user_id") or "")


def _at_home(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "home"


def _unknown(found: list[tuple[School, Person]]) -> Message:
    """Nobody knows them, or they are at several schools and say at which."""
    if not found:
        return Message(labels.NAME, (Para(labels.UNKNOWN),))
    choices = tuple(Choice(school.name, Action(PLACE, {"school": school.id})) for school, _ in found)
    return Message(labels.NAME, (Choices(labels.WHICH_SCHOOL, choices),))
