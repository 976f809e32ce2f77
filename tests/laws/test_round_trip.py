"""Law 2: the same answers come back from every channel, for every form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.forms import FORMS
from bot.talk.check import Checked, check
from bot.talk.form import Form, Kind, Question
from bot.talk.sealed import Sealed
from bot.talk.turn import FormReply, Typed
from tests.laws.forms import NASTY, answers, forms
from tests.sends import CHANNELS, Answers, Send, Withheld

any_form = forms() | st.sampled_from(list(FORMS.values()))
Opened = tuple[Mapping[str, object], Mapping[str, str]]
"""Values and problems by question name."""

drawn = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sealed(given: Answers) -> Typed:
    return {name: tuple(Sealed(text) for text in texts) for name, texts in given.items()}


def read_back(send: Send, reply: FormReply, given: Answers, meant: Opened, today: date | None = None) -> Opened:
    """What is made of the answers that came through a channel.

    Where Slack's own window holds some back, each of them must have a problem, and the others are sent alone.
    """
    try:
        return opened(check(reply.form, send(reply, given), today))
    except Withheld as withheld:
        assert withheld.names <= meant[1].keys()
        asked = tuple(question for question in reply.form.questions if question.name not in withheld.names)
        left = replace(reply, form=replace(reply.form, questions=asked))
        values, problems = read_back(send, left, given, meant, today)
        return values, {**problems, **{name: meant[1][name] for name in withheld.names}}


def opened(checked: Checked) -> Opened:
    values = {name: one.reveal() if isinstance(one, Sealed) else one for name, one in checked.values.items()}
    return values, checked.problems


@drawn
@given(st.data())
def test_every_channel_reads_back_the_same_values_and_the_same_problems(data: st.DataObject) -> None:
    form = data.draw(any_form)
    given = data.draw(answers(form))
    meant = opened(check(form, sealed(given)))

    read = {name: read_back(send, FormReply(form), given, meant) for name, send in CHANNELS.items()}

    assert read == dict.fromkeys(CHANNELS, meant)


@drawn
@given(st.data())
def test_every_channel_keeps_the_other_answers_while_problems_are_mended(data: st.DataObject) -> None:
    form = data.draw(any_form)
    first, second = data.draw(answers(form, plain=True)), data.draw(answers(form, plain=True))
    problems = check(form, sealed(first)).problems
    meant = opened(check(form, sealed({**first, **{name: second[name] for name in problems}})))

    reply = FormReply(form, sealed(first), problems)
    given = second if problems else first
    read = {name: read_back(send, reply, given, meant) for name, send in CHANNELS.items()}

    assert read == dict.fromkeys(CHANNELS, meant)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", [Kind.LINE, Kind.TEXT])
def test_every_nasty_text_is_read_to_the_letter(channel: str, kind: Kind) -> None:
    form = Form(
        "form", "Form", "Send", tuple(Question(f"q{at}", "Q", kind, required=False) for at in range(len(NASTY)))
    )
    given = {f"q{at}": (text,) for at, text in enumerate(NASTY)}
    problems = check(form, sealed(given)).problems
    if channel == "slack":  # its windows hold back what is too long
        form = replace(form, questions=tuple(one for one in form.questions if one.name not in problems))
        given = {name: texts for name, texts in given.items() if name not in problems}

    typed = CHANNELS[channel](FormReply(form), given)

    read = {name: "".join(text.reveal() for text in texts) for name, texts in typed.items()}
    assert {name: text for name, text in read.items() if text.strip() or given[name][0].strip()} == {
        name: text for name, (text,) in given.items() if text.strip()
    }
