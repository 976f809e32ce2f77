"""What was answered once is not asked again: the buttons of a message give way to what was chosen."""

from __future__ import annotations

from bot.channels.slack import labels
from bot.channels.slack.place import Directory
from bot.channels.slack.send import SlackMessenger
from bot.conversation.welcome import notice
from bot.domain.ports import Notice
from bot.storage.outbox import Leased
from tests.channels.slack.scene import Scene, said, told, whispered
from tests.slack.hello import until
from tests.slack.user import User


class Inside:
    """The messenger inside Signpost, which has every notice already."""

    def deliver(self, leased: Leased) -> bool:
        return True


class Nowhere:
    """Where people of several schools are: nobody is one of those."""

    def at(self, member: str) -> str:
        return ""

    def go(self, member: str, school: str) -> None:
        raise AssertionError


def tell(site: Scene, ref: str, to: str) -> None:
    """Bring somebody the notice that a request waits for them."""
    directory = Directory(lambda: site.schools, Nowhere())
    messenger = SlackMessenger(Inside(), directory, site.slack.client, notice, lambda _: site.school)
    assert messenger.deliver(Leased(Notice(site.school.id, ref, to, "ask", 1), "keyed", "token"))


def asked(site: Scene) -> tuple[User, str]:
    """A teacher, and the request that they have sent."""
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    told(teacher, "[Ask for a new account]")
    teacher.press("Ask for a new account")
    until(teacher.view)
    teacher.submit(department="PE", purpose="More girls playing", content="Fixtures")
    teacher.choose("audience", "staff")
    teacher.choose("contributors", "staff")
    teacher.choose("host", "school")
    teacher.submit()
    teacher.submit(security="Private")
    teacher.choose("administrators", "teacher", "support")
    teacher.choose("moderators", "manager", "it")
    teacher.submit(opens="2027-02-01", closes="2027-07-01")
    teacher.press("Ask for approval")
    (request,) = site.office.approvals.listed(site.school.id, "teacher")
    return teacher, request.request.ref


def test_what_is_chosen_stands_in_place_of_the_row_and_the_rest_of_the_message_stays(site: Scene) -> None:
    site.become("inspire")
    teacher = site.person("teacher")
    teacher.dm("can I friend an ex-pupil?")
    before = told(teacher, "[Helpful]")
    teacher.press("Helpful")
    until(lambda: "[Helpful]" not in said(teacher))
    after = teacher.messages()[0]
    gone = [line for line in before if line not in after]
    assert gone == ["[Helpful]", "[Not helpful]", "[Not what I meant]"]
    assert after[after.index("Was this helpful?") :] == ["Was this helpful?", "✓ Helpful", "[Show the whole section]"]

    teacher.press("Yes, under 18")
    until(lambda: "✓ Yes, under 18" in said(teacher))
    first = teacher.messages()[0]
    assert "[No, 18 or over]" not in first
    assert [line for line in first if line.startswith("✓")] == ["✓ Yes, under 18", "✓ Helpful"]
    assert set(teacher.notifications()) == {labels.FALLBACK}


def test_what_one_person_alone_sees_gives_way_in_the_same_manner(site: Scene) -> None:
    site.become("inspire")
    teacher = site.person("teacher")
    teacher.slash("can I friend an ex-pupil?")
    whispered(teacher, "[Helpful]")
    assert [message for message in teacher.ephemerals() if "[Helpful]" in message] == [
        ["Was this helpful?", "[Helpful]", "[Not helpful]", "[Not what I meant]"]
    ]
    teacher.press("Not helpful")
    until(lambda: ["✓ Not helpful"] in teacher.ephemerals())
    whispered(teacher, "That is counted")
    assert not any("[Helpful]" in message for message in teacher.ephemerals())


def test_a_row_whose_message_is_gone_is_answered_all_the_same(site: Scene) -> None:
    site.become("inspire")
    site.meant.add("message_not_found")
    teacher = site.person("teacher")
    teacher.dm("can I friend an ex-pupil?")
    told(teacher, "[Helpful]")
    message = next(each for each in teacher.seen() if each.bot)
    message.gone = True
    teacher.click(message, "Helpful")
    told(teacher, "That is counted")
    assert teacher.trouble == []


def test_the_notice_of_a_request_loses_its_button_once_it_was_decided_through_it(site: Scene) -> None:
    _, ref = asked(site)
    manager = site.person("manager")
    tell(site, ref, "manager")
    assert "[Open]" in told(manager, ref)
    manager.press("Open")
    until(manager.view)
    manager.press("Send back for changes")
    until(lambda: any("What needs to change?" in line for line in manager.view()))
    manager.close()
    assert "[Open]" in said(manager)

    manager.press("Open")
    until(lambda: "[Approve]" in manager.view())
    manager.press("Approve")
    until(lambda: "[Open]" not in said(manager))
    (message,) = manager.messages()
    assert message[:2] == ["Approve", f"You have approved {ref}."]
    assert not any(line.startswith("[") for line in message)


def test_a_notice_gives_way_where_a_form_decided_too(site: Scene) -> None:
    _, ref = asked(site)
    manager = site.person("manager")
    tell(site, ref, "manager")
    told(manager, ref)
    manager.press("Open")
    until(manager.view)
    manager.press("Send back for changes")
    until(lambda: any("What needs to change?" in line for line in manager.view()))
    manager.submit(change="Say who moderates it.")
    until(lambda: "[Open]" not in said(manager))
    assert any(f"You have sent {ref} back." in line for line in said(manager))
    assert not any("moderates" in line for line in said(manager))


def test_a_message_with_several_buttons_stays_as_it_is(site: Scene) -> None:
    _, ref = asked(site)
    manager = site.person("manager")
    manager.dm("requests")
    told(manager, f"[Open {ref}]")
    manager.press(f"Open {ref}")
    until(lambda: "[Approve]" in manager.view())
    manager.press("Approve")
    until(lambda: any("You have approved" in line for line in manager.view()))
    assert f"[Open {ref}]" in said(manager)
    assert [call for call in site.fake.calls if call.method == "chat.update"] == []
