"""What Slack sends to an app, with every field that it really has."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.slack.methods import output
from tests.slack.surface import JSON, Message, View
from tests.slack.world import APP, Channel, Member, Workspace, World

TOKEN = "verification-token"


def escaped(text: str) -> str:
    """A text as Slack puts it into an event or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed_text(text: str) -> list[JSON]:
    """The blocks that Slack makes of what somebody types."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": secrets.token_urlsafe(3), "elements": [section]}]


@dataclass(frozen=True, slots=True)
class Payloads:
    """What is sent when one person does something."""

    world: World
    user: Member

    @property
    def _here(self) -> Workspace:
        return self.user.workspace

    def _team(self) -> JSON:
        here = self._here
        organisation = here.enterprise
        more = {"enterprise_id": organisation[0], "enterprise_name": organisation[1]} if organisation else {}
        return {
            "team": None if here.org_wide else {"id": here.id, "domain": here.domain, **more},
            "enterprise": {"id": organisation[0], "name": organisation[1]} if organisation else None,
            "is_enterprise_install": here.org_wide,
            "token": TOKEN,
        }

    def _who(self) -> JSON:
        name = self.user.name
        return {"id": self.user.id, "username": name, "name": name, "team_id": self._here.id}

    def _channel(self, channel: Channel) -> JSON:
        return {"id": channel.id, "name": channel.name}

    def event(self, event: Mapping[str, Any]) -> JSON:
        """An event in its envelope."""
        here = self._here
        organisation = here.enterprise[0] if here.enterprise else None
        more = {"enterprise_id": organisation} if organisation else {}
        bot = {
            "enterprise_id": organisation,
            "team_id": None if here.org_wide else here.id,
            "user_id": here.bot_user,
            "is_bot": True,
            "is_enterprise_install": here.org_wide,
        }
        return {
            "token": TOKEN,
            "team_id": here.id,
            **more,
            "context_team_id": here.id,
            "context_enterprise_id": organisation,
            "api_app_id": APP,
            "event": dict(event),
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self.world.clock()),
            "authorizations": [bot],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(12)}",
        }

    def message(self, message: Message, text: str) -> JSON:
        """Somebody wrote to the app."""
        thread = {"thread_ts": message.thread} if message.thread else {}
        return self.event({"type": "message", **self._written(message, text), **thread, "channel_type": "im"})

    def mention(self, message: Message, text: str) -> JSON:
        """Somebody named the app in a channel; `text` holds the mention."""
        return self.event({"type": "app_mention", **self._written(message, text)})

    def _written(self, message: Message, text: str) -> JSON:
        return {
            "user": self.user.id,
            "ts": message.ts,
            "client_msg_id": secrets.token_hex(16),
            "text": text,
            "team": self._here.id,
            "blocks": message.blocks,
            "channel": message.channel,
            "event_ts": message.ts,
        }

    def home_opened(self, tab: str) -> JSON:
        """Somebody opened the app's home or its messages."""
        home = self.world.homes.get(self.user.id)
        view = {"view": self.world.output(home)} if home and tab == "home" else {}
        where = {"user": self.user.id, "channel": self.world.direct(self.user.id).id, "tab": tab}
        return self.event({"type": "app_home_opened", **where, **view, "event_ts": self.world.ts()})

    def command(self, command: str, text: str, channel: Channel) -> JSON:
        """A slash command; each value is a string."""
        here = self._here
        organisation = here.enterprise
        more = {"enterprise_id": organisation[0], "enterprise_name": organisation[1]} if organisation else {}
        return {
            "token": TOKEN,
            "team_id": here.id,
            "team_domain": here.domain,
            **more,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": self.user.id,
            "user_name": self.user.name,
            "command": command,
            "text": escaped(text),
            "api_app_id": APP,
            "is_enterprise_install": "true" if here.org_wide else "false",
            "response_url": self._reply(channel),
            "trigger_id": self.world.trigger(self.user.id),
        }

    def _reply(self, channel: Channel, message: Message | None = None) -> str:
        return f"{self.world.address}/response/{self.world.reply(self.user.id, channel.id, message)}"

    def shortcut(self, callback_id: str) -> JSON:
        """A global shortcut."""
        return {
            "type": "shortcut",
            "callback_id": callback_id,
            **self._team(),
            "user": {key: value for key, value in self._who().items() if key != "name"},
            "action_ts": self.world.ts(),
            "trigger_id": self.world.trigger(self.user.id),
        }

    def message_shortcut(self, callback_id: str, message: Message) -> JSON:
        """A shortcut on a message."""
        channel = self.world.channels[message.channel]
        return {
            "type": "message_action",
            "callback_id": callback_id,
            **self._team(),
            "user": {key: value for key, value in self._who().items() if key != "username"},
            "channel": self._channel(channel),
            "message": {**output(message), "text": escaped(message.text), "team": self._here.id},
            "message_ts": message.ts,
            "action_ts": self.world.ts(),
            "response_url": self._reply(channel, message),
            "trigger_id": self.world.trigger(self.user.id),
        }

    def clicked(self, surface: Message | View, block: JSON, element: JSON) -> JSON:
        """Something in a message or a view was clicked or chosen."""
        done = {
            "type": element["type"],
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "action_ts": self.world.ts(),
        }
        held = surface.state.get(block["block_id"], {}).get(element["action_id"])
        shown = {key: element[key] for key in ("text", "value", "url", "style") if key in element}
        where = self._in_message(surface) if isinstance(surface, Message) else self._in_view(surface)
        return {
            "type": "block_actions",
            "user": self._who(),
            "api_app_id": APP,
            **self._team(),
            **where,
            "actions": [{**done, **(held or shown)}],
        }

    def _in_view(self, view: View) -> JSON:
        return {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.world.trigger(self.user.id, view.id),
            "view": self.world.output(view),
        }

    def _in_message(self, message: Message) -> JSON:
        channel = self.world.channels[message.channel]
        alone = bool(message.to)
        held = {} if alone else {"message": {**output(message), "team": self._here.id}}
        return {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": alone,
            },
            "trigger_id": self.world.trigger(self.user.id),
            "channel": self._channel(channel),
            **held,
            "state": {"values": copy.deepcopy(message.state)},
            "response_url": self._reply(channel, message),
        }

    def searched(self, view: View, block: JSON, element: JSON, text: str) -> JSON:
        """Somebody types into an external select."""
        return {
            "type": "block_suggestion",
            "user": self._who(),
            "container": {"type": "view", "view_id": view.id},
            "api_app_id": APP,
            **self._team(),
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "value": text,
            "view": self.world.output(view),
        }

    def submitted(self, view: View) -> JSON:
        """A modal was sent in."""
        return {
            "type": "view_submission",
            **self._team(),
            "user": self._who(),
            "api_app_id": APP,
            "trigger_id": self.world.trigger(self.user.id, view.id),
            "view": self.world.output(view),
            "response_urls": [],
        }

    def closed(self, view: View, cleared: bool) -> JSON:
        """A modal was closed."""
        return {
            "type": "view_closed",
            **self._team(),
            "user": self._who(),
            "api_app_id": APP,
            "view": self.world.output(view),
            "is_cleared": cleared,
        }
