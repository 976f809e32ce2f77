from __future__ import annotations

import pytest

from tests.slack import samples
from tests.slack.fake import FakeSlack
from tests.slack.hello import hello, over_http, until
from tests.slack.types import EVENTS, Typed, complaints, install, needed, recorded
from tests.slack.user import User


@pytest.fixture(scope="module", autouse=True)
def types() -> None:
    missing = install()
    if missing and not needed():
        pytest.skip(missing)
    assert not missing


def _everything(slack: FakeSlack) -> None:
    """Let one user do all that a user can do."""
    user = User(slack, "U0TEACHER", "teacher")
    slack.channel("C0STAFF", "staff", ["U0TEACHER"])
    user.dm("hello")
    until(user.messages)
    user.press("Again")
    user.mention("C0STAFF", "hello")
    user.slash("mileage")
    until(lambda: any("[Change]" in each for each in user.ephemerals()))
    user.press("Change")
    user.message_shortcut("report", user.say("C0STAFF", "words"))
    for what in ("wrong", "push", "slow", "clear"):
        user.shortcut("report")
        until(user.view)
        user.choose("who", "Head")
        user.press("More")
        user.submit(what=what, kind="V0")
        if what == "push":
            user.close(everything=True)
    for tab in ("messages", "home", "home"):
        user.open_home(tab)
    until(user.home)
    user.press("Start")
    for event in ("app_uninstalled", "tokens_revoked"):
        more = {"tokens": {"bot": ["U0BOT"]}} if event == "tokens_revoked" else {}
        slack.deliver("event", user.sends.event({"type": event, **more, "event_ts": "1.1"}))


def test_slacks_own_types_agree_with_all_that_the_fake_sends_and_takes() -> None:
    with FakeSlack() as slack, over_http(slack, hello(slack)):
        _everything(slack)
        found = recorded(slack)
    assert complaints(found) == []
    assert {each.type for each in found} >= {
        *EVENTS.values(),
        *"Command Click ViewClick Search Shortcut OnMessage Submission Closed".split(),
        *"Blocks Modal Home Errors Next Clear Options".split(),
    }


def test_slacks_own_types_agree_with_the_samples() -> None:
    views = [Typed("Modal", samples.VIEW), Typed("Home", samples.HOME)]
    assert complaints([*views, *(Typed("Blocks", each) for each in (samples.MESSAGE, samples.MARKDOWN))]) == []


def test_slacks_own_types_see_what_is_wrong() -> None:
    wrong = [
        Typed("Blocks", samples.MESSAGES["unknown block"]),
        Typed("Blocks", samples.MESSAGES["key unknown"]),
        Typed("Modal", samples.VIEWS["question marked up"]),
        Typed("Submission", {"type": "view_submission"}),
    ]
    assert [each.split(":")[0] for each in complaints(wrong)] == ["Blocks", "Blocks", "Modal", "Submission"]
