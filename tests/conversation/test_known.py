"""What a message tells is in the form already; what it only asks, supposes or hints at is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.known import known
from bot.conversation.report_forms import REPORT_FORMS
from bot.talk.check import check
from bot.talk.sealed import Sealed

TODAY = date(2026, 11, 25)
"""A Wednesday."""

TOLD, BEFORE = "25/11/2026", "24/11/2026"


def filled(kind: str, said: str) -> dict[str, str]:
    """What is known, without the message itself."""
    return {name: answer for name, answer in known(kind, said, TODAY).items() if name != "happened"}


CONTACTS = {
    "A year 9 just followed me on insta, what do I do": {"child": "Year 9", "platform": "Instagram"},
    "a y10 girl added me on snap last night": {"child": "Year 10", "platform": "Snapchat", "when-day": BEFORE},
    "yr 7 pupil messaged me on fb this morning": {"child": "Year 7", "platform": "Facebook", "when-day": TOLD},
    "what do i do a year 8 lad has sent me a whatsapp": {"child": "Year 8", "platform": "WhatsApp"},
    "A former pupil has requested to follow me on TikTok": {"platform": "TikTok"},
    "got a friend request from a parent on facebook and I accepted it by mistake": {
        "platform": "Facebook",
        "accepted": "accepted",
    },
    "accidentally accepted a yr11 on instgram yesturday": {
        "child": "Year 11",
        "platform": "Instagram",
        "accepted": "accepted",
        "when-day": BEFORE,
    },
    "A pupil texted me and I replied without thinking": {"platform": "Text message", "accepted": "replied"},
    "I accepted and then replied to a sixth former on Discord": {
        "child": "Sixth form",
        "platform": "Discord",
        "accepted": "both",
    },
    "I've accepted a request from a pupil. I messaged her back too": {"accepted": "both"},
    "i stupidly added him back on snap": {"platform": "Snapchat", "accepted": "accepted"},
    "A pupil followed me and I followed back": {"accepted": "accepted"},
    "a mum emailed me on Monday about her grades": {"platform": "Email", "when-day": "23/11/2026"},
    "Year 5 pupil contacted me on Roblox on Sunday": {
        "child": "Year 5",
        "platform": "Roblox",
        "when-day": "22/11/2026",
    },
    "an ex year 11 messaged me on linkedin": {"platform": "LinkedIn"},
    "One of my year 12s and a year 13 added me on BeReal": {"child": "Year 12, Year 13", "platform": "BeReal"},
    "a stranger rang me on 12/11 and asked about a pupil": {"platform": "Phone call", "when-day": "12/11/2026"},
    "Year 6 child sent me a message on Microsoft Teams on the 3rd of November": {
        "child": "Year 6",
        "platform": "Microsoft Teams",
        "when-day": "03/11/2026",
    },
    "A pupil found me on Instagram and then on TikTok": {"platform": "Instagram, TikTok"},
    "pupil dm'd me on twitter 2 days ago": {"platform": "X (Twitter)", "when-day": "23/11/2026"},
    "A Reception child's account liked my post on Facebook": {"platform": "Facebook"},
    "a nursery pupil phoned me on whatsapp just now": {
        "child": "Nursery",
        "platform": "WhatsApp, Phone call",
        "when-day": TOLD,
    },
}

CHILDREN = {
    "A year 4 boy told me today that he is hit at home": {"child": "Year 4", "when-day": TOLD},
    "y2 girl has bruises, saw them this afternoon": {"child": "Year 2", "when-day": TOLD},
    "A girl in my year 9 class cried on Friday morning": {"child": "Year 9", "when-day": "20/11/2026"},
    "Year 10 pupil self harms, found out yesterday": {"child": "Year 10", "when-day": BEFORE},
    "he came in hungry on 12/11/26": {"when-day": "12/11/2026"},
    "she said it the day before yesterday": {"when-day": "23/11/2026"},
    "It was on 20/12": {"when-day": "20/12/2025"},
    "a reception boy said it on 24 november": {"child": "Reception", "when-day": BEFORE},
}

ONLINE = {
    "Our PE account has been hacked": {"theme": "hacked"},
    "someone made a fake instagram account of me": {"theme": "fake", "platform": "Instagram"},
    "A journalist rang about the trip today": {"theme": "media", "when-day": TOLD},
    "A dad threatened me on Facebook last night": {
        "theme": "threat",
        "platform": "Facebook",
        "when-day": BEFORE,
    },
    "Somebody is pretending to be our head on TikTok": {"theme": "fake", "platform": "TikTok"},
    "year 8s are posting about a teacher on Snapchat": {"child": "Year 8", "platform": "Snapchat"},
    "A parent called us names on X": {"platform": "X (Twitter)"},
    "a mum is being rude about the school on the year 3 parents whatsapp": {"platform": "WhatsApp"},
}


MESSAGES = [*CONTACTS, *CHILDREN, *ONLINE]


@pytest.mark.parametrize("said", CONTACTS)
def test_a_contact_is_filled_in_as_it_was_told(said: str) -> None:
    assert filled("reported-contact", said) == CONTACTS[said]


@pytest.mark.parametrize("said", CHILDREN)
def test_a_worry_about_a_child_is_filled_in_as_it_was_told(said: str) -> None:
    assert filled("child-concern", said) == CHILDREN[said]


@pytest.mark.parametrize("said", ONLINE)
def test_an_online_incident_is_filled_in_as_it_was_told(said: str) -> None:
    assert filled("online-incident", said) == ONLINE[said]


@pytest.mark.parametrize(
    "said",
    [
        "Can I email a year 9?",
        "should I tell the head today",
        "do I have to report it if a year 7 follows me on instagram",
        "What if I accepted by mistake?",
        "is it ok to add a pupil on facebook",
        "Would I be in trouble if I replied",
        "A pupil wants to be my friend online.",
        "I have not accepted and I never replied",
        "i didnt accept it",
        "I nearly accepted it",
        "My colleague accepted a request",
        "a parent says I accepted her request",
        "I replied to the head about it",
        "I accepted that it was wrong",
        "The year 6 teacher is worried",
        "I am head of year 8",
        "i teach year 10 and a pupil found me",
        "she left when she was in year 11",
        "this year 3 pupils have found me",
        "A year 4 parent found me",
        "The pupil is 14",
        "I'm not on Facebook",
        "i don't have snapchat",
        "she isn't on TikTok and he doesn't use WhatsApp",
        "the netball teams are upset",
        "It happens 24/7",
        "He starts next Monday afternoon",
        "it was last Tuesday",
        "It happens every Thursday evening",
        "it was on Wednesday",
        "She wrote yesterday and again today",
        "it was on 31/02",
        "it was on 12/13",
        "It will be on 01/12/2026",
        "I emailed the DSL",
        "On Friday last week",
    ],
)
def test_what_is_not_plainly_said_stays_empty(said: str) -> None:
    assert filled("reported-contact", said) == {}


@pytest.mark.parametrize(
    "said",
    [
        "no account was hacked, somebody just guessed",
        "Our account has not been hacked",
        "a parent made a complaint about a threat in the playground",
        "the newspaper is delivered daily",
        "No journalist has called yet",
        "no parent has threatened me",
        "it isn't a fake account",
        "has our account been hacked?",
    ],
)
def test_a_theme_that_would_send_it_another_way_is_not_guessed(said: str) -> None:
    assert filled("online-incident", said) == {}


@pytest.mark.parametrize("kind", REPORT_FORMS)
def test_whom_it_is_about_is_never_guessed(kind: str) -> None:
    said = "The headteacher and the DSL messaged a year 9 on Instagram. The caretaker from the agency saw it."
    assert {"about", "person", "conflict", "harm", "danger"} & known(kind, said, TODAY).keys() == set()


@pytest.mark.parametrize("kind", REPORT_FORMS)
def test_their_own_words_stay_exactly_as_they_were_typed(kind: str) -> None:
    said = "  She SAID: “he hitted me”\n\nidk wot 2 do ??\u202e <b>*"
    assert known(kind, said, TODAY)["happened"] == said


@pytest.mark.parametrize("kind", REPORT_FORMS)
def test_every_answer_is_one_that_the_form_takes(kind: str) -> None:
    told = "I accepted a year 9 on Insta yesterday and replied. A fake account."
    typed = {name: (Sealed(answer),) for name, answer in known(kind, told, TODAY).items()}
    form = REPORT_FORMS[kind]
    assert typed.keys() <= {question.name for question in form.questions}
    assert check(form, typed).problems.keys() <= {"about"}


def test_a_year_that_is_not_written_is_the_last_that_was() -> None:
    said = [known("child-concern", f"It was on {day}", date(2026, 1, 5)).get("when-day") for day in ("04/01", "06/01")]
    assert said == ["04/01/2026", "06/01/2025"]


def test_yesterday_goes_over_the_end_of_a_month() -> None:
    assert known("child-concern", "It was last night", date(2027, 3, 1))["when-day"] == "28/02/2027"


def test_nothing_at_all_is_known_of_an_empty_message() -> None:
    assert known("child-concern", "", TODAY) == {}


def test_a_kind_that_is_no_disclosure_is_refused() -> None:
    with pytest.raises(KeyError):
        known("new-account", "A year 9 added me", TODAY)


@given(st.text(max_size=200) | st.lists(st.sampled_from(MESSAGES), max_size=4).map(", ".join))
def test_whatever_is_said_its_words_are_kept_and_the_rest_can_be_sent(said: str) -> None:
    found = known("reported-contact", said, TODAY)
    typed = {name: (Sealed(answer),) for name, answer in {**found, "about": "nobody"}.items()}
    assert found.get("happened", "") == said
    assert set(check(REPORT_FORMS["reported-contact"], typed).problems) <= ({"happened"} if not said.strip() else set())
