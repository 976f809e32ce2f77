"""Every word of the channel's own chrome, in one place; the conversation's sentences live elsewhere."""

from __future__ import annotations

NAME = "Signpost"
PRACTICE = "Practice mode: sample schools, nothing is sent to anyone"
PROBLEM_TITLE = "Problem"

SKIP_NEWEST = "Skip to the newest reply"
SKIP_ASK = "Skip to the question box"

CONVERSATION = "Conversation"
YOU = "You"
ALERT = "Important"
SOURCE = "Source"
CHOOSE = "Choose one"

ASK = "Ask a question"
ASK_ELSE = "Or ask something else"
SEND = "Send"
SENDING = "Sending…"
KEYS = "Enter sends. Shift and Enter start a new line."

SWITCH = "Change"
SCHOOL = "School"
PERSONA = "Try it as"
RESTART = "Start a new chat"
RESTART_HINT = "This clears the chat on this page."

OPTIONAL = "(optional)"
NO_ANSWER = "No answer"
PICK = "Choose…"
TICK = "Tick all that fit."
DAY = "Day/month/year, for example 21/11/2026."
CLOSE = "Close this form"
CLOSE_HINT = "Closing sends nothing. What you typed is kept for you."
FORM_SENT = "Filled in: {title}"
FORM_CLOSED = "Form closed, not sent: {title}"
CHECK_ONE = "Please check 1 answer"
CHECK_MANY = "Please check {count} answers"
PROBLEM = "Problem:"

TYPED = "What you typed"
BACK = "Back to the chat"

EMPTY = "Nothing was typed yet. Please type your question in the box."
LONG = "That is too long to read at once. Please shorten it to {most} characters."
_SEE = "If you sent a report, type “my reports” to see whether it was recorded."
STALE = f"This page was open too long, so the chat has started again. {_SEE}"
MISMATCH = f"This page was out of date, so it was not taken. Please try again. {_SEE}"
GONE = "That button is too old to use. Please ask again in the box."
NOT_OPEN = "That form is no longer open here, so it was not sent again."
UNKNOWN_PLACE = "That school or role is not on the list. Please choose again."
OFFLINE = (
    "No answer came back, so this may not have been sent. What you typed is still here: please try again. "
    "If it cannot wait, phone instead."
)

PAGES = "Pages"
CHAT = "Chat"
CASES = "Cases"
BACK_TO_CASE = "Back to {ref}"
BACK_TO_CASES = "Back to the cases"
CONFIDENTIAL = "Confidential: safeguarding record"
LEAVE_FORM = "Leave without saving"
AGAIN = "Try again"
OLD_PAGE = "This page was open too long. Open the case again: if what you sent is not there, please send it again."
NOT_OPENED = "Signpost could not open this just now. Please try again."

SIGN_IN = "Sign in"
SIGN_OUT = "Sign out"
HOW_IN = "Type “sign in” to Signpost in Slack or Teams, and open the link it sends you. It works once, for 10 minutes."
READY_IN = "Press the button to sign in on this device. The link then stops working."
BAD_LINK = "This link does not work"
BAD_LINK_WHY = (
    "Each link works once, for 10 minutes. Type “sign in” to Signpost in Slack or Teams to get a new one. "
    "If you did not use this one yourself, tell your IT manager."
)
UNLOCK_TITLE = "Your school’s case phrase"
UNLOCK_WHY = "What was reported is locked. The phrase opens it until you sign out, or do nothing for 30 minutes."
PHRASE = "Case phrase"
UNLOCK = "Open"
WRONG_PHRASE = "That phrase does not open the cases. Please check it and try again."
WAIT = "That was tried too often. Please wait 15 minutes, then try again."

HOST = "This address is not one that Signpost answers to."
ELSEWHERE = "This came from another website, so Signpost did not take it."
FORMAT = "Signpost could not read what was sent. Please go back and try again from the chat page."
NOT_UTF8 = "Signpost could not read the letters that were sent. Please type them again."
TOO_BIG = "That was too much text to take in at once. Please go back and shorten it."
TOO_SLOW = "The text did not arrive in time. Please go back and try again."

HEADINGS = {
    400: "That did not arrive properly",
    403: "Not taken",
    404: "Page not found",
    405: "This page only takes what is sent to it",
    408: "That took too long",
    409: "The case has moved on",
    413: "Too much text",
    415: "That did not arrive properly",
    500: "Something went wrong here",
    503: "NOT recorded",
}
SENTENCES = {
    404: "There is nothing at this address. The chat has everything.",
    405: "It cannot be opened by its address. Please go back to the chat.",
    409: "Somebody did something to this case after you opened the page, or this cannot be done to it now. "
    "Open the case to see how it stands, and add what is still missing.",
    500: "Signpost hit a fault, so please take it that nothing was recorded. If it is urgent, phone the DSL now.",
    503: "This was NOT recorded. Please try again. If it cannot wait, phone instead.",
}
