"""Which dialog takes a turn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import wording
from bot.conversation.assistant import StaffAssistant
from bot.conversation.forms import LOOK_UP
from bot.conversation.in_words import in_words
from bot.conversation.router import Router
from bot.talk.message import Action, Alert, Facts, Message, Para, Quote, Ruling
from bot.talk.sealed import Sealed
from bot.talk.turn import Pressed, Reply, Said, Submitted, Turn
from policy_kb.answer import answer
from policy_kb.knowledge import Knowledge
from tests.conversation.conftest import Take, buttons
from tests.fake_records import FakeDrafts
from tests.office import MONDAY, Office

TODAY = MONDAY.date()


def titles(reply: Reply) -> list[str]:
    return [message.title for message in reply.messages]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("help", "Help"),
        ("?", "Help"),
        ("Topics", "Topics of the policy"),
        ("policy images", "About: Posting pictures of pupils"),
        ("search password", "About: Passwords and account security"),
        ("find hashtag wombat", "Found in the policy"),
        ("a" * 4001, wording.TOO_LONG_TITLE),
    ],
)
def test_short_words_have_their_own_dialogs(take: Take, said: str, title: str) -> None:
    assert titles(take(said)) == [title]


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Hello!", wording.HELLO),
        ("thank you", wording.THANKS),
        ("   ", wording.EMPTY),
        ("bye for now", wording.BYE),
        ("yes", wording.BARE),
        ("18", wording.BARE),
    ],
)
def test_a_courtesy_is_answered_in_a_sentence(take: Take, said: str, reply: str) -> None:
    assert take(said).messages == (Message(wording.REPLY_TITLE, (Para(reply),)),)


def test_a_report_is_never_repeated_and_never_said_to_be_recorded_before_it_is(take: Take) -> None:
    (message,) = take("Wombatina in 8B has just messaged me on snapchat asking where I live").messages
    assert (message.title, "Wombatina" in repr(message)) == ("Something to report", False)
    sentence = "This sounds like something to report. Nothing has been recorded yet."
    assert message.blocks[0] == Ruling("action", "Report it", sentence)
    opened = take(buttons(message)["Report a contact"])
    assert (opened.form and opened.form.form.id, "ecorded, reference" in repr(opened)) == ("reported-contact", False)


def test_danger_shows_999_before_anything_else(take: Take) -> None:
    (message,) = take("a girl in my form has just told me she has taken an overdose").messages
    assert message.blocks[0] == Alert(
        "If anyone is in danger now, call 999. Then phone the DSL. Do not wait for a reply here."
    )


@pytest.mark.parametrize(
    "said",
    [
        "find the dsl pls a boy has a knife",
        "i want to kill myself after what the parents posted",
        "is it ok to call the police, a lad has a knife in the canteen?",
        "she has taken an overdose " + "and " * 1200,
        "suicdal pupil on teams",
    ],
)
@pytest.mark.parametrize("school", ["whgs", "rmet"])
def test_a_word_of_danger_shows_999_first_in_whatever_message(take: Take, said: str, school: str) -> None:
    (message,) = take(said, school).messages
    assert message.blocks[0] == Alert(wording.URGENT)


@pytest.mark.parametrize(
    ("said", "to", "instead"),
    [
        ("a colleague told me the headteacher grabbed a boy by the arm", "chair", "the headteacher"),
        ("a boy in year 8 told me his mum hits him and the DSL knows and did nothing", "head", "DSL"),
    ],
)
def test_a_report_never_goes_first_to_a_role_that_it_names(router: Router, said: str, to: str, instead: str) -> None:
    found = answer(router.knowledge, "whgs", said)
    told = next(block for block in in_words(found, TODAY).blocks if isinstance(block, Facts))
    assert (found.route, found.ask) == ("disclosure", to)
    assert [name for name, _ in told.rows][1].startswith("If it is not about") and instead in told.rows[1][0]


def test_a_report_about_the_head_that_goes_to_the_dsl_says_where_else_to_go(router: Router) -> None:
    found = answer(router.knowledge, "whgs", "a girl in my form has told me the headteacher has been messaging her")
    told = next(block for block in in_words(found, TODAY).blocks if isinstance(block, Facts))
    assert ("If it is about the headteacher", "Go to the chair of governors instead.") in told.rows


def test_what_is_forbidden_is_not_something_to_ask_for(take: Take) -> None:
    (message,) = take("class photo on my own facebook please", "milford").messages
    assert message.title == wording.ANSWER_TITLE
    assert [block.kind for block in message.blocks if isinstance(block, Ruling)] == ["no"]


def test_a_typed_yes_answers_the_question_that_was_asked(router: Router) -> None:
    assistant = StaffAssistant(router, FakeDrafts())

    def say(text: str) -> Message:
        return assistant.reply(Turn("c", "teacher", "inspire", Said(Sealed(text)))).messages[0]

    asked = say("can I friend an ex-pupil?")
    assert Quote in {type(block) for block in asked.blocks}
    rulings = [block.kind for block in say("No").blocks if isinstance(block, Ruling)]
    assert (rulings, say("no").blocks) == (["depends"], (Para(wording.BARE),))


def test_a_request_quotes_only_rules_that_lead_to_its_form(take: Take, router: Router) -> None:
    (message,) = take("please can we have an instagram account for the netball team", "emlm").messages
    quoted = [router.knowledge.policy("emlm").clause(block.ref) for block in _quotes(message)]
    assert (message.title, [clause.form for clause in quoted if clause]) == (
        "Something to ask for",
        ["new-account"] * 2,
    )
    assert "Ask for a new account" in buttons(message)


def test_looking_up_opens_a_form_and_keeps_what_was_typed_when_it_is_empty(take: Take) -> None:
    opened = take(Action("look-up"))
    assert opened.form is not None and opened.form.form == LOOK_UP
    again = take(Submitted("look-up", {"words": (Sealed("  "),)}))
    assert again.form is not None and dict(again.form.problems) == {"words": "Please answer this question."}
    assert titles(take(Submitted("look-up", {"words": (Sealed("wikipedia"),)}))) == ["About: Editing Wikipedia"]


@pytest.mark.parametrize(
    "action",
    [
        Action("unheard-of"),
        Action("section", {"clause": "emlm/6.2.1"}),
        Action("settle", {"clause": "whgs/staff-personal.4", "intent": "former-pupil-contact", "option": "99"}),
        Action("settle", {"clause": "whgs/staff-personal.4", "intent": "nonsense", "option": "x"}),
        Action("topic", {"intent": "nonsense"}),
        Action("start", {"kind": "nonsense", "to": "DSL"}),
        Action("start", {"kind": "child-concern", "to": "a stranger"}),
        Action("topics", {"start": "-5"}),
        Action("ask", {"number": "99"}),
        Action("not-meant", {"others": "nonsense,,"}),
    ],
)
def test_a_button_with_strange_values_gets_a_plain_reply(take: Take, action: Action) -> None:
    (message,) = take(action).messages
    assert message.title != wording.SORRY_TITLE and message.blocks


def test_every_topic_button_leads_somewhere(take: Take) -> None:
    pages = [take("topics").messages[0]]
    while more := buttons(pages[-1]).get(wording.MORE_TOPICS):
        pages.append(take(more).messages[0])
    topics = {label: action for page in pages for label, action in buttons(page).items() if action.name == "topic"}
    empty = [label for label, action in topics.items() if not _quotes(take(action).messages[0])]
    assert (len(topics) > 40, empty) == (True, [])


def _quotes(message: Message) -> list[Quote]:
    return [block for block in message.blocks if isinstance(block, Quote)]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_gets_a_reply_that_is_not_an_apology(knowledge: Knowledge, text: str) -> None:
    router = Office().router(knowledge)
    reply = router.take(Turn("c", "p", "whgs", Said(Sealed(text))))
    assert reply.messages and reply.messages[0].blocks


class BrokenRouter(Router):
    def take(self, turn: Turn) -> Reply:
        raise RuntimeError("canary-4711")


def test_a_failure_is_an_apology_and_a_log_line_without_content(
    router: Router, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = StaffAssistant(
        BrokenRouter(router.knowledge, router.schools, router.today, router.reports, router.cases, router.requests),
        FakeDrafts(),
    )
    reply = broken.reply(Turn("c", "p", "whgs", Pressed(Action("help"))))
    out = "".join(capsys.readouterr())
    assert (titles(reply), "canary-4711" in out, "RuntimeError" in out) == ([wording.SORRY_TITLE], False, True)


def test_a_worry_taken_for_another_sort_still_finds_its_form(take: Take) -> None:
    (message,) = take("the maths teacher keeps messaging a year 11 girl privately").messages
    opened = take(buttons(message)["Worry about an adult"])
    assert opened.form is not None and opened.form.form.id == "adult-concern"
