"""Notices as direct messages: inside Signpost first, then in every workspace, and nothing in them but a reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from slack_sdk import WebClient

from bot.channels.slack import labels
from bot.channels.slack.place import Directory
from bot.channels.slack.send import SlackMessenger
from bot.conversation import report_wording, request_wording
from bot.conversation.welcome import notice
from bot.domain.people import School
from bot.domain.ports import Notice, TryLater
from bot.storage.outbox import Leased
from tests.office import SCHOOLS
from tests.slack.fake import SCHOOL, Failure, FakeSlack
from tests.slack.user import User
from tests.slack.world import Workspace

OTHER = Workspace("T0OTHER", "east-hill", "East Hill")


@dataclass
class Inside:
    """The messenger inside Signpost; what is in `back` was taken back. It notes how much Slack had been asked."""

    slack: FakeSlack
    back: set[int] = field(default_factory=set)
    delivered: list[tuple[int, int]] = field(default_factory=list)

    def deliver(self, leased: Leased) -> bool:
        if leased.notice.id in self.back:
            return False
        self.delivered.append((leased.notice.id, len(self.slack.calls)))
        return True


class Nowhere:
    """Where people of several schools are: nobody has said."""

    def at(self, name: str) -> str:
        return ""

    def go(self, name: str, school: str) -> None:
        raise AssertionError


@dataclass
class Post:
    """One school, its Slack, and the messenger between them."""

    slack: FakeSlack
    inside: Inside
    school: School
    clients: dict[str, WebClient]

    def send(self, ref: str = "S-ABCD-2345", template: str = "new", to: str = "dsl", number: int = 1) -> bool:
        """Deliver one notice."""
        messenger = SlackMessenger(
            self.inside, Directory(lambda: [self.school], Nowhere()), self.clients.get, notice, lambda _: self.school
        )
        return messenger.deliver(Leased(Notice("emlm", ref, to, template, number), "keyed", "token"))


def in_slack(school: School, **ids: str) -> School:
    """The school with some of its people in Slack."""
    people = tuple(replace(one, slack=ids.get(one.id, "")) for one in school.people)
    return replace(school, people=people, slack=(SCHOOL.id,))


@pytest.fixture
def post() -> Iterator[Post]:
    with FakeSlack() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api, retry_handlers=[])
        yield Post(slack, Inside(slack), in_slack(SCHOOLS["emlm"], dsl="U0DSL"), {SCHOOL.id: client})


def test_a_notice_is_inside_first_and_then_a_reference_and_a_button_in_slack(post: Post) -> None:
    dsl = User(post.slack, "U0DSL", "dsl")
    assert post.send()
    assert post.inside.delivered == [(1, 0)]
    (message,) = dsl.messages()
    assert message[-2:] == [report_wording.NOTICES["new"].format(ref="S-ABCD-2345"), "[Open]"]
    assert dsl.notifications() == [labels.FALLBACK]


@pytest.mark.parametrize("template", sorted({**report_wording.NOTICES, **request_wording.NOTICES}))
def test_whatever_a_notice_is_about_it_holds_a_reference_and_nothing_else(post: Post, template: str) -> None:
    dsl = User(post.slack, "U0DSL", "dsl")
    for ref in ("S-ABCD-2345", "R-ABCD-2345", "E-ABCD-2345"):
        post.send(ref, template)
        (sent,) = post.slack.asked("chat.postMessage")[-1:]
        known = str(sent).replace(ref, "")
        assert not re.search(r"[SRE]-[A-Z0-9]{4}-", known)
        assert [each.name for each in post.school.people if f"{each.name} " in known] == []
        assert post.school.name not in known
    assert len({tuple(re.sub("[SRE]-ABCD-2345", "", line) for line in each) for each in dsl.messages()}) == 1


def test_slack_says_how_long_to_wait_and_what_is_inside_is_delivered_again_without_harm(post: Post) -> None:
    dsl = User(post.slack, "U0DSL", "dsl")
    post.slack.fail("chat.postMessage", Failure(status=429, retry_after=7))
    with pytest.raises(TryLater) as later:
        post.send()
    assert (later.value.seconds, dsl.messages()) == (7.0, [])
    assert post.send()
    assert ([number for number, _ in post.inside.delivered], len(dsl.messages())) == ([1, 1], 1)


@pytest.mark.parametrize(
    "failure",
    [Failure("internal_error"), Failure("service_unavailable", 503), Failure("token_revoked"), Failure(lost=True)],
    ids=["refused", "unavailable", "revoked", "lost"],
)
def test_what_slack_cannot_take_now_is_tried_later(post: Post, failure: Failure) -> None:
    User(post.slack, "U0DSL", "dsl")
    post.slack.fail("chat.postMessage", replace(failure))
    with pytest.raises(TryLater) as later:
        post.send()
    assert (later.value.seconds, later.value.__cause__) == (None, None)


def test_a_slack_that_cannot_be_reached_is_tried_later(post: Post) -> None:
    post.clients[SCHOOL.id] = WebClient("xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    with pytest.raises(TryLater):
        post.send()
    assert post.inside.delivered == [(1, 0)]


@pytest.mark.parametrize("error", ["account_inactive", "user_not_found", "user_disabled"])
def test_an_account_that_is_closed_leaves_the_notice_inside(post: Post, error: str) -> None:
    dsl = User(post.slack, "U0DSL", "dsl")
    post.slack.fail("chat.postMessage", Failure(error))
    assert post.send()
    assert (post.inside.delivered, dsl.messages()) == ([(1, 0)], [])


def test_an_id_that_no_account_has_leaves_the_notice_inside(post: Post) -> None:
    assert post.send()
    assert [call.answer["error"] for call in post.slack.calls] == ["channel_not_found"]


def test_whoever_is_not_in_slack_finds_it_inside(post: Post) -> None:
    assert post.send(to="head")
    assert (post.inside.delivered, post.slack.calls) == ([(1, 0)], [])


def test_whoever_has_left_the_school_is_not_written_to(post: Post) -> None:
    assert post.send(to="someone-gone")
    assert post.slack.calls == []


def test_what_was_taken_back_is_not_sent(post: Post) -> None:
    post.inside.back.add(1)
    assert not post.send()
    assert (post.inside.delivered, post.slack.calls) == ([], [])


def test_two_workspaces_of_a_school_are_both_told_by_their_own_bot(post: Post) -> None:
    here, there = User(post.slack, "U0DSL", "dsl"), User(post.slack, "U0DSL2", "dsl", OTHER)
    token = post.slack.grant("bot", ("chat:write",), OTHER)
    post.clients[OTHER.id] = WebClient(token, base_url=post.slack.api, retry_handlers=[])
    post.school = replace(post.school, slack=(SCHOOL.id, OTHER.id))
    assert post.send()
    assert (len(here.messages()), len(there.messages())) == (1, 0)
    post.school = in_slack(post.school, dsl="U0DSL2")
    post.school = replace(post.school, slack=(SCHOOL.id, OTHER.id))
    assert post.send(number=2)
    assert (len(here.messages()), len(there.messages())) == (1, 1)
    assert {call.workspace for call in post.slack.calls if call.answer["ok"]} == {SCHOOL.id, OTHER.id}


def test_a_workspace_that_has_not_installed_the_app_holds_up_no_other(post: Post) -> None:
    dsl = User(post.slack, "U0DSL", "dsl")
    post.school = replace(post.school, slack=(OTHER.id, SCHOOL.id))
    assert post.send()
    assert len(dsl.messages()) == 1
