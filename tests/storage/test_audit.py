"""Whoever changes the audit chain is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.domain.ports import Audited
from bot.storage.audit import Audit, extend, trail, verify
from bot.storage.engine import open_engine, transaction
from bot.storage.records import SqlRecords
from tests.storage.stand_ins import MORNING, OTHER, SCHOOL, Hands, StandInBox, secret

KEY = secret(SCHOOL, "audit")


def write(records: SqlRecords, clock: Hands) -> tuple[Audited, ...]:
    """Twelve links of one school, with those of another between them."""
    for number in range(12):
        for school in (SCHOOL, OTHER):
            with records.work(school) as work:
                work.audit("read", f"WH-{number % 3}", f"p{number % 4}", "digest" * (number % 2))
        clock.pass_(7.000001)
    with records.work(SCHOOL) as work:
        return tuple(work.trail())


@pytest.fixture(scope="module")
def chain(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Audited, ...]:
    file = tmp_path_factory.mktemp("audit") / "records.db"
    shutil.copy(sqlite_file, file)
    engine = open_engine(f"sqlite:///{file}")
    clock = Hands()
    links = write(SqlRecords(engine, secret, StandInBox, clock), clock)
    engine.dispose()
    return links


EDITS: dict[str, Callable[[Audited], Audited]] = {
    "school": lambda link: replace(link, school=OTHER),
    "at": lambda link: replace(link, at=link.at + timedelta(microseconds=1)),
    "action": lambda link: replace(link, action="export"),
    "ref": lambda link: replace(link, ref=""),
    "by": lambda link: replace(link, by=link.by + " "),
    "digest": lambda link: replace(link, digest="0"),
    "mac": lambda link: replace(link, mac=link.mac[::-1]),
    "no mac": lambda link: replace(link, mac=""),
    "strange mac": lambda link: replace(link, mac="é"),
    "moved into another field": lambda link: replace(link, ref=link.ref + link.by, by=""),
}


def test_a_chain_that_nobody_touched_is_whole(sql_records: SqlRecords, engine: Engine, clock: Hands) -> None:
    links = write(sql_records, clock)
    audit = Audit(engine, secret)
    head = audit.head(SCHOOL)
    assert head == f"12:{links[-1].mac}"
    assert (audit.verify(SCHOOL), audit.verify(SCHOOL, head), audit.verify(OTHER), verify(links, KEY)) == ((),) * 4
    assert (audit.head("nobody"), audit.verify("nobody"), audit.verify("nobody", "0:")) == ("0:", (), ())


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_edit_of_every_link_is_found(chain: tuple[Audited, ...], edit: Callable[[Audited], Audited]) -> None:
    for number, link in enumerate(chain):
        faults = verify((*chain[:number], edit(link), *chain[number + 1 :]), KEY)
        assert faults[0] == f"Link {link.seq} of the audit chain was changed, moved or put in."


def test_every_link_that_is_missing_or_swapped_is_found(chain: tuple[Audited, ...]) -> None:
    for number in range(11):
        gone = verify((*chain[:number], *chain[number + 1 :]), KEY)
        assert gone == (f"Before link {number + 2} of the audit chain, links are missing or out of order.",)
    for number, (one, other) in enumerate(pairwise(chain)):
        swapped = verify((*chain[:number], other, one, *chain[number + 2 :]), KEY)
        renumbered = (*chain[:number], replace(other, seq=one.seq), replace(one, seq=other.seq), *chain[number + 2 :])
        assert swapped and verify(renumbered, KEY)


def test_a_link_that_was_put_in_is_found(chain: tuple[Audited, ...]) -> None:
    for number, link in enumerate(chain):
        later = tuple(replace(each, seq=each.seq + 1) for each in chain[number:])
        assert verify((*chain[:number], link, *later), KEY)


def test_an_end_that_was_cut_off_is_found_against_what_was_kept_outside(chain: tuple[Audited, ...]) -> None:
    head = f"12:{chain[-1].mac}"
    for left in range(12):
        cut = verify(chain[:left], KEY, head)
        assert cut == (f"The end of the audit chain was cut off: it had 12 links and has {left}.",)


def test_a_chain_that_was_written_again_with_the_key_is_found_against_what_was_kept_outside(
    chain: tuple[Audited, ...], engine: Engine
) -> None:
    head = f"12:{chain[-1].mac}"
    with transaction(engine) as connection:
        extend(connection, "forged", KEY, MORNING, [("read", "", "nobody", "")] * 12)
        forged = tuple(trail(connection, "forged"))
    assert (verify(forged, KEY), verify(forged, KEY, head)) == (
        (),
        ("Link 12 of the audit chain is not the one that was kept outside.",),
    )


def test_another_schools_key_fits_no_link(chain: tuple[Audited, ...]) -> None:
    assert len(verify(chain, secret(OTHER, "audit"))) == 12
