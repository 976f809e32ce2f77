"""Greeting, help, and short plain replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import request_wording, wording
from bot.conversation.buttons import press
from bot.conversation.register_wording import REGISTER
from bot.conversation.report_wording import MY_REPORTS, NOTICES
from bot.conversation.request_wording import MY_REQUESTS
from bot.domain.ports import Notice
from bot.talk import limits
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Link, Message, Note, Para, Points
from bot.talk.sealed import Sealed

OWN = {"read", "done"}
"""Notices that go to the one who reported: these lead to their reports, all others to the cases."""

NOTICES_SHOWN = 10
"""Notices listed in a greeting; the case list has the rest."""


def greeting() -> Message:
    """What a person sees first: what this is, and a few questions to try."""
    tries = (Choice(example, press("ask", number=str(number))) for number, example in enumerate(wording.EXAMPLES))
    return Message(
        wording.GREETING_TITLE,
        (
            Para(wording.GREETING),
            Choices(wording.GREETING_TRY, (*tries, Choice(wording.TOPICS, press("topics")))),
            Note(wording.GREETING_URGENT),
        ),
    )


def notices(waiting: Sequence[Notice]) -> tuple[Message, ...]:
    """What was delivered to this person and waits, by reference; nothing where there is none."""
    if not waiting:
        return ()
    latest = list({notice.ref: notice for notice in reversed(waiting)}.values())[::-1][:NOTICES_SHOWN]
    rows = tuple((notice.ref, NOTICES[notice.template].format(ref=notice.ref)) for notice in latest)
    own = {notice.template in OWN for notice in latest}
    ways = {False: Choice(wording.CASES, press("cases")), True: Choice(MY_REPORTS, press("my-reports"))}
    buttons = tuple(way for mine, way in ways.items() if mine in own)
    return (Message(wording.NOTICES_TITLE, (Facts(rows), Choices("", buttons))),)


def signing_in(address: Sealed) -> Message:
    """The link that signs somebody in, once: shown in passing, since whoever has it is them."""
    blocks = (Para(wording.SIGN_IN_TEXT), Link(wording.SIGN_IN_OPEN, address))
    return Message(wording.SIGN_IN_TITLE, blocks, opened_by=press("sign-in"))


def notice(one: Notice) -> Message:
    """One notice, for a channel that brings it to its recipient: a reference and nothing of what it is about."""
    texts = {**NOTICES, **request_wording.NOTICES}
    way = {"R": "request", "E": "entry"}.get(one.ref[:1], "my-reports" if one.template in OWN else "cases")
    button = Choice(wording.OPEN, press(way, ref=one.ref))
    return Message(wording.NOTICES_TITLE, (Para(texts[one.template].format(ref=one.ref)), Choices("", (button,))))


def home() -> Message:
    """What can be done without a word typed."""
    return Message(
        wording.HOME_TITLE, (Choices("", tuple(Choice(label, press(name)) for name, label in wording.HOME.items())),)
    )


def help_page() -> Message:
    """What can be typed."""
    buttons = (
        Choice(wording.TOPICS, press("topics")),
        Choice(wording.LOOK_UP, press("look-up")),
        Choice(MY_REPORTS, press("my-reports")),
        Choice(MY_REQUESTS, press("my-requests")),
        Choice(REGISTER, press("register")),
    )
    return Message(wording.HELP_TITLE, (Points(wording.HELP), Note(wording.HELP_LIMITS), Choices("", buttons)))


def line(text: str) -> Message:
    """One sentence."""
    return Message(wording.REPLY_TITLE, (Para(text),))


def too_long(danger: bool) -> Message:
    """A message that cannot be read whole; where it speaks of danger, 999 comes first all the same."""
    blocks: tuple[Block, ...] = (Para(wording.TOO_LONG.format(most=limits.SAID)),)
    return Message(wording.TOO_LONG_TITLE, (Alert(wording.URGENT), *blocks) if danger else blocks)
