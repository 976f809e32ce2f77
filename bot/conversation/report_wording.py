"""Every sentence of a report: before the form, once it is recorded or is not, and afterwards."""

from __future__ import annotations

from datetime import date

from bot.domain.case import State

# Before the form
DANGER = "Immediate danger: call 999 now. Do not wait for this form."
OPENING = {
    "reported-contact": "You are right to report this. Nobody is blamed for being contacted.",
    "child-concern": "You are right to report this. You do not need proof.",
    "adult-concern": "You are right to report this, however small it seems. You do not need proof.",
    "online-incident": "You are right to report this. You do not have to deal with it alone.",
    "radicalisation": "You are right to report this. You do not need proof.",
}
SHORT = "Only a few answers are needed. Leave empty what you do not know."
NO_REPLY = "Do not reply, and do not accept the request. Do not delete anything."
NO_SECRET = "Never promise to keep it secret. Say whom you must tell, and why."
NO_LEADING = "Listen, and do not ask leading questions. Ask “What happened?”, not “Did he hit you?”"
NO_INVESTIGATING = "Do not look into it yourself. Do not talk to the person it is about."
NO_COPIES = "Never copy, send on or keep an indecent picture of a child. Leave it where it is and say where."
NO_ANSWERING = "Do not answer back online. Do not delete anything."
NEXT = "What happens next: I record what you send, give you a reference and tell the people who deal with it."
ADVICE = {
    "reported-contact": (NO_REPLY, NO_SECRET, NO_COPIES, NEXT),
    "child-concern": (NO_SECRET, NO_LEADING, NO_INVESTIGATING, NO_COPIES, NEXT),
    "adult-concern": (NO_SECRET, NO_LEADING, NO_INVESTIGATING, NO_COPIES, NEXT),
    "online-incident": (NO_ANSWERING, NO_SECRET, NO_INVESTIGATING, NO_COPIES, NEXT),
    "radicalisation": (NO_SECRET, NO_LEADING, NO_INVESTIGATING, NO_COPIES, NEXT),
}
"""What to do and not to do, in order, before each form."""

FORM_TITLE = "Your report"
DRAFT_FOUND = "You started this form before and did not send it. What you typed then stands in it now."
DRAFT_AGAIN = "Start again"
DRAFT_WAITS = "You also have a form like this from before that you did not send."
DRAFT_OPEN = "Open the one from before"
KNOWN = "I have filled in what you told me. Check it, and leave empty what you do not know."

# Once it is recorded
RECORDED_TITLE = "Recorded"
RECORDED = "Recorded, reference {ref}."
SEEN_BY = "Who will see it"
SEEN_BY_NOBODY = "Nobody in school has been told. You need to phone now:"
NOT_ITS_SUBJECT = "The person it is about does not see it here."
EXPECT = "When to expect word"
CANNOT_WAIT = "If it cannot wait, phone them. If anyone is in danger, call 999."
NOBODY_ACTS = "If nobody acts, phone children’s social care, or the NSPCC whistleblowing line on 0800 028 0285."

# When it is not
NOT_RECORDED_TITLE = "NOT recorded"
NOT_RECORDED = "NOT recorded. Phone now: {who}."
NOT_RECORDED_DO = "What you typed is still in the form. Phone first, then send it again."
WHOEVER = "the person who deals with your report"

# Whom to phone outside the school
SCREENS = {
    "lado": "Phone the Local Authority Designated Officer (LADO) today: {contact}. You may phone them yourself.",
    "social-care": "If a child needs help now, phone children’s social care: {contact}. Anyone may phone them.",
    "police": "To reach the police when it is not an emergency: {contact}. In an emergency call 999.",
    "prevent": "For advice on radicalisation: {contact}. To report terrorism, phone 0800 789 321. In danger, call 999.",
    "fgm": "For teachers: if a girl under 18 tells you that she had FGM, or you see signs of it, you yourself must "
    "tell the police. Phone 101 by the end of the next working day, then tell the DSL. Nobody else can do it for you.",
}
NO_CONTACT = {
    "lado": "Phone the council today. Ask for the Local Authority Designated Officer (LADO). You may do it yourself.",
    "social-care": "If a child needs help now, phone the council and ask for children’s social care. Anyone may.",
    "police": "To reach the police when it is not an emergency, phone 101. In an emergency call 999.",
    "prevent": "For advice on radicalisation, phone the police on 101. To report terrorism, phone 0800 789 321. "
    "In danger, call 999.",
}
"""The same where the school has put in no contact."""

# One's own reports
MY_REPORTS = "My reports"
NO_REPORTS = "You have sent no reports. To report something, type what happened."
ADD = "Add to it"
ADDED_TITLE = "Added"
ADDED = "Added to {ref}. Those who deal with it are told."
NOT_YOURS = "There is no such report of yours."
STATES = {
    State.RECEIVED: "Not picked up yet",
    State.ACKNOWLEDGED: "Picked up",
    State.TRIAGED: "Being dealt with",
    State.CLOSED: "Dealt with",
    State.REOPENED: "Being dealt with again",
    State.DELETED: "No longer kept",
}
"""Where a report stands, for the one who sent it."""

SENT_ON = "Sent on {day}. {stands}"
READ_ON = "{state}. Read on {day}."
NOT_READ = "{state}."

# Notices
NOTICES = {
    "new": "Something new waits for you in Signpost. Reference {ref}.",
    "nudge": "Something still waits for you in Signpost. Reference {ref}.",
    "escalated": "Something that nobody picked up now waits for you in Signpost. Reference {ref}.",
    "added": "Something was added in Signpost. Reference {ref}.",
    "read": "What you sent in Signpost has been read. Reference {ref}.",
    "done": "What you sent in Signpost has been dealt with. Reference {ref}.",
}
"""The only texts that go to a person by themselves: a reference, and nothing of what it is about."""


def screen(key: str, contact: str = "") -> str:
    """Whom to phone outside the school, with its contact or with what to do where there is none."""
    return SCREENS[key].format(contact=contact) if contact else NO_CONTACT.get(key, SCREENS[key])


def stands(state: State, read_on: date | None) -> str:
    """Where a report of one's own stands, and since when it is read."""
    if read_on is None:
        return NOT_READ.format(state=STATES[state])
    return READ_ON.format(state=STATES[state], day=f"{read_on.day} {read_on:%B %Y}")
