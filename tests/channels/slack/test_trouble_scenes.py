"""What goes wrong between Slack and the app, over both transports: nothing is done twice, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.channels.slack import labels
from tests.channels.slack.scene import CANARY, Scene, said, shown, told
from tests.channels.slack.test_report_scenes import HAPPENED, begin
from tests.slack.fake import Failure
from tests.slack.hello import until
from tests.slack.transports import EVENT, INTERACTIVE


def test_an_event_that_comes_again_is_answered_once(site: Scene) -> None:
    teacher = site.person("teacher")
    sent = teacher.dm("topics").sent
    told(teacher, "opic")
    again = [site.fake.deliver(EVENT, sent, number, "http_timeout") for number in (1, 2, 3)]
    assert ([each.status for each in again], len(teacher.messages())) == ([200, 200, 200], 1)


def test_an_event_that_was_first_sent_again_is_answered_all_the_same(site: Scene) -> None:
    teacher = site.person("teacher")
    with site.fake.world.lock:
        place = site.fake.world.direct(teacher.id)
        message = site.fake.world.post(place.id, teacher.id, "topics", [])
    site.fake.deliver(EVENT, teacher.sends.message(message, "topics"), 2, "http_timeout")
    told(teacher, "opic")


def test_a_form_that_is_sent_in_twice_at_once_is_recorded_once_and_both_see_the_same(site: Scene) -> None:
    teacher = site.person("teacher")
    begin(teacher)
    teacher.fill("happened", HAPPENED)
    teacher.choose("about", "nobody")
    payload = teacher.sends.submitted(teacher.open_view())
    with ThreadPoolExecutor() as at_once:
        answers = list(at_once.map(lambda _: site.fake.deliver(INTERACTIVE, payload), range(4)))
    assert {each.status for each in answers} == {200}
    assert all(each.payload == answers[0].payload for each in answers)
    assert len(site.office.records.shelf.cases) == 1


def test_an_event_whose_work_failed_is_done_when_it_comes_again(site: Scene) -> None:
    teacher = site.person("teacher")
    site.meant.add("internal_error")
    site.fake.socket.within = 0.5  # on a socket nothing comes back, and that is waited for
    site.fake.fail("views.publish", Failure("internal_error"))
    teacher.open_home()
    until(teacher.home)
    failed = [each for each in site.fake.deliveries if not each.acked]
    site.fake.deliveries[:] = [each for each in site.fake.deliveries if each.acked]
    assert (len(failed), len(site.fake.deliveries)) == (1, 1)


def test_where_slack_asks_for_patience_the_answer_comes_later(site: Scene) -> None:
    teacher = site.person("teacher")
    site.meant.add("ratelimited")
    site.fake.fail("chat.postMessage", Failure(status=429, retry_after=0))
    teacher.dm("topics")
    told(teacher, "opic")
    assert len(teacher.messages()) == 1


def test_where_slacks_word_is_lost_the_answer_is_there(site: Scene) -> None:
    teacher = site.person("teacher")
    site.fake.fail("chat.postMessage", Failure(lost=True))
    teacher.dm("topics")
    told(teacher, "opic")
    teacher.dm("policy images")
    told(teacher, "emlm/")


def test_a_window_that_slack_opens_and_does_not_say_so_is_open_once(site: Scene) -> None:
    teacher = site.person("teacher")
    site.meant.add("exchanged_trigger_id")
    teacher.dm(f"a year 9 sent me a {CANARY} message on insta")
    told(teacher, "[Report a contact]")
    site.fake.fail("views.open", Failure(lost=True))
    teacher.press("Report a contact")
    shown(teacher, "What happened?")
    assert len(site.fake.world.stack(teacher.id)) == 1


def test_a_form_whose_turn_takes_long_says_so_and_then_what_came_of_it(site: Scene) -> None:
    teacher = site.person("teacher")
    begin(teacher)
    site.gate.open.clear()
    sent = teacher.submit(happened=HAPPENED, about="nobody")
    assert sent is not None and labels.WORKING in teacher.view()
    site.gate.open.set()
    shown(teacher, "Recorded, reference")
    assert len(site.office.records.shelf.cases) == 1


def test_a_window_whose_turn_takes_too_long_is_offered_as_a_button(site: Scene) -> None:
    teacher = site.person("teacher")
    site.meant.add("expired_trigger_id")
    teacher.dm(f"a year 9 sent me a {CANARY} message on insta")
    told(teacher, "[Report a contact]")
    site.fake.world.trigger_lives = 0.0
    teacher.press("Report a contact")
    told(teacher, labels.WINDOW)
    site.fake.world.trigger_lives = 3.0
    assert not any(CANARY in line for line in said(teacher))
    teacher.press("Open")
    shown(teacher, "What happened?")


def test_a_window_that_is_closed_while_something_is_done_is_missed_by_nobody(site: Scene) -> None:
    teacher = site.person("teacher")
    site.meant.add("not_found")
    begin(teacher)
    site.gate.open.clear()
    teacher.submit(happened=HAPPENED, about="nobody")
    teacher.close()
    site.gate.open.set()
    until(lambda: len(site.office.records.shelf.cases) == 1)
    teacher.dm("my reports")
    told(teacher, "Not picked up yet")
