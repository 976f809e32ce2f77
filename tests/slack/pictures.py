"""Pictures of what Slack is sent: `python -m tests.slack.pictures FOLDER`, after `npm install` in node/pictures."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bot.channels.slack.home import home_view
from bot.channels.slack.render import render
from bot.channels.slack.view import form_view, message_view
from bot.talk.message import Action, Choices
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Pressed, Reply, Said, Submitted, Turn
from policy_kb.knowledge import open_knowledge
from tests.office import Office

NODE = Path(__file__).parent / "node" / "pictures"
SCALE = 1.4
CHANNEL: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {
        "platform": ("Instagram",),
        "handle": ("School netball",),
        "purpose": ("Show fixtures and results, so that more girls come to play.",),
        "audience": ("staff", "families"),
    },
    {
        "email": ("netball@school.example",),
        "administrators": ("teacher", "support"),
        "leaders": ("deputy",),
        "security": ("A password that two people know.",),
        "ready": ("separate", "school-email", "signed", "leaders", "told", "links"),
    },
)
"""What a teacher answers who asks for a channel, page by page."""

Sent = Mapping[str, Any]
"""Blocks of messages, and views, by the name of their picture."""


def sent(folder: Path) -> Sent:
    """What real dialogs of a sample school send; `folder` keeps the index of its policies."""
    office = Office()
    knowledge = open_knowledge(folder)
    with closing(knowledge.store):
        assistant = office.assistant(knowledge)

        def reply(act: Act, person: str = "teacher") -> Reply:
            return assistant.reply(Turn(person, person, "whgs", act))

        def press(name: str, person: str = "teacher", **values: str) -> Reply:
            return reply(Pressed(Action(name, values)), person)

        answer = reply(Said(Sealed("can i friend an ex pupil")))
        urgent = reply(Said(Sealed("a man online wants to meet one of my pupils tonight")))
        report = press("start", kind="reported-contact")
        assert report.form is not None
        empty = reply(Submitted(report.form.form.id, {}, report.form.key))
        asking = press("start", kind="new-account")
        filed = _filed(reply, report)
        ref = _asked(reply, asking)
        deciding = press("request", "head", ref=ref)
        at_home = [*assistant.greet("head", "whgs").messages, *press("home", "head").messages]
    found = {
        "answer": answer,
        "urgent": urgent,
        "disclosure": report,
        "problems": empty,
        "approval": asking,
        "filed": filed,
    }
    pictures = {name: _shown(reply) for name, reply in found.items()}
    return {**pictures, "decision": message_view(deciding.messages[:1]), "home": home_view(at_home)}


def _filed(reply: Callable[[Act], Reply], report: Reply) -> Reply:
    assert report.form is not None
    typed = {"happened": (Sealed("A stranger wrote to a pupil."),), "about": (Sealed("nobody"),)}
    filed = reply(Submitted(report.form.form.id, typed, report.form.key))
    return Reply((*filed.messages, *reply(Pressed(Action("my-reports"))).messages))


def _asked(reply: Callable[[Act], Reply], asking: Reply) -> str:
    """Ask for a channel; the reference of the request."""
    for answers in CHANNEL:
        assert asking.form is not None, asking
        typed = {name: tuple(map(Sealed, given)) for name, given in answers.items()}
        asking = reply(Submitted(asking.form.form.id, typed, asking.form.key))
    blocks = [block for message in asking.messages for block in message.blocks]
    send = next(one.action for block in blocks if isinstance(block, Choices) for one in block.options)
    sent = reply(Pressed(send))
    found = re.search(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", str(sent))
    assert found, sent
    return found[0]


def _shown(reply: Reply) -> Any:
    if reply.form is not None:
        return form_view(reply.form, reply.messages)
    return [block for message in reply.messages for part in render(message) for block in part]


def shoot(pages: Sent, folder: Path) -> None:
    """Draw them and write one picture of each."""
    drawn = subprocess.run(
        ["node", "draw.js"], cwd=NODE, input=json.dumps(pages), capture_output=True, text=True, check=True
    )
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 900}, device_scale_factor=SCALE)
        for name, html in json.loads(drawn.stdout).items():
            page.set_content(html)
            page.evaluate("document.fonts.ready")
            page.locator("#shot").screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as index:
        if built := os.environ.get("BUILT"):
            shutil.copy(Path(built) / "policies.db", index)
        shoot(sent(Path(index)), Path(sys.argv[1]))
