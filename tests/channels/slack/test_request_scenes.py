"""Asking and deciding in Slack, over both transports: whoever decides sees it in windows alone."""

from __future__ import annotations

import re

from tests.channels.slack.scene import CANARY, MARKUP, Scene, said, shown, told
from tests.slack.user import User

AIM = f"More girls playing, {CANARY}"


def ask(user: User, purpose: str = AIM, content: str = "Fixtures") -> str:
    """Ask for a page, all the way; the reference."""
    user.dm("can we have a page for the netball team")
    told(user, "[Ask for a new account]")
    user.press("Ask for a new account")
    shown(user, "Page 1 of 4")
    user.submit(department="PE", purpose=purpose, content=content)
    shown(user, "Page 2 of 4")
    user.submit(audience=["staff"], contributors=["staff"], host="school")
    shown(user, "Page 3 of 4")
    user.submit(security="Private")
    shown(user, "Page 4 of 4")
    user.submit(
        administrators=["teacher", "support"], moderators=["manager", "it"], opens="2027-02-01", closes="2027-07-01"
    )
    shown(user, "Nothing has been sent yet")
    user.press("Ask for approval")
    (ref,) = set(re.findall(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", str(shown(user, "Sent, reference"))))
    user.close()
    return str(ref)


def look(user: User, ref: str) -> list[str]:
    """Open a request by its reference: in the conversation there is no word of it."""
    user.dm(ref)
    told(user, "[Open]")
    assert not any(CANARY in line for line in said(user))
    user.press("Open")
    return shown(user, "What happened, in order")


def approve(user: User, ref: str) -> None:
    """Look at it and approve it."""
    assert AIM in str(look(user, ref))
    user.press("Approve")
    shown(user, f"You have approved {ref}.")
    user.close()


def test_a_request_goes_from_the_question_to_the_head_and_into_the_register(site: Scene) -> None:
    ref = ask(site.person("teacher"))
    approve(site.person("manager"), ref)
    approve(site.person("head"), ref)
    assert site.office.approvals.registered("emlm", "teacher")[0].request == ref


def test_a_request_is_refused_with_the_rule_and_the_reason(site: Scene) -> None:
    teacher, manager = site.person("teacher"), site.person("manager")
    ref = ask(teacher)
    look(manager, ref)
    manager.press("Refuse")
    shown(manager, "Which rule does it rest on?")
    assert manager.submit(why=f"Not now, {CANARY}") is None
    assert manager.errors() == {"clause": "Please complete this required field."}
    manager.choose("clause", "emlm/A.3.2")
    manager.submit()
    shown(manager, f"You have refused {ref}.")
    assert f"Why it was refused: Not now, {CANARY}" in look(teacher, ref)


def test_a_request_that_was_sent_back_is_changed_and_approved_by_two(site: Scene) -> None:
    teacher, manager = site.person("teacher"), site.person("manager")
    ref = ask(teacher, purpose="Something")
    look(manager, ref)
    manager.press("Send back for changes")
    shown(manager, "What needs to change?")
    manager.submit(change=f"Say more, {CANARY}")
    shown(manager, f"You have sent {ref} back.")
    manager.close()

    teacher.dm("my requests")
    told(teacher, "[Open]")
    teacher.press("Open")
    assert f"What to change: Say more, {CANARY}" in shown(teacher, "[Change and send again]")
    teacher.press("Change and send again")
    shown(teacher, "[Change page 1]")
    teacher.press("Change page 1")
    shown(teacher, "What do you want to achieve with the site?")
    teacher.submit(purpose=AIM)
    shown(teacher, "[Ask for approval]")
    teacher.press("Ask for approval")
    shown(teacher, f"Sent in again, reference {ref}.")
    approve(manager, ref)
    approve(site.person("head"), ref)


def test_a_page_whose_answers_do_not_fit_together_says_so_beside_the_question(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    told(teacher, "[Ask for a new account]")
    teacher.press("Ask for a new account")
    shown(teacher, "Page 1 of 4")
    teacher.submit(author="support", department="PE", purpose=AIM, content="News")
    assert teacher.errors() == {"author": "The author asks for the site themselves. Please let them fill this in."}
    teacher.submit(author="teacher")
    shown(teacher, "Page 2 of 4")


def test_a_request_that_is_put_away_half_way_is_found_among_ones_own(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    told(teacher, "[Ask for a new account]")
    teacher.press("Ask for a new account")
    shown(teacher, "Page 1 of 4")
    teacher.fill("purpose", AIM)
    teacher.close()
    teacher.dm("my requests")
    told(teacher, "[New official site]")
    teacher.press("New official site")
    assert "You started this before and did not send it. Your answers are still in it." in shown(teacher, AIM)


def test_a_button_that_was_there_before_somebody_withdrew_it_says_what_happened_and_does_nothing(site: Scene) -> None:
    teacher, manager = site.person("teacher"), site.person("manager")
    ref = ask(teacher)
    look(manager, ref)
    look(teacher, ref)
    teacher.press("Withdraw it")
    shown(teacher, "Why do you withdraw it?")
    teacher.submit(reason=CANARY)
    shown(teacher, f"You have withdrawn {ref}.")
    manager.press("Approve")
    shown(manager, "This has moved on since you opened it: Teacher withdrew it")
    (request,) = site.office.requests.shelf.requests.values()
    assert request.state == "withdrawn"


def test_somebody_signs_while_another_is_away(site: Scene) -> None:
    ref = ask(site.person("teacher"))
    manager, lead = site.person("manager"), site.person("lead")
    manager.dm("while i am away")
    told(manager, "[Open]")
    manager.press("Open")
    shown(manager, "Who signs for you?")
    manager.submit(to="lead", since="2026-11-23", until="2026-11-20")
    assert manager.errors() == {"until": "This must be today or later, and not before the first day."}
    manager.submit(until="2026-12-01")
    shown(manager, "Saved. They are asked to sign what waits for you on those days.")
    manager.close()
    approve(lead, ref)
    lead.dm("requests")
    told(lead, "you sign for Line manager")
    manager.dm("requests")
    told(manager, "[End it]")
    manager.press("End it")
    told(manager, "Ended. Nobody signs for you any more.")


def test_the_register_is_searched_and_an_account_changes_hands_and_is_closed(site: Scene) -> None:
    ref = ask(site.person("teacher"))
    approve(site.person("manager"), ref)
    approve(site.person("head"), ref)
    lead = site.person("lead")
    lead.dm("register")
    told(lead, "[Search the register]")
    lead.press("Search the register")
    shown(lead, "Which words?")
    lead.submit(words="netball")
    entry = f"E{ref[1:]}"
    shown(lead, f"[Open {entry}]")
    lead.press(f"Open {entry}")
    shown(lead, "[Change who runs it]")
    lead.press("Change who runs it")
    shown(lead, "Who leaves the list?")
    lead.submit(role="administrators")
    assert lead.errors() == {"to": "Choose who leaves, who joins, or both."}
    lead.choose("from", "No answer")
    lead.choose("to", "dsl")
    lead.submit()
    shown(lead, f"Saved. Who runs {entry} has changed.")
    lead.press("Close it")
    shown(lead, "Is the account shut down on its platform?")
    lead.submit(sure="yes")
    shown(lead, f"Saved. {entry} is closed.")
    (kept,) = site.office.approvals.registered("emlm", "lead")
    assert (kept.administrators, str(kept.status)) == (("teacher", "support", "dsl"), "closed")


def test_long_answers_are_shown_whole_to_whoever_decides(site: Scene) -> None:
    aim, content = f"{CANARY} " + "aim " * 700 + "end", "Fixtures. " * 290 + "end"
    ref = ask(site.person("teacher"), aim, content)
    lines = "".join(look(site.person("manager"), ref))
    assert aim in lines and content in lines


def test_answers_that_look_like_markup_are_words_to_whoever_decides(site: Scene) -> None:
    ref = ask(site.person("teacher"), MARKUP, f"{MARKUP}\n{MARKUP}")
    assert MARKUP in str(look(site.person("manager"), ref))


def test_a_request_as_a_file_is_asked_for(site: Scene) -> None:
    teacher = site.person("teacher")
    ref = ask(teacher)
    look(teacher, ref)
    teacher.press("Get it as a PDF")
    shown(teacher, "PDF")


def test_what_stands_in_a_page_is_kept_where_somebody_goes_back(site: Scene) -> None:
    teacher = site.person("teacher")
    teacher.dm("can we have a page for the netball team")
    told(teacher, "[Ask for a new account]")
    teacher.press("Ask for a new account")
    shown(teacher, "Page 1 of 4")
    teacher.submit(department="PE", purpose=AIM, content="News")
    shown(teacher, "Page 2 of 4")
    teacher.choose("audience", "staff")
    teacher.press("Back")
    shown(teacher, "Page 1 of 4")
    teacher.submit(department="Sport")
    assert "Who is the site for?: School staff" in shown(teacher, "Page 2 of 4")
