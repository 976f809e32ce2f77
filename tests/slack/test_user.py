from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from slack_bolt import App

from tests.slack.fake import Failure, FakeSlack
from tests.slack.hello import hello, over_http, over_socket, until
from tests.slack.transports import SignedHTTP
from tests.slack.user import TROUBLE, User

WAYS = {"http": over_http, "socket": over_socket}
FORM = ["A form", "what:", "kind:", "  ( ) V0", "  ( ) V1", "who (optional):", "count (optional):", "[More]", "[Send]"]


@dataclass
class Site:
    slack: FakeSlack
    app: App
    user: User
    head: User


@pytest.fixture(params=WAYS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with FakeSlack(within=0.8) as slack:
        app = hello(slack)
        way: AbstractContextManager[None] = WAYS[request.param](slack, app)
        with way:
            user, head = User(slack, "U0TEACHER", "teacher"), User(slack, "U0HEAD", "head")
            slack.channel("C0STAFF", "staff", ["U0TEACHER", "U0HEAD"])
            yield Site(slack, app, user, head)


def _form(site: Site) -> User:
    site.user.shortcut("report")
    until(site.user.view)
    return site.user


def test_what_somebody_writes_is_answered_and_a_button_changes_it_in_place(site: Site) -> None:
    assert site.user.dm("<b> & *so*").acked
    until(site.user.messages)
    assert site.user.messages() == [["&lt;b&gt; &amp; *so*", "[Again]"]]
    assert site.user.notifications() == ["An answer"]
    site.user.press("Again")
    until(lambda: site.user.messages() == [["Changed"]])
    assert site.head.messages() == []


def test_a_mention_is_answered_to_one_person_alone(site: Site) -> None:
    site.user.mention("C0STAFF", "hello")
    until(site.user.ephemerals)
    assert (site.user.ephemerals(), site.head.ephemerals(), site.user.messages("C0STAFF")) == (
        [["Only for you"]],
        [],
        [],
    )


def test_a_command_is_answered_at_once_later_and_in_place(site: Site) -> None:
    delivered = site.user.slash("mileage", channel="C0STAFF")
    assert (delivered.acked, delivered.status) == (True, 200)
    until(lambda: len(site.user.ephemerals()) == 2)
    assert sorted(site.user.ephemerals()) == [["Looking"], ["[Change]"]]
    assert site.head.ephemerals("C0STAFF") == []


def test_a_command_that_is_never_acknowledged_is_told_to_the_user(site: Site) -> None:
    delivered = site.user.slash("never")
    assert (delivered.acked, delivered.elapsed < 5) == (False, True)
    assert site.user.trouble in (
        ["/policy failed with the error “operation_timeout”"],
        ["/policy failed with the error “dispatch_failed”"],
    )


def test_the_client_holds_back_what_cannot_be_sent(site: Site) -> None:
    user = _form(site)
    assert user.view() == FORM
    assert user.submit(what="ab", count="ten") is None
    assert user.errors() == {
        "what": "Please enter at least 3 characters.",
        "kind": "Please complete this required field.",
        "count": "Please enter a whole number.",
    }
    assert user.submit(what="x" * 11, kind="V1", count="10") is None
    assert user.errors() == {
        "what": "Please enter at most 10 characters.",
        "count": "Please enter a number of at most 9.",
    }
    assert not [each for each in site.slack.deliveries if each.sent.get("type") == "view_submission"]


def test_an_error_stands_at_its_input_and_what_was_typed_stays(site: Site) -> None:
    user = _form(site)
    user.submit(what="wrong", kind="v1")
    assert user.view()[:4] == ["A form", "what: wrong", "! Say it otherwise.", "kind: V1"]
    user.submit(what="right")
    assert user.view() == []
    sent = site.slack.deliveries[-1].sent["view"]["state"]["values"]
    assert {name: each["answer"] for name, each in sent.items() if name != "more"} == {
        "what": {"type": "plain_text_input", "value": "right"},
        "kind": {
            "type": "radio_buttons",
            "selected_option": {"text": {"type": "plain_text", "text": "V1", "emoji": True}, "value": "v1"},
        },
        "who": {"type": "external_select", "selected_option": None},
        "count": {"type": "number_input", "value": None},
    }


def test_an_error_that_names_no_input_fails_the_test(site: Site) -> None:
    user = _form(site)
    with pytest.raises(AssertionError, match="errors at .'answer'., but the inputs are"):
        user.submit(what="nowhere", kind="V0")


def test_what_was_typed_outlives_an_update_and_an_old_hash_is_refused(site: Site) -> None:
    user = _form(site)
    user.fill("what", "so far")
    user.press("More")
    until(lambda: "More, 5" in user.view())
    assert user.view()[1] == "what: so far"
    old = [each.sent["view"]["hash"] for each in site.slack.deliveries if "view" in each.sent][0]
    answer = site.slack.call(
        "views.update",
        site.slack.bot_token,
        {"view_id": user.open_view().id, "hash": old, "view": user.open_view().sent},
    )
    assert answer.body is not None and b"hash_conflict" in answer.body


def test_a_search_is_answered_while_somebody_types(site: Site) -> None:
    user = _form(site)
    assert user.search("who", "h") == ["Head"]
    assert user.search("who", "") == []
    user.choose("who", "Teacher")
    assert "who (optional): Teacher" in user.view()


def test_views_are_pushed_up_to_three_and_closed_one_by_one_or_together(site: Site) -> None:
    user = _form(site)
    for _ in range(2):
        user.submit(what="push", kind="V0")
    with pytest.raises(AssertionError, match="three views are open"):
        user.submit(what="push", kind="V0")
    (told,) = user.close()
    assert (told.sent["is_cleared"], told.sent["view"]["state"]["values"]["what"]["answer"]["value"]) == (False, "push")
    assert [each.sent["is_cleared"] for each in user.close(everything=True)] == [True, True]
    assert user.view() == []
    user = _form(site)
    user.submit(what="push", kind="V0")
    user.submit(what="clear", kind="V0")
    assert user.view() == []


def test_a_view_says_that_it_works_and_then_is_done(site: Site) -> None:
    user = _form(site)
    user.submit(what="slow", kind="V0")
    until(lambda: user.view() == ["Done", "A moment."])


def test_the_home_is_shown_and_its_buttons_work(site: Site) -> None:
    site.user.open_home()
    until(site.user.home)
    assert site.user.home() == ["Home", "[Start]"]
    assert site.user.press("Start").acked
    assert site.slack.deliveries[-1].sent["container"]["type"] == "view"


def test_an_event_that_is_not_taken_is_sent_again_three_times(site: Site) -> None:
    payload = site.user.sends.event({"type": "channel_rename", "event_ts": "1.1"})
    site.slack.deliver_event(payload)
    sent = site.slack.deliveries
    assert [(each.retry, each.acked, each.sent["event_id"]) for each in sent] == [
        (number, False, payload["event_id"]) for number in range(4)
    ]


def test_the_user_is_told_where_nothing_can_be_reached(site: Site) -> None:
    site.slack.transport = SignedHTTP("http://127.0.0.1:1", "x", 0.2)
    site.user.shortcut("report")
    assert site.user.trouble == [TROUBLE]


def test_a_call_that_fails_is_seen_and_recorded(site: Site) -> None:
    site.slack.fail("chat.postMessage", Failure("internal_error", 500))
    site.user.dm("hello")
    until(lambda: any(each.method == "chat.postMessage" for each in site.slack.calls))
    call = next(each for each in site.slack.calls if each.method == "chat.postMessage")
    assert (call.token_kind, call.answer, site.user.messages()) == ("bot", {"ok": False, "error": "internal_error"}, [])
