"""Messages as Slack's blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.models.blocks import Block as SlackBlock

from bot.channels.slack import labels
from bot.channels.slack.read import pressed
from bot.channels.slack.render import SIGNS, draw, fallback, render
from bot.talk.message import (
    Action,
    Alert,
    Block,
    Choice,
    Choices,
    Facts,
    Link,
    Message,
    Note,
    Para,
    Points,
    Quote,
    Ruling,
)
from bot.talk.sealed import Sealed
from tests.slack.check_blocks import check_message, too_long


def one(*blocks: Block) -> list[dict[str, Any]]:
    """The blocks of a message without a title, which Slack takes."""
    (part,) = render(Message("", blocks))
    assert (check_message(part), too_long(part)) == ([], False)
    for block in part:
        parsed = SlackBlock.parse(block)
        assert parsed is not None and json.loads(json.dumps(parsed.to_dict()))["type"] == block["type"]
    return part


def text(text: str, style: str = "") -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": {style: True}} if style else {})}


def section(*texts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(texts)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": plain(text)}


BUTTON = {"type": "button", "action_id": "do:1", "text": plain("Yes"), "value": '["settle",{"option":"1"}]'}

DRAWN: dict[str, tuple[Block, list[dict[str, Any]]]] = {
    "para": (Para("One\ntwo"), [rich(section(text("One\ntwo")))]),
    "alert": (Alert("Call 999."), [header("🚨 Important"), rich(section(text("Call 999.", "bold")))]),
    "ruling": (Ruling("no", "No", "Not allowed."), [header("⛔ No"), rich(section(text("Not allowed.")))]),
    "ruling of another kind": (Ruling("maybe", "Maybe", ""), [header("❔ Maybe")]),
    "quote": (
        Quote("Staff must not.", "Policy 4", "whgs/4"),
        [
            rich(
                {"type": "rich_text_quote", "elements": [text("Staff must not.")]},
                section(text("Policy 4 (whgs/4)", "italic")),
            )
        ],
    ),
    "facts": (
        Facts((("Seen by", "The DSL"), ("Who?", "A\nB"), ("Empty", ""))),
        [
            rich(
                section(text("Seen by:", "bold"), text(" "), text("The DSL")),
                section(text("Who?", "bold"), text("\n"), text("A\nB")),
                section(text("Empty", "bold")),
            )
        ],
    ),
    "points": (
        Points((("Ask", "Type it."), ("", "Or not."))),
        [
            rich(
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [section(text("Ask:", "bold"), text(" "), text("Type it.")), section(text("Or not."))],
                }
            )
        ],
    ),
    "note": (Note("Small."), [{"type": "context", "elements": [plain("Small.")]}]),
    "choices": (
        Choices("Is it?", (Choice("Yes", Action("settle", {"option": "1"})),)),
        [rich(section(text("Is it?", "bold"))), {"type": "actions", "elements": [BUTTON]}],
    ),
    "link": (
        Link("Sign in", Sealed("https://signpost.example/in/x")),
        [
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "link:1",
                        "text": plain("Sign in"),
                        "url": "https://signpost.example/in/x",
                    }
                ],
            }
        ],
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_block_is_drawn(name: str) -> None:
    block, drawn = DRAWN[name]
    assert one(block) == drawn


def test_every_verdict_has_a_sign_of_its_own() -> None:
    heads = [one(Ruling(kind, "X", ""))[0]["text"]["text"] for kind in SIGNS]
    assert (len(set(heads)), heads) == (len(SIGNS), [f"{sign} X" for sign in SIGNS.values()])


@pytest.mark.parametrize("block", [Para(" "), Note("\x00"), Facts(()), Points((("", ""),)), Choices("", ())])
def test_what_is_empty_is_not_drawn(block: Block) -> None:
    assert render(Message("", (block,))) == []


def test_an_alert_comes_first_then_the_title_then_the_rest() -> None:
    ((alert, words, title, para),) = render(Message("My cases", (Para("P"), Alert("A"))))

    assert [alert, words] == DRAWN["alert"][1][:1] + [rich(section(text("A", "bold")))]
    assert [title, para] == [{"type": "context", "elements": [plain("My cases")]}, rich(section(text("P")))]


def test_buttons_are_numbered_right_through_and_stand_five_in_a_row() -> None:
    options = tuple(Choice(f"{number}", Action("a", {"n": f"{number}"})) for number in range(12))
    every = [each for each in draw([Message("", (Choices("", options),))] * 2) if each["type"] == "actions"]

    buttons = [button for block in every for button in block["elements"]]
    assert [len(block["elements"]) for block in every] == [5, 5, 2] * 2
    assert [button["action_id"] for button in buttons] == [f"do:{number}" for number in range(1, 25)]
    assert [pressed(button) for button in buttons] == [option.action for option in options * 2]


def test_a_label_that_is_too_long_ends_in_dots_and_one_that_is_empty_still_has_a_button() -> None:
    ((block,),) = render(Message("", (Choices("", (Choice("x" * 80, Action("a")), Choice("\n", Action("b")))),)))

    assert [button["text"]["text"] for button in block["elements"]] == ["x" * 74 + "…", "-"]


def test_an_action_that_no_button_can_carry_is_refused_without_a_word_of_it() -> None:
    with pytest.raises(ValueError, match="^an action is too long for a button$"):
        render(Message("", (Choices("", (Choice("X", Action("a", {"b": "canary" * 400})),)),)))


LONG = " ".join(f"word{number}" for number in range(4000))


@pytest.mark.parametrize(
    "block",
    [
        Para(LONG),
        Alert(LONG),
        Note(LONG),
        Ruling("no", LONG, LONG),
        Quote(LONG, "S", "r"),
        Facts((("N", LONG), ("M", LONG))),
        Points((("", LONG), ("N", LONG))),
        Choices(LONG, (Choice("C", Action("a")),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_long_body_is_split_over_blocks_and_messages_and_nothing_is_lost(block: Block) -> None:
    parts = render(Message("Title", (block,)))

    assert [(check_message(part), too_long(part)) for part in parts] == [([], False)] * len(parts)
    assert len(parts) > 1
    said = "".join(texts(parts)).replace(" ", "")
    assert said.count(LONG.replace(" ", "")) == str(block).count(LONG)


def test_a_message_of_many_blocks_becomes_several_messages() -> None:
    parts = render(Message("", tuple(Para(f"p{number}") for number in range(120))))

    assert [len(part) for part in parts] == [50, 50, 20]
    assert list(texts(parts)) == [f"p{number}" for number in range(120)]


def texts(held: Any) -> Iterator[str]:
    """Every text in what is sent, in order."""
    if isinstance(held, list):
        for each in held:
            yield from texts(each)
    elif isinstance(held, dict) and isinstance(held.get("text"), str):
        yield held["text"]
    elif isinstance(held, dict):
        yield from texts(list(held.values()))


def test_where_a_message_holds_what_people_wrote_only_the_button_that_opens_it_is_posted() -> None:
    message = Message("A case", (Para("canary"), Facts((("Name", "canary"),))), Action("case", {"ref": "R-1"}))

    assert render(message) == [
        [
            {"type": "context", "elements": [plain("A case")]},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "action_id": "do:1", "text": plain("Open"), "value": '["case",{"ref":"R-1"}]'}
                ],
            },
        ]
    ]


def test_a_notification_says_the_same_of_every_message() -> None:
    assert {fallback(Message(f"{block}", (block,))) for block, _ in DRAWN.values()} == {labels.FALLBACK}
