"""Cases and entries as rows, and back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.case import Case, Entry, State
from bot.domain.people import Role
from bot.domain.ports import Envelope

_PLAIN = (
    "ref", "school", "kind", "opened", "reached", "reporter", "subject", "level", "outcome", "urgent", "unsure",
    "theme", "route", "guidance", "hold", "retention", "review_on", "period",
)  # fmt: skip
"""What a case and its row hold alike."""


def case_row(case: Case) -> dict[str, Any]:
    """The row of a case, without its idempotency key."""
    ladder = json.dumps([[role.value for role in rung] for rung in case.ladder])
    return {name: getattr(case, name) for name in _PLAIN} | {"state": case.state.value, "ladder": ladder}


def entry_row(ref: str, entry: Entry, envelope: Envelope | None) -> dict[str, Any]:
    """The row of an entry of a case."""
    return {
        "ref": ref,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "by": entry.by,
        "facts": json.dumps(dict(entry.facts)),
        "body": envelope.body if envelope else None,
        "period": envelope.period if envelope else None,
    }


def cases_of(
    cases: Sequence[RowMapping],
    bars: Iterable[RowMapping],
    members: Iterable[RowMapping],
    entries: Iterable[RowMapping],
) -> tuple[Case, ...]:
    """Cases from their rows, in the order of those; entries must come in theirs."""
    barred, added, history = _by_case(bars), _by_case(members), _by_case(entries)
    return tuple(
        Case(
            **{name: row[name] for name in _PLAIN},
            state=State(row["state"]),
            ladder=tuple(tuple(Role(role) for role in rung) for rung in json.loads(row["ladder"])),
            barred=frozenset(bar["keyed"] for bar in barred[row["ref"]]),
            members=frozenset(member["person"] for member in added[row["ref"]]),
            entries=tuple(map(_entry, history[row["ref"]])),
        )
        for row in cases
    )


def _by_case(rows: Iterable[RowMapping]) -> Mapping[str, list[RowMapping]]:
    found = defaultdict(list)
    for row in rows:
        found[row["ref"]].append(row)
    return found


def _entry(row: RowMapping) -> Entry:
    written = row["period"] is not None  # it stays when the text is deleted
    return Entry(row["seq"], row["at"], row["kind"], row["by"], json.loads(row["facts"]), written)
