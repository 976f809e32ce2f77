"""What comes in twice is done once: in front of bolt, for both transports and for any number of processes.

What is done is noted after the work, so a delivery that died is done by the next one. That holds where bolt answers
after its listener has finished: `App(process_before_response=True)`.
"""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_hex
from threading import Lock
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot.domain.ports import NotRecorded, Seen, Standing
from bot.logs import log

PAUSES = (0.02, 0.04, 0.08, 0.16, 0.3, 0.5, 0.5, 0.5, 0.4)
"""Seconds between looking whether the first delivery is done; Slack waits for three in all."""

KEPT = 200
"""Answers that are remembered, for whoever sends the same again because they never saw it."""

Dispatch = Callable[[BoltRequest], BoltResponse]
"""Whatever does the work: bolt, or bolt behind `Once`."""


@dataclass(slots=True)
class Once:
    """Bolt, for whatever comes in the first time; later deliveries get the same answer, and nothing is done."""

    dispatch: Dispatch
    seen: Seen
    sleep: Callable[[float], None] = time.sleep
    answers: OrderedDict[str, BoltResponse] = field(default_factory=OrderedDict, repr=False)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, request: BoltRequest) -> BoltResponse:
        """Answer a request: 503 where the same is still being done, so that Slack or the person tries again."""
        key, ours = key_of(request.body), token_hex(8)
        try:
            standing = self._standing(key, ours) if key else None
        except NotRecorded:
            standing = None  # the dialogs say what cannot be done now, and whom to phone
        match standing:
            case None:
                return self.dispatch(request)
            case Standing.OURS:
                return self._do(request, key, ours)
            case Standing.DONE:
                return self.answers.get(key) or _nothing(request.body)
            case Standing.BUSY:
                return BoltResponse(status=503)

    def _standing(self, key: str, ours: str) -> Standing:
        for pause in PAUSES:
            if (standing := self.seen.claim(key, ours)) is not Standing.BUSY:
                return standing
            self.sleep(pause)
        return self.seen.claim(key, ours)

    def _do(self, request: BoltRequest, key: str, ours: str) -> BoltResponse:
        done = False
        try:
            answer = self.dispatch(request)
            done = answer.status == 200 and not _asks_again(answer)
            if done and answer.body:
                self._keep(key, answer)
        finally:
            self._settle(key, ours, done)
        return answer

    def _settle(self, key: str, ours: str, done: bool) -> None:
        try:
            if done:
                self.seen.done(key)
            else:
                self.seen.give_up(key, ours)
        except NotRecorded:  # the claim ends by itself; until then the same is refused, not done twice
            log("slack_seen_in_doubt", level=logging.WARNING)

    def _keep(self, key: str, answer: BoltResponse) -> None:
        with self.lock:
            self.answers[key] = answer
            while len(self.answers) > KEPT:
                self.answers.popitem(last=False)


def key_of(payload: Mapping[str, Any]) -> str:
    """By what the same thing is known again, as a digest; empty for what may be done any number of times."""
    match payload:
        case {"type": "event_callback", "event_id": str(event)}:
            return _digest("event", event)
        case {"type": "view_submission", "view": {"id": str(view), "hash": str(mark), **more}}:
            # What was typed belongs to it: a form sent again with more in it is not the same.
            return _digest("view", view, mark, more.get("state"))
        case {"trigger_id": str(trigger)}:
            return _digest("trigger", trigger)
        case _:
            return ""


def _digest(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _asks_again(answer: BoltResponse) -> bool:
    """Whether a form stays open with problems in it: then the same form comes again, with the same id and hash."""
    return bool(answer.body.startswith("{") and json.loads(answer.body).get("response_action") == "errors")


def _nothing(payload: Mapping[str, Any]) -> BoltResponse:
    submitted = payload.get("type") == "view_submission"
    return BoltResponse(status=200, body={"response_action": "clear"} if submitted else "")
