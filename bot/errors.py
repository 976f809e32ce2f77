"""Errors that a person caused and can mend; the text is one clear sentence."""


class UsageError(Exception):
    """The words of a command do not fit; says what to write instead."""


class InputError(Exception):
    """A file or a setting does not fit; says what to mend."""
