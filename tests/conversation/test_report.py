"""The dialog of a report: opened with what is known, recorded before we say so, kept where that fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.conversation.report_forms import REPORT_FORMS
from bot.conversation.written import lines
from bot.domain.casework import Hidden
from bot.domain.orders import Order
from bot.domain.ports import NotRecorded
from bot.talk.message import Action, Alert, Choices, Facts, Note, Para
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Kept, Pressed, Reply, Said, Submitted, Turn
from policy_kb.knowledge import Knowledge
from tests.fake_records import FakeDrafts
from tests.office import Office


@dataclass
class Staff:
    """Somebody who talks to the assistant."""

    office: Office
    knowledge: Knowledge
    person: str = "teacher"
    school: str = "whgs"

    def __post_init__(self) -> None:
        self.assistant = self.office.assistant(self.knowledge)

    def does(self, act: Act, person: str = "") -> Reply:
        return self.assistant.reply(Turn("c", person or self.person, self.school, act))

    def says(self, text: str) -> Reply:
        return self.does(Said(Sealed(text)))

    def opens(self, kind: str) -> Reply:
        return self.does(Pressed(Action("start", {"kind": kind, "to": "DSL"})))

    def sends(self, form: str, key: str = "k1", **answers: str) -> Reply:
        nobody = {"about": "nobody"} if form in REPORT_FORMS else {}
        typed = {name: (Sealed(text),) for name, text in {**nobody, **answers}.items()}
        return self.does(Submitted(form, typed, key))


@pytest.fixture
def staff(office: Office, knowledge: Knowledge) -> Staff:
    return Staff(office, knowledge)


def texts(reply: Reply) -> list[str]:
    blocks = [block for message in reply.messages for block in message.blocks]
    return [block.text for block in blocks if isinstance(block, Para | Alert | Note)]


def test_a_question_that_is_a_report_opens_the_form_with_what_is_known(staff: Staff) -> None:
    staff.says("a year 9 has just followed me on insta, what do I do")
    opened = staff.opens("reported-contact").form
    assert opened is not None
    given = {name: typed[0].reveal() for name, typed in opened.given.items()}
    assert given == {
        "happened": "a year 9 has just followed me on insta, what do I do",
        "child": "Year 9",
        "platform": "Instagram",
    }


def test_what_was_said_before_another_question_is_not_filled_in(staff: Staff) -> None:
    staff.says("a year 9 has just followed me on insta, what do I do")
    staff.says("can I use my own phone on a trip?")
    opened = staff.opens("reported-contact").form
    assert opened is not None and opened.given == {}


def test_it_is_recorded_with_a_reference_who_will_see_it_and_when_to_expect_word(staff: Staff) -> None:
    reply = staff.sends("child-concern", happened="canary", child="Somebody in 8B")
    assert texts(reply) == [
        "Recorded, reference S-C5QS-87K6.",
        "If it cannot wait, phone them. If anyone is in danger, call 999.",
        "If a child needs help now, phone children’s social care: the number in your staff handbook (practice). "
        "Anyone may phone them.",
    ]
    assert rows(reply) == [
        ("Who will see it", "DSL, Deputy DSL"),
        ("When to expect word", "Monday 23/11/2026, 13:00"),
    ]
    assert [(notice.to, notice.template) for notice in staff.office.records.deliver()] == [
        ("dsl", "new"),
        ("deputy", "new"),
    ]


def test_the_same_form_twice_is_one_record(staff: Staff) -> None:
    first = staff.sends("child-concern", happened="once")
    again = staff.sends("child-concern", happened="once")
    assert (texts(first)[0], len(staff.office.records.shelf.cases)) == (texts(again)[0], 1)


def test_words_are_sealed_with_their_questions_and_opened_by_the_dsl_alone(staff: Staff) -> None:
    staff.sends("child-concern", happened="He flinched.", words="Please do not tell", danger="no")
    ref = next(iter(staff.office.records.shelf.cases))
    opened = staff.office.casework.open("whgs", "dsl", ref, staff.office.opener)
    assert lines(opened.words[1]) == (
        ("danger", "Is anyone in danger now?", "No"),
        ("happened", "What happened?", "He flinched."),
        ("words", "What did the child say?", "Please do not tell"),
        ("about", "Is it a worry about someone who works here?", "Nobody who works here"),
        ("reporter", "Who reported it", "Teacher"),
    )
    with pytest.raises(Hidden):
        staff.office.casework.open("whgs", "it", ref, staff.office.opener)


@pytest.mark.parametrize(
    ("about", "conflict", "told", "screen"),
    [
        ("teacher", "no", ["head"], "social care"),
        ("dsl", "no", ["head"], "social care"),
        ("head", "no", ["chair"], "social care"),
        ("chair", "no", ["vice"], "LADO"),
        ("unsure", "no", ["chair"], "LADO"),
        ("provider", "no", ["head"], "social care"),
        ("support", "yes", [], "LADO"),
    ],
)
def test_a_worry_about_an_adult_goes_past_the_one_it_is_about(
    staff: Staff, about: str, conflict: str, told: list[str], screen: str
) -> None:
    reply = staff.sends("adult-concern", about=about, happened="x", conflict=conflict)
    assert [notice.to for notice in staff.office.records.deliver()] == told
    assert screen in repr(reply)


def test_a_storage_that_fails_is_said_at_once_and_nothing_typed_is_lost(staff: Staff) -> None:
    staff.office.records.broken = True
    reply = staff.sends("adult-concern", about="dsl", happened="canary")
    assert texts(reply) == [
        "NOT recorded. Phone now: Headteacher.",
        "What you typed is still in the form. Phone first, then send it again.",
    ]
    assert reply.form is not None and reply.form.given["happened"][0].reveal() == "canary"
    assert reply.form.problems == {"": "NOT recorded. Phone now: Headteacher."}


def test_what_was_put_away_comes_back_and_goes_once_it_is_sent(staff: Staff) -> None:
    staff.does(Kept("child-concern", {"happened": (Sealed("half a"),)}))
    opened = staff.opens("child-concern").form
    assert opened is not None and opened.given["happened"][0].reveal() == "half a"
    staff.sends("child-concern", happened="half a sentence")
    after = staff.opens("child-concern").form
    assert after is not None and after.given == {}


def test_a_draft_that_cannot_be_dropped_takes_nothing_back(staff: Staff) -> None:
    class Full(FakeDrafts):
        def drop(self, school: str, keyed: str, form: str) -> None:
            raise NotRecorded("full")

    staff.office.drafts = Full()
    staff.assistant = staff.office.assistant(staff.knowledge)
    reply = staff.sends("child-concern", happened="x")
    assert (texts(reply)[0], len(staff.office.records.shelf.cases)) == ("Recorded, reference S-C5QS-87K6.", 1)


def test_a_reporter_sees_where_it_stands_adds_to_it_and_sees_that_it_was_read(staff: Staff) -> None:
    staff.sends("child-concern", happened="x")
    ref = next(iter(staff.office.records.shelf.cases))
    assert rows(staff.says("my reports")) == [(ref, "Sent on 23/11/2026. Not picked up yet.")]
    opened = staff.does(Pressed(Action("add-to-report", {"ref": ref}))).form
    assert opened is not None
    added = staff.sends("add-to-report", opened.key, extra="more")
    assert texts(added) == [f"Added to {ref}. Those who deal with it are told."]
    staff.office.casework.open("whgs", "dsl", ref, staff.office.opener)
    assert rows(staff.says("my reports")) == [(ref, "Sent on 23/11/2026. Not picked up yet. Read on 23 November 2026.")]
    assert [notice.template for notice in staff.office.records.deliver() if notice.to == "teacher"] == ["read"]


def rows(reply: Reply) -> list[tuple[str, str]]:
    found = [block.rows for message in reply.messages for block in message.blocks if isinstance(block, Facts)]
    return [row for block in found for row in block]


def test_nobody_adds_to_another_persons_report(staff: Staff) -> None:
    staff.sends("child-concern", happened="x")
    ref = next(iter(staff.office.records.shelf.cases))
    reply = staff.does(Pressed(Action("add-to-report", {"ref": ref})), "support")
    missing = staff.does(Pressed(Action("add-to-report", {"ref": "S-2222-2222"})), "support")
    assert (reply, texts(reply)) == (missing, ["There is no case here with that reference."])


def test_a_notice_greets_its_recipient_without_a_word_of_what_it_is_about(staff: Staff) -> None:
    staff.sends("child-concern", happened="canary")
    staff.office.records.deliver()
    greeted = staff.assistant.greet("dsl", "whgs")
    assert rows(greeted) == [("S-C5QS-87K6", "Something new waits for you in Signpost. Reference S-C5QS-87K6.")]
    assert rows(staff.assistant.greet("head", "whgs")) == []


def test_chat_shows_a_case_without_a_word_of_it(staff: Staff) -> None:
    staff.sends("child-concern", happened="canary-4711")
    (ref,) = staff.office.records.shelf.cases
    reply = staff.does(Said(Sealed(ref)), "dsl")
    (message,) = reply.messages
    assert ("canary" in repr(message), message.title) == (False, ref)
    offered = [option.label for block in message.blocks if isinstance(block, Choices) for option in block.options]
    assert offered == ["Pick it up", "Hand it over", "Propose a colleague", "Stand down"]
    done = staff.does(Pressed(Action("case-do", {"ref": ref, "act": "acknowledge"})), "dsl")
    assert texts(done) == [f"You have picked up {ref}. The reporter is told that it was read."]


def test_an_addition_that_fails_names_nobody_since_nobody_knows_whom_it_is_about(staff: Staff) -> None:
    staff.sends("adult-concern", about="dsl", happened="x")
    (ref,) = staff.office.records.shelf.cases
    staff.office.records.broken = True
    reply = staff.sends("add-to-report", f"{ref}/k2", extra="canary")
    assert texts(reply)[0] == "NOT recorded. Phone now: the person who deals with your report."
    assert reply.form is not None and reply.form.given["extra"][0].reveal() == "canary"


def test_a_closed_case_whose_time_has_come_says_so_in_the_list(staff: Staff) -> None:
    staff.sends("child-concern", happened="x")
    (ref,) = staff.office.records.shelf.cases
    opener, cases = staff.office.opener, staff.office.casework
    for action, facts in (
        ("acknowledge", {}),
        ("triage", {"level": "early-help"}),
        ("close", {"outcome": "no-further-action"}),
    ):
        cases.do("whgs", Order(action, ref, "dsl", facts), opener)
    staff.office.wait(days=7 * 366)
    assert rows(staff.does(Said(Sealed("cases")), "deputy")) == [
        (ref, "Closed. Received 23/11/2026 09:00. Look at it again: keep it longer or delete it.")
    ]


def test_something_new_is_never_mixed_with_an_older_draft(staff: Staff) -> None:
    staff.does(Kept("reported-contact", {"happened": (Sealed("an older one"),)}))
    staff.says("a year 9 has just followed me on insta, what do I do")
    opened = staff.opens("reported-contact")
    assert opened.form is not None
    assert opened.form.given["happened"][0].reveal() == "a year 9 has just followed me on insta, what do I do"
    older = next(block for block in opened.messages[-1].blocks if isinstance(block, Choices)).options[0]
    again = staff.does(Pressed(older.action))
    assert again.form is not None and again.form.given["happened"][0].reveal() == "an older one"
    fresh = next(block for block in again.messages[-1].blocks if isinstance(block, Choices)).options[0]
    staff.does(Pressed(fresh.action))
    assert staff.office.drafts.typed == {}
