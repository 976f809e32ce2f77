from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.features import read
from intents.normalise import normalise
from intents.urgent import cues
from policy_kb.knowledge import Knowledge

CUES = [
    ("he's suicidal", ("suicidal",)),
    ("she overdosed on tablets", ("overdosed",)),
    ("kids with KNIVES", ("knives",)),
    ("he says he’ll kill himself", ("kill himself",)),
    ("her dad hits her, he is outside", ("hits", "outside")),
    ("her dad hits her", ()),
    ("he is outside", ()),
    ("we meet at the gate tomorrow", ("meet", "at the gate", "tomorrow")),
    ("nowhere to meet", ()),
    ("can I follow a pupil", ()),
    ("begun", ()),
    ("", ()),
]
URGENT = [
    "A year 10 just told me she has taken a load of pills",
    "there is a lad outside the gate with a knife",
    "he says he is going to kill himself tonight",
    "one of my tutees messaged that she won't be here on Monday, goodbye everyone",
    "she has cut her wrists in the toilets",
    "a man she met on Snapchat is picking her up after school today",
    "his mum's boyfriend is hitting him right now, he's texting me from the bedroom",
    "I found out a year 8 is meeting an adult from Discord this evening",
    "a parent has threatened to come in and stab me at home time",
    "a pupil has just collapsed, we think she swallowed something",
    "girl in my form is being blackmailed for nudes",
    "boy said he'd jump in front of a train",
    "a pupil is hiding in the boot room and says dad will beat her when she gets home",
    "someone posted that they are bringing a gun to school tomorrow",
    "year 9 has run away and is messaging me from the station",
    "she posted a picture of a noose",
    "he can't breathe and his lips are blue",
    "he's suicidal",
    "there's a live stream of two of our lads fighting with machetes",
    "my colleague is alone with a child in a locked room now",
    "she told me her uncle raped her last night",
    "she says she has drunk bleach",
    "a dad is at the gate drunk and wants to drive the kids home",
    "he is online now telling people how to make a bomb",
    "she said there's no point living any more",
    "I think she overdosed",
    "pupil says they're flying her out to be married on Friday",
    "she's bleeding heavily and won't let me call anyone",
]
CALM = [
    "A year 9 girl sent me a follow request on Instagram last night",
    "a parent is moaning about the school on facebook",
    "can I add a pupil on snapchat",
    "I'd like an account for the gun dog club",
    "a colleague liked a racist joke last month",
    "pupils have made a meme page about the caretaker",
    "an ex pupil has sent me a message on linkedin",
    "one of my form told me that she feels left out",
    "a parent keeps tagging me in posts",
    "how do I report a concern about a child?",
]


@pytest.mark.parametrize(("text", "found"), CUES)
def test_words_of_danger_are_found_in_plain_words(text: str, found: tuple[str, ...]) -> None:
    assert cues(normalise(text)) == found


@pytest.mark.parametrize("text", URGENT)
def test_a_message_of_danger_is_urgent(knowledge: Knowledge, text: str) -> None:
    assert knowledge.router.route(read(text)).urgent


@pytest.mark.parametrize("text", CALM)
def test_a_message_without_danger_is_calm(knowledge: Knowledge, text: str) -> None:
    assert not knowledge.router.route(read(text)).urgent


@given(st.text())
def test_any_text_can_be_searched_for_danger(text: str) -> None:
    spoken = " ".join(normalise(text))
    assert [cue for cue in cues(normalise(text)) if cue not in spoken] == []
