"""Every sentence the assistant can say."""

from __future__ import annotations

from policy_kb.model import Policy, Verdict

ROLES = {
    "head": "the headteacher",
    "DSL": "the Designated Safeguarding Lead (DSL)",
    "SLT": "a senior leader",
    "line manager": "your line manager",
    "chair": "the chair of governors",
    "LADO": "the Local Authority Designated Officer (LADO)",
    "IT manager": "the IT manager",
    "director of ICT": "the director of ICT",
    "online safety lead": "the online safety lead",
    "account moderator": "the person who looks after the account",
    "class teacher": "the class teacher",
    "policy lead": "the person who looks after the policy",
}

# Greeting and help
GREETING_TITLE = "Welcome"
GREETING = "Ask me what the social media policy says, tell me what happened, or ask for permission. Use your own words."
GREETING_URGENT = "If someone is in danger now, call 999 first. Then phone the DSL."
GREETING_TRY = "For example:"
EXAMPLES = (
    "Can I friend an ex-pupil?",
    "Can I post photos from the trip?",
    "A pupil messaged me. What do I do?",
    "Can we have a page for the netball team?",
)
NOTICES_TITLE = "Something waits for you"
CASES = "My cases"
SIGN_IN_TITLE = "Sign in"
SIGN_IN_TEXT = "This link opens your pages in the browser. It works once, for 10 minutes. Do not pass it on."
SIGN_IN_OPEN = "Open my pages"
NO_SIGN_IN = "There is no address to sign in at. Ask whoever set Signpost up."
OPEN = "Open"
HOME_TITLE = "What do you want to do?"
HOME = {
    "report": "Report something",
    "request-forms": "Ask for approval",
    "my-requests": "My requests",
    "requests": "Waiting for me",
    "my-reports": "My reports",
    "register": "Register",
    "cases": "Cases",
    "sign-in": "Case pages",
    "topics": "Topics",
    "look-up": "Look it up",
}
"""The buttons of a page that people come to without a question."""
HELP_TITLE = "Help"
HELP = (
    ("Ask", "Type a question as you would say it. Spelling does not matter."),
    ("Look up", "Type “policy” and a word or two, for example: policy images."),
    ("Topics", "Type “topics” to see what the policy covers."),
    ("Report", "Type what happened. I open the form and record what you send."),
    ("My reports", "Type “my reports” to see where they stand and to add to them."),
    ("Ask for permission", "Type what you want to do. I open the form and pass it to whoever decides."),
    ("My requests", "Type “my requests” to see where they stand, or “requests” for what waits for you."),
    ("Register", "Type “register” to see the accounts that you run or may see."),
    ("Away", "Type “while I am away” to let someone decide requests for you."),
)
HELP_LIMITS = "I only know your school’s policy. When it is silent I say so and name a person to ask."
HELLO = "Hello. What would you like to know about the social media policy?"
THANKS = "You are welcome."
BYE = "Goodbye. Come back any time."
BARE = "I am not sure what that answers. Please type your question in a few words."
REPLY_TITLE = "Reply"
EMPTY = "Nothing was typed. Please type your question."
TOO_LONG_TITLE = "Too long"
TOO_LONG = "That is too long for me to read at once. Please shorten it to {most} characters."
SORRY_TITLE = "Something went wrong"
SORRY = (
    "Sorry, something went wrong here and I could not answer. If you sent a report, take it as NOT recorded unless "
    "“my reports” shows it. If it is urgent, phone the DSL."
)
STALE = "That button is no longer in use. Please type your question again."
OTHER_SCHOOL = "That button belongs to another school’s policy. Please ask again."

# Verdicts
ANSWER_TITLE = "What the policy says"
LABELS = {
    Verdict.NO: "No",
    Verdict.YES: "Yes",
    Verdict.APPROVAL: "Ask first",
    Verdict.DEPENDS: "It depends",
    Verdict.ACTION: "Do this",
    Verdict.INFO: "For your information",
}
RULINGS = {
    Verdict.NO: "The policy does not allow this.",
    Verdict.YES: "The policy allows this.",
    Verdict.APPROVAL: "You need someone’s agreement before you do this.",
    Verdict.DEPENDS: "The policy sets a condition or advises against it.",
    Verdict.ACTION: "The policy expects you to do this.",
    Verdict.INFO: "This is what the policy says.",
}
UNSETTLED = "Not settled"
UNSETTLED_RULING = "The policy does not settle this."
CONDITION = "What could change this: {condition}"
READ_WITH = "Read it together with:"
NEAREST = "The nearest rules are:"
NEXT_STEP = "Next step"
ASK = "If you are not sure, ask {who}."
ASK_SILENT = "Ask {who} before you do anything."
TELL_SILENT = "Tell {who} straight away."
CHECKED, UNCHECKED = "checked", "worked out from its words"
INFERRED = "Signpost worked this verdict out from the document’s words. Nobody has checked it, so read the rule itself."
OVERDUE = "This policy was due for review in {due}. Ask {who} if it is still in force."

# Nothing found
NONE_TITLE = "Not in the policy"
NONE_LABEL = "Not in the policy"
NONE = "I can’t find that in the policy. Ask {who}."

# Something to report
REPORT_TITLE = "Something to report"
URGENT = "If anyone is in danger now, call 999. Then phone the DSL. Do not wait for a reply here."
REPORT_WHICH = "Type what happened, or choose what it is about. Nothing has been recorded yet."
REPORT_LABEL = "Report it"
REPORT = "This sounds like something to report. Nothing has been recorded yet."
REPORT_NOW = "It goes to the right person. If it cannot wait, phone {who}."
REPORT_ELSE = "If it is something else:"
REPORT_WHO = "Who must hear of it"
REPORT_ABOUT = "If it is about {who}"
REPORT_NOT_ABOUT = "If it is not about {who}"
REPORT_USUAL = "They are the one to tell."
ABOUT_HEAD = "Go to the chair of governors instead."
ABOUT_DSL = "Go to the headteacher instead."
ABOUT_CHAIR = "Go to the Local Authority Designated Officer (LADO) instead."
ABOUT_OTHERS = "Do not tell them. Go to the headteacher; if it is about the head, to the chair of governors."
REPORT_NO_REPLY = "Do not reply, and do not accept the request."
REPORT_KEEP = "Keep any message or picture as it is, but never copy, send on or save an indecent picture of a child."
REPORT_SECRET = "Do not promise anyone to keep it secret, and do not look into it yourself."
REPORT_POLICY = "What the policy says about it:"

# Something to ask for
APPROVAL_TITLE = "Something to ask for"
APPROVAL_LABEL = "Ask first"
APPROVAL = "This needs agreement from {who}. Do not start before you have it."
FORBIDDEN_LABEL = "No, unless agreed"
FORBIDDEN = "The policy does not allow this. Only {who} can agree to an exception."

# Buttons
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
NOT_MEANT = "Not what I meant"
SECTION = "Show the whole section"
TOPICS = "Topics"
LOOK_UP = "Look it up"
FEEDBACK_QUESTION = "Was this helpful?"
THANKS_HELPFUL = "Thank you. That is counted, without your question."
THANKS_NOT_HELPFUL = "Thank you. That is counted, without your question. Try one of these:"
MEANT = "Which of these did you mean?"

# Looking up
LOOK_UP_FORM = "Look it up"
LOOK_UP_SUBMIT = "Search"
LOOK_UP_WORDS = "Which words or topic?"
LOOK_UP_HINT = "For example: images, passwords, parents"
FOUND_TITLE = "Found in the policy"
FOUND = "These rules hold your words:"
NOT_FOUND = "No rule holds those words. Try other words, or choose a topic."
TOPICS_TITLE = "Topics of the policy"
CHOOSE_TOPIC = "Choose a topic, or type “policy” and a word."
MORE_TOPICS = "More topics"
SECTION_TITLE = "The whole section"
ABOUT_TOPIC = "About: {topic}"


def who(role: str) -> str:
    """A role as it stands in a sentence."""
    return ROLES.get(role, ROLES["head"])


def short(role: str) -> str:
    """A role as it stands where there is little room."""
    return {"DSL": "the DSL", "LADO": "the LADO"}.get(role) or who(role)


def condition(text: str) -> str:
    """What could change a verdict, as a sentence."""
    return CONDITION.format(condition=text if text.endswith((".", "?", "!")) else f"{text}.")


def overdue(policy: Policy) -> str:
    """One line about a review that is late."""
    return OVERDUE.format(due=month(policy.review_due), who=who(policy.ask))


def month(day: str) -> str:
    """`2025-07` or `2025-07-31` as a person writes it."""
    names = "January February March April May June July August September October November December".split()
    return f"{names[int(day[5:7]) - 1]} {day[:4]}"


def instead(role: str) -> str:
    """Where to go when a report is about the very person who would receive it."""
    return {"head": ABOUT_HEAD, "DSL": ABOUT_DSL, "chair": ABOUT_CHAIR}.get(role, ABOUT_OTHERS)
