"""Law 6: whom a disclosure is about, and who reads their post, is told nothing of it, whatever happens."""

from __future__ import annotations

import pytest

from bot.domain import case as cases
from bot.domain.people import Role
from tests.laws.subject import KINDS, NAMED, ROLES, lived, subsets, told


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_is_never_told_whatever_roles_they_hold(kind: str) -> None:
    """Every subset of the roles, each with the next of the ways to be named; a drill runs them all with all."""
    first = KINDS.index(kind)
    ways = [(held, NAMED[(first + number) % len(NAMED)]) for number, held in enumerate(subsets())]
    assert len(ways) == 2 ** len(ROLES)
    assert {(held, named, fault) for held, named in ways for fault in told(held, kind, named)} == set()


@pytest.mark.parametrize("named", ["at-once", "late", "unsure"])
def test_a_life_holds_every_event(named: str) -> None:
    assert {entry.kind for entry in lived((), "adult-concern", named).entries} >= {
        *("filed", "added", "acknowledge", "note", "triage", "action", "propose-member", "confirm-member", "correct"),
        *("hold", "release", "close", "reopen", "hand-over", "recuse", "nudge"),
        *({"name-subject"} if named in ("late", "unsure") else ()),
    }


def test_a_school_that_forgot_to_keep_them_out_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "kept_out", lambda case, school, keyed: frozenset())
    faults = told((Role.HEAD, Role.VICE_CHAIR), "child-concern", "at-once")
    assert {"file: subject is on its team or ladder", "tick: subject opens it"} <= set(faults)
