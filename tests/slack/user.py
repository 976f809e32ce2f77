"""Somebody at a Slack client: does what a person can do, checks what the client checks, and sees what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.slack.check_blocks import check_options, check_view, elements
from tests.slack.fake import FakeSlack
from tests.slack.methods import answer
from tests.slack.payloads import Payloads, escaped, typed_text
from tests.slack.shown import label, lines, text
from tests.slack.surface import JSON, Message, View, amiss, fields, offered, stored, value_key
from tests.slack.transports import COMMAND, INTERACTIVE, Delivered
from tests.slack.world import STACK, Member, Reply, Workspace

TROUBLE = "We had some trouble connecting. Try again?"
Surface = Message | View


@dataclass
class User:
    """One person; `trouble` is what Slack itself told them went wrong."""

    slack: FakeSlack
    id: str
    name: str
    workspace: Workspace = field(default_factory=Workspace)
    email: str = ""
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = self.slack.world
        self.member: Member = self.slack.member(self.id, self.name, self.workspace, self.email)
        self.sends = Payloads(self.world, self.member)

    # What a person does

    def dm(self, words: str, thread: str = "") -> Delivered:
        """Write to the app."""
        with self.world.lock:
            place = self.world.direct(self.id)
            message = self.world.post(place.id, self.id, words, typed_text(words), thread=thread)
            payload = self.sends.message(message, escaped(words))
        return self.slack.deliver_event(payload)

    def say(self, channel: str, words: str) -> Message:
        """Write in a channel where the app hears nothing."""
        with self.world.lock:
            return self.world.post(channel, self.id, words, typed_text(words))

    def mention(self, channel: str, words: str) -> Delivered:
        """Name the app in a channel."""
        message = self.say(channel, f"@signpost {words}")
        payload = self.sends.mention(message, f"<@{self.workspace.bot_user}> {escaped(words)}")
        return self.slack.deliver_event(payload)

    def slash(self, words: str, command: str = "/policy", channel: str = "") -> Delivered:
        """Use a slash command, in a channel or beside the app."""
        place = self.world.channels[channel] if channel else self.world.direct(self.id)
        delivered = self._deliver(COMMAND, self.sends.command(command, words, place))
        if not delivered.acked:
            self.trouble.append(f"{command} failed with the error “{_failed(delivered)}”")
        elif delivered.payload:
            args = {"text": delivered.payload} if isinstance(delivered.payload, str) else delivered.payload
            with self.world.lock:
                answer(self.world, Reply(self.id, place.id, 0.0), args, self.workspace)
        return delivered

    def shortcut(self, callback_id: str) -> Delivered:
        """Use a global shortcut."""
        return self._interact(self.sends.shortcut(callback_id))

    def message_shortcut(self, callback_id: str, message: Message) -> Delivered:
        """Use a shortcut on a message."""
        return self._interact(self.sends.message_shortcut(callback_id, message))

    def open_home(self, tab: str = "home") -> Delivered:
        """Look at the app's home."""
        return self.slack.deliver_event(self.sends.home_opened(tab))

    def click(self, where: Surface, words: str) -> Delivered:
        """Press a button of a message or a view. Raises LookupError."""
        for block in where.blocks:
            for element in elements(block):
                if element["type"] in ("button", "icon_button") and label(element) == words:
                    return self._interact(self.sends.clicked(where, block, element))
        raise LookupError(f"no button {words!r} among {lines(where.blocks, where.state)}")

    def press(self, words: str) -> Delivered:
        """Press a button in the open modal, else in the newest message that has it, else in the home."""
        surfaces: list[Surface] = [*self.world.stack(self.id)[-1:], *reversed(self.seen()), *self._home()]
        for surface in surfaces:
            if f"[{words}]" in lines(surface.blocks, surface.state):
                return self.click(surface, words)
        raise LookupError(f"no button {words!r} in sight")

    def fill(self, question: str, value: str, on: Surface | None = None) -> None:
        """Type into an input, or pick a day; the question is its block id or its label."""
        where, block, element = self._field(question, on)
        self._set(where, block, element, value or None)

    def choose(self, question: str, *words: str, typing: str = "", on: Surface | None = None) -> None:
        """Choose by label or value; in an external select after typing `typing`, or the first letters of the label."""
        where, block, element = self._field(question, on)
        if element["type"].endswith("external_select"):
            found = [self._found(where, block, element, each, typing) for each in words]
        else:
            found = [_option(offered(element), each) for each in words]
        several = value_key(element) == "selected_options"
        self._set(where, block, element, found if several else found[0] if found else None)

    def search(self, question: str, typing: str) -> list[str]:
        """The labels that an external select offers to what is typed."""
        where, block, element = self._field(question, None)
        return [text(each["text"]) for each in self._searched(where, block, element, typing)]

    def submit(self, **answers: str | Sequence[str]) -> Delivered | None:
        """Fill in and send the open modal; None where the client itself refused, and then `errors()` says why."""
        view = self.open_view()
        for name, given in answers.items():
            element = self._field(name, view)[2]
            if value_key(element).startswith("selected_option"):
                self.choose(name, *([given] if isinstance(given, str) else given))
            else:
                self.fill(name, str(given))
        view.errors = {
            block["block_id"]: wrong
            for block, element in fields(view.blocks)
            if block["type"] == "input"
            and (wrong := amiss(block, element, view.state[block["block_id"]][element["action_id"]]))
        }
        if view.errors:
            return None
        assert view.sent.get("submit"), "the modal has nothing to send it with"
        view.sending = True
        delivered = self._deliver(INTERACTIVE, self.sends.submitted(view))
        with self.world.lock:
            try:
                self._take(view, delivered)
            finally:
                view.sending = False
                self.world.settled.notify_all()
        return delivered

    def close(self, everything: bool = False) -> list[Delivered]:
        """Close the topmost modal, or all of them."""
        stack = self.world.stack(self.id)
        everything = everything or self.open_view().sent.get("clear_on_close", False)
        gone = list(reversed(stack)) if everything else stack[-1:]
        told = [self.sends.closed(view, everything) for view in gone if view.sent.get("notify_on_close")]
        with self.world.lock:
            del stack[-len(gone) :]
        return [self._interact(each) for each in told]

    # What a person sees

    def seen(self, channel: str = "") -> list[Message]:
        """The messages in a channel or beside the app, those for this person alone too."""
        place = channel or self.world.direct(self.id).id
        mine = [each for each in self.world.messages if each.to in ("", self.id) and not each.gone]
        return [each for each in mine if each.channel == place or (each.to == self.id and not channel)]

    def messages(self, channel: str = "") -> list[list[str]]:
        """What the app wrote for everybody there, message by message."""
        return [_shown(each) for each in self.seen(channel) if each.bot and not each.to]

    def ephemerals(self, channel: str = "") -> list[list[str]]:
        """What the app wrote for this person alone, message by message."""
        return [_shown(each) for each in self.seen(channel) if each.to]

    def notifications(self) -> list[str]:
        """What a phone shows of what the app wrote."""
        return [each.text for each in self.seen() if each.bot]

    def open_view(self) -> View:
        """The topmost modal. Raises LookupError."""
        stack = self.world.stack(self.id)
        if not stack:
            raise LookupError(f"no modal is open; trouble: {self.trouble}")
        return stack[-1]

    def view(self) -> list[str]:
        """The topmost modal, or nothing."""
        if not self.world.stack(self.id):
            return []
        view = self.open_view()
        title, below = text(view.sent["title"]), [view.sent.get("close"), view.sent.get("submit")]
        return [title, *lines(view.blocks, view.state, view.errors), *(f"[{text(each)}]" for each in below if each)]

    def errors(self) -> dict[str, str]:
        """What stands at the inputs of the topmost modal, by block id."""
        return dict(self.open_view().errors)

    def home(self) -> list[str]:
        """The app's home, or nothing."""
        return [line for each in self._home() for line in lines(each.blocks, each.state)]

    def _home(self) -> list[View]:
        found = self.world.homes.get(self.id)
        return [found] if found else []

    # How the client goes about it

    def _deliver(self, kind: str, payload: JSON) -> Delivered:
        return self.slack.deliver(kind, payload)

    def _interact(self, payload: JSON) -> Delivered:
        delivered = self._deliver(INTERACTIVE, payload)
        if not delivered.acked:
            self.trouble.append(TROUBLE)
        return delivered

    def _field(self, question: str, on: Surface | None) -> tuple[Surface, JSON, JSON]:
        where = on or self.open_view()
        for block, element in fields(where.blocks):
            if question in (block["block_id"], text(block["label"]) if "label" in block else ""):
                return where, block, element
        raise LookupError(f"no input {question!r} among {lines(where.blocks, where.state)}")

    def _set(self, where: Surface, block: JSON, element: JSON, value: Any) -> None:
        with self.world.lock:
            where.state[block["block_id"]][element["action_id"]] = {"type": element["type"], value_key(element): value}
            if isinstance(where, View):
                where.errors.pop(block["block_id"], None)
        if block["type"] != "input" or block.get("dispatch_action"):
            self._interact(self.sends.clicked(where, block, element))

    def _found(self, where: Surface, block: JSON, element: JSON, words: str, typing: str) -> JSON:
        return _option(self._searched(where, block, element, typing or words[:20]), words)

    def _searched(self, where: Surface, block: JSON, element: JSON, typing: str) -> list[JSON]:
        assert isinstance(where, View), "an external select in a message is not known here"
        if len(typing) < element.get("min_query_length", 3):
            return []
        delivered = self._deliver(INTERACTIVE, self.sends.searched(where, block, element, typing))
        reply = delivered.payload
        assert delivered.acked and isinstance(reply, dict), f"a search was not answered: {delivered.status}"
        assert not check_options(reply), check_options(reply)
        return offered(stored(reply))

    def _take(self, view: View, delivered: Delivered) -> None:
        reply, stack = delivered.payload or {}, self.world.stack(self.id)
        if not delivered.acked or not isinstance(reply, dict):
            self.trouble.append(TROUBLE)
            return
        match reply.get("response_action"):
            case None:
                assert not reply, f"not an answer to a submission: {sorted(reply)}"
                stack[:] = [each for each in stack if each is not view]
            case "clear":
                stack.clear()
            case "errors":
                _set_errors(view, reply.get("errors") or {})
            case "update":
                view.show(stored(_sent(reply)), self.world.hash())
            case "push":
                assert len(stack) < STACK, "push: three views are open"
                self.world.open(self.id, _sent(reply))
            case other:
                raise AssertionError(f"unknown response_action {other!r}")


def _sent(reply: JSON) -> JSON:
    view: JSON = reply["view"]
    assert not check_view(view), check_view(view)
    assert view["type"] == "modal", "not a modal"
    return view


def _set_errors(view: View, errors: dict[str, str]) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    assert errors and errors.keys() <= inputs, f"errors at {sorted(errors)}, but the inputs are {sorted(inputs)}"
    assert all(isinstance(each, str) and 0 < len(each) <= 3000 for each in errors.values()), "an error without words"
    view.errors = dict(errors)


def _option(found: Sequence[JSON], words: str) -> JSON:
    for match in (
        [each for each in found if text(each["text"]) == words],
        [each for each in found if each["value"] == words],
    ):
        if match:
            return match[0]
    raise LookupError(f"no option {words!r} among {[text(each['text']) for each in found]}")


def _shown(message: Message) -> list[str]:
    marked = text({"type": "mrkdwn", "text": message.text})
    return lines(message.blocks, message.state) if message.blocks else [marked]


def _failed(delivered: Delivered) -> str:
    return "dispatch_failed" if delivered.status else "operation_timeout"
