"""Keeping sealed texts readable for whom they are for, and for nobody else, over the years."""

from __future__ import annotations

from bot.domain.casework import Casework
from bot.domain.ports import Opener
from bot.domain.retention import still_under


def rewrap(casework: Casework, school_id: str, opener: Opener) -> int:
    """Put every text of a school under the case key that is current now, case by case; how many texts."""
    with casework.records.work(school_id) as work:
        refs = [case.ref for case in work.cases()]
    return sum(_rewrapped(casework, school_id, ref, opener) for ref in refs)


def _rewrapped(casework: Casework, school_id: str, ref: str, opener: Opener) -> int:
    with casework.records.work(school_id) as work:
        work.case(ref)  # locked until the end
        envelopes = work.envelopes(ref)
        for seq, envelope in envelopes.items():
            work.replace_envelope(ref, seq, opener.rewrap(school_id, f"{ref}/{seq}", envelope))
        if envelopes:
            work.audit("rewrap", ref, "")
    return len(envelopes)


def under(casework: Casework, school_id: str, period: str) -> tuple[str, ...]:
    """The references of all cases that would be lost with a period's key."""
    with casework.records.work(school_id) as work:
        return still_under(work.cases(), period)
