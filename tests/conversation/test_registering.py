"""The dialogs of the register: seen by few, changed by fewer, never changed unseen, and filled from a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.conversation import register_wording as say
from bot.conversation.register_page import LISTED
from bot.conversation.registering import Registering
from bot.domain.people import School
from bot.domain.register import Entry
from bot.talk.message import Action, Points
from bot.talk.sealed import Sealed
from bot.talk.turn import Download, Kept, Pressed, Reply, Said, Submitted, Turn
from policy_kb.knowledge import Knowledge
from tests.conversation.test_requests import Staff, blocks, buttons, page_of, rows, texts
from tests.fake_requests import DUTIES
from tests.office import Office

HEADING = "platform,handle,administrators,moderators,opens,closes"
NETBALL = f"{HEADING}\nInstagram,Netball team,teacher;support,lead,1/12/2026,1/7/2027"


@dataclass
class FakePapers:
    """Puts the references in a file."""

    def request(self, *_: object) -> Download:
        """Not asked for here."""
        raise AssertionError

    def register(self, entries: Sequence[Entry], school: School) -> Download:
        """The references, one a line."""
        return Download("register.csv", "text/csv", "\n".join(one.ref for one in entries).encode())


@dataclass
class Keeping(Staff):
    """The staff of a school, and the dialogs of its register."""

    left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        approvals = replace(self.approvals, schools=self.here)
        self.dialog = Registering(approvals, self.here, self.knowledge.policy, FakePapers())

    def here(self, school: str) -> School:
        found = self.office.school(school)
        return replace(found, people=tuple(one for one in found.people if one.id not in self.left))

    def does(self, act: object, person: str = "teacher") -> Reply:
        match act:
            case Said(text):
                found = self.dialog.said(self._turn(person, act), " ".join(text.reveal().casefold().split()))
            case Pressed(action):
                found = self.dialog.pressed(self._turn(person, act), action)
            case Submitted():
                found = self.dialog.submitted(self._turn(person, act), act)
            case _:
                raise AssertionError
        return found or Reply()

    def _turn(self, person: str, act: Said | Pressed | Submitted) -> Turn:
        return Turn(f"c-{person}", person, self.school, act)

    def takes_in(self, text: str = NETBALL, person: str = "head") -> Reply:
        """Paste a list."""
        return self.does(Submitted("register-import", {"list": (Sealed(text),)}), person)

    def account(self, text: str = NETBALL) -> str:
        """An account that came in from a list: its reference."""
        self.takes_in(text)
        return next(reversed(self.records.shelf.entries))

    def entry(self, ref: str) -> Entry:
        return self.records.shelf.entries[ref]


@pytest.fixture
def staff(office: Office, knowledge: Knowledge) -> Keeping:
    return Keeping(office, knowledge)


def points(reply: Reply) -> list[tuple[str, str]]:
    return [item for block in blocks(reply) if isinstance(block, Points) for item in block.items]


# --- looking ----------------------------------------------------------------------------------------------------------
def test_an_approved_account_is_found_in_the_register_by_everybody_who_runs_it(
    office: Office, knowledge: Knowledge
) -> None:
    staff = Staff(office, knowledge)
    ref = staff.asks()
    for person in ("manager", "head"):
        staff.presses(staff.says(ref, person), "Approve", person)
    entry = "E" + ref[1:]
    line = "Instagram: Netball team. In use. Run by Teacher, Teaching assistant."
    assert rows(staff.says("register", "head")) == {entry: line}
    form = staff.presses(staff.says("register", "head"), "Search the register", "head")
    assert rows(staff.fills(form, "head", words="NETBALL insta")) == {entry: line}
    assert texts(staff.says("search the register for hockey", "head")) == [say.REGISTER_NONE_FOUND]
    assert rows(staff.presses(staff.says("register: netball"), f"Open {entry}")) == {
        "Platform": "Instagram",
        "Name": "Netball team",
        "What it is for": "Show matches",
        "Who it is for": "Pupils, Pupils’ family members",
        "Administrators": "Teacher, Teaching assistant",
        "Moderators": "Policy lead, IT manager",
        "Opens": "01/12/2026",
        "Closes": "01/07/2027",
        "Conditions": "Private",
        "State": "In use",
        "Request": ref,
    }


def test_an_account_shows_what_comes_up_with_its_rule_and_what_was_done(staff: Keeping) -> None:
    staff.school = "milford"
    ref = staff.account()
    staff.office.wait(days=10)
    page = staff.says(ref)
    rule = staff.knowledge.policy("milford").cite(staff.knowledge.policy("milford").clause("milford/monitoring.1"))  # type: ignore[arg-type]
    assert points(page) == [
        ("To do now", f"The daily look at it ({rule})"),
        ("On 01/07/2027", "The closing date"),
        ("On 01/12/2027", "The yearly review"),
    ]
    done = staff.presses(page, "Mark as done: the daily look at it")
    assert texts(done)[0] == f"Saved. Noted as done for {ref}: the daily look at it."
    assert points(done) == [
        ("On 04/12/2026", f"The daily look at it ({rule})"),
        ("On 01/07/2027", "The closing date"),
        ("On 01/12/2027", "The yearly review"),
        ("03/12/2026", "Teacher noted as done: the daily look at it"),
    ]


def test_a_list_holds_ten_and_the_search_finds_the_others(staff: Keeping) -> None:
    staff.takes_in("\n".join([HEADING, *(f"X,team {number},teacher;support" for number in range(12))]))
    listed = staff.says("register", "head")
    assert (len(rows(listed)), texts(listed)[1]) == (
        LISTED,
        "Only the newest 10 of 12 are listed. Search to find the others.",
    )
    assert len(rows(staff.says("register: team 11", "head"))) == 1


def test_accounts_in_use_and_closed_ones_are_two_lists(staff: Keeping) -> None:
    ref = staff.account()
    assert texts(staff.presses(staff.says("register"), "Closed accounts")) == [say.NONE_OF_THESE["closed"]]
    staff.fills(staff.presses(staff.says(ref), "Close it"), sure="yes")
    assert texts(staff.says("register")) == [say.NONE_OF_THESE["live"]]
    assert list(rows(staff.presses(staff.says("register"), "Closed accounts"))) == [ref]
    assert list(rows(staff.says("register: netball"))) == [ref]


def test_what_somebody_may_not_see_or_do_looks_as_if_it_were_not_there(staff: Keeping) -> None:
    ref = staff.account()
    missing = staff.says("E-0000-0000", "manager")
    actions = [
        Action("register-form", {"act": "close", "ref": ref}),
        Action("register-done", {"duty": "review", "ref": ref, "seen": "1"}),
        Action("register-leaver"),
        Action("register-import"),
        Action("register-file"),
    ]
    assert texts(missing) == [say.HIDDEN]
    assert [staff.says(ref, "manager")] + [staff.does(Pressed(one), "manager") for one in actions] == [missing] * 6
    assert staff.takes_in(person="teacher") == missing
    assert list(buttons(staff.says("register", "manager"))) == ["Search the register", "Closed accounts"]
    assert texts(staff.says("register", "manager")) == [say.REGISTER_EMPTY]


def test_whoever_only_moderates_or_reads_finds_no_button_that_changes_it(staff: Keeping) -> None:
    ref = staff.account(NETBALL.replace(",lead,", ",manager,"))
    assert [list(buttons(staff.says(ref, person))) for person in ("manager", "dsl")] == [["Register"], ["Register"]]
    assert texts(staff.does(Pressed(Action("register-form", {"act": "close", "ref": ref})), "manager")) == [say.NOT_NOW]


def test_the_register_goes_out_as_a_file(staff: Keeping) -> None:
    ref = staff.account()
    reply = staff.presses(staff.says("register", "head"), "Download the register", "head")
    assert (texts(reply), reply.file) == ([say.FILE], Download("register.csv", "text/csv", ref.encode()))


# --- changing ---------------------------------------------------------------------------------------------------------
def test_somebody_hands_an_account_over_and_sees_it_no_more(staff: Keeping) -> None:
    ref = staff.account()
    form = staff.presses(staff.says(ref), "Change who runs it")
    reply = staff.fills(form, **{"role": "administrators", "from": "teacher", "to": "manager"})
    assert texts(reply) == [f"Saved. Who runs {ref} has changed."]
    assert staff.entry(ref).administrators == ("support", "manager")
    assert points(staff.says(ref, "head"))[-1] == (
        "23/11/2026",
        "Teacher changed the administrators: Teacher left, Line manager joined",
    )


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({}, {"role": "Please answer this question."}),
        ({"role": "administrators"}, {"to": say.NOBODY_NAMED}),
        ({"role": "administrators", "to": "support"}, {"to": say.UNFIT["cannot-take-over"]}),
        ({"role": "moderators", "from": "teacher"}, {"from": say.UNFIT["not-among-them"]}),
        ({"role": "owners", "to": "stranger"}, dict.fromkeys(("role", "to"), "Please choose from the list.")),
    ],
)
def test_a_problem_of_a_hand_over_stands_beside_its_question(
    staff: Keeping, answers: dict[str, str], problems: dict[str, str]
) -> None:
    ref = staff.account()
    reply = staff.fills(staff.presses(staff.says(ref), "Change who runs it"), **answers)
    given = {name: [text] for name, text in answers.items()}
    assert page_of(reply) == ("register-hand-over", given, problems)
    assert staff.entry(ref).history == ()


def test_what_changed_meanwhile_is_said_and_what_was_typed_stays(staff: Keeping) -> None:
    ref = staff.account()
    form = staff.presses(staff.says(ref), "Change who runs it")
    staff.presses(staff.says(ref, "head"), "Mark as done: the yearly review", "head")
    answers = {"role": "administrators", "to": "manager"}
    again = staff.fills(form, **answers)
    since = "This changed while you had it open. 23/11/2026: Headteacher noted as done: the yearly review."
    problem = {"": f"{since} Nothing was saved now. Look again, then send it."}
    assert page_of(again) == ("register-hand-over", {name: [text] for name, text in answers.items()}, problem)
    assert texts(staff.fills(again))[0] == f"Saved. Who runs {ref} has changed."


@pytest.mark.parametrize("seen", ["1", "", "0", "x"])
def test_a_stale_button_says_what_happened_and_does_nothing(staff: Keeping, seen: str) -> None:
    ref = staff.account()
    page = staff.says(ref)
    staff.presses(page, "Mark as done: the yearly review")
    again = staff.does(Pressed(Action("register-done", {"ref": ref, "duty": "review", "seen": seen})))
    assert texts(again)[0].startswith("This changed while you had it open. 23/11/2026: Teacher noted as done")
    assert len(staff.entry(ref).history) == 1


def test_a_button_whose_count_makes_no_sense_does_nothing_to_a_new_account(staff: Keeping) -> None:
    ref = staff.account()
    reply = staff.does(Pressed(Action("register-done", {"ref": ref, "duty": "review", "seen": ""})))
    assert (texts(reply)[0], staff.entry(ref).history) == (say.NOT_NOW, ())


def test_a_closed_account_is_only_looked_at(staff: Keeping) -> None:
    ref = staff.account()
    page, form = staff.says(ref), staff.presses(staff.says(ref), "Close it")
    reply = staff.fills(form, sure="yes")
    assert (texts(reply)[0], list(buttons(reply))) == (f"Saved. {ref} is closed.", ["Register"])
    for late in (staff.fills(form, sure="yes"), staff.presses(page, "Mark as done: the yearly review")):
        assert "Teacher closed it" in texts(late)[0]
    assert [line.kind for line in staff.entry(ref).history] == ["closed"]


def test_a_duty_of_another_policy_cannot_be_noted(staff: Keeping) -> None:
    ref = staff.account()
    for duty in ("monitor", "closure", "administrators", "nonsense"):
        action = Action("register-done", {"ref": ref, "duty": duty, "seen": "1"})
        assert texts(staff.does(Pressed(action))) == [say.HIDDEN]


def test_nothing_is_saved_where_the_storage_fails_and_what_was_typed_comes_back(staff: Keeping) -> None:
    ref = staff.account()
    form = staff.presses(staff.says(ref), "Change who runs it")
    staff.records.broken = True
    failed = staff.fills(form, role="administrators", to="manager")
    stands = {"role": ["administrators"], "to": ["manager"]}
    assert page_of(failed) == ("register-hand-over", stands, {"": say.NOT_SAVED})
    staff.records.broken = False
    assert texts(staff.fills(failed))[0] == f"Saved. Who runs {ref} has changed."


# --- a leaver ---------------------------------------------------------------------------------------------------------
def test_a_leavers_accounts_are_one_list_for_those_who_may_read_all(staff: Keeping) -> None:
    lines = [HEADING, *(f"X,team {number},teacher;support" for number in range(12)), "X,choir,support;manager,teacher"]
    staff.takes_in("\n".join(lines))
    said = staff.says("accounts of Teacher", "dsl")
    assert len(rows(said)) == 13
    assert (list(rows(said).values())[0], list(rows(said).values())[-1]) == (
        "X: choir. Moderator.",
        "X: team 0. Administrator. Too few administrators would be left.",
    )
    form = staff.presses(staff.says("register", "dsl"), "Accounts of one person", "dsl")
    assert rows(staff.fills(form, "dsl", person="teacher")) == rows(said)
    assert texts(staff.fills(form, "dsl", person="chair")) == ["Chair of governors runs no account that is in use."]


def test_somebody_who_has_left_is_still_asked_about_by_id(staff: Keeping) -> None:
    ref = staff.account()
    staff.left = {"teacher"}
    form = staff.presses(staff.says("register", "head"), "Accounts of one person", "head")
    assert form.form is not None
    gone = "somebody who is no longer on the list (teacher)"
    assert [(one.value, one.label) for one in form.form.form.questions[0].options][0] == ("teacher", gone)
    assert list(rows(staff.says("accounts of teacher", "head"))) == [ref]
    page = staff.says(ref, "head")
    assert (texts(page)[0], rows(page)["Administrators"]) == (
        say.TOO_FEW.format(least=2),
        f"{gone}, Teaching assistant",
    )
    handed = staff.presses(page, "Change who runs it", "head")
    staff.fills(handed, "head", **{"role": "administrators", "from": "teacher", "to": "manager"})
    assert staff.entry(ref).administrators == ("support", "manager")


@pytest.mark.parametrize("words", ["accounts of ex-pupils", "accounts of abuse by a teacher", "accounts of nobody"])
def test_words_about_anything_else_are_left_to_the_policy(staff: Keeping, words: str) -> None:
    staff.account()
    assert (staff.says(words, "head"), staff.says("accounts of teacher", "manager")) == (Reply(), Reply())


# --- a list -----------------------------------------------------------------------------------------------------------
def test_what_is_right_comes_in_and_what_is_wrong_is_said_line_by_line_with_the_list_to_be_mended(
    staff: Keeping,
) -> None:
    text = f"{NETBALL}\n\nX,choir,nobody here;teacher,,,\nX,drama,teacher,,31/2/2026,\nX,,,,,"
    reply = staff.takes_in(text)
    assert texts(reply) == [
        "Came in: 1 account.",
        "Lines left out: 3. Mend them and send the list again. Nothing comes in twice.",
    ]
    assert points(reply) == [
        ("Line 4, administrators", "nobody is called “nobody here”."),
        ("Line 5, opens", "“31/2/2026” is no day. Write it as day/month/year, for example 21/11/2026."),
        ("Line 6, handle", "this is empty."),
        ("Line 6, administrators", "this is empty."),
    ]
    assert page_of(reply) == ("register-import", {"list": [text]}, {})
    mended = staff.takes_in(f"{NETBALL}\nX,choir,teacher;support")
    there = "Left as they are, since they are in the register already or stand in the list twice: 1 account."
    assert (texts(mended), mended.form) == (["Came in: 1 account.", there], None)


def test_no_more_than_twenty_problems_are_said_one_by_one(staff: Keeping) -> None:
    reply = staff.takes_in("\n".join([HEADING, *(f"X,team {number},stranger" for number in range(25))]))
    assert (len(points(reply)), texts(reply)[-1]) == (20, "And 5 more.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("platform,handle\nX,choir", "These columns are missing in the first line: administrators."),
        (f"{HEADING},handle\nX", "These columns stand twice in the first line: handle."),
        (f'{NETBALL}\nX,"choir,teacher', "The quotation marks in line 3 do not fit. Nothing came in."),
        ("-", "These columns are missing in the first line: platform, handle, administrators."),
    ],
)
def test_what_is_no_list_is_said_beside_the_question(staff: Keeping, text: str, problem: str) -> None:
    assert page_of(staff.takes_in(text)) == ("register-import", {"list": [text]}, {"list": problem})
    assert staff.records.shelf.entries == {}


def test_columns_that_nothing_is_taken_from_are_named(staff: Keeping) -> None:
    assert texts(staff.takes_in("Platform\tHandle\tAdministrators\tNotes\nX\tchoir\tteacher; support\tloud")) == [
        "Came in: 1 account.",
        "Nothing was taken from these columns: Notes.",
    ]


# --- words ------------------------------------------------------------------------------------------------------------
def test_there_is_a_word_for_every_duty() -> None:
    assert set(say.DUTIES) == {duty.id for duty in DUTIES}


def test_what_was_put_away_about_one_account_never_comes_up_with_another(staff: Keeping) -> None:
    first, second = (staff.account(f"{HEADING}\nX,{name},teacher;support,,,") for name in ("Choir", "Band"))

    def opens(ref: str) -> Reply:
        pressed = Pressed(Action("register-form", {"act": "hand-over", "ref": ref}))
        return staff.assistant.reply(Turn("c-head", "head", "emlm", pressed))

    form = opens(first).form
    assert form is not None
    put_away = Kept(form.form.id, {"from": (Sealed("teacher"),)}, form.key)
    staff.assistant.reply(Turn("c-head", "head", "emlm", put_away))
    assert [page_of(opens(ref))[1] for ref in (second, first)] == [{}, {"from": ["teacher"]}]
