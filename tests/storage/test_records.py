"""Records behave the same on SQLite, on PostgreSQL and in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import timedelta

import pytest

from bot.domain.case import Case, State
from bot.domain.people import Role
from bot.domain.ports import AlreadyFiled, Envelope, NotRecorded, Records, Work, Wrap
from tests.storage.filing import file
from tests.storage.stand_ins import MORNING, OTHER, SCHOOL, Hands, case, entry, envelope, notice


def test_a_case_comes_back_as_it_was_put(records: Records) -> None:
    file(records)
    with records.work(SCHOOL) as work:
        found = (work.filed("key-1"), work.case("WH-0001"), work.envelopes("WH-0001"), work.filed("key-2"))
    whole = case(entries=(replace(entry(1, "report", platform="instagram"), written=True),))
    assert found == ("WH-0001", whole, {1: envelope()}, "")


def test_an_exception_in_the_block_passes_through_and_nothing_is_kept(records: Records) -> None:
    with pytest.raises(ZeroDivisionError), records.work(SCHOOL) as work:
        work.add(case(), "key-1")
        work.append("WH-0001", entry(), envelope())
        work.notify(notice(), "keyed-dsl")
        work.audit("file", "WH-0001", "")
        1 / 0  # noqa: B018
    with records.work(SCHOOL) as work:
        assert (work.filed("key-1"), work.cases(), work.trail(), work.withdraw("WH-0001")) == ("", (), (), 0)


def test_the_same_key_is_told_its_reference_and_records_nothing_more(records: Records) -> None:
    file(records)
    with pytest.raises(AlreadyFiled) as told, records.work(SCHOOL) as work:
        work.audit("file", "WH-0002", "")
        work.add(case("WH-0002"), "key-1")
    with records.work(SCHOOL) as work:
        assert (told.value.ref, [one.ref for one in work.cases()], len(work.trail())) == ("WH-0001", ["WH-0001"], 1)


def test_two_schools_may_use_one_key(records: Records) -> None:
    file(records)
    with records.work(OTHER) as work:
        work.add(case("MI-0001"), "key-1")
    with records.work(OTHER) as work:
        assert (work.filed("key-1"), work.case("MI-0001")) == ("MI-0001", case("MI-0001", school=OTHER))


def test_a_school_sees_and_changes_nothing_of_another(records: Records) -> None:
    file(records)
    with records.work(OTHER) as work:
        seen = (work.case("WH-0001"), work.cases(), work.trail(), work.notices("keyed-dsl"), work.withdraw("WH-0001"))
    assert seen == (None, (), (), (), 0)
    acts: tuple[Callable[[Work], object], ...] = (
        lambda work: work.save(case(state=State.CLOSED)),
        lambda work: work.append("WH-0001", entry(2), None),
        lambda work: work.envelopes("WH-0001"),
        lambda work: work.notify(notice(), "keyed-dsl"),
        lambda work: work.replace_envelope("WH-0001", 1, envelope(key="case-2")),
    )
    for act in acts:
        with pytest.raises(NotRecorded), records.work(OTHER) as work:
            act(work)


def test_saving_keeps_what_changed_and_leaves_the_entries(records: Records) -> None:
    file(records)
    changed = case(
        state=State.TRIAGED,
        ladder=((Role.HEAD,), (Role.CHAIR,)),
        reached=2,
        barred=frozenset({"keyed-subject", "keyed-late"}),
        members=frozenset(),
        level="harm",
        urgent=True,
        hold=True,
        review_on="2051-11-23",
    )
    with records.work(SCHOOL) as work:
        work.save(changed)
    with records.work(SCHOOL) as work:
        kept = replace(entry(1, "report", platform="instagram"), written=True)
        assert work.case("WH-0001") == replace(changed, entries=(kept,))


def test_cases_come_newest_first_with_their_entries_in_order(records: Records) -> None:
    with records.work(SCHOOL) as work:
        for number, opened in ((1, MORNING), (2, MORNING + timedelta(days=1)), (3, MORNING)):
            work.add(case(f"WH-000{number}", opened=opened), f"key-{number}")
        for seq in (2, 1):
            work.append("WH-0001", entry(seq), None)
    with records.work(SCHOOL) as work:
        found = [(one.ref, [each.seq for each in one.entries]) for one in work.cases()]
    assert found == [("WH-0002", []), ("WH-0003", []), ("WH-0001", [1, 2])]


def test_an_entry_is_never_written_over(records: Records) -> None:
    file(records)
    with pytest.raises(NotRecorded), records.work(SCHOOL) as work:
        work.append("WH-0001", entry(1, "other"), envelope(b"forged"))
    with records.work(SCHOOL) as work:
        assert work.envelopes("WH-0001") == {1: envelope()}


def test_a_failure_that_is_passed_over_still_keeps_nothing(records: Records) -> None:
    with pytest.raises(NotRecorded), records.work(SCHOOL) as work:
        work.add(case(), "key-1")
        work.append("WH-0001", entry(1), None)
        try:
            work.append("WH-0001", entry(1), None)
        except NotRecorded:
            pass
    with records.work(SCHOOL) as work:
        assert work.cases() == ()


def test_wraps_can_be_put_under_another_key_and_the_text_stays(records: Records) -> None:
    file(records)
    moved = Envelope(b"closed", "until-2051", (Wrap("case", "case-2", "suite", b"new"),))
    with records.work(SCHOOL) as work:
        work.replace_envelope("WH-0001", 1, moved)
    with pytest.raises(NotRecorded), records.work(SCHOOL) as work:
        work.replace_envelope("WH-0001", 1, replace(moved, body=b"forged"))
    with records.work(SCHOOL) as work:
        assert work.envelopes("WH-0001") == {1: moved}


def test_a_case_that_stands_as_deleted_has_lost_its_texts_and_keeps_its_history(records: Records) -> None:
    file(records)
    gone = case(state=State.DELETED, members=frozenset())
    with records.work(SCHOOL) as work:
        work.save(gone)
    with records.work(SCHOOL) as work:
        kept = replace(entry(1, "report", platform="instagram"), written=True)
        assert (work.envelopes("WH-0001"), work.case("WH-0001")) == ({}, replace(gone, entries=(kept,)))


def test_audit_links_are_numbered_for_each_school_and_found_by_case(records: Records, clock: Hands) -> None:
    file(records)
    clock.pass_(60)
    with records.work(SCHOOL) as work:
        work.audit("read", "WH-0001", "d.dsl")
        work.audit("sign-in", "", "d.dsl")
    with records.work(OTHER) as work:
        work.audit("sign-in", "", "h.head")
    later = MORNING + timedelta(minutes=1)
    with records.work(SCHOOL) as work:
        every, about = work.trail(), work.trail("WH-0001")
    assert [(link.seq, link.at, link.action, link.ref, link.by, link.digest) for link in every] == [
        (1, MORNING, "file", "WH-0001", "", "digest"),
        (2, later, "read", "WH-0001", "d.dsl", ""),
        (3, later, "sign-in", "", "d.dsl", ""),
    ]
    assert about == every[:2]


def test_what_waits_is_taken_back_for_some_or_for_all(records: Records) -> None:
    file(records)
    with records.work(SCHOOL) as work:
        work.notify(notice(to="a.deputy"), "keyed-deputy")
        work.notify(notice(to="h.head"), "keyed-head")
    with records.work(SCHOOL) as work:
        taken = (work.withdraw("WH-0001", ["keyed-head", "keyed-nobody"]), work.withdraw("WH-0001"))
        assert (*taken, work.withdraw("WH-0001"), work.withdraw("WH-0009")) == (1, 2, 0, 0)


def test_a_transaction_inside_another_is_refused_at_once(records: Records) -> None:
    with pytest.raises(RuntimeError), records.work(SCHOOL), records.work(OTHER):
        pass
    file(records)


def test_every_field_of_a_case_is_tried_so_that_none_is_forgotten_in_a_table() -> None:
    tried, left_out = case(), {"entries"}
    with_default = [field for field in fields(Case) if field.default is not MISSING and field.name not in left_out]
    assert [field.name for field in with_default if getattr(tried, field.name) == field.default] == []
