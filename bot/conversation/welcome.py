"""Greeting, help, and short plain replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import wording
from bot.conversation.buttons import press
from bot.conversation.report_wording import MY_REPORTS, NOTICES
from bot.domain.ports import Notice
from bot.talk import limits
from bot.talk.message import Alert, Block, Choice, Choices, Facts, Message, Note, Para, Points

OWN = {"read", "done"}
"""Notices that go to the one who reported: these lead to their reports, all others to the cases."""

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
    latest = list({notice.ref: notice for notice in reversed(waiting)}.values())[::-1][:NOTICES_SHOWN]
    rows = tuple((notice.ref, NOTICES[notice.template].format(ref=notice.ref)) for notice in latest)
    own = {notice.template in OWN for notice in latest}
    ways = {False: Choice(wording.CASES, press("cases")), True: Choice(MY_REPORTS, press("my-reports"))}
    buttons = tuple(way for mine, way in ways.items() if mine in own)
    return (Message(wording.NOTICES_TITLE, (Facts(rows), Choices("", buttons))),)


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
