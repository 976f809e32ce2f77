"""Every word of the channel's own chrome, in one place; the conversation's sentences live elsewhere."""

from __future__ import annotations

PROMPT = "> "

ALERT = "Important"
NOTE = "Note"
PROBLEM = "Problem"
GIVEN = "Your answer so far:"
OPTIONAL = "(optional)"
PLACE = "Question {number} of {total}"

SKIP = "Press Enter to leave it empty."
TEXT = "Type as many lines as you like. End with a line that holds a single dot."
SKIP_TEXT = "A single dot at once leaves it empty."
TEXT_DOTS = "For a line of nothing but dots, type one dot more."
DAY = "Day/month/year, for example 21/11/2026."
NUMBER = "A whole number in digits."
ONE = "Type the number of your choice."
MANY = "Type the numbers of all that fit, for example 1, 2."
KEEP = "Type /keep to keep your answer so far."

FORM_INTRO = "Nothing is sent before you say so at the end. Type /close to leave this form, /help for help."
FORM_READY = "{submit}: press Enter. Or type /close to leave the form; nothing is sent then."
FORM_WAITS = "That was not sent. Press Enter alone to send the form, or type /close."
FORM_CLOSED = "Form closed: {title}. Nothing was sent. What you typed is kept."
FORM_LOST = "The form was not sent: {title}."
NOTHING_TO_KEEP = "There is no answer to keep yet."
NOT_ON_LIST = "That is not on the list. Type only numbers from the list."

NOT_UTF8 = "Signpost could not read that line: it is not UTF-8. Please type it again."
UNKNOWN_COMMAND = "There is no {command} here. Type /help to see what there is."
UNKNOWN_SCHOOL = "There is no school {school}. There is: {schools}."
SCHOOL_NOW = "You are at {school}. There is: {schools}."
FILE_KEPT = "Saved as {path}"
FILE_LOST = "{name} could not be saved here. Start Signpost in a folder of your own, then ask for it again."
GOODBYE = "Goodbye."

HELP = (
    ("", "Type a question in your own words, or the number of a choice."),
    ("/school ID", "changes the school and starts a new chat."),
    ("/help", "shows this."),
    ("/quit", "leaves. So do Ctrl-C and the end of the input."),
)
FORM_HELP = (
    ("/keep", "keeps your answer so far, where a question shows one."),
    ("/close", "leaves the form. Nothing is sent."),
    ("/help", "shows this."),
    ("/quit", "leaves the chat. Nothing is sent."),
    ("", "To answer with one of these words itself, type one slash more: //quit."),
)
