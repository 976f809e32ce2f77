"""The words for what stands in a case as a code; used by the case pages and by every file that goes out."""

from __future__ import annotations

STATES = {
    "received": "Not picked up yet",
    "acknowledged": "Picked up",
    "triaged": "Assessed",
    "closed": "Closed",
    "reopened": "Reopened, not picked up yet",
    "deleted": "Deleted",
}
KINDS = {
    "reported-contact": "Contact with staff on a personal account",
    "child-concern": "Concern about a child",
    "adult-concern": "Concern about an adult",
    "online-incident": "Online incident",
    "radicalisation": "Concern about radicalisation",
}
LEVELS = {
    "low-level": "Low-level concern",
    "harm-threshold": "May meet the harm threshold",
    "child-protection": "Child protection",
    "early-help": "Early help",
    "no-threshold": "Below every threshold",
}
OUTCOMES = {
    "substantiated": "Substantiated: shown to be true",
    "malicious": "Malicious: untrue, and meant to deceive",
    "false": "False: shown to be untrue",
    "unsubstantiated": "Unsubstantiated: shown neither true nor untrue",
    "unfounded": "Unfounded: nothing supports it",
    "child-protection": "Child protection plan or enquiry",
    "early-help": "Early help",
    "no-further-action": "No further action",
    "resolved": "Resolved in school",
}
SORTS = {
    "lado": "Told the Local Authority Designated Officer (LADO)",
    "police": "Told the police",
    "social-care": "Referred to children’s social care",
    "early-help": "Asked for early help",
    "prevent": "Referred to Prevent",
    "parents": "Told parents or carers",
    "no-further": "Decided to do nothing further",
    "other": "Something else",
}
HARM = {
    "harmed": "Harmed a child, or may have",
    "offence": "May have committed an offence against or related to a child",
    "risk": "Behaved in a way that suggests a risk of harm to children",
    "unsuitable": "Behaved, here or elsewhere, as if they may not be fit to work with children",
}
"""The four tests of KCSIE Part four, any one of which means that the LADO must hear of it."""

ENTRIES = {
    "report": "Reported",
    "list-own": "Looked at own reports",
    "list-cases": "Looked at the list of cases",
    "figures": "Looked at the figures",
    "verify-audit": "Checked the audit trail",
    "filed": "Report received",
    "add": "Report added to",
    "added": "Report added to",
    "read": "Opened",
    "acknowledge": "Picked up",
    "triage": "Assessed",
    "action": "Action taken",
    "note": "Note",
    "correct": "Correction",
    "close": "Closed",
    "reopen": "Reopened",
    "hand-over": "Handed over",
    "propose-member": "Colleague proposed",
    "confirm-member": "Colleague added",
    "recuse": "Stood down",
    "name-subject": "Named who it is about",
    "hold": "Put on hold: not to be deleted",
    "release": "Hold ended",
    "keep": "Looked at again, and kept",
    "export": "Exported",
    "delete": "Deleted",
    "nudge": "Reminder sent",
    "escalate": "Passed up: nobody had acted",
    "rewrap": "Put under a new key",
    "refused": "Somebody else tried to open it",
}
BY_NOBODY = {
    "filed": "the reporter",
    "added": "the reporter",
    "nudge": "Signpost",
    "escalate": "Signpost",
}
"""Who did what bears no person's id."""

SOMEONE_GONE = "somebody who is no longer on the list"

# The list
LIST_TITLE = "Cases"
LIST_EMPTY = "No case waits for you. To see what you reported yourself, type “my reports” in the chat."
LIST_OPEN = "Open a case:"
OPEN = "Open {ref}"
RECEIVED_ON = "Received {when}"
FIGURES = "Figures"
TRAIL = "Audit trail"
TIMERS = {
    "acknowledge": "Pick up by",
    "lado": "Talk to the LADO by",
    "review": "Look again by",
    "proposal": "Second person needed by",
}

LATE = {
    "acknowledge": "Late: nobody has picked it up",
    "lado": "Late: no talk with the LADO is recorded",
    "review": "Late: nobody has looked again",
    "proposal": "Late: a second person is needed",
}
REVIEW_DUE = "Look at it again: keep it longer or delete it"

# One case
URGENT_CASE = "The reporter says someone may be in danger now. If that is so, call 999 first."
UNSURE_CASE = "The reporter was not sure who it is about. Nobody else here is told until you say who it is about."
ROW_STATE = "State"
ROW_KIND = "Kind"
ROW_OPENED = "Received"
ROW_TEAM = "Who can see it"
ROW_LEVEL = "Level"
ROW_OUTCOME = "Outcome"
ROW_REVIEW = "Look again whether to keep it"
ROW_HOLD = "On hold"
HELD = "Yes: it must not be deleted"
REPORTER = "Who reported it"
ROW_TEXT = "Text"
SHREDDED = "This text can no longer be opened."
NOBODY = "Nobody at the school"
NOBODY_LEFT = "Nobody inside the school receives this any more."
ON_PAGES = "What was reported is never shown in chat. Read it on the case pages, with the case phrase."
CHRONOLOGY = "What happened, in order"
NEVER_CHANGED = "Nothing here is ever changed. A mistake is put right by a new entry."
ADVICE_LADO = "If the harm threshold may be met, talk to the LADO within one working day, before you look into it."
NO_LADO = "ask the council for their number"
ADVICE_LADO_CONTACT = "To phone the LADO: {contact}."
ADVICE_NO_INQUIRY = "Do not question the adult, and do not suspend anyone, before the LADO has advised."
ADVICE_PREVENT = "The DSL decides on a Prevent referral. If anyone is in danger now, call 999."
EARLIER = "Earlier cases about the same person"
EARLIER_TEXT = "Only cases that you may read are listed."
FIRST = "Next step"
WHAT_NEXT = "What do you want to do?"
WHAT_ELSE = "Something else"
FILE_PDF = "Save as PDF"
FILE_CSV = "Save as CSV"
FACTS = {
    "level": "Level",
    "sort": "What was done",
    "outcome": "Outcome",
    "person": "Person",
    "proposal": "Proposed in entry",
    "entry": "Corrects entry",
    "until": "Look again on",
}

# Acts: their buttons, their forms, what is said when they are done
ACTS = {
    "acknowledge": "Pick it up",
    "triage": "Assess it",
    "action": "Record an action",
    "note": "Add a note",
    "correct": "Put a mistake right",
    "close": "Close the case",
    "reopen": "Reopen the case",
    "hand-over": "Hand it over",
    "propose-member": "Propose a colleague",
    "confirm-member": "Agree to a colleague",
    "recuse": "Stand down",
    "name-subject": "Say who it is about",
    "hold": "Put on hold",
    "release": "End the hold",
    "keep": "Keep it longer",
    "delete": "Delete for good",
}
DONE = {
    "acknowledge": "You have picked up {ref}. The reporter is told that it was read.",
    "triage": "The assessment of {ref} is recorded.",
    "action": "The action is recorded in {ref}.",
    "note": "The note is recorded in {ref}.",
    "correct": "The correction is recorded in {ref}.",
    "close": "{ref} is closed. The reporter is told that it has been dealt with.",
    "reopen": "{ref} is open again.",
    "hand-over": "{ref} is handed over, and they are told.",
    "propose-member": "Your proposal is recorded in {ref}. A second person must agree to it.",
    "confirm-member": "The colleague can see {ref} now, and is told.",
    "recuse": "You have stood down from {ref} and no longer see it.",
    "name-subject": "It is recorded whom {ref} is about. They and those who read their post are kept out.",
    "hold": "{ref} is on hold and cannot be deleted.",
    "release": "The hold on {ref} has ended.",
    "keep": "{ref} is kept, and comes up again on that day.",
    "delete": "{ref} is deleted. Only its dates and its audit trail are left.",
}
SAVE = "Save"
ASK_WHY = "Why? Give your reasons."
ASK_PERSON = {"hand-over": "Who takes it over?", "propose-member": "Who should be able to see it?"}
HINT_PERSON = {"hand-over": "Someone who may receive this case.", "propose-member": "A second person must agree first."}
ASK_LEVEL = "What level is it?"
ASK_HARM = "If it is about an adult: does any of these fit?"
ASK_LEVEL_WHY = "Why this level?"
HINT_LEVEL_WHY = "What you knew, whom you asked, and why you decided so."
ASK_SORT = "What was done?"
ASK_DAY = "On which day?"
ASK_WHO = "Whom did you speak to?"
HINT_WHO = "Name, role and phone number."
ASK_REFERENCE = "Their reference"
ASK_ACTION_WHY = "Why, and what did they say?"
ASK_NOTE = "What do you want to note?"
HINT_NOTE = "Facts first. Say what is your opinion."
ASK_ENTRY = "Which entry do you correct?"
HINT_ENTRY = "Its number in the list. The entry itself stays as it is."
ASK_CORRECTION = "What is right instead?"
ASK_OUTCOME = "What is the outcome?"
ASK_OUTCOME_WHY = "Why? Give the reasons for this outcome."
ASK_BORN = "Date of birth of the child, or of the adult for an allegation"
HINT_BORN = "It sets how long the record is kept, and is not stored by itself."
ASK_PROPOSAL = "Which proposal do you agree to?"
PROPOSAL = "Let {person} see this case"
ASK_SUBJECT = "Who is it about?"
HINT_SUBJECT = "They lose all sight of this case at once. If you are not sure, do not choose."
HINT_RECUSE = "You lose all sight of this case at once. If nobody is left, the next person is told."
ASK_UNTIL = "When should it be looked at again?"
ASK_DELETE = "Delete every text of this case for good?"
DELETE_YES = "Yes, delete it for good"
HINT_DELETE = "This cannot be undone. The audit trail stays."
UNFIT = {
    "not-on-the-ladder": "This case cannot be handed to that person. Choose someone who may receive it.",
    "cannot-be-added": "That person cannot be added to this case. Choose someone else.",
    "no-second-person": "Nobody is left who could agree to this. Hand the case over first.",
    "no-such-proposal": "That proposal is no longer open.",
    "second-person-needed": "A second person must agree: not the one who proposed it, nor the one to be added.",
    "not-on-the-list": "That person is not on the school’s list.",
    "on-hold": "This case is on hold and cannot be deleted.",
    "closed-by-you": "You closed this case, so somebody else must delete it.",
    "not-in-the-future": "That day has passed. Choose one to come.",
    "not-due-for-review": "This case is not yet due for review, so it cannot be deleted.",
}

# The audit trail
TRAIL_SOUND = "The audit trail is whole: nothing in it was changed, moved or taken out."
TRAIL_LINKS = "Links"
TRAIL_HEAD = "Last link"
TRAIL_KEEP = "Keep the number and the last link outside, on paper for example: only they show that an end was cut off."

# What goes wrong
HIDDEN = "There is no case here with that reference."
NOT_NOW = "That cannot be done now: the case has moved on. Open it again and look."
NOT_SAVED = "That was NOT recorded. Please try again. If it is urgent, phone the DSL."
