"""Errors that a person caused and can mend; the text is one clear sentence."""


class UsageError(Exception):
    """The command or its settings do not fit; says what to write instead."""
