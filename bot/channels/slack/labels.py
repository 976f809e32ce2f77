"""Every word of the channel's own chrome, in one place; the conversation's sentences live elsewhere."""

from __future__ import annotations

NAME = "Signpost"
FALLBACK = "Signpost has something for you. Open this conversation to read it."

ALERT = "Important"
OPEN = "Open"
CLOSE = "Close"
PICK = "Choose…"
NO_ANSWER = "No answer"
PROBLEM = "Problem"
LEFT_OVER = "This did not fit in the box below. It is what you wrote before:"

COMMAND = "/policy"
REPORT = "report"
REPORT_MESSAGE = "report-message"
ASK = "request-forms"
"""The names by which Slack tells us of the command and the shortcuts."""

ALONE = "Only you can see this. Write to me in a message of your own to go on."
WINDOW = "This opens in a window that only you see."
ASK_AGAIN = "Open it with the button on my home page."
WORKING = "This takes a moment. Please keep this window open."
UNKNOWN = "You are not on the list of staff that I have. Ask your school office to add your Slack member ID."
WHICH_SCHOOL = "At which school are you?"
