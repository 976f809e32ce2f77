"""Reporting in Slack, over both transports: recorded once, kept where it is put away, and shown to nobody else."""

from __future__ import annotations

import re

from bot.channels.slack import labels
from tests.channels.slack.scene import CANARY, Scene, said, shown, told
from tests.slack.user import User

HAPPENED = f"A year 9 sent me a {CANARY} message."


def begin(user: User) -> None:
    """Tell what happened, and open the form."""
    user.dm(f"a year 9 sent me a {CANARY} message on insta")
    told(user, "[Report a contact]")
    user.press("Report a contact")
    shown(user, "What happened?")


def reopen(user: User) -> None:
    """Open the form again, and what was left in it."""
    user.press("Report a contact")
    shown(user, "What happened?")
    user.press("Open the one from before")


def report(user: User) -> str:
    """Report it; the reference."""
    begin(user)
    assert user.submit(happened=HAPPENED, about="nobody") is not None
    return _ref(shown(user, "Recorded, reference"))


def _ref(lines: list[str]) -> str:
    (ref,) = set(re.findall(r"S-[A-Z0-9]{4}-[A-Z0-9]{4}", str(lines)))
    return str(ref)


def test_a_contact_is_reported_in_a_window_and_what_is_missing_is_said_beside_its_question(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    begin(teacher)
    assert not any(CANARY in line for line in said(teacher))
    teacher.submit(happened="   ", about="nobody")  # that is enough for Slack
    assert teacher.errors() == {"happened": "Please answer this question."}
    teacher.submit(happened=HAPPENED)
    shown(teacher, "Recorded, reference")
    assert len(site.office.records.shelf.cases) == 1
    assert (said(other), other.view()) == ([], [])


def test_a_form_that_is_put_away_half_way_comes_back_as_it_was(site: Scene) -> None:
    teacher = site.person("teacher")
    begin(teacher)
    teacher.fill("happened", f"Half of it, {CANARY}")
    teacher.choose("about", "Nobody who works here")
    teacher.close()
    assert site.office.records.shelf.cases == {}
    reopen(teacher)
    lines = shown(teacher, f"Half of it, {CANARY}")
    assert "You started this form before and did not send it. What you typed then stands in it now." in lines
    teacher.submit()
    shown(teacher, "Recorded, reference")


def test_more_is_added_to_a_report_from_the_list_of_ones_own(site: Scene) -> None:
    teacher = site.person("teacher")
    ref = report(teacher)
    teacher.close()
    teacher.dm("my reports")
    told(teacher, f"[Add to it: {ref}]")
    teacher.press(f"Add to it: {ref}")
    shown(teacher, "What do you want to add?")
    teacher.submit(extra=f"It was at home, {CANARY}")
    shown(teacher, f"Added to {ref}. Those who deal with it are told.")
    (case,) = site.office.records.shelf.cases.values()
    assert [entry.kind for entry in case.entries][:2] == ["filed", "added"]


def test_a_message_that_somebody_points_at_is_offered_to_them_alone_and_recorded(site: Scene) -> None:
    teacher, other = site.person("teacher"), site.person("support")
    site.fake.channel("C0STAFF", "staff", [teacher.id, other.id])
    pointed = other.say("C0STAFF", f"a year 9 sent me a {CANARY} message on insta")
    teacher.message_shortcut(labels.REPORT_MESSAGE, pointed)
    shown(teacher, "[Report a contact]")
    teacher.press("Report a contact")
    shown(teacher, CANARY)
    filed = teacher.submit(happened=HAPPENED, about="nobody")
    assert filed is not None and filed.acked
    shown(teacher, "Recorded, reference")
    assert len(site.office.records.shelf.cases) == 1
    assert (said(teacher), said(other), other.ephemerals()) == ([], [], [])


def test_where_it_cannot_be_recorded_whom_to_phone_is_said_and_what_was_typed_stands_there_still(site: Scene) -> None:
    teacher = site.person("teacher")
    begin(teacher)
    site.office.records.broken = True
    teacher.submit(happened=HAPPENED, about="nobody")
    assert HAPPENED in str(shown(teacher, "NOT recorded. Phone now: DSL."))
    site.office.records.broken = False
    teacher.submit()
    shown(teacher, "Recorded, reference")
    assert len(site.office.records.shelf.cases) == 1


def test_a_long_report_is_kept_whole(site: Scene) -> None:
    teacher = site.person("teacher")
    begin(teacher)
    long = f"{CANARY} " + "word " * 580
    teacher.fill("happened", long)
    teacher.close()
    reopen(teacher)
    shown(teacher, long.strip())
