"""Every sentence about the register of accounts."""

from __future__ import annotations

# Lists
REGISTER = "Register"
REGISTER_INTRO = {"live": "Accounts in use that you run or may see.", "closed": "Closed accounts that you may see."}
FOUND = "Accounts in which these words were found."
REGISTER_EMPTY = "No account in the register is yours to see."
NONE_OF_THESE = {"live": "No account that you may see is in use.", "closed": "No account that you may see is closed."}
REGISTER_NONE_FOUND = "No account holds those words. Try fewer or other words."
MORE = "Only the newest {most} of {count} are listed. Search to find the others."
SEARCH = "Search the register"
SEARCH_SUBMIT = "Search"
SEARCH_WORDS = "Which words?"
SEARCH_HINT = "A name, a platform, whom it is for, or a reference."
IN_USE = "Accounts in use"
CLOSED = "Closed accounts"
DOWNLOAD = "Download the register"
FILE = "Here is the register as a file."

# One account
NO_ONE = "nobody"
GONE = "somebody who is no longer on the list ({id})"
SIGNPOST = "Signpost"
STATUS = {"live": "In use", "closed": "Closed"}
ENTRY_LINE = "{name}. {status}. Run by {who}."
FIELDS = {
    "platform": "Platform",
    "handle": "Name",
    "purpose": "What it is for",
    "audience": "Who it is for",
    "administrators": "Administrators",
    "moderators": "Moderators",
    "opens": "Opens",
    "closes": "Closes",
    "conditions": "Conditions",
    "status": "State",
    "request": "Request",
}
"""The fields of an entry, in the order in which they are shown."""
TOO_FEW = "Fewer than {least} of its administrators are still here. Please choose another one."
COMING_UP = "What comes up:"
DUE_NOW = "To do now"
DUE_ON = "On {day}"
DUE_SINCE = "To do, due {day}"
RULE = "{duty} ({rule})"
DUTIES = {
    "review": "the yearly review",
    "closure": "the closing date",
    "administrators": "too few administrators",
    "monitor": "the daily look at it",
    "acceptable-use": "the yearly acceptable use agreement",
}
HISTORY = "What was done:"
ENTRY_EVENTS = {
    "closed": "closed it",
    "handed-over": "changed the {role}",
    "done": "noted as done: {duty}",
    "reminded": "sent a reminder about {duty}",
}
MOVES = {"from": "{who} left", "to": "{who} joined"}

# Changing it
WHAT_NEXT = "What do you want to do?"
HAND_OVER = "Change who runs it"
CLOSE = "Close it"
MARK_DONE = "Mark as done: {duty}"
SAVE = "Save"
ROLES = {"administrators": "Administrators", "moderators": "Moderators"}
ASK_ROLE = "Which list changes?"
ASK_FROM = "Who leaves the list?"
HINT_FROM = "Leave it empty if somebody only joins."
ASK_TO = "Who joins the list?"
HINT_TO = "Leave it empty if somebody only leaves."
ASK_CLOSE = "Is the account shut down on its platform?"
HINT_CLOSE = "Closed accounts stay in the register, and nothing about them comes up any more."
CLOSE_YES = "Yes, it is shut down"
NOBODY = "Nobody"
DONE = {
    "hand-over": "Saved. Who runs {ref} has changed.",
    "close": "Saved. {ref} is closed.",
    "done": "Saved. Noted as done for {ref}: {duty}.",
}
CHANGED_SINCE = "This changed while you had it open. {day}: {what}. Nothing was saved now. Look again, then send it."
NOT_NOW = "That cannot be done now. Open it again and look."
HIDDEN = "There is nothing here with that reference."
NOT_SAVED = "That was NOT recorded. Please try again."
NOBODY_NAMED = "Choose who leaves, who joins, or both."
UNFIT = {
    "closed": "This account is closed. Nothing more can be done about it.",
    "no-such-role": "Choose which list changes.",
    "not-among-them": "They are not on that list. Choose somebody who is.",
    "cannot-take-over": "They are on that list already. Choose somebody else.",
    "no-such-action": "That cannot be done to an account.",
}

# The accounts of one person
LEAVER = "Accounts of one person"
LEAVER_SUBMIT = "Show them"
ASK_LEAVER = "Whose accounts?"
HINT_LEAVER = "For example somebody who leaves the school."
LEAVER_TITLE = "Accounts of {who}"
LEAVER_INTRO = "Accounts in use that {who} runs:"
LEAVER_NONE = "{who} runs no account that is in use."
LEAVER_LINE = "{name}. {role}."
LEAVES_TOO_FEW = "{name}. {role}. Too few administrators would be left."
ROLE_OF_ONE = {"administrators": "Administrator", "moderators": "Moderator"}

# Accounts of before
IMPORT = "Take in a list"
IMPORT_SUBMIT = "Take it in"
ASK_IMPORT = "Paste the list of accounts here."
HINT_IMPORT = "First line: platform, handle, administrators. Long lists: ask IT for “signpost register import”."
IMPORT_TITLE = "List of accounts"
ONE_ACCOUNT = "1 account"
ACCOUNTS = "{count} accounts"
TAKEN_IN = "Came in: {count}."
THERE_BEFORE = "Left as they are, since they are in the register already or stand in the list twice: {count}."
LEFT_OUT = "Lines left out: {count}. Mend them and send the list again. Nothing comes in twice."
IGNORED = "Nothing was taken from these columns: {columns}."
AND_MORE = "And {count} more."
LINE = "Line {line}"
CELL = "Line {line}, {column}"
WRONG = {
    "missing": "this is empty.",
    "too-long": "this is too long.",
    "too-many-cells": "there are more cells than columns.",
    "closed": "this account is closed, so it was left out.",
    "unknown-person": "nobody is called “{said}”.",
    "two-of-that-name": "more than one person is called “{said}”. Write their id.",
    "not-a-date": "“{said}” is no day. Write it as day/month/year, for example 21/11/2026.",
    "closes-before-it-opens": "it closes before it opens.",
    "already-there": "this account is in the register already, or stands in the list twice.",
}
NO_LIST = {
    "empty": "There is no list in it.",
    "columns-missing": "These columns are missing in the first line: {about}.",
    "columns-twice": "These columns stand twice in the first line: {about}.",
    "quotes": "The quotation marks in line {about} do not fit. Nothing came in.",
}
