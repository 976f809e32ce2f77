"""Requests to print: signed, sent back, refused, waiting and recorded, as they come out of the domain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.approvals import Opened
from bot.paper.papers import Papers
from intents.catalogue import catalogue
from policy_kb.load import Vocabulary, load_packs
from tests.fake_requests import Desk

ANSWERS = (
    ("Department", "PE"),
    ("What is it for?", "To show matches.\nAnd to thank helpers."),
    ("Who can see it?", "Pupils\nFamilies"),
    ("When does it open?", "01/12/2026"),
)
_SHARED = catalogue()
_PACKS = load_packs(Vocabulary(_SHARED.intents, _SHARED.forms(), _SHARED.disclosures()))
POLICY = next(pack for pack in _PACKS if pack.id == "milford")
PAPERS = Papers({"milford": POLICY}.__getitem__)


def asked(answers: Sequence[tuple[str, str]] = ANSWERS) -> str:
    """The text of a request with these answers."""
    lines = [(f"q{number}", label, words) for number, (label, words) in enumerate(answers)]
    return json.dumps({"lines": lines, "given": {}}, ensure_ascii=False)


def told(words: str) -> str:
    """What somebody writes beside an act."""
    return json.dumps([("why", "Why?", words)], ensure_ascii=False)


def printed(desk: Desk, ref: str, by: str = "teacher") -> bytes:
    """A request on paper."""
    found = opened(desk, ref, by)
    return PAPERS.request(found, desk.here, "Site creation", desk.now, "Teacher").body


def opened(desk: Desk, ref: str, by: str = "teacher") -> Opened:
    """A request with its words and its trail."""
    return desk.approvals.open(desk.here.id, by, ref)


def signed_twice(desk: Desk) -> str:
    """A request that was sent back, sent again and approved, at its second stage by somebody for the head."""
    ref = desk.submit(text=asked((("Department", "PE"),)))
    desk.now += timedelta(hours=1)
    desk.do(ref, "leader", "send-back", told("Say who can see it."))
    desk.now += timedelta(hours=1)
    desk.do(ref, "teacher", "resubmit", asked())
    desk.do(ref, "leader", "approve")
    desk.delegate("head", "assistant-head")
    desk.now += timedelta(days=1)
    desk.do(ref, "assistant-head", "approve")
    desk.now += timedelta(hours=1)
    return ref
