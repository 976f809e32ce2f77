from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.features import read
from intents.linear import Linear
from intents.model import Example, Route, Routed
from intents.route import PHRASED, Router
from policy_kb.knowledge import Knowledge

QUESTIONS = [
    "Am I allowed to be friends with a current pupil on Instagram?",
    "can I post a photo of my class on my own facebook",
    "do parents need to consent before we put pictures on the website?",
    "is it ok to whatsapp a parent about homework",
    "who is the policy for",
    "how old do kids have to be for tiktok",
    "can I say which school I work at on LinkedIn",
    "what happens to me if I break these rules?",
    "may I edit the wikipedia page about our town at work",
    "are staff allowed to use twitter in their lunch break",
    "what should I do if a pupil sends me a friend request?",
    "can governors be friends with parents online?",
    "do I need a disclaimer on my profile",
    "who approves a new school account?",
]
REPORTS = [
    ("reported-contact", "A year 9 girl sent me a follow request on Instagram last night, thought you should know"),
    ("reported-contact", "an ex pupil keeps messaging me on facebook, she left in july"),
    ("reported-contact", "a pupil just found my private account and commented on my holiday pictures"),
    ("reported-contact", "I have just accepted a friend request and realised it was from a year 7"),
    ("child-concern", "one of my tutor group has told me her stepdad hits her"),
    ("child-concern", "Jordan in year 8 says he wants to die"),
    ("child-concern", "I am worried about a boy in my form, he has bruises on his arms"),
    ("adult-concern", "I saw a colleague messaging a year 10 pupil on snapchat late at night"),
    ("online-incident", "a parent has set up a fake account in my name and is posting lies about me"),
    ("online-incident", "Someone has made a tiktok mocking our head of maths and pupils are sharing it"),
    ("online-incident", "there are nude pictures of a year 11 going round on snapchat"),
]
REQUESTS = [
    ("new-account", "I'd like to set up an Instagram account for the PE department please"),
    ("new-account", "we want to open a twitter for the chess club"),
    ("logo", "please can I have permission to use the school logo on a poster"),
    ("video-upload", "I want to put a video of the school play on YouTube, who can sign it off"),
    ("pupil-images", "requesting approval to use photos of year 6 on the school facebook page"),
    ("work-blog", "please approve a blog about my work as a teacher"),
    ("own-phone", "I need to ask to use my own phone to take pictures on the Paris trip"),
    ("family-link", "my niece is joining year 7, I would like to register the family link"),
    ("account-change", "can you hand over the twitter account to my colleague, I am leaving in July"),
    ("account-change", "could you close the old music department facebook page"),
]
SMALL_TALK = [
    "thanks",
    "good morning",
    "asdfgh",
    "tell me a joke",
    "what's the weather tomorrow",
    "who won the football last night",
    "how do I make lasagne",
    "convert 10 miles to km",
    "what time is lunch",
]
MISSED = {
    "I need to ask to use my own phone to take pictures on the Paris trip",
    "can you hand over the twitter account to my colleague, I am leaving in July",
    "may I edit the wikipedia page about our town at work",
    "I want to put a video of the school play on YouTube, who can sign it off",
}
"""Messages that are sent elsewhere today."""

TABLE = [
    *((Route.ANSWER, "", text) for text in QUESTIONS),
    *((Route.DISCLOSURE, kind, text) for kind, text in REPORTS),
    *((Route.APPROVAL, kind, text) for kind, text in REQUESTS),
    *((Route.NONE, "", text) for text in SMALL_TALK),
]


def _row(route: Route, kind: str, text: str) -> object:
    missed = [pytest.mark.xfail(reason="missed today", strict=True)] if text in MISSED else []
    return pytest.param(route, kind, text, marks=missed, id=text[:40])


@pytest.mark.parametrize(("route", "kind", "text"), [_row(*row) for row in TABLE])
def test_a_clear_message_goes_where_its_writer_meant(knowledge: Knowledge, route: Route, kind: str, text: str) -> None:
    routed = knowledge.router.route(read(text))
    assert (routed.route, routed.kind) == (route, kind)


@pytest.mark.parametrize("nothing", ["", "  ", "…", "😀", "привет"])
def test_a_message_without_a_word_we_know_is_nobodys_business(knowledge: Knowledge, nothing: str) -> None:
    routed = knowledge.router.route(read(nothing))
    assert (routed.route, routed.kind, routed.urgent) == (Route.NONE, "", False) and routed.asked <= 0


def test_a_router_that_never_saw_an_empty_message_sends_it_nowhere_too() -> None:
    examples = [Example("a pupil sent me a request", Route.DISCLOSURE), Example("may I add a pupil", Route.ANSWER)]
    model = Linear.fit([*examples, Example("tell me a joke", Route.NONE)])
    assert Router(model, model).route(read("")) == Routed(Route.NONE, "", False, 0.5, 0.0)


def test_a_question_that_may_be_a_report_offers_its_button(knowledge: Knowledge) -> None:
    plain = knowledge.router.route(read("Am I allowed to be friends with a current pupil on Instagram?"))
    doubtful = knowledge.router.route(read("our head is friends with pupils on insta"))
    assert (plain.report, doubtful.report) == ("", "adult-concern")


def test_a_plain_question_is_surer_than_a_muddled_one(knowledge: Knowledge) -> None:
    plain = knowledge.router.route(read("Am I allowed to be friends with a current pupil on Instagram?"))
    muddled = knowledge.router.route(read("set up pupil friend account saw told logo weather"))
    assert plain.confidence > muddled.confidence and plain.asked > 0


def test_the_likeliest_kind_is_always_one_of_the_route(knowledge: Knowledge) -> None:
    message = read("a pupil sent me a request and I want a new account")
    disclosure, approval = (knowledge.router.kind(message, route) for route in (Route.DISCLOSURE, Route.APPROVAL))
    assert disclosure in knowledge.shared.disclosures() and approval in knowledge.shared.forms()
    assert [knowledge.router.kind(message, route) for route in (Route.ANSWER, Route.NONE)] == ["", ""]


def test_phrasings_of_the_intents_stand_for_questions(knowledge: Knowledge) -> None:
    learned = Router.examples(knowledge.shared)
    questions = {example.text for example in learned["routes"] if example.label == PHRASED}
    assert {phrasing.text for phrasing in knowledge.shared.phrasings} == questions
    assert {example.label for example in learned["routes"]} == {*Route, "urgent", PHRASED}


def test_a_phrasing_that_tells_of_what_happened_teaches_no_question() -> None:
    told, asked = Example("a year 9 has just added me on snapchat", PHRASED), Example("can I add her?", PHRASED)
    learned = Router.learn([told, asked, Example("a pupil sent me a request", Route.DISCLOSURE)])
    assert (learned.labels, "=add" in learned.features.index, "=snapchat" in learned.features.index) == (
        (Route.ANSWER, Route.DISCLOSURE),
        True,
        False,
    )


@settings(deadline=None)
@given(text=st.text())
def test_any_text_goes_somewhere_and_only_reports_and_requests_have_a_kind(knowledge: Knowledge, text: str) -> None:
    routed = knowledge.router.route(read(text))
    assert bool(routed.kind) == (routed.route in (Route.DISCLOSURE, Route.APPROVAL))
    assert 0 <= routed.confidence <= 1 and (routed.route is Route.DISCLOSURE or not routed.urgent)
