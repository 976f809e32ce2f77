"""All forms, as data."""

from __future__ import annotations

from bot.conversation import wording
from bot.conversation.case_forms import CASE_FORMS
from bot.conversation.register_forms import REGISTER_FORMS
from bot.conversation.report_forms import ADD_TO_REPORT, REPORT_FORMS
from bot.conversation.request_acts import REQUEST_ACTS
from bot.conversation.standing_in import STAND_IN
from bot.talk.form import Form, Kind, Question

LOOK_UP = Form(
    id="look-up",
    title=wording.LOOK_UP_FORM,
    submit=wording.LOOK_UP_SUBMIT,
    questions=(Question("words", wording.LOOK_UP_WORDS, Kind.LINE, hint=wording.LOOK_UP_HINT),),
)

_CASES = (ADD_TO_REPORT, *REPORT_FORMS.values(), *CASE_FORMS.values())
FORMS = {form.id: form for form in (LOOK_UP, *_CASES, *REGISTER_FORMS.values(), STAND_IN, *REQUEST_ACTS.values())}
