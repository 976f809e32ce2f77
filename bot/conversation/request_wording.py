"""Every sentence about requests for permission."""

from __future__ import annotations

# Asking
PAGE = "Page {number} of {count}. Your answers are kept after each page. You can stop and come back."
ONE_PAGE = "Your answers are kept. You can stop and come back."
CLAUSES = "This is what the policy says:"
KNOWN = "What is known already is filled in. Please check it."
FOUND = "You started this before and did not send it. Your answers are still in it."
FRESH = "Start again"
BACK = "Back"
CHECK_TITLE = "Check your answers"
CHECK = "Nothing has been sent yet. Check your answers. You can change each page, and the rest stays."
CHECK_PAGE = "Page {number}"
RIGHT = "Is everything right?"
WRONG = "Or change something:"
CHANGE = "Change page {number}"
CHANGE_ONE = "Change your answers"
KEPT = "Your answers are kept, and nothing was sent. You find them under “my requests”."
GO_ON = "Go on with it"
NOT_KEPT = "Your answers could not be kept. Please send this page again."
NOT_SENT = "This was NOT sent. Your answers are kept. Please try again."
CHANGED_SINCE = "Your answers have changed since you saw that page. Check them again, then send."
NOTHING_OPEN = "Nothing is open here. You have sent it, or started it again. “My requests” shows what you sent."
SENT_TITLE = "Sent"
SENT = "Sent, reference {ref}. Do not start before it is approved."
SENT_AGAIN = "Sent in again, reference {ref}. Do not start before it is approved."
RECORDED = "Recorded, reference {ref}. Nobody has to agree to it."
TOLD_WHEN_DECIDED = "You are told when it is decided."

NO_FORM = "Your school has no form for this here. Ask for it in writing, and do not start before you have the answer."

FORMS = "Ask for approval"
WHICH_FORM = "What do you want to ask for?"
ANOTHER = "Another form"

# Lists
MY_REQUESTS = "My requests"
NO_REQUESTS = "You have asked for nothing yet. Type what you want to do, for example: a page for the netball team."
REQUESTS = "Requests"
NO_WAITING = "No request waits for you."
BEGUN = "You began these and did not send them. Go on with:"
WAITING = "These wait for you:"
OTHERS = "Others that you can see:"
MORE = "Only the newest {most} are listed. Type a reference to open another one."
OPEN = "Open {ref}"
LINE = "{title}. {state}."
LINE_FROM = "{title}, from {who}, {day}. {state}."

WENT_BACK = "What to change: {reason}"
REFUSED_FOR = "Why it was refused: {reason}"
STATES = {
    "pending": "Waiting for a decision",
    "sent-back": "Sent back for changes",
    "approved": "Approved",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "expired": "Ended: nobody acted in time",
    "recorded": "Recorded",
}
WAITS_FOR = "Waits for {who}"
WAITS_FOR_NOBODY = "Nobody can decide it now. {who} can name someone"
NOBODY = "The person who looks after the policy"
YOU = "you"
SOMEONE_GONE = "somebody who is no longer on the list"
SIGNPOST = "Signpost"

# One request
TITLE = "{title}, {ref}"
GONE_FORM = "Request"
ROW_FROM = "From"
ROW_SENT = "Sent"
ROW_STATE = "State"
ROW_WAITS = "Who decides now"
ROW_VERSION = "Version"
HISTORY = "What happened, in order"
VERSION = "Version {number}"
VERSIONS = "Read what was sent in before:"
CHANGED = "Changed since version {number}. Before, it said:"
UNCHANGED = "Nothing was changed since version {number}."
NO_LONGER_ASKED = "{words} (no longer asked)"
NOT_ASKED = "(not asked)"
OLD_TITLE = "{title}, {ref}, version {number}"
OLD_LABEL = "Not the current version"
OLD_VERSION = "This is version {number}. Version {current} is the one that counts."
OLD_SIGNED = "Who decided about this version"
OLD_NOBODY = "Nobody decided about this version."
PDF = "Get it as a PDF"
PDF_READY = "The file {name} holds the answers, the signatures, and how to check them."
WHAT_NEXT = "What do you want to do?"
AS_ROLE = "{name} ({role})"
ON_BEHALF = "{name} ({role}, for {behalf})"
ROLES = {
    "staff": "member of staff",
    "DSL": "DSL",
    "deputy": "deputy DSL",
    "head": "headteacher",
    "chair": "chair of governors",
    "vice-chair": "vice-chair of governors",
    "independent": "independent person",
    "proprietor": "proprietor",
    "school-officer": "school officer",
    "line-manager": "line manager",
    "line-manager-of-requester": "line manager",
    "approver": "senior leader",
    "policy-lead": "policy lead",
    "it-admin": "IT manager",
    "auditor": "auditor",
    "named": "asked to decide instead",
}
EVENTS = {
    "submitted": "sent it in",
    "resubmitted": "sent it in again, changed",
    "approved": "approved it",
    "refused": "refused it",
    "sent-back": "sent it back",
    "withdrawn": "withdrew it",
    "reassigned": "passed it on",
    "delegated": "let someone else sign",
    "asked": "asked for a decision",
    "nudge": "sent a reminder",
    "escalate": "passed it on, since nobody had decided",
    "expired": "ended it, since nobody acted in time",
    "decided": "told everyone who had a part in it",
}
"""What each entry says was done, by whoever stands in front of it."""
SIGNS_AGAIN = "stopped letting someone else sign"

# Acts: their buttons, their forms, what is said when they are done
ACTS = {
    "approve": "Approve",
    "send-back": "Send back for changes",
    "refuse": "Refuse",
    "reassign": "Pass to someone else",
    "resubmit": "Change and send again",
    "withdraw": "Withdraw it",
}
FORM_TITLES = {
    "send-back": "Send back",
    "refuse": "Refuse",
    "reassign": "Pass to someone else",
    "withdraw": "Withdraw",
}
DONE = {
    "approve": "You have approved {ref}.",
    "send-back": "You have sent {ref} back. {who} is told what to change.",
    "refuse": "You have refused {ref}. Everyone who had a part in it is told.",
    "reassign": "You have passed {ref} on.",
    "withdraw": "You have withdrawn {ref}. Nobody has to decide it any more.",
}
ALL_APPROVED = "Everyone has agreed. {who} is told and can start."
IN_REGISTER = "It is in the register now as {ref}."
ASK_CLAUSE = "Which rule does it rest on?"
ASK_WHY = "Why? They will read this."
ASK_CHANGE = "What needs to change?"
HINT_CHANGE = "They will read this, and send it in again."
ASK_PERSON = "Who should decide instead?"
HINT_PERSON = "Not the person who asked, and nobody who has signed it already."
ASK_WITHDRAW = "Why do you withdraw it?"
SAMPLE = "Nobody"

# What goes wrong
MOVED = "This has moved on since you opened it: {who} {what} on {when}. Nothing was changed now."
HIDDEN = "There is nothing here with that reference."
NOT_NOW = "That cannot be done now. Open it again and look."
NOT_SAVED = "That was NOT recorded. Please try again."
UNFIT = {
    "no-stages": "Nobody is set to decide this. Tell the person who looks after the policy.",
    "no-words": "Please write what needs to change.",
    "no-clause": "Please choose a rule of your school’s own policy.",
    "cannot-be-named": "That person cannot decide this. Choose someone else.",
}

# While somebody is away
STAND_IN = "While I am away"
STAND_IN_SUBMIT = "Save"
STAND_IN_INTRO = "They see what waits for you to sign, and sign it in their own name, for you. You can still sign too."
NO_SIGNER = "Nobody asks you to sign anything, so nobody needs to do it for you."
NO_STAND_IN = "Nobody signs for you now."
ASK_STAND_IN = "Who signs for you?"
HINT_STAND_IN = "They see what waits for you, and may decide it."
ASK_SINCE = "From which day?"
ASK_UNTIL = "Until which day?"
HINT_UNTIL = "The last day on which they sign for you."
STAND_IN_DONE = "Saved. They are asked to sign what waits for you on those days."
STAND_IN_ENDED = "Ended. Nobody signs for you any more."
UNTIL = "until {until}"
FROM_UNTIL = "from {since} until {until}"
SIGNS_FOR_YOU = "{days}, {who} signs for you."
YOU_SIGN_FOR = "{days}, you sign for {who}."
END_STAND_IN = "End it"
CHANGE_STAND_IN = "Change it"
UNFIT_STAND_IN = {
    "no-such-days": "This must be today or later, and not before the first day.",
    "not-on-the-list": "That person is no longer on the list. Choose someone else.",
    "cannot-be-named": "That person only reads your post and may not sign for you. Choose someone else.",
}

# Notices
NOTICES_TITLE = "Requests and accounts"
NOTICES = {
    "ask": "A request waits for your decision. Reference {ref}.",
    "nudge-ask": "A request still waits for your decision. Reference {ref}.",
    "sent-back": "Your request was sent back. Open it to see what to change. Reference {ref}.",
    "decided": "A request has been decided. Reference {ref}.",
    "recorded": "Something was recorded for you to know. Reference {ref}.",
    "withdrawn": "A request was withdrawn. Nobody has to decide it. Reference {ref}.",
    "expired": "A request ended because nobody acted in time. Reference {ref}.",
    "duty": "Something is due for an account in the register. Reference {ref}.",
}
"""The only texts about requests that go to a person by themselves: a reference, and nothing of what it says."""
