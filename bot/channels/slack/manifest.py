"""What Slack is told about the app: its surfaces, the rights it asks for, and where it is reached."""

from __future__ import annotations

from typing import Any

COMMAND = "/policy"
REPORT_MESSAGE, REPORT, ASK = "report-message", "report", "request-forms"
"""Callback ids of the shortcuts; those beside every message box are named as the buttons that do the same."""

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history")
"""All rights of the bot, and nothing beyond them."""

EVENTS = ("app_home_opened", "app_mention", "message.im")
INSTALLED = ("app_uninstalled", "tokens_revoked")
"""Events that only those need who keep tokens of many workspaces."""

_SHORTCUTS = (
    ("message", REPORT_MESSAGE, "Report to DSL", "Start a report with the words of this message. Nothing is posted."),
    ("global", REPORT, "Report a concern", "Tell the right person, in confidence."),
    ("global", ASK, "Ask for approval", "Ask for what the policy sends through a person."),
)


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest for HTTP at an address such as `https://signpost.example.org`, or without one for Socket Mode."""
    events = {"bot_events": sorted((*EVENTS, *INSTALLED)) if url else sorted(EVENTS)}
    return {
        "display_information": {
            "name": "Signpost",
            "description": "What your school's policy says, safe reporting, and approvals.",
            "background_color": "#1d4f63",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Signpost", "always_online": True},
            "shortcuts": [
                {"name": name, "type": sort, "callback_id": callback, "description": text}
                for sort, callback, name, text in _SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Ask what the policy says",
                    "usage_hint": "can I friend an ex-pupil?",
                    "should_escape": False,
                    **_at(url, "url", "commands"),
                }
            ],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [f"{url}/slack/oauth_redirect"]} if url else {}),
        },
        "settings": {
            "event_subscriptions": {**_at(url, "request_url", "events"), **events},
            "interactivity": {
                "is_enabled": True,
                **_at(url, "request_url", "actions"),
                **_at(url, "message_menu_options_url", "actions"),
            },
            "org_deploy_enabled": bool(url),
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _at(url: str, name: str, page: str) -> dict[str, str]:
    return {name: f"{url}/slack/{page}"} if url else {}
