"""Whether the SDK's own models take a payload: a second opinion, which has fewer rules than Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View


def refuses(payload: Any) -> str:
    """What the SDK says against a view or a list of blocks; empty where it says nothing."""
    try:
        if isinstance(payload, Mapping):
            View(**payload).to_dict()
        else:
            for block in Block.parse_all(payload):
                block.to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError) as error:
        return repr(error)
    return ""
