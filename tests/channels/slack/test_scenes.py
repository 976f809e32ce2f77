"""The three jobs in Slack, as people do them there, over both transports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.slack import labels
from policy_kb.knowledge import Knowledge
from tests.channels.slack.scene import WAYS, Scene, scene
from tests.slack.hello import until
from tests.slack.user import User


@pytest.fixture(params=WAYS)
def site(request: pytest.FixtureRequest, knowledge: Knowledge, tmp_path: Path) -> Iterator[Scene]:
    with scene(request.param, knowledge, tmp_path) as here:
        yield here


def said(user: User) -> list[str]:
    return [line for message in user.messages() for line in message]


def decided(decider: User, ref: str) -> None:
    """Open a request by its reference and approve it, in a window; nothing of it stands in the conversation."""
    decider.dm(ref)
    until(decider.messages)
    assert not any("More girls" in line for line in said(decider))
    decider.press("Open")
    until(decider.view)
    assert any("More girls" in line for line in decider.view())
    decider.press("Approve")
    until(lambda: any("You have approved" in line for line in decider.view()))


def test_a_question_is_answered_with_the_verdict_and_the_rule_and_nothing_of_it_stands_in_the_notification(
    site: Scene,
) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    until(teacher.messages)
    assert any("Ask first" in line for line in said(teacher))
    assert any("emlm/A.3.2" in line for line in said(teacher))
    assert set(teacher.notifications()) == {labels.FALLBACK}


def test_a_request_goes_from_the_question_to_the_head_in_windows_alone(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    until(teacher.messages)
    teacher.press("Ask for a new account")
    until(teacher.view)
    assert teacher.submit(department="PE", purpose="More girls playing", content="Fixtures") is not None
    teacher.choose("audience", "staff")
    teacher.choose("contributors", "staff")
    teacher.choose("host", "school")
    teacher.submit()
    teacher.submit(security="Private")
    teacher.choose("administrators", "teacher", "support")
    teacher.choose("moderators", "manager", "it")
    teacher.submit(opens="2027-02-01", closes="2027-07-01")
    assert any("Nothing has been sent yet" in line for line in teacher.view())
    teacher.press("Ask for approval")
    until(lambda: any("Sent, reference" in line for line in teacher.view()))
    (ref,) = set(re.findall(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", str(teacher.view())))

    decided(site.person("manager"), ref)
    decided(site.person("head"), ref)
    assert site.office.approvals.registered("emlm", "teacher")[0].request == ref


def test_a_message_that_somebody_points_at_is_offered_to_them_alone_and_recorded(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    site.fake.channel("C0STAFF", "staff", [teacher.id, other.id])
    pointed = other.say("C0STAFF", "a year 9 sent me a canary-4711 message on insta")
    teacher.message_shortcut(labels.REPORT_MESSAGE, pointed)
    until(teacher.view)
    teacher.press("Report a contact")
    until(lambda: any("happened" in line.casefold() for line in teacher.view()))
    filed = teacher.submit(happened="a year 9 sent me a message", about="nobody")
    assert filed is not None and filed.acked
    assert len(site.office.records.shelf.cases) == 1
    assert "canary-4711" not in str(teacher.messages()) + str(other.messages()) + str(other.ephemerals())


def test_what_is_said_where_others_read_along_is_answered_to_one_alone(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    site.fake.channel("C0STAFF", "staff", [teacher.id, other.id])
    teacher.mention("C0STAFF", "a pupil told me something canary-4711 at home happens")
    until(lambda: len(teacher.ephemerals()) > 1)
    assert (other.ephemerals(), [call.method for call in site.fake.calls if "canary" in str(call.body)]) == ([], [])


def test_the_home_shows_what_can_be_done_and_its_buttons_open_windows(site: Scene) -> None:
    lead = site.person("lead")
    lead.open_home()
    until(lead.home)
    assert {"[My requests]", "[Register]", "[Report something]", "[Ask for approval]"} <= set(lead.home())
    lead.press("Register")
    until(lead.view)
    assert any("register" in line.casefold() for line in lead.view())


def test_a_command_is_answered_so_that_nobody_else_sees_it(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.slash("topics")
    until(teacher.ephemerals)
    assert any("topic" in line.casefold() for message in teacher.ephemerals() for line in message)


def test_who_is_on_no_list_gets_no_answer_but_how_to_get_on_it(site: Scene) -> None:
    stranger = site.stranger()
    stranger.dm("can we have a page for the netball team")
    until(stranger.messages)
    assert labels.UNKNOWN in said(stranger)
    assert not any("emlm" in line for line in said(stranger))
