"""The terminal channel: the same dialogs line by line, for development and for transcripts."""
