"""Law 7 for requests and the register: who may do what is one table; every action has its cell, and every cell runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.conversation.register_forms import ACTIONS as REGISTER_ACTS
from bot.conversation.request_acts import REQUEST_ACTS
from bot.conversation.request_wording import ACTS
from bot.domain.casework import Hidden
from bot.domain.people import Role
from bot.domain.register import KEEPERS, READERS, Status
from bot.domain.request import ACTIONS, OVERSEERS, Part, State
from bot.domain.stages import _NO_SIGNERS, HELPERS, STAND_INS
from tests.laws.requests_matrix import CHAT, HIDDEN, Cell, Line, arranged, cells, lines, tried

OWN = {"read", "resubmit", "withdraw"}
"""What a requester may ever do to their own request."""
LIVE, ALWAYS = frozenset({Status.LIVE}), frozenset(Status)


def test_the_tables_that_decide_say_what_people_read() -> None:
    decide = {*of_requests(), *of_the_register(), *of_the_school()}
    assert decide ^ set(lines()) == set()


def of_requests() -> Iterator[Line]:
    """What request.py and stages.py say; whoever was asked is told what happened instead of what they would do."""
    roles = {Part.OVERSEER: OVERSEERS, Part.HELPER: frozenset(HELPERS)}
    for action, row in ACTIONS.items():
        yield from (Line(action, part, row.states, roles.get(part, frozenset())) for part in row.parts)
        if Part.SIGNER in row.parts:
            yield Line(action, "stand-in", row.states, frozenset(STAND_INS))
            told = {Part.ASKED, Part.HELPER} - row.parts
            yield from (Line(action, part, frozenset(), roles.get(part, frozenset())) for part in told)


def of_the_register() -> Iterator[Line]:
    """What register.py says."""
    yield from (Line("see", runs, ALWAYS) for runs in ("administrator", "moderator"))
    yield Line("see", "reader", ALWAYS, READERS)
    for action in ("hand-over", "close", "done"):
        yield Line(action, "administrator", LIVE)
        yield Line(action, "keeper", LIVE, KEEPERS)


def of_the_school() -> Iterator[Line]:
    """What approvals.py says beside them, and register_page.py."""
    yield from (Line(action, "school", frozenset(), frozenset({Role.STAFF})) for action in ("ask", "delegate"))
    yield Line("be-named", "school", frozenset(), frozenset(Role) - _NO_SIGNERS)
    yield Line("take-in", "school", frozenset(), KEEPERS)
    yield from (Line(action, "school", frozenset(), READERS) for action in CHAT)


def test_whatever_the_dialogs_offer_has_its_lines() -> None:
    assert {*REQUEST_ACTS, *ACTS, *REGISTER_ACTS} <= {line.action for line in lines()}


@pytest.mark.parametrize("role", Role)
def test_every_cell_does_what_people_read(role: Role) -> None:
    of_this = [cell for cell in cells() if cell.role is role and cell.action not in CHAT]
    assert [(cell, found) for cell in of_this if (found := tried(cell)) != cell.expected] == []


def test_there_is_a_cell_for_every_role_action_stand_and_state() -> None:
    found = [(cell.action, cell.role, cell.stands, cell.state) for cell in cells()]
    of_requests, of_accounts, beside = len(ACTIONS) * 5 * len(State), 4 * 3 * len(Status), 6
    assert len(found) == len(set(found)) == len(Role) * (of_requests + of_accounts + beside)


def test_nobody_decides_their_own_request_even_with_every_role() -> None:
    own = [replace(cell, expected=HIDDEN) for cell in cells() if cell.stands == "requester" and cell.action not in OWN]
    assert {tried(cell, *Role) for cell in own if cell.role is Role.HEAD} == {HIDDEN}


def test_whoever_has_left_finds_nothing_of_all_that_was_theirs() -> None:
    for state in (*State, *Status):
        stands = "requester" if isinstance(state, State) else "administrator"
        desk, ref = arranged.__wrapped__(stands, state, *Role)
        desk.leave("somebody")
        assert (desk.approvals.listed("milford", "somebody"), desk.approvals.registered("milford", "somebody")) == (
            (),
            (),
        )
        with pytest.raises(Hidden):
            desk.approvals.open("milford", "somebody", ref)


@pytest.mark.parametrize("action", ["approve", "refuse", "send-back"])
def test_who_runs_the_computers_or_audits_decides_nothing_by_that(action: str) -> None:
    of_this: list[Cell] = [cell for cell in cells() if cell.action == action and cell.stands == "none"]
    assert {cell.expected for cell in of_this if cell.role in (Role.IT_ADMIN, Role.AUDITOR)} == {HIDDEN}
