"""What the policy says, asked in Slack over both transports."""

from __future__ import annotations

from bot.channels.slack import labels
from tests.channels.slack.scene import MARKUP, Scene, said, shown, told
from tests.slack.check_blocks import elements
from tests.slack.shown import label


def test_a_question_is_answered_with_the_verdict_and_the_rule_and_nothing_of_it_stands_in_the_notification(
    site: Scene,
) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    told(teacher, "emlm/A.3.2")
    assert any("Ask first" in line for line in said(teacher))
    assert set(teacher.notifications()) == {labels.FALLBACK}


def test_a_missing_fact_is_asked_for_and_settled_and_the_answer_is_called_helpful(site: Scene) -> None:
    site.become("inspire")
    teacher = site.person("teacher")
    teacher.dm("can I friend an ex-pupil?")
    told(teacher, "Is the former pupil under 18?")
    teacher.press("No, 18 or over")
    told(teacher, "inspire/staff.2")
    teacher.press("Helpful")
    told(teacher, "Thank you. That is counted, without your question.")


def test_a_fact_is_settled_by_words_too(site: Scene) -> None:
    site.become("inspire")
    teacher = site.person("teacher")
    teacher.dm("can I friend an ex-pupil?")
    told(teacher, "Is the former pupil under 18?")
    teacher.dm("no")
    told(teacher, "It depends")


def test_words_are_looked_up_in_a_window(site: Scene) -> None:
    site.become("milford")
    teacher = site.person("teacher")
    teacher.dm("what is the capital of mongolia")
    told(teacher, "[Look it up]")
    teacher.press("Look it up")
    shown(teacher, "Which words or topic?")
    assert teacher.submit(words="privacy") is not None
    shown(teacher, "milford/manage-personal.3")
    teacher.press("Topics")
    shown(teacher, "[More topics]")


def test_a_whole_section_comes_in_as_many_messages_as_it_takes_and_nothing_is_cut(site: Scene) -> None:
    teacher = site.person("teacher")
    site.become("whgs")
    teacher.dm("can I friend an ex-pupil?")
    told(teacher, "[Show the whole section]")
    teacher.press("Show the whole section")
    told(teacher, "whgs/staff-personal.1")
    told(teacher, "whgs/staff-personal.13")


def test_danger_is_answered_with_999_first(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("a man online wants to meet one of my pupils tonight")
    lines = told(teacher, "call 999")
    assert "Important" in lines[0]


def test_a_button_that_is_no_longer_in_use_says_so(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("topics")
    told(teacher, "opic")
    message = teacher.seen()[-1]
    button = next(one for block in message.blocks for one in elements(block))
    button["value"] = '["of-long-ago",{}]'
    teacher.click(message, label(button))
    told(teacher, "That button is no longer in use. Please type your question again.")


def test_words_that_look_like_markup_are_words(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm(f"a year 9 sent me {MARKUP} on insta")
    told(teacher, "[Report a contact]")
    teacher.press("Report a contact")
    shown(teacher, f"a year 9 sent me {MARKUP} on insta")
