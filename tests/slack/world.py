"""The workspaces that a fake Slack holds: people, channels, messages, views and triggers."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, RLock

from tests.slack.surface import JSON, Message, View, stored

APP = "A0SIGNPOST"
STACK = 3
"""Views on top of each other."""


class Refused(Exception):
    """What Slack answers instead of doing it."""

    def __init__(self, error: str, messages: Sequence[str] = (), **more: object) -> None:
        super().__init__(error)
        self.answer: JSON = {"ok": False, "error": error, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in messages]}


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace, alone or of an organisation."""

    id: str = "T0SCHOOL"
    domain: str = "west-hill"
    name: str = "West Hill"
    enterprise: tuple[str, str] | None = None
    org_wide: bool = False

    @property
    def bot_user(self) -> str:
        """The user that the app is here; the same in all of an organisation."""
        return f"U0BOT{self._installed[1:]}"

    @property
    def bot_id(self) -> str:
        """The bot of that user."""
        return f"B0BOT{self._installed[1:]}"

    @property
    def _installed(self) -> str:
        return self.enterprise[0] if self.org_wide and self.enterprise else self.id

    def reaches(self, other: Workspace) -> bool:
        """Whether a token of this workspace may do something in another."""
        return self.id == other.id or (self.org_wide and self.enterprise == other.enterprise)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account; people are named by what they do."""

    id: str
    name: str
    workspace: Workspace
    email: str = ""


@dataclass(slots=True)
class Channel:
    """A conversation; `members` are user ids."""

    id: str
    name: str
    workspace: Workspace
    members: set[str]

    @property
    def direct(self) -> bool:
        """Whether it is between a person and the app."""
        return self.id.startswith("D")


@dataclass(slots=True)
class Trigger:
    """Leave to open a view, once and soon after a person did something."""

    user: str
    made: float
    view: str = ""
    used: bool = False


@dataclass(slots=True)
class Reply:
    """A response_url: where answers to one act may be sent for a while."""

    user: str
    channel: str
    made: float
    message: Message | None = None
    used: int = 0


@dataclass(slots=True)
class World:
    """Everything that people see; `lock` is held for each change and never while the app is called."""

    clock: Callable[[], float] = time.time
    trigger_lives: float = 3.0
    reply_lives: float = 1800.0
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    prompts: list[JSON] = field(default_factory=list)
    statuses: list[JSON] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    address: str = ""
    settled: Condition = field(init=False, repr=False)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.settled = Condition(self.lock)

    def ts(self) -> str:
        """A new timestamp, which is a message's id."""
        return f"{int(self.clock())}.{next(self.numbers):06}"

    def direct(self, user: str) -> Channel:
        """The conversation of a person with the app. Raises Refused."""
        if user not in self.members:
            raise Refused("user_not_found")
        member = self.members[user]
        id = f"D{user[1:]}"
        here = Channel(id, "directmessage", member.workspace, {user, member.workspace.bot_user})
        return self.channels.setdefault(id, here)

    def channel(self, id: str, workspace: Workspace) -> Channel:
        """Where a message goes that is sent to a channel or a person. Raises Refused."""
        if id in self.members and workspace.reaches(self.members[id].workspace):
            return self.direct(id)
        if id not in self.channels or not workspace.reaches(self.channels[id].workspace):
            raise Refused("channel_not_found")
        return self.channels[id]

    def member(self, id: str, workspace: Workspace) -> Member:
        """Somebody whom a workspace knows. Raises Refused."""
        if id not in self.members or not workspace.reaches(self.members[id].workspace):
            raise Refused("user_not_found")
        return self.members[id]

    def post(
        self, channel: str, user: str, text: str, blocks: Sequence[JSON], to: str = "", bot: str = "", thread: str = ""
    ) -> Message:
        """A new message."""
        message = Message(channel, self.ts(), user, text, [], to, bot, thread)
        message.show(text, blocks)
        self.messages.append(message)
        return message

    def find(self, channel: str, ts: str) -> Message:
        """A message that everybody in the channel sees. Raises Refused."""
        found = [each for each in self.messages if (each.channel, each.ts, each.to) == (channel, ts, "")]
        if not found or found[0].gone:
            raise Refused("message_not_found")
        return found[0]

    def trigger(self, user: str, view: str = "") -> str:
        """Leave to open a view."""
        with self.lock:
            id = f"{next(self.numbers)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
            self.triggers[id] = Trigger(user, self.clock(), view)
            return id

    def take(self, id: str, workspace: Workspace) -> Trigger:
        """Use a trigger. Raises Refused."""
        found = self.triggers.get(id)
        if found is None or not workspace.reaches(self.members[found.user].workspace):
            raise Refused("invalid_trigger_id")
        if found.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() - found.made > self.trigger_lives:
            raise Refused("expired_trigger_id")
        found.used = True
        return found

    def reply(self, user: str, channel: str, message: Message | None = None) -> str:
        """A new response_url's secret."""
        with self.lock:
            id = secrets.token_urlsafe(18)
            self.replies[id] = Reply(user, channel, self.clock(), message)
            return id

    def stack(self, user: str) -> list[View]:
        """The views that a person has open, the topmost last."""
        with self.lock:
            return self.stacks.setdefault(user, [])

    def views(self, workspace: Workspace) -> list[View]:
        """All views that are open in a workspace."""
        every = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return [view for view in every if workspace.reaches(self.members[view.user].workspace)]

    def settle(self, view: View) -> None:
        """Wait a moment until what came of sending a view is shown: on one machine a later call may overtake it."""
        self.settled.wait_for(lambda: not view.sending, 0.25)

    def shown(self, workspace: Workspace, id: str, external: str = "") -> View:
        """An open view. Raises Refused."""
        for view in self.views(workspace):
            if view.id == id or (external and view.sent.get("external_id") == external):
                return view
        raise Refused("not_found")

    def hash(self) -> str:
        """What a view's state is called; it changes with each update."""
        return f"{int(self.clock())}.{secrets.token_urlsafe(6)}"

    def open(self, user: str, sent: JSON, fresh: bool = False) -> View:
        """A view on top of those of a person, or in place of them. Raises Refused."""
        stack = self.stack(user)
        if fresh:
            stack.clear()
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        id = f"V{secrets.token_hex(5).upper()}"
        view = View(id, user, sent, stack[0].id if stack else id, stack[-1].id if stack else None)
        view.show(stored(sent), self.hash())
        stack.append(view)
        return view

    def output(self, view: View, state: bool = True) -> JSON:
        """A view as Slack sends it."""
        sent, here = view.sent, self.members[view.user].workspace
        modal = sent["type"] == "modal"
        return {
            "id": view.id,
            "team_id": here.id,
            "type": sent["type"],
            "blocks": copy.deepcopy(view.blocks),
            "private_metadata": sent.get("private_metadata", ""),
            "callback_id": sent.get("callback_id", ""),
            "state": {"values": copy.deepcopy(view.state) if state else {}},
            "hash": view.hash,
            "title": sent.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": sent.get("clear_on_close", False),
            "notify_on_close": sent.get("notify_on_close", False),
            "close": sent.get("close") if modal else None,
            "submit": sent.get("submit") if modal else None,
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": APP,
            "external_id": sent.get("external_id", ""),
            "app_installed_team_id": here.id,
            "bot_id": here.bot_id,
        }
