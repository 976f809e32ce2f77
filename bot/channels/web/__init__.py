"""The web channel: a chat page for a browser."""
