"""The one place that builds things and joins the layers."""

from __future__ import annotations

from datetime import date

from bot.conversation.assistant import StaffAssistant
from bot.conversation.router import Router
from bot.domain.school import PERSONAS, Practice, School
from bot.settings import Settings
from policy_kb.knowledge import Knowledge, Tell, open_knowledge, quiet


def knowledge(settings: Settings, tell: Tell = quiet) -> Knowledge:
    """The policies of this installation."""
    return open_knowledge(settings.data, tell)


def practice(known: Knowledge) -> Practice:
    """A school for each policy, and the roles to try it as."""
    schools = (School(policy_id, name, policy_id) for policy_id, name in known.store.organisations().items())
    return Practice(tuple(schools), PERSONAS)


def assistant(known: Knowledge, offered: Practice) -> StaffAssistant:
    """The assistant that all channels talk to."""
    return StaffAssistant(router(known, offered))


def router(known: Knowledge, offered: Practice) -> Router:
    """The dialogs themselves, without a conversation."""
    return Router(known, {school.id: school for school in offered.schools}, date.today)
