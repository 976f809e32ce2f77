"""Greeting, help, and short plain replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.report_wording import NOTICES
from bot.domain.ports import Notice
from bot.talk import limits
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points

NOTICES_SHOWN = 10
"""Notices listed in a greeting; the case list has the rest."""


def greeting() -> Message:
    """What a person sees first: what this is, and three questions to try."""
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
    rows = tuple((notice.ref, NOTICES[notice.template].format(ref=notice.ref)) for notice in waiting[:NOTICES_SHOWN])
    return (Message(wording.NOTICES_TITLE, (Facts(rows), Choices("", (Choice(wording.CASES, press("cases")),)))),)


def help_page() -> Message:
    """What can be typed."""
    buttons = (Choice(wording.TOPICS, press("topics")), Choice(wording.LOOK_UP, press("look-up")))
    return Message(wording.HELP_TITLE, (Points(wording.HELP), Note(wording.HELP_LIMITS), Choices("", buttons)))


def line(text: str) -> Message:
    """One sentence."""
    return Message(text, (Para(text),))


def too_long(danger: bool) -> Message:
    """A message that cannot be read whole; where it speaks of danger, 999 comes first all the same."""
    blocks: tuple[Block, ...] = (Para(wording.TOO_LONG.format(most=limits.SAID)),)
    return Message(wording.TOO_LONG_TITLE, (Alert(wording.URGENT), *blocks) if danger else blocks)
