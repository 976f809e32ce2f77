"""What the narrowest channel can show, in characters or pieces; every form and wording is held to it by a test."""

TITLE = 24
"""Title and submit button of a form: Slack modal."""

LABEL = 75
"""A button or an option: Slack."""

BUTTONS = 5
"""Buttons in a row that still fit a phone: Teams shows six actions on a card."""

QUESTION = 150
"""The label of a question that opens a dialog select: Slack plain text in headers."""

HINT = 150
"""Placeholder and hint of an input: Slack."""

QUESTIONS = 100
"""Blocks in one Slack modal."""

BLOCKS = 50
"""Blocks in one Slack message."""

BODY = 3000
"""Text of one Slack block; longer bodies are split, never cut."""

LINE = 200
"""A one-line answer."""

TEXT = 3000
"""A longer answer: Slack's input box."""

SAID = 4000
"""A chat message we read whole; a longer one is asked to be shortened."""


def split(text: str, most: int = BODY) -> list[str]:
    """Cut a body into parts of at most `most` characters, at a space where there is one; nothing is lost."""
    parts = []
    while len(text) > most:
        cut = text.rfind(" ", 1, most + 1)
        cut = most if cut <= 0 else cut
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]
