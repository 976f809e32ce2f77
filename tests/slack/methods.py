"""The methods of the Web API that the fake knows: which token each takes, which scope, and what it does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.slack.check_blocks import check_message, check_view, too_long
from tests.slack.surface import JSON, Message, View
from tests.slack.world import APP, Refused, Reply, Workspace, World

LONGEST = 40_000
"""Characters of a message's text."""
REPLIES = 5
"""How often a response_url may be used."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a token may do; `kind` is bot, user or app."""

    kind: str
    workspace: Workspace
    scopes: frozenset[str]


Run = Callable[[World, Token, JSON], JSON]


@dataclass(frozen=True, slots=True)
class Method:
    """One method; a token needs any one of its scopes."""

    run: Run
    scopes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("bot", "user")


def need(args: Mapping[str, Any], *names: str) -> None:
    """Refuse where an argument is missing."""
    missing = [name for name in names if not args.get(name)]
    if missing:
        raise Refused("invalid_arguments", [f"missing required field: {name}" for name in missing])


def said(args: JSON, limited: bool = True) -> tuple[str, list[JSON]]:
    """The text and the blocks of a message. Raises Refused."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > LONGEST:
        raise Refused("msg_too_long")
    found = check_message(blocks)
    if found:
        raise Refused("invalid_blocks", found)
    if limited and too_long(blocks):
        raise Refused("msg_blocks_too_long")
    return text, blocks


def viewed(args: JSON, kind: str) -> JSON:
    """The view of a call. Raises Refused."""
    need(args, "view")
    view: JSON = args["view"]
    found = check_view(view)
    if not found and view["type"] != kind:
        found = [f"view.type: not {kind}"]
    if any("over 250000" in each for each in found):
        raise Refused("view_too_large", found)
    if found:
        raise Refused("invalid_arguments", found)
    return view


def output(message: Message) -> JSON:
    """A message as Slack sends it."""
    shown = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    bot = {"bot_id": message.bot, "app_id": APP} if message.bot else {}
    thread = {"thread_ts": message.thread} if message.thread else {}
    edited = {"edited": {"user": message.user, "ts": message.ts}} if message.edits else {}
    return {**shown, **bot, **thread, **edited, "blocks": copy.deepcopy(message.blocks)}


def _auth_test(world: World, token: Token, args: JSON) -> JSON:
    here = token.workspace
    told: JSON = {"url": f"https://{here.domain}.slack.com/", "team": here.name, "team_id": here.id}
    if token.kind == "app":
        return {**told, "app_id": APP, "app_name": "Signpost"}
    organisation = {"enterprise_id": here.enterprise[0]} if here.enterprise else {}
    who = {"user": "signpost", "user_id": here.bot_user, "bot_id": here.bot_id}
    return {**told, **who, **organisation, "is_enterprise_install": here.org_wide}


def _post(world: World, token: Token, args: JSON) -> JSON:
    need(args, "channel")
    channel = world.channel(args["channel"], token.workspace)
    if token.workspace.bot_user not in channel.members:
        raise Refused("not_in_channel")
    text, blocks = said(args)
    bot = token.workspace
    made = world.post(channel.id, bot.bot_user, text, blocks, bot=bot.bot_id, thread=args.get("thread_ts") or "")
    return {"channel": channel.id, "ts": made.ts, "message": output(made)}


def _ephemeral(world: World, token: Token, args: JSON) -> JSON:
    need(args, "channel", "user")
    channel = world.channel(args["channel"], token.workspace)
    if token.workspace.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if args["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = said(args)
    bot = token.workspace
    made = world.post(channel.id, bot.bot_user, text, blocks, args["user"], bot=bot.bot_id)
    return {"message_ts": made.ts}


def _own(world: World, token: Token, args: JSON, error: str) -> Message:
    need(args, "channel", "ts")
    message = world.find(world.channel(args["channel"], token.workspace).id, args["ts"])
    if message.user != token.workspace.bot_user:
        raise Refused(error)
    return message


def _update(world: World, token: Token, args: JSON) -> JSON:
    message = _own(world, token, args, "cant_update_message")
    message.show(*said(args))
    message.edits += 1
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": output(message)}


def _delete(world: World, token: Token, args: JSON) -> JSON:
    message = _own(world, token, args, "cant_delete_message")
    message.gone = True
    return {"channel": message.channel, "ts": message.ts}


def _open(world: World, token: Token, args: JSON) -> JSON:
    view = viewed(args, "modal")
    _unique(world, token, view)
    need(args, "trigger_id")
    trigger = world.take(args["trigger_id"], token.workspace)
    return {"view": world.output(world.open(trigger.user, view, fresh=True), state=False)}


def _push(world: World, token: Token, args: JSON) -> JSON:
    view = viewed(args, "modal")
    _unique(world, token, view)
    need(args, "trigger_id")
    trigger = world.take(args["trigger_id"], token.workspace)
    if trigger.view not in {each.id for each in world.stack(trigger.user)}:
        raise Refused("invalid_arguments", ["trigger_id: does not come from an open modal"])
    return {"view": world.output(world.open(trigger.user, view), state=False)}


def _unique(world: World, token: Token, view: JSON) -> None:
    name = view.get("external_id")
    if name and any(each.sent.get("external_id") == name for each in world.views(token.workspace)):
        raise Refused("duplicate_external_id")


def _view_update(world: World, token: Token, args: JSON) -> JSON:
    if not args.get("view_id") and not args.get("external_id"):
        need(args, "view_id")
    names = args.get("view_id") or "", args.get("external_id") or ""
    world.settle(world.shown(token.workspace, *names))
    found = world.shown(token.workspace, *names)
    view = viewed(args, found.sent["type"])
    _same(found, args)
    found.show(view, world.hash())
    return {"view": world.output(found, state=False)}


def _same(view: View | None, args: JSON) -> None:
    if view and args.get("hash") and args["hash"] != view.hash:
        raise Refused("hash_conflict")


def _publish(world: World, token: Token, args: JSON) -> JSON:
    need(args, "user_id")
    view, user = viewed(args, "home"), world.member(args["user_id"], token.workspace).id
    found = world.homes.get(user)
    _same(found, args)
    home = found or View(f"V0HOME{user[1:]}", user, view, f"V0HOME{user[1:]}")
    home.show(view, world.hash())
    world.homes[user] = home
    return {"view": world.output(home, state=False)}


def _conversation(world: World, token: Token, args: JSON) -> JSON:
    need(args, "users")
    member = world.member(str(args["users"]).split(",")[0], token.workspace)
    return {"channel": {"id": world.direct(member.id).id}}


def _user(world: World, token: Token, args: JSON) -> JSON:
    need(args, "user")
    member = world.member(args["user"], token.workspace)
    profile = {"real_name": member.name, "display_name": member.name}
    email = {"email": member.email} if "users:read.email" in token.scopes and member.email else {}
    user = {"id": member.id, "team_id": member.workspace.id, "name": member.name, "deleted": False, "is_bot": False}
    return {"user": {**user, "real_name": member.name, "tz": "Europe/London", "profile": {**profile, **email}}}


def _prompts(world: World, token: Token, args: JSON) -> JSON:
    need(args, "channel_id", "prompts")
    world.prompts.append(args)
    return {}


def _status(world: World, token: Token, args: JSON) -> JSON:
    need(args, "channel_id", "thread_ts")
    world.statuses.append(args)
    return {}


_ASSIST = ("assistant:write", "chat:write")
METHODS: Mapping[str, Method] = {
    "api.test": Method(lambda world, token, args: {}, kinds=("bot", "user", "app")),
    "auth.test": Method(_auth_test, kinds=("bot", "user", "app")),
    "chat.postMessage": Method(_post, ("chat:write",)),
    "chat.postEphemeral": Method(_ephemeral, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_view_update),
    "views.publish": Method(_publish),
    "conversations.open": Method(_conversation, ("im:write",)),
    "users.info": Method(_user, ("users:read",)),
    "assistant.threads.setSuggestedPrompts": Method(_prompts, ("assistant:write",)),
    "assistant.threads.setStatus": Method(_status, _ASSIST),
}


def answer(world: World, reply: Reply, args: JSON, bot: Workspace) -> None:
    """What is sent to a response_url, or in an acknowledgement. Raises Refused."""
    message = reply.message
    if args.get("delete_original") and message:
        message.gone = True
        return
    text, blocks = said(args, limited=False)
    if args.get("replace_original") and message:
        message.show(text, blocks)
        message.edits += 1
        return
    to = "" if args.get("response_type") == "in_channel" else reply.user
    world.post(reply.channel, bot.bot_user, text, blocks, to, bot=bot.bot_id)


def use(world: World, reply: Reply | None) -> Reply:
    """A response_url that may be used once more. Raises Refused."""
    if reply is None:
        raise Refused("no_active_hooks")
    if world.clock() - reply.made > world.reply_lives:
        raise Refused("expired_url")
    if reply.used >= REPLIES:
        raise Refused("used_url")
    reply.used += 1
    return reply
