"""The dialogs of requests: asked page by page, decided in order, told plainly, and kept wherever something fails."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

import pytest

from bot.conversation import request_wording as say
from bot.conversation.request_acts import act_form, clauses_for
from bot.conversation.request_answers import told
from bot.conversation.request_forms import ROLES, Asked, for_school, load_request_forms
from bot.domain.orders import Order
from bot.domain.ports import NotRecorded
from bot.domain.request import _FOLD, ACTIONS, State
from bot.domain.stages import NAMED
from bot.talk.form import Kind, Question
from bot.talk.message import Action, Choices, Facts, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Kept, Pressed, Reply, Said, Submitted, Turn
from policy_kb.knowledge import Knowledge
from tests.fake_requests import FakeRequestWork
from tests.laws.test_limits import misfits
from tests.office import SCHOOLS, Office

FORMS = load_request_forms()
SITE: tuple[dict[str, str], ...] = (
    {
        "department": "PE",
        "author": "teacher",
        "line_manager": "manager",
        "handle": "Netball team",
        "purpose": "Show matches",
        "content": "News",
    },
    {"audience": "pupils families", "contributors": "staff", "host": "third-party"},
    {"platform": "Instagram", "security": "Private"},
    {"administrators": "teacher support", "moderators": "lead it", "opens": "1 dec", "closes": "1/7/2027"},
)
"""Answers to the site form, page by page; what takes one line or more stands as typed."""
LISTED = {"author": ["teacher"], "line-manager": ["manager"]}
"""What the staff list tells of the teacher."""
SEVERAL = {"audience", "contributors", "administrators", "moderators"}


@dataclass
class Staff:
    """The staff of a school, who talk to one assistant."""

    office: Office
    knowledge: Knowledge
    school: str = "emlm"

    def __post_init__(self) -> None:
        self.records, self.approvals, self.drafts = self.office.requests, self.office.approvals, self.office.drafts
        self.assistant = self.office.assistant(self.knowledge)

    def does(self, act: Act, person: str = "teacher") -> Reply:
        return self.assistant.reply(Turn(f"c-{person}", person, self.school, act))

    def says(self, text: str, person: str = "teacher") -> Reply:
        return self.does(Said(Sealed(text)), person)

    def presses(self, reply: Reply, label: str, person: str = "teacher") -> Reply:
        return self.does(Pressed(buttons(reply)[label]), person)

    def starts(self, kind: str = "new-account", person: str = "teacher") -> Reply:
        return self.does(Pressed(Action("start", {"kind": kind, "to": "head"})), person)

    def fills(self, reply: Reply, who: str = "teacher", /, **answers: str) -> Reply:
        """Send an open form in, with what stands in it and these answers."""
        assert reply.form is not None
        typed = {**reply.form.given, **{name.replace("_", "-"): given(name, text) for name, text in answers.items()}}
        return self.does(Submitted(reply.form.form.id, typed, reply.form.key), who)

    def fills_all(self) -> Reply:
        """Fill in the site form up to its last check."""
        reply = self.starts()
        for page in SITE:
            reply = self.fills(reply, **page)
        return reply

    def asks(self) -> str:
        """Ask for a site, all the way; the reference."""
        self.presses(self.fills_all(), "Ask for approval")
        return next(reversed(self.records.shelf.requests))

    def told(self) -> list[tuple[str, str]]:
        return [(to, template) for to, template, _ in self.records.deliver()]


def given(name: str, text: str) -> tuple[Sealed, ...]:
    return tuple(map(Sealed, text.split() if name in SEVERAL else [text] if text else []))


def blocks(reply: Reply) -> list[object]:
    return [block for message in reply.messages for block in message.blocks]


def buttons(reply: Reply) -> dict[str, Action]:
    return {one.label: one.action for block in blocks(reply) if isinstance(block, Choices) for one in block.options}


def texts(reply: Reply) -> list[str]:
    return [block.text for block in blocks(reply) if isinstance(block, Para | Note)]


def rows(reply: Reply) -> dict[str, str]:
    return {name: value for block in blocks(reply) if isinstance(block, Facts) for name, value in block.rows}


def page_of(reply: Reply) -> tuple[str, dict[str, list[str]], dict[str, str]]:
    """The page that is open: its id, what stands in it, and the problems beside its questions."""
    assert reply.form is not None
    stands = {name: [text.reveal() for text in typed] for name, typed in reply.form.given.items() if typed}
    return reply.form.form.id, stands, dict(reply.form.problems)


@pytest.fixture
def staff(office: Office, knowledge: Knowledge) -> Staff:
    return Staff(office, knowledge)


# --- asking ----------------------------------------------------------------------------------------------------------
def test_a_question_in_chat_opens_the_form_of_the_school_with_what_is_known(staff: Staff) -> None:
    reply = staff.presses(staff.says("can we have an insta page for the netball team"), "Ask for a new account")

    assert page_of(reply) == ("emlm-site.1", {**LISTED, "handle": ["Netball team"]}, {})
    assert [block.ref for block in blocks(reply) if isinstance(block, Quote)] == ["emlm/A.3.6"]
    assert texts(reply) == [
        FORMS["emlm-site"].intro,
        "This is what the policy says:",
        "What is known already is filled in. Please check it.",
        "Page 1 of 4. Your answers are kept after each page. You can stop and come back.",
    ]
    third = staff.fills(staff.fills(reply, **SITE[0]), **SITE[1])
    assert page_of(third) == ("emlm-site.3", {"platform": ["Instagram"]}, {})


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("can we have a page for the netball team", {"handle": "Netball team"}),
        ("I'd like a twitter account for Year 6 please", {"platform": "X (Twitter)", "handle": "Year 6"}),
        ("could the PE department set up an account on instagram called West Hill PE?", {"platform": "Instagram",
         "handle": "West Hill PE"}),
        ("facebook page for parents", {"platform": "Facebook"}),
        ("can I set up a page for work", {}),
        ("facebook or instagram account for the choir", {"handle": "Choir"}),
        ("a page for the choir and a page for the band", {}),
        ("my manager has a new car", {}),
    ],
)  # fmt: skip
def test_only_what_is_plainly_said_is_filled_in(said: str, known: dict[str, str]) -> None:
    found = told(FORMS["new-account"], Sealed(said))
    assert {name: typed[0].reveal() for name, typed in found.items()} == known


@pytest.mark.parametrize("school", ["emlm", "milford", "whgs", "inspire", "rmet"])
def test_every_kind_of_permission_opens_a_form_at_every_school(staff: Staff, school: str) -> None:
    staff.school = school
    kinds = sorted({form.kind for form in FORMS.values()})
    opened = {kind: staff.starts(kind).form for kind in kinds}
    assert [kind for kind, form in opened.items() if form is None] == []


def test_a_problem_is_said_beside_its_question_and_nothing_typed_is_lost(staff: Staff) -> None:
    reply = staff.fills(staff.starts(), department="PE", author="teacher", line_manager="teacher")
    page, stands, problems = page_of(reply)
    assert (page, stands["department"]) == ("emlm-site.1", ["PE"])
    assert problems == {
        "handle": "Please answer this question.",
        "purpose": "Please answer this question.",
        "content": "Please answer this question.",
        "line-manager": "You cannot be the line manager for your own request. Please pick somebody else.",
    }


def test_answers_are_kept_after_every_page_and_go_on_in_another_conversation(staff: Staff) -> None:
    staff.fills(staff.starts(), **SITE[0])
    elsewhere = Staff(staff.office, staff.knowledge)
    reply = elsewhere.starts()
    assert (page_of(reply)[0], texts(reply)[0]) == ("emlm-site.2", say.FOUND)
    assert page_of(elsewhere.presses(reply, "Back"))[1]["department"] == ["PE"]
    assert page_of(elsewhere.presses(reply, "Start again")) == ("emlm-site.1", LISTED, {})


def test_what_stood_in_a_page_that_was_put_away_comes_back(staff: Staff) -> None:
    opened = staff.starts().form
    assert opened is not None
    staff.does(Kept("emlm-site.1", {"purpose": (Sealed("half a"),)}, opened.key))
    assert page_of(staff.starts()) == ("emlm-site.1", {**LISTED, "purpose": ["half a"]}, {})


def test_a_page_put_away_untouched_is_no_draft(staff: Staff) -> None:
    opened = staff.starts().form
    assert opened is not None
    staff.does(Kept("emlm-site.1", {}, opened.key))
    assert say.FOUND not in texts(staff.starts())


def test_changing_an_answer_keeps_the_rest_and_asks_only_what_is_new(staff: Staff) -> None:
    reply = staff.fills_all()
    changed = staff.fills(staff.presses(reply, "Change page 2"), contributors="staff public")
    assert page_of(changed) == ("emlm-site.3", {"platform": ["Instagram"], "security": ["Private"]}, {})
    checked = staff.fills(changed, vetting="The head", sought="We will not", consent="By letter")
    assert checked.messages[0].title == "Check your answers"
    assert {"PE", "The head", "Private", "01/12/2026"} <= set(rows(checked).values())


def test_a_day_keeps_its_meaning_when_the_form_is_sent_later(staff: Staff) -> None:
    reply = staff.starts()
    for page in SITE[:3]:
        reply = staff.fills(reply, **page)
    staff.fills(reply, **{**SITE[3], "opens": "tomorrow"})
    staff.office.wait(hours=14)
    assert rows(staff.starts())["When should it go live?"] == "24/11/2026"


def test_what_was_fine_and_is_no_longer_leads_back_to_its_page(staff: Staff) -> None:
    reply = staff.fills_all()
    staff.office.wait(days=20)
    page, _, problems = page_of(staff.presses(reply, "Ask for approval"))
    assert (page, problems) == (
        "emlm-site.4",
        {"opens": "The site cannot go live on a day that has passed. Please give today or a later day."},
    )
    assert staff.records.shelf.requests == {}


def test_it_is_sent_once_however_often_the_button_is_pressed(staff: Staff) -> None:
    reply = staff.fills_all()
    kept = dict(staff.drafts.typed)
    first = staff.presses(reply, "Ask for approval")
    again = staff.presses(reply, "Ask for approval")
    staff.drafts.typed = kept
    at_once = staff.presses(reply, "Ask for approval")
    (ref,) = staff.records.shelf.requests
    assert texts(first) == [
        f"Sent, reference {ref}. Do not start before it is approved.",
        "Waits for Line manager. You are told when it is decided.",
    ]
    assert (texts(again), texts(at_once)) == ([say.NOTHING_OPEN], texts(first))
    assert staff.told() == [("manager", "ask")]


def test_what_was_changed_since_it_was_checked_is_shown_again(staff: Staff) -> None:
    reply = staff.fills_all()
    staff.fills(staff.presses(reply, "Change page 1"), department="Music")
    shown = staff.presses(reply, "Ask for approval")
    assert (texts(shown)[0], rows(shown)["Which department is the site for?"]) == (say.CHANGED_SINCE, "Music")
    assert staff.records.shelf.requests == {}


def test_a_storage_that_fails_is_said_and_the_answers_stay(staff: Staff) -> None:
    reply = staff.fills_all()
    staff.records.broken = True
    failed = staff.presses(reply, "Ask for approval")
    assert (texts(failed)[0], staff.records.shelf.requests) == (say.NOT_SENT, {})
    staff.records.broken = False
    assert staff.presses(failed, "Ask for approval").messages[0].title == "Sent"


@pytest.mark.parametrize("fails", ["keep", "kept"])
def test_a_page_that_cannot_be_kept_comes_back_as_it_was_typed(staff: Staff, fails: str) -> None:
    reply = staff.starts()

    def full(*place: object) -> None:
        raise NotRecorded("full")

    setattr(staff.drafts, fails, full)
    page, stands, problems = page_of(staff.fills(reply, **SITE[0]))
    assert (page, stands["handle"], problems) == ("emlm-site.1", ["Netball team"], {"": say.NOT_KEPT})


def test_a_day_that_was_put_away_as_a_word_is_sent_as_that_day(staff: Staff) -> None:
    page = staff.presses(staff.fills_all(), "Change page 4").form
    assert page is not None
    staff.does(Kept(page.form.id, {**page.given, "opens": (Sealed("tomorrow"),)}, page.key))
    staff.presses(staff.starts(), "Ask for approval")
    (ref,) = staff.records.shelf.requests
    staff.office.wait(days=2)
    for who in ("manager", "head"):
        staff.presses(staff.says(ref, who), "Approve", who)
    (entry,) = staff.records.shelf.entries.values()
    assert (f"{entry.opens}", f"{entry.closes}") == ("2026-11-24", "2027-07-01")


@pytest.mark.parametrize("change", ["gone", "other questions", "other kinds"])
def test_what_was_approved_is_registered_as_it_was_asked_though_the_form_changed_since(
    staff: Staff, change: str
) -> None:
    ref = staff.asks()
    form = FORMS["emlm-site"]
    lines = tuple(Asked(Question(one.question.name, "?", Kind.DAY)) for one in form.asked)
    changed = {
        "gone": {},
        "other questions": {form.id: replace(form, pages=(lines[:1],), register_fields={})},
        "other kinds": {form.id: replace(form, pages=(lines,))},
    }[change]
    later = Staff(Office(staff.office.now, forms=changed), staff.knowledge)
    later.records.shelf = staff.records.shelf
    for who in ("manager", "head"):
        later.presses(later.says(ref, who), "Approve", who)
    (entry,) = later.records.shelf.entries.values()
    assert (entry.handle, entry.administrators, f"{entry.opens}") == (
        "Netball team",
        ("teacher", "support"),
        "2026-12-01",
    )


def test_a_form_that_the_school_does_not_use_is_not_sent_by_a_page_made_by_hand(staff: Staff) -> None:
    page = {"platform": "X", "handle": "Ours", "purpose": "p", "audience": "staff", "promotion": "p", "open": "open"}
    typed = {name: given(name, text) for name, text in page.items()}
    reply = staff.does(Submitted("milford-account.1", typed, "new/x"))
    assert (texts(reply), staff.drafts.typed) == ([say.NO_FORM], {})


def test_what_was_sent_is_said_to_be_sent_though_the_storage_fails_after_it(staff: Staff) -> None:
    reply = staff.fills_all()
    work = staff.records.work
    begun: list[str] = []

    def once(school: str) -> AbstractContextManager[FakeRequestWork]:
        begun.append(school)
        staff.records.broken = len(begun) > 1
        return work(school)

    staff.records.work = once  # type: ignore[assignment, method-assign]
    sent = staff.presses(reply, "Ask for approval")
    (ref,) = staff.records.shelf.requests
    assert (sent.messages[0].title, texts(sent)) == ("Sent", [say.SENT.format(ref=ref)])


def test_a_family_link_is_recorded_and_nobody_has_to_agree(staff: Staff) -> None:
    staff.school = "inspire"
    reply = staff.fills(staff.starts("family-link"), whom="Two in 4B", relation="My nieces")
    (line,) = texts(staff.presses(reply, "Tell the head"))
    (ref,) = staff.records.shelf.requests
    assert (line, staff.told()) == (f"Recorded, reference {ref}. Nobody has to agree to it.", [("head", "recorded")])


@pytest.mark.parametrize(
    ("said", "form"),
    [("can I friend an ex-pupil?", "whgs-relationship"), ("can I text my class from my own phone", "whgs-exception")],
)
def test_of_two_forms_of_a_kind_the_one_opens_that_rests_on_the_clause_cited(
    staff: Staff, said: str, form: str
) -> None:
    staff.school = "whgs"
    opened = staff.presses(staff.says(said), "Ask for an exception").form
    assert opened and opened.form.id == f"{form}.1"


# --- deciding --------------------------------------------------------------------------------------------------------
def test_each_signs_in_turn_and_everyone_is_told_once(staff: Staff) -> None:
    ref = staff.asks()
    assert staff.told() == [("manager", "ask")]
    listed = staff.says("requests", "manager")
    assert rows(listed) == {ref: "New official site, from Teacher, 23/11/2026. Waits for you."}
    first = staff.presses(staff.presses(listed, f"Open {ref}", "manager"), "Approve", "manager")
    assert (texts(first), staff.told()) == ([f"You have approved {ref}.", "Waits for Headteacher."], [("head", "ask")])
    last = staff.presses(staff.says(ref, "head"), "Approve", "head")
    assert texts(last) == [
        f"You have approved {ref}.",
        "Everyone has agreed. Teacher is told and can start.",
        f"It is in the register now as E{ref[1:]}.",
    ]
    assert staff.told() == [("teacher", "decided"), ("manager", "decided")]
    assert rows(staff.says("my requests")) == {ref: "New official site. Approved."}


def test_an_approver_sees_every_answer_the_rules_and_what_happened(staff: Staff) -> None:
    ref = staff.asks()
    staff.office.wait(hours=1)
    whole = staff.says(ref.lower(), "manager")
    assert [message.title for message in whole.messages] == [f"New official site, {ref}", "What happened, in order"]
    shown = rows(whole)
    assert (shown["From"], shown["Sent"], shown["Who decides now"]) == ("Teacher", "23/11/2026 09:00", "You")
    assert shown["Who will be the administrators?"] == "Teacher\nTeaching assistant"
    assert [block.ref for block in blocks(whole) if isinstance(block, Quote)] == [
        "emlm/A.3.6",
        "emlm/A.3.2",
        "emlm/6.4",
    ]
    assert list(buttons(whole)) == [
        "Approve",
        "Send back for changes",
        "Refuse",
        "Pass to someone else",
        "Get it as a PDF",
    ]
    (history,) = [block.items for block in blocks(whole) if isinstance(block, Points)]
    assert history == (
        ("23/11/2026 09:00", "Teacher sent it in"),
        ("23/11/2026 09:00", "Signpost asked for a decision: you"),
    )


def test_a_button_that_is_stale_says_what_happened_instead_of_acting(staff: Staff) -> None:
    ref = staff.asks()
    page = staff.says(ref, "manager")
    staff.presses(page, "Approve", "manager")
    late, again = staff.presses(page, "Approve", "manager"), staff.presses(staff.says(ref), "Withdraw it")
    staff.fills(again, reason="Not needed")
    withdrawn = staff.presses(page, "Approve", "manager")
    assert [texts(late), texts(withdrawn)] == [
        [say.MOVED.format(who="you", what="approved it", when="23/11/2026 09:00")],
        [say.MOVED.format(who="Teacher", what="withdrew it", when="23/11/2026 09:00")],
    ]
    assert [one.kind for one in staff.records.shelf.requests[ref].entries].count("approved") == 1


def test_what_is_sent_back_comes_with_why_and_is_changed_and_sent_again(staff: Staff) -> None:
    ref = staff.asks()
    form = staff.presses(staff.says(ref, "manager"), "Send back for changes", "manager")
    staff.fills(form, "manager", change="Say who reads the comments.")
    assert staff.told()[-1] == ("teacher", "sent-back")
    listed = staff.says("my requests")
    assert rows(listed) == {ref: "New official site. Sent back for changes."}
    assert "What to change: Say who reads the comments." in texts(listed)
    checked = staff.presses(staff.says(ref), "Change and send again")
    assert (texts(checked)[0], rows(checked)["What will be on the site?"]) == (
        "What to change: Say who reads the comments.",
        "News",
    )
    changed = staff.fills(staff.presses(checked, "Change page 3"), security="Private; the lead reads them")
    sent = staff.presses(changed, "Ask for approval")
    assert texts(sent)[0] == f"Sent in again, reference {ref}. Do not start before it is approved."
    shown = rows(staff.says(ref, "manager"))
    assert (shown["Version"], len(staff.records.shelf.texts)) == ("2", 3)


def test_a_refusal_cites_a_rule_of_the_schools_own_policy_and_says_why(staff: Staff) -> None:
    ref = staff.asks()
    opened = staff.presses(staff.says(ref, "manager"), "Refuse", "manager")
    assert opened.form is not None
    offered = opened.form.form.questions[0].options
    assert (len(offered), offered[0].value, offered[0].label[:7]) == (11, "emlm/A.3.6", "A.3.6: ")
    done = staff.fills(opened, "manager", clause="emlm/A.3.1", why="There is one already.")
    assert texts(done) == [f"You have refused {ref}. Everyone who had a part in it is told."]
    mine = staff.says(ref)
    assert "Why it was refused: There is one already." in texts(mine)
    history = [text for block in blocks(mine) if isinstance(block, Points) for _, text in block.items]
    assert (
        "Line manager (line manager) refused it: Social Media Policy, A.3.1. There is one already." in history
        and staff.told() == [("teacher", "decided")]
    )


@pytest.mark.parametrize("school", ["emlm", "milford", "whgs", "inspire", "rmet"])
def test_there_is_a_rule_to_refuse_by_for_every_kind(knowledge: Knowledge, school: str) -> None:
    policy = knowledge.policy(school)
    for kind in sorted({form.kind for form in FORMS.values()}):
        form = for_school(FORMS, SCHOOLS[school], kind)
        assert form is not None
        clauses = clauses_for(policy, kind, form.clauses)
        assert clauses and all(clause.id.startswith(f"{school}/") for clause in clauses)
        assert misfits(act_form("refuse", clauses, ())) == []


def test_a_decision_is_passed_on_to_somebody_who_may_give_it(staff: Staff) -> None:
    ref = staff.asks()
    opened = staff.presses(staff.says(ref, "manager"), "Pass to someone else", "manager")
    assert opened.form is not None
    offered = {option.value for option in opened.form.form.questions[0].options}
    assert offered == {"dsl", "deputy", "head", "chair", "vice", "leader", "lead", "it", "officer"}
    done = staff.fills(opened, "manager", person="deputy")
    assert texts(done) == [f"You have passed {ref} on.", "Waits for Deputy DSL."]


def sends_again(staff: Staff, ref: str, **answers: str) -> None:
    """Send a request back, change the answers of its first page and send it in again."""
    back = staff.presses(staff.says(ref, "manager"), "Send back for changes", "manager")
    staff.fills(back, "manager", change="More.")
    changed = staff.presses(staff.says(ref), "Change and send again")
    changed = staff.fills(staff.presses(changed, "Change page 1"), **answers) if answers else changed
    staff.presses(changed, "Ask for approval")


def test_who_decides_is_told_what_changed_since_the_version_before(staff: Staff) -> None:
    ref = staff.asks()
    sends_again(staff, ref, department="Music", content="Results")
    whole = staff.says(ref, "manager")
    _, before, now = (block.rows for block in blocks(whole) if isinstance(block, Facts))
    changed = "Changed since version 1. Before, it said:"
    assert changed in texts(whole)
    assert before == (("Which department is the site for?", "PE"), ("What will be on the site?", "News"))
    assert now[0] == ("Which department is the site for?", "Music")
    assert changed not in texts(staff.says(ref))
    sends_again(staff, ref)
    assert "Nothing was changed since version 2." in texts(staff.says(ref, "manager"))


def test_an_earlier_version_opens_with_its_answers_and_who_decided_and_says_that_it_no_longer_counts(
    staff: Staff,
) -> None:
    ref = staff.asks()
    sends_again(staff, ref, department="Music")
    sends_again(staff, ref, department="Drama")
    whole = staff.says(ref, "manager")
    assert [label for label in buttons(whole) if label.startswith("Version")] == ["Version 2", "Version 1"]
    first, second = (staff.presses(whole, f"Version {number}", "manager") for number in (1, 2))
    asked = "Which department is the site for?"
    assert [rows(one)[asked] for one in (first, second, whole)] == ["PE", "Music", "Drama"]
    assert first.messages[0].title == f"New official site, {ref}, version 1"
    assert [block.text for block in blocks(first) if isinstance(block, Ruling)] == [
        "This is version 1. Version 3 is the one that counts."
    ]
    (decided,) = [block.items for block in blocks(first) if isinstance(block, Points)]
    assert decided == (("23/11/2026 09:00", "You (line manager) sent it back. More."),)
    assert list(buttons(first)) == [f"Open {ref}"]


@pytest.mark.parametrize("version", ["0", "2", "-1", "x", ""])
def test_a_version_that_is_no_earlier_one_is_not_there(staff: Staff, version: str) -> None:
    ref = staff.asks()
    sends_again(staff, ref, department="Music")
    pressed = Pressed(Action("request-version", {"ref": ref, "version": version}))
    earlier = Pressed(Action("request-version", {"ref": ref, "version": "1"}))
    assert [texts(staff.does(pressed)), texts(staff.does(earlier, "support"))] == [[say.HIDDEN], [say.HIDDEN]]


def test_what_can_no_longer_be_done_is_said(staff: Staff) -> None:
    ref = staff.asks()
    page = staff.says(ref, "manager")
    staff.fills(staff.presses(staff.says(ref), "Withdraw it"))
    refused = staff.presses(page, "Refuse", "manager")
    assert (texts(refused), list(buttons(refused))) == ([say.NOT_NOW], [f"Open {ref}"])


def test_nothing_is_recorded_where_the_storage_fails_and_the_words_come_back(staff: Staff) -> None:
    ref = staff.asks()
    opened = staff.presses(staff.says(ref, "manager"), "Send back for changes", "manager")
    staff.records.broken = True
    reply = staff.fills(opened, "manager", change="Say more.")
    assert page_of(reply) == ("send-back", {"change": ["Say more."]}, {"": say.NOT_SAVED})
    assert staff.records.shelf.requests[ref].state is State.PENDING


def test_words_for_a_request_that_moved_on_come_back_where_they_can_still_be_sent(staff: Staff) -> None:
    ref = staff.asks()
    form = staff.presses(staff.says(ref), "Withdraw it")
    staff.presses(staff.says(ref, "manager"), "Approve", "manager")
    late = staff.fills(form, reason="We found another way.")
    moved = say.MOVED.format(who="Line manager", what="approved it", when="23/11/2026 09:00")
    assert page_of(late) == ("withdraw", {"reason": ["We found another way."]}, {"": moved})
    assert texts(staff.fills(late)) == [say.DONE["withdraw"].format(ref=ref)]


def test_what_somebody_has_no_part_in_looks_as_if_it_were_not_there(staff: Staff) -> None:
    ref = staff.asks()
    for one in (ref, "R-2222-2222"):
        acts = (
            Said(Sealed(one)),
            Pressed(Action("request", {"ref": one})),
            Pressed(Action("request-form", {"ref": one, "act": "refuse"})),
            Pressed(Action("request-do", {"ref": one, "act": "approve", "seen": "1"})),
            Pressed(Action("request-again", {"ref": one})),
            Submitted("send-back", {"change": (Sealed("x"),)}, f"{one}/1"),
            Pressed(Action("entry", {"ref": "E" + one[1:]})),
        )
        assert {tuple(texts(staff.does(act, "support"))) for act in acts} == {(say.HIDDEN,)}


def test_nobody_approves_their_own_request_by_any_button(staff: Staff) -> None:
    ref = staff.asks()
    mark = str(staff.records.shelf.requests[ref].mark)
    reply = staff.does(Pressed(Action("request-do", {"ref": ref, "act": "approve", "seen": mark})))
    assert (texts(reply), staff.records.shelf.requests[ref].state) == ([say.HIDDEN], State.PENDING)


# --- what waits ------------------------------------------------------------------------------------------------------
def test_a_greeting_names_what_waits_until_it_is_done(staff: Staff) -> None:
    ref = staff.asks()
    staff.told()
    greeted = staff.assistant.greet("manager", "emlm")
    assert rows(greeted) == {ref: "New official site, from Teacher, 23/11/2026. Waits for you."}
    assert list(buttons(greeted))[:2] == [f"Open {ref}", "Requests"]
    staff.presses(staff.presses(greeted, f"Open {ref}", "manager"), "Approve", "manager")
    assert rows(staff.assistant.greet("manager", "emlm")) == {}


@pytest.mark.parametrize(("list_", "stays"), [("requests", []), ("my requests", ["ask"]), ("register", ["ask"])])
def test_what_was_delivered_has_been_seen_once_the_list_it_leads_to_is_shown(
    staff: Staff, list_: str, stays: list[str]
) -> None:
    staff.asks()
    staff.told()
    staff.says(list_, "manager")
    assert [one.template for one in staff.approvals.notices("emlm", "manager")] == stays


def test_news_of_ones_own_requests_and_accounts_is_seen_in_their_lists(staff: Staff) -> None:
    ref = staff.asks()
    for person in ("manager", "head"):
        staff.presses(staff.says(ref, person), "Approve", person)
    facts = {"role": "administrators", "from": "support", "to": "site"}
    staff.approvals.change("emlm", Order("hand-over", "E" + ref[1:], "support", facts))
    staff.told()
    unseen = partial(staff.approvals.notices, "emlm")
    assert [one.template for one in (*unseen("teacher"), *unseen("site"))] == ["decided", "duty"]
    staff.says("my requests")
    staff.says("register", "site")
    assert (unseen("teacher"), unseen("site")) == ([], [])


def test_what_was_decided_is_said_for_a_week(staff: Staff) -> None:
    ref = staff.asks()
    form = staff.presses(staff.says(ref, "manager"), "Refuse", "manager")
    staff.fills(form, "manager", clause="emlm/A.3.1", why="No.")
    staff.told()
    assert list(buttons(staff.assistant.greet("teacher", "emlm")))[:2] == [f"Open {ref}", "My requests"]
    staff.office.wait(days=8)
    assert rows(staff.assistant.greet("teacher", "emlm")) == {}


def test_somebody_with_nothing_to_do_is_told_so(staff: Staff) -> None:
    assert texts(staff.says("my requests")) == [say.NO_REQUESTS]
    assert texts(staff.says("requests")) == [say.NO_WAITING]


# --- words -----------------------------------------------------------------------------------------------------------
def test_there_is_a_word_for_every_state_act_role_and_entry() -> None:
    entries = {*_FOLD} | {"asked", "decided", "delegated", "nudge", "escalate"}
    assert (set(say.STATES), set(say.EVENTS)) == ({str(state) for state in State}, entries)
    assert (set(say.ROLES) - {NAMED}, {*say.ACTS, "read"}) == (set(ROLES), set(ACTIONS))


def test_what_was_begun_and_not_sent_stands_among_ones_own_to_go_on_with(staff: Staff) -> None:
    before = texts(staff.says("my requests"))
    staff.fills(staff.starts(), **SITE[0])
    begun = [block for block in blocks(staff.says("my requests")) if isinstance(block, Choices)]
    went_on = staff.presses(staff.says("my requests"), "New official site")
    assert before == [say.NO_REQUESTS]
    assert [(block.question, [option.label for option in block.options]) for block in begun] == [
        (say.BEGUN, ["New official site"])
    ]
    assert page_of(went_on)[0] == "emlm-site.2"


def test_any_form_of_the_school_is_found_by_its_name(staff: Staff) -> None:
    offered = staff.presses(staff.says("can we have a page for the netball team"), say.ANOTHER)
    titles = [*buttons(offered)]
    assert (len(titles), len(set(titles)), "New official site" in titles, "New account" in titles) == (
        17,
        17,
        True,
        False,
    )
    assert titles == [*buttons(staff.says("Ask for approval"))]
    assert page_of(staff.presses(offered, "New official site"))[0] == "emlm-site.1"
