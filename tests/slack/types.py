"""Whether Slack's own TypeScript types agree with what was recorded: one file of constants, one run of tsc.

What the app sent is checked against `@slack/types`, what the fake sent against `@slack/bolt`.
`python -m tests.slack.types` installs what it needs.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.slack.fake import Call, FakeSlack
from tests.slack.transports import COMMAND, EVENT, Delivered

NODE = Path(__file__).with_name("node")

# The types are stricter than Slack in a few places: what Slack leaves out of a click in a view, or sends as null.
HEAD = """\
import type { AppHomeOpenedEvent, AppMentionEvent, AppUninstalledEvent, GenericMessageEvent } from '@slack/types';
import type { HomeView, KnownBlock, MessageChangedEvent, ModalView, Option, TokensRevokedEvent } from '@slack/types';
import type { BlockAction, BlockSuggestion, EnvelopedEvent, GlobalShortcut, MessageShortcut } from '@slack/bolt';
import type { SlashCommand, ViewClosedAction, ViewOutput, ViewSubmitAction } from '@slack/bolt';

type Organised<T> = Omit<T, 'enterprise'> & { enterprise: { id: string; name: string } | null };
type Known<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };
type Envelope<E> = Omit<Known<EnvelopedEvent<E>>, 'context_enterprise_id'> & {
  context_enterprise_id: string | null;
  event_context: string;
};
type Typed = Omit<GenericMessageEvent, 'subtype'>;
type Said = Omit<Typed, 'channel' | 'channel_type' | 'event_ts'>;
type Changed = Omit<MessageChangedEvent, 'message' | 'previous_message'> & { message: Said; previous_message: Said };
type Mention = AppMentionEvent & { client_msg_id?: string };
type Named<T extends { user: unknown }> = Omit<T, 'user'> & { user: T['user'] & { username?: string } };
type Opened = Omit<AppHomeOpenedEvent, 'view'> & { view?: ViewOutput };
type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };
type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };
type Blocks = KnownBlock[];
type Command = Known<SlashCommand>;
type Click = Organised<BlockAction>;
type ViewClick = Organised<Omit<BlockAction, 'response_url'>>;
type Search = Organised<Named<Omit<Known<BlockSuggestion>, 'enterprise'>>>;
type Shortcut = Organised<GlobalShortcut>;
type OnMessage = Organised<Omit<MessageShortcut, 'response_url'>> & { response_url: string };
type Submission = Organised<Named<ViewSubmitAction>>;
type Closed = Organised<Named<ViewClosedAction>>;
type Errors = { response_action: 'errors'; errors: Record<string, string> };
type Next = { response_action: 'update' | 'push'; view: Modal };
type Clear = { response_action: 'clear' };
type Options = { options: Option[] };
type Groups = { option_groups: { label: { type: 'plain_text'; text: string }; options: Option[] }[] };
"""
EVENTS = {
    "message": "Envelope<Typed>",
    "app_mention": "Envelope<Mention>",
    "app_home_opened": "Envelope<Opened>",
    "app_uninstalled": "Envelope<AppUninstalledEvent & { event_ts: string }>",
    "tokens_revoked": "Envelope<TokensRevokedEvent & { event_ts: string }>",
}
CHANGES = {"message_changed": "Envelope<Changed>"}
"""Of the events named `message` those that are about another one, by their subtype."""
ACTS = {
    "shortcut": "Shortcut",
    "message_action": "OnMessage",
    "block_suggestion": "Search",
    "view_submission": "Submission",
    "view_closed": "Closed",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A payload and the type that it should have."""

    type: str
    value: Any


def called(call: Call) -> Iterator[Typed]:
    """What the app sent in a call."""
    if call.body.get("blocks"):
        yield Typed("Blocks", call.body["blocks"])
    if isinstance(view := call.body.get("view"), dict):
        yield Typed("Home" if view.get("type") == "home" else "Modal", view)


def acknowledged(delivered: Delivered) -> Iterator[Typed]:
    """What the app sent in an acknowledgement."""
    reply = delivered.payload
    if not isinstance(reply, dict) or not reply:
        return
    if reply.get("blocks"):
        yield Typed("Blocks", reply["blocks"])
    kinds = {"errors": "Errors", "update": "Next", "push": "Next", "clear": "Clear"}
    if reply.get("response_action") in kinds:
        yield Typed(kinds[reply["response_action"]], reply)
    if "options" in reply or "option_groups" in reply:
        yield Typed("Options" if "options" in reply else "Groups", reply)


def handed(delivered: Delivered) -> Iterator[Typed]:
    """What the fake sent; an event that it has no type for is left out."""
    sent = delivered.sent
    if delivered.kind == COMMAND:
        yield Typed("Command", sent)
    elif delivered.kind == EVENT:
        kind = CHANGES.get(sent["event"].get("subtype")) or EVENTS.get(sent["event"]["type"])
        yield from [Typed(kind, sent)] if kind else []
    elif sent["type"] == "block_actions":
        yield Typed("ViewClick" if sent["container"]["type"] == "view" else "Click", sent)
    else:
        yield Typed(ACTS[sent["type"]], sent)


def recorded(slack: FakeSlack) -> list[Typed]:
    """Everything that passed between a fake and its app, each once."""
    found = [each for call in slack.calls for each in called(call)]
    for delivered in slack.deliveries:
        found += [*acknowledged(delivered), *handed(delivered)]
    return list({f"{each.type} {json.dumps(each.value, sort_keys=True)}": each for each in found}.values())


def source(found: Iterable[Typed]) -> str:
    """The TypeScript of some payloads: a fresh literal each, so that unknown keys are seen."""
    lines = [f"const x{number}: {each.type} = {json.dumps(each.value)};" for number, each in enumerate(found)]
    return "\n".join([HEAD, *lines, "export {};", ""])


def install() -> str:
    """Install Slack's types where they are not; what is wrong, or nothing."""
    if shutil.which("npm") is None:
        return "node is not installed"
    with (NODE / "package.json").open() as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # tests may run side by side
        if (NODE / "node_modules" / "@slack" / "bolt").exists():
            return ""
        command = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True)
    return "" if done.returncode == 0 else "Slack's types could not be installed"


def complaints(found: Iterable[Typed]) -> list[str]:
    """What tsc says of some payloads; each line begins with the type it was held against."""
    held = list(found)
    flags = ["--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "bundler", "--module", "esnext"]
    with tempfile.TemporaryDirectory(dir=NODE / "node_modules") as folder:
        path = Path(folder) / "recorded.ts"
        path.write_text(source(held), encoding="utf-8")
        tsc = NODE / "node_modules" / ".bin" / "tsc"
        command = [str(tsc), *flags, "--target", "es2022", "--types", "node", str(path)]
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True)
    above = HEAD.count("\n") + 1
    told = []
    for line in done.stdout.splitlines():
        if line.startswith(" "):
            continue  # it explains the line before
        place = re.match(r".*recorded\.ts\((\d+),\d+\): (.*)", line)
        number = int(place[1]) - above - 1 if place else -1
        told.append(f"{held[number].type}: {place[2]}" if place and 0 <= number < len(held) else line)
    return told or ([done.stderr.strip() or "tsc failed"] if done.returncode else [])


def needed() -> bool:
    """Whether the types must be there."""
    return os.environ.get("CI") == "1"


if __name__ == "__main__":
    sys.exit(install() or 0)
