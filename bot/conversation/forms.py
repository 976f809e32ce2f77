"""All forms, as data."""

from __future__ import annotations

from bot.conversation import wording
from bot.talk.form import Form, Kind, Question

LOOK_UP = Form(
    id="look-up",
    title=wording.LOOK_UP_FORM,
    submit=wording.LOOK_UP_SUBMIT,
    questions=(Question("words", wording.LOOK_UP_WORDS, Kind.LINE, hint=wording.LOOK_UP_HINT),),
)

FORMS = {form.id: form for form in (LOOK_UP,)}
