from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casework import Hidden
from bot.paper import labels
from tests.fake_requests import Desk
from tests.paper.pages import pages, squeezed
from tests.paper.requests import ANSWERS, POLICY, asked, opened, printed, signed_twice, told
from tests.paper.test_case_pdf import HOSTILE

HEADER = "Milford · {ref} Request for permission"
FIRST_PAGE = """\
Site creation
Approved on 24 November 2026
School Milford
Reference {ref}
Version 2
From Teacher
Sent 23/11/2026 11:00
What was asked for
Department PE
What is it for? To show matches.
And to thank helpers.
Who can see it? Pupils
Families
When does it open? 01/12/2026
Signatures
Each signature holds for one version. The digest is that version’s fingerprint: its first group of signs stands
in the audit trail below, where that version was sent in and where it was signed.
1. Line manager
Decision Approved
Name Leader
Role Line manager
Date and time 23/11/2026 11:00
Version signed 2
Digest of what was signed {new}
2. Headteacher
Decision Approved
Name Assistant-Head
Role Headteacher, for Head
Date and time 24/11/2026 11:00
Version signed 2
Digest of what was signed {new}
Printed 24/11/2026 12:00 by Teacher Page 1 of 2"""
EARLIER = """\
Signatures on earlier versions
Version 1, stage 1. Line manager
Decision Sent back for changes
Name Leader
Role Line manager
Date and time 23/11/2026 10:00
Version signed 1
Digest of what was signed {old}
What to change Say who can see it.
What happened, in order"""


@pytest.fixture
def desk() -> Desk:
    return Desk()


def whole(pdf: bytes) -> str:
    """All that is printed, without headers and footers."""
    return "\n".join(line for page in pages(pdf) for line in page[1:-1])


def signatures(pdf: bytes) -> str:
    """What stands under the heading of the signatures, and not yet under the next."""
    return whole(pdf).partition("was signed.\n")[2].partition("\nWhat happened")[0]


def wrapped(digest: str) -> str:
    """A digest as it stands on the page."""
    first, second, third, last = (digest[start : start + 16] for start in range(0, 64, 16))
    return f"{first} {second} {third}\n{last}"


def digests(desk: Desk, ref: str) -> dict[str, str]:
    """The digests of a request's versions."""
    sent = [entry for entry in desk.request(ref).entries if "digest" in entry.facts and entry.written]
    return {name: wrapped(one.facts["digest"]) for name, one in zip(("old", "old", "new"), sent, strict=True)}


def test_an_approved_request_prints_as_the_completed_form_with_its_signatures(desk: Desk) -> None:
    ref = signed_twice(desk)
    first, second = pages(printed(desk, ref))
    sealed = digests(desk, ref)

    assert "\n".join(first) == "\n".join((HEADER, FIRST_PAGE)).format(ref=ref, **sealed)
    assert "\n".join(second).startswith("\n".join((HEADER, EARLIER)).format(ref=ref, **sealed))


def test_what_happened_and_the_audit_trail_stand_whole(desk: Desk) -> None:
    ref = signed_twice(desk)
    history, trail = (
        whole(printed(desk, ref)).partition("What happened, in order\n")[2].split("\nAudit trail of this request\n")
    )
    found = opened(desk, ref)

    assert history.splitlines()[:3] == [
        "23/11/2026 09:00 Teacher sent it in",
        "23/11/2026 09:00 Signpost asked for a decision: Leader",
        "23/11/2026 10:00 Leader (line manager) sent it back. Say who can see it.",
    ]
    assert "signpost audit verify" in trail
    assert [link.mac for link in found.trail[:-1] if link.mac not in trail] == []
    assert "1 2026-11-23 09:00:00 Sent it in Teacher " + found.trail[0].digest[:16] + " mac-1" in trail


def test_a_stage_that_waits_says_for_whom_and_the_next_that_it_is_not_signed(desk: Desk) -> None:
    pdf = printed(desk, desk.submit(text=asked()))

    assert whole(pdf).splitlines()[:2] == ["Site creation", "Not decided yet"]
    assert signatures(pdf).splitlines() == [
        "1. Line manager",
        "Decision Not signed yet",
        "Who decides now Leader",
        "2. Headteacher",
        "Decision Not signed yet",
    ]


def test_a_refusal_names_its_rule_and_gives_its_words(desk: Desk) -> None:
    clause = POLICY.clauses[0]
    ref = desk.submit(text=asked())
    desk.do(ref, "leader", "refuse", told("It is open to strangers."), clause=clause.id)
    lines = signatures(printed(desk, ref)).splitlines()

    assert whole(printed(desk, ref)).splitlines()[1] == "Refused on 23 November 2026"
    assert (lines[1], *lines[-4:]) == (
        "Decision Refused",
        f"Rule it rests on {POLICY.cite(clause)}",
        "Why it was refused It is open to strangers.",
        "2. Headteacher",
        "Decision Not signed",
    )


def test_what_is_only_recorded_says_so_and_has_nothing_to_sign(desk: Desk) -> None:
    pdf = printed(desk, desk.submit(text=asked(), recorded_only=True, register=""))

    assert whole(pdf).splitlines()[1] == "Recorded on 23 November 2026. Nobody has to sign it."
    assert (labels.SIGNATURES in whole(pdf), labels.NOT_YET in whole(pdf)) == (False, False)


@pytest.mark.parametrize(
    ("by", "action", "line"),
    [
        ("teacher", "withdraw", "Withdrawn on 23 November 2026"),
        ("leader", "send-back", "Sent back for changes on 23 November 2026"),
    ],
)
def test_the_first_line_says_what_it_came_to(desk: Desk, by: str, action: str, line: str) -> None:
    ref = desk.submit(text=asked())
    desk.do(ref, by, action, told("Later."))
    assert whole(printed(desk, ref)).splitlines()[1] == line


def test_a_request_that_nobody_acted_on_says_that_it_ended(desk: Desk) -> None:
    ref = desk.submit(text=asked())
    desk.wait(60)
    assert whole(printed(desk, ref)).splitlines()[1].endswith(": nobody acted in time")


def test_who_was_turned_away_is_not_taken_for_who_refused_it(desk: Desk) -> None:
    ref = desk.submit(text=asked())
    with pytest.raises(Hidden):
        opened(desk, ref, "other")
    assert "Tried to open it and was turned away Other mac-3" in whole(printed(desk, ref))


def test_signatures_outlive_those_who_gave_them(desk: Desk) -> None:
    ref = signed_twice(desk)
    desk.leave("leader", "assistant-head", "head")
    assert [line for line in whole(printed(desk, ref)).splitlines() if line.startswith(("Name", "Role"))] == [
        "Name Leader",
        "Role Line manager",
        "Name Assistant-Head",
        "Role Headteacher, for somebody who is no longer on the list",
        "Name Leader",
        "Role Line manager",
    ]


@pytest.mark.parametrize("long", [" ".join(f"word{number}" for number in range(2000)), "\n".join(map(str, range(300)))])
def test_nothing_that_was_written_is_ever_cut(desk: Desk, long: str) -> None:
    ref = desk.submit(text=asked((*ANSWERS, ("More", long))))
    desk.do(ref, "leader", "refuse", told(long), clause=POLICY.clauses[0].id)
    assert squeezed(whole(printed(desk, ref))).count(squeezed(long)) == 3


def test_hostile_text_stays_text(desk: Desk) -> None:
    ref = desk.submit(text=asked([(f"Question {number}", text) for number, text in enumerate(HOSTILE)]))
    shown = squeezed(whole(printed(desk, ref)))
    assert [text for text in HOSTILE if squeezed(text) not in shown] == []


@settings(deadline=None, max_examples=15)
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_prints_as_an_accessible_document(label: str, words: str) -> None:
    desk = Desk()
    ref = desk.submit(text=asked([(label, words)]))
    desk.now += timedelta(hours=1)
    desk.do(ref, "leader", "send-back", told(words))
    pdf = printed(desk, ref)
    assert (pdf[:5], b"pdfuaid" in pdf) == (b"%PDF-", True)


def test_every_state_has_its_line() -> None:
    states: Mapping[str, str] = labels.STATE_LINES
    assert set(states) == {"pending", "sent-back", "approved", "refused", "withdrawn", "expired", "recorded"}


def test_the_typesetter_is_loaded_only_to_print() -> None:
    code = "import sys, bot.paper.papers; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
