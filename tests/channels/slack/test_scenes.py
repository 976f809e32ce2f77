"""Where people meet the assistant in Slack, over both transports; the other scenes stand beside this."""

from __future__ import annotations

import pytest

from bot.channels.slack import labels
from tests.channels.slack.scene import CANARY, Scene, in_slack, said, shown, told, whispered
from tests.office import SCHOOLS
from tests.slack.hello import until
from tests.slack.surface import JSON
from tests.slack.transports import EVENT
from tests.slack.world import Workspace

OTHER = Workspace("T0OTHER", "milford", "Milford")


def test_what_is_said_where_others_read_along_is_answered_to_one_alone(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    site.fake.channel("C0STAFF", "staff", [teacher.id, other.id])
    teacher.mention("C0STAFF", f"a pupil told me something {CANARY} at home happens")
    whispered(teacher, labels.ALONE)
    assert (other.ephemerals(), other.messages("C0STAFF"), said(teacher)) == ([], [], [])


def test_a_form_that_is_begun_where_others_read_along_opens_for_one_alone(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    site.fake.channel("C0STAFF", "staff", [teacher.id, other.id])
    teacher.mention("C0STAFF", f"a year 9 sent me a {CANARY} message on insta")
    whispered(teacher, "[Report a contact]")
    teacher.press("Report a contact")
    assert any(CANARY in line for line in shown(teacher, "What happened?"))
    assert (other.ephemerals(), other.messages("C0STAFF")) == ([], [])


def test_the_home_shows_what_can_be_done_and_its_buttons_open_windows(site: Scene) -> None:
    lead = site.person("lead")
    lead.open_home()
    until(lead.home)
    assert {"[My requests]", "[Register]", "[Report something]", "[Ask for approval]"} <= set(lead.home())
    lead.press("Register")
    shown(lead, "No account in the register is yours to see.")
    assert said(lead) == []


def test_a_shortcut_opens_a_window_with_what_can_be_reported_or_asked_for(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.shortcut(labels.REPORT)
    shown(teacher, "[Worry about a child]")
    teacher.close()
    teacher.shortcut(labels.ASK)
    shown(teacher, "[New official site]")
    assert said(teacher) == []


def test_a_command_is_answered_so_that_nobody_else_sees_it(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.slash("topics")
    whispered(teacher, "opic")
    teacher.slash("")
    whispered(teacher, "- Ask: Type a question")
    assert said(teacher) == []


def test_who_is_on_no_list_gets_no_answer_but_how_to_get_on_it(site: Scene) -> None:
    stranger = site.stranger()
    stranger.dm("can we have a page for the netball team")
    told(stranger, labels.UNKNOWN)
    stranger.open_home()
    until(stranger.home)
    assert said(stranger) == stranger.home() == [labels.NAME, labels.UNKNOWN]


def test_who_is_at_two_schools_of_a_trust_says_at_which_and_is_answered_by_its_policy(site: Scene) -> None:
    site.become("inspire", "milford")
    lead = site.person("lead")
    lead.dm("policy passwords")
    told(lead, labels.WHICH_SCHOOL)
    lead.press("Milford School")
    told(lead, "For example")
    lead.dm("policy passwords")
    told(lead, "milford/roles-moderator.2")
    assert not any("inspire/" in line for line in said(lead))


def test_a_button_of_another_schools_answer_does_nothing(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("can I friend an ex-pupil?")
    told(teacher, "[Helpful]")
    site.become("milford")
    teacher.press("Helpful")
    told(teacher, "That button belongs to another school’s policy. Please ask again.")


@pytest.mark.parametrize("site", ["http"], indirect=True)
def test_each_workspace_is_answered_by_its_school_with_its_own_token(site: Scene) -> None:
    site.become("inspire")
    site.schools.append(in_slack(SCHOOLS["milford"], OTHER))
    site.install(OTHER)
    here, there = site.person("teacher"), site.person("head", OTHER)
    here.dm("policy passwords")
    there.dm("policy passwords")
    told(there, "milford/roles-moderator.2")
    told(here, "opic")
    posted = [call.workspace for call in site.fake.calls if call.method == "chat.postMessage"]
    assert sorted(posted) == ["T0OTHER", "T0SCHOOL"]


def test_what_bots_say_and_what_was_edited_is_not_answered(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("topics")
    told(teacher, "opic")
    before = said(teacher)
    (event,) = (each.sent["event"] for each in site.fake.deliveries)
    bots = [{**event, "bot_id": f"B0{name}", "user": f"U0{name}"} for name in ("OTHER", "BOT0SCHOOL")]
    for heard in (*bots, _edited(event), {**event, "channel_type": "channel"}):
        site.fake.deliver(EVENT, teacher.sends.event(heard))
    assert said(teacher) == before


def _edited(event: JSON) -> JSON:
    """The event by which Slack tells that a message was edited."""
    message = {key: value for key, value in event.items() if key not in ("channel", "channel_type", "event_ts")}
    now = {**message, "edited": {"user": message["user"], "ts": event["ts"]}}
    place = {key: event[key] for key in ("channel", "channel_type", "ts", "event_ts")}
    changed = {"type": "message", "subtype": "message_changed", "hidden": True}
    return {**changed, **place, "message": now, "previous_message": message}
