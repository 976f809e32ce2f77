"""Modals: a form with its questions and what was given before, or messages that are only looked at."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from bot.channels.slack import labels
from bot.channels.slack.render import Json, alert, compact, draw, plain, rich
from bot.talk import limits
from bot.talk.day import read_day
from bot.talk.form import Choosable, Kind, Question
from bot.talk.message import Alert, Message
from bot.talk.shown import shown
from bot.talk.turn import FormReply

FORM = "form"
"""The callback id of a form."""

SHOWN = "shown"
"""The callback id of a modal that only shows."""

ANSWER = "answer"
"""With this the action id of every question's input begins; its block id is the question's name."""

NO_ANSWER = "∅"
"""The value of "No answer", since Slack lets nobody take a choice back; no question has an option of this value."""

FEW = 10
"""Options that Slack shows at once."""

MANY = 100
"""Options of a list that Slack holds, or of one group in it."""

END = 30
"""Characters of the first and of the last option that name a group."""

BLOCKS = 100
"""Blocks in a modal."""

BUTTONS = 25
"""Buttons in a block."""

TEXT = 2000
"""Characters of a label or a hint."""

METADATA = 3000
"""Characters that a modal carries for us."""

NUMBER = 999_999_999
"""The largest number that is taken."""

PROBLEM_SIGN = "⚠️"

PICK: Json = {"placeholder": plain(labels.PICK, limits.LABEL)}


def form_view(reply: FormReply, before: Sequence[Message] = ()) -> Json:
    """A form as a modal: what to know before, the problem of the whole form, then every question."""
    blocks = [block for problem in _general(reply, before) for block in alert(problem)]
    blocks += draw(before, titled=False)
    blocks += [block for question in reply.form.questions for block in _asked(question, reply)]
    carried = compact([reply.form.id, reply.key])
    if len(carried) > METADATA:
        raise ValueError("a form's key is too long for a modal")
    more = {"submit": plain(reply.form.submit, limits.TITLE), "private_metadata": carried}
    return {**_modal(FORM, reply.form.title, blocks), **more}


def message_view(messages: Sequence[Message]) -> Json:
    """Messages as a modal; a title that the modal's own bar can hold is not told twice."""
    first, *rest = messages
    if len(first.title) > limits.TITLE:
        return _modal(SHOWN, labels.NAME, draw(messages))
    return _modal(SHOWN, first.title, draw([replace(first, title=""), *rest]))


def errors(reply: FormReply) -> dict[str, str]:
    """The problems as Slack shows them at their inputs; that of the whole form is drawn by `form_view` alone."""
    names = {question.name for question in reply.form.questions}
    return {name: problem for name, problem in reply.problems.items() if name in names}


def options(question: Question, words: str = "") -> list[Json]:
    """What is offered of a long list while words are typed: labels that hold them all."""
    sought = words.casefold().split()
    found = [one for one in question.options if all(word in one.label.casefold() for word in sought)]
    return (_left_open(question) if not sought else [])[:1] + [_option(one) for one in found][: MANY - 1]


def _general(reply: FormReply, before: Sequence[Message]) -> list[str]:
    """The problems that belong to no question, unless what is told before says the same."""
    names = {question.name for question in reply.form.questions}
    told = {block.text for message in before for block in message.blocks if isinstance(block, Alert)}
    return [problem for name, problem in reply.problems.items() if name not in names and problem not in told]


def _modal(callback: str, title: str, blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, limits.TITLE),
        "close": plain(labels.CLOSE, limits.TITLE),
        "notify_on_close": True,
        "blocks": list(blocks) if len(blocks) <= BLOCKS else _tight(blocks),
    }


def _asked(question: Question, reply: FormReply) -> Iterator[Json]:
    given = [sealed.reveal() for sealed in reply.given.get(question.name, ()) if sealed]
    element, left_over = _element(question, given)
    if problem := reply.problems.get(question.name):
        yield from rich(f"{PROBLEM_SIGN} {labels.PROBLEM}: {problem}", "bold")
    if left_over:
        yield from (*rich(labels.LEFT_OVER), *rich(left_over, "italic"))
    yield {
        "type": "input",
        "block_id": question.name,
        "label": plain(question.label, TEXT),
        **({"hint": plain(question.hint, TEXT)} if question.hint.strip() else {}),
        "optional": not question.required,
        "element": {**element, "action_id": _answer(reply.key)},
    }


def _answer(key: str) -> str:
    """Another one for a form that is begun anew: under the same one Slack keeps what stands there, whatever we send."""
    return f"{ANSWER}:{zlib.crc32(key.encode()):x}" if key else ANSWER


def _element(question: Question, given: Sequence[str]) -> tuple[Json, str]:
    """The input, and what of the given does not fit into it."""
    match question.kind:
        case Kind.LINE:
            return _text(" ".join(" ".join(given).split()), limits.LINE, multiline=False)
        case Kind.TEXT:
            return _text("\n".join(given), limits.TEXT, multiline=True)
        case Kind.ONE:
            return _one(question, given), ""
        case Kind.MANY:
            return _many(question, given), ""
        case Kind.DAY:
            return _day("".join(given[:1]))
        case Kind.NUMBER:
            return _number(question, "".join(given[:1]).strip())
        case _:
            assert_never(question.kind)


def _text(text: str, most: int, multiline: bool) -> tuple[Json, str]:
    text = shown(text)
    first = {"initial_value": text[:most]} if text else {}
    return {"type": "plain_text_input", "multiline": multiline, "max_length": most, **first}, text[most:]


def _day(text: str) -> tuple[Json, str]:
    try:
        first = {"initial_date": read_day(text).isoformat()} if text else {}
    except ValueError:
        return {"type": "datepicker"}, text
    return {"type": "datepicker", **first}, ""


def _number(question: Question, text: str) -> tuple[Json, str]:
    least = question.least if question.least is not None else 0
    most = question.most if question.most is not None else NUMBER
    bounds = {"is_decimal_allowed": False, "min_value": str(least), "max_value": str(most)}
    fits = re.fullmatch("[0-9]{1,9}", text) and least <= int(text) <= most
    return {"type": "number_input", **bounds, **({"initial_value": text} if fits else {})}, "" if fits else text


def _one(question: Question, given: Sequence[str]) -> Json:
    every = [_option(one) for one in question.options] + _left_open(question)
    chosen = [option for option in every if option["value"] in given[:1]]
    first = {"initial_option": chosen[0]} if chosen else {}
    if 1 <= len(every) <= FEW:
        return {"type": "radio_buttons", "options": every, **first}
    if every:
        return {"type": "static_select", **PICK, **_listed(every), **first}
    return {"type": "external_select", **PICK, "min_query_length": 0, **first}


def _many(question: Question, given: Sequence[str]) -> Json:
    every = [_option(one) for one in question.options]
    chosen = [option for option in every if option["value"] in given]
    first = {"initial_options": chosen} if chosen else {}
    if 1 <= len(every) <= FEW:
        return {"type": "checkboxes", "options": every, **first}
    if every:
        return {"type": "multi_static_select", **PICK, **_listed(every), **first}
    return {"type": "multi_external_select", **PICK, "min_query_length": 0, **first}


def _listed(every: Sequence[Json]) -> Json:
    """Options as a list, in groups where it is longer than Slack takes at once."""
    if len(every) <= MANY:
        return {"options": every}
    parts = [every[first : first + MANY] for first in range(0, len(every), MANY)]
    named = ((f"{_start(part[0])} – {_start(part[-1])}", part) for part in parts)
    return {"option_groups": [{"label": plain(name, limits.LABEL), "options": part} for name, part in named]}


def _start(option: Json) -> str:
    return str(option["text"]["text"])[:END]


def _option(one: Choosable) -> Json:
    return {"text": plain(one.label, limits.LABEL), "value": one.value}


def _left_open(question: Question) -> list[Json]:
    """The option that says nothing, where a choice may be left out."""
    is_open = question.kind is Kind.ONE and not question.required
    return [_option(Choosable(NO_ANSWER, labels.NO_ANSWER))] if is_open else []


def _tight(blocks: Sequence[Json]) -> list[Json]:
    """The same in fewer blocks: neighbours are put together, so that a long modal loses nothing."""
    packed: list[Json] = []
    for block in map(_loose, blocks):
        last = packed[-1] if packed else {}
        fits = block["type"] == "rich_text" or len(last.get("elements", ())) + len(block.get("elements", ())) <= BUTTONS
        if block["type"] == last.get("type") != "input" and fits:
            packed[-1] = {**last, "elements": [*last["elements"], *block["elements"]]}
        else:
            packed.append(block)
    if len(packed) > BLOCKS:
        raise ValueError("too much for one modal")
    return packed


def _loose(block: Json) -> Json:
    """A block that can be joined with its neighbour."""
    match block["type"]:
        case "header":
            return rich(block["text"]["text"], "bold")[0]
        case "context":
            return rich(block["elements"][0]["text"])[0]
        case _:
            return block
