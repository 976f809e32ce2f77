"""Notices as messages of our own: a reference and a button, in the conversation with whoever they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.channels.slack.place import Directory
from bot.channels.slack.render import fallback, render
from bot.domain.people import School
from bot.domain.ports import Notice, TryLater
from bot.storage.outbox import Leased
from bot.talk.message import Message

_GONE = {"account_inactive", "channel_not_found", "user_not_found", "user_disabled", "not_in_channel", "is_archived"}
"""There is nobody to write to: what waits inside Signpost is all there can be."""


class Inside(Protocol):
    """The messenger inside Signpost, which comes first: what Slack loses still waits there."""

    def deliver(self, leased: Leased) -> bool:
        """Lay a notice in its recipient's inbox; False where it was taken back."""


@dataclass(frozen=True, slots=True)
class SlackMessenger:
    """Brings a notice inside Signpost and then to Slack; `clients` gives the client of a workspace that has one."""

    inside: Inside
    directory: Directory
    clients: Callable[[str], WebClient | None]
    say: Callable[[Notice], Message]
    school: Callable[[str], School]

    def deliver(self, leased: Leased) -> bool:
        """Tell its recipient; False where it was taken back. Raises TryLater."""
        if not self.inside.deliver(leased):
            return False
        notice = leased.notice
        school = self.school(notice.school)
        person = school.person(notice.to)
        for member in self.directory.address(school, person) if person else ():
            if client := self.clients(member.team):
                self._post(client, member.user, notice)
        return True

    def _post(self, client: WebClient, user: str, notice: Notice) -> None:
        message = self.say(notice)
        known = {"event_type": "signpost_notice", "event_payload": {"id": notice.id}}
        try:
            for blocks in render(message):
                client.chat_postMessage(channel=user, text=fallback(message), blocks=blocks, metadata=known)
        except SlackApiError as refused:
            error = refused.response.get("error")
            if error in _GONE:
                return
            wait = refused.response.headers.get("Retry-After") if error == "ratelimited" else None
            raise TryLater(float(wait) if wait else None) from None
        except OSError:
            raise TryLater from None
