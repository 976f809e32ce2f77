"""The forms of the register: search, change, close, the accounts of one person, and a list that comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import register_wording as say
from bot.talk import limits
from bot.talk.form import Choosable, Form, Kind, Question

Options = tuple[tuple[str, str], ...]
"""What can be chosen: its value and its label."""


def _options(named: Options) -> tuple[Choosable, ...]:
    return tuple(Choosable(value, label[: limits.LABEL]) for value, label in named)


_SAMPLE = _options((("nobody", say.NOBODY),))

SEARCH = Form("register", say.SEARCH, say.SEARCH_SUBMIT, (Question("words", say.SEARCH_WORDS, hint=say.SEARCH_HINT),))
HAND_OVER = Form(
    "register-hand-over",
    say.HAND_OVER,
    say.SAVE,
    (
        Question("role", say.ASK_ROLE, Kind.ONE, options=_options(tuple(say.ROLES.items()))),
        Question("from", say.ASK_FROM, Kind.ONE, say.HINT_FROM, False, _SAMPLE),
        Question("to", say.ASK_TO, Kind.ONE, say.HINT_TO, False, _SAMPLE),
    ),
)
CLOSE = Form(
    "register-close",
    say.CLOSE,
    say.CLOSE,
    (Question("sure", say.ASK_CLOSE, Kind.ONE, say.HINT_CLOSE, options=_options((("yes", say.CLOSE_YES),))),),
)
LEAVER = Form(
    "register-leaver",
    say.LEAVER,
    say.LEAVER_SUBMIT,
    (Question("person", say.ASK_LEAVER, Kind.ONE, say.HINT_LEAVER, options=_SAMPLE),),
)
IMPORT = Form(
    "register-import",
    say.IMPORT,
    say.IMPORT_SUBMIT,
    (Question("list", say.ASK_IMPORT, Kind.TEXT, say.HINT_IMPORT),),
)

REGISTER_FORMS: Mapping[str, Form] = {form.id: form for form in (SEARCH, HAND_OVER, CLOSE, LEAVER, IMPORT)}
ACTIONS: Mapping[str, Form] = {"hand-over": HAND_OVER, "close": CLOSE}
"""What is done to an entry by a form."""


def filled(form: Form, **offered: Options) -> Form:
    """A form with what can be chosen here, by question; where that is nothing, the question is left out."""
    asked = (
        replace(each, options=_options(offered[each.name])) if each.name in offered else each
        for each in form.questions
        if offered.get(each.name) != ()
    )
    return replace(form, questions=tuple(asked))
