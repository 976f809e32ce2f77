"""What must hold of all that passed between Slack and the app, whatever the people in a scene did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.channels.slack.labels import FALLBACK
from tests.channels.slack.scene import CANARY, Scene
from tests.slack.sdk import refuses
from tests.slack.surface import JSON

WINDOWS = frozenset({"views.open", "views.push", "views.update"})
"""Methods that show something to one person, in passing."""
BODIES = frozenset({"text", "initial_value"})
"""What is read in a window; all else of it is machinery."""

Place = tuple[str, ...]


def faults(site: Scene) -> list[str]:
    """What does not hold; nothing where all is well."""
    found = [each for sent in _sent(site) for each in _of_one(*sent)]
    found += [f"{user.name} saw: {each}" for user in site.users for each in user.trouble]
    found += [f"{each.kind} was not acknowledged: {each.status}" for each in site.fake.deliveries if not each.acked]
    answers = ((call.method, str(call.answer.get("error", ""))) for call in site.fake.calls)
    found += [f"{method}: {error}" for method, error in answers if error and error not in site.meant]
    return found


def _sent(site: Scene) -> Iterator[tuple[str, JSON]]:
    """All that the app sent: in calls, and in acknowledgements."""
    yield from ((call.method, call.body) for call in site.fake.calls)
    replies = ((each.payload, str(each.payload)) for each in site.fake.deliveries if each.payload)
    for payload, text in replies:
        yield "acknowledgement", payload if isinstance(payload, dict) else {"text": text}


def _of_one(method: str, body: JSON) -> Iterator[str]:
    window = method in WINDOWS or (method == "acknowledgement" and body.get("response_action") == "update")
    for place, text in _texts(body):
        if CANARY in text and not (window and place[-1] in BODIES and "blocks" in place):
            yield f"{method}: what was typed stands in {'.'.join(place)}"
        if place == ("text",) and text != FALLBACK:
            yield f"{method}: a notification says something"
        if place[-1] == "private_metadata" and not _carried(text):
            yield f"{method}: a modal carries something else than its form and key, and which message asked"
        if place[-2:] == ("elements", "value") and list(map(type, json.loads(text))) != [str, dict]:
            yield f"{method}: a button carries something else than its action"
    for blocks in (body.get("view"), body.get("blocks")):
        if blocks and (wrong := refuses(blocks)):
            yield f"{method}: the SDK says {wrong}"


def _carried(text: str) -> bool:
    """Whether it is a form and its key, and perhaps a channel and the time of a message."""
    found = json.loads(text)
    return len(found) in (2, 4) and all(isinstance(each, str) for each in found)


def _texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text in a payload with the keys that lead to it."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _texts(each, (*place, key))
        case list():
            for each in value:
                yield from _texts(each, place)
        case str():
            yield place, value
