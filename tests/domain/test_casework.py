"""What is done with cases, whole: kept or not, shown or hidden, and on the audit trail either way."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from bot.domain.case import Relation
from bot.domain.casework import Hidden, NotNow
from bot.domain.disclosure import reference
from bot.domain.orders import Order, Unfit
from bot.domain.people import Role
from bot.domain.ports import AlreadyFiled, Envelope, KeyMissing, NotRecorded
from bot.domain.rounds import tick
from bot.domain.routing import LADO, Subject
from bot.talk.sealed import Sealed
from tests.domain.schools import MONDAY, Office, person, school, without
from tests.fake_records import FakeWork
from tests.fake_seal import FakeOpener, FakeSealer

MISSING = reference(99)


def words(office: Office, ref: str, by: str) -> dict[int, str]:
    return {seq: text.reveal() for seq, text in office.open(ref, by).words.items()}


# --- file ---------------------------------------------------------------------------------------------------
def test_a_report_is_kept_with_its_audit_row_and_its_notices() -> None:
    office = Office()
    filed = office.file()
    assert (filed.told, filed.at, filed.routed.row) == (("dsl", "deputy"), MONDAY, "child")
    assert office.told() == [("dsl", "new"), ("deputy", "new")]
    assert office.trail() == [("filed", filed.ref, "")]
    assert words(office, filed.ref, "dsl") == {1: "what was reported"}


def test_what_is_kept_can_be_read_by_nobody_without_the_key() -> None:
    office = Office()
    office.file()
    kept = repr(office.records.shelf)
    assert "what was reported" not in kept and "'teacher'" not in kept


def test_the_same_form_sent_twice_is_one_case() -> None:
    office = Office()
    first, second = office.file(key="once"), office.file(key="once")
    assert (second.ref, len(office.records.shelf.cases)) == (first.ref, 1)
    assert (office.told(), len(office.trail())) == ([("dsl", "new"), ("deputy", "new")], 1)


def test_two_who_send_the_same_form_at_the_same_moment_get_one_case() -> None:
    office = Office()

    class Overtaken(FakeSealer):
        """While the first is sealed, the second comes in whole."""

        def seal(self, school: str, label: str, text: Sealed, period: str) -> Envelope:
            if not office.records.shelf.cases:
                office.casework = plain
                first.append(office.file(key="once").ref)
            return super().seal(school, label, text, period)

    first: list[str] = []
    plain = office.casework
    office.casework = replace(plain, sealer=Overtaken())
    assert [office.file(key="once").ref] == first
    assert (len(office.records.shelf.cases), len(office.trail())) == (1, 1)


def test_what_the_storage_refuses_is_said_not_to_be_recorded_and_leaves_nothing() -> None:
    office = Office()
    office.records.broken = True
    with pytest.raises(NotRecorded) as refusal:
        office.file()
    assert not isinstance(refusal.value, AlreadyFiled)
    assert (office.records.shelf.cases, office.told()) == ({}, [])


def test_without_a_case_key_nothing_is_recorded() -> None:
    office = Office(sealer=FakeSealer(without={"milford"}))
    with pytest.raises(KeyMissing):
        office.file()
    assert office.records.shelf.cases == {}


def test_nobody_reports_who_is_not_of_the_school() -> None:
    office = Office()
    with pytest.raises(Hidden):
        office.file(by="stranger")
    assert (office.records.shelf.cases, office.trail()) == ({}, [("refused", "", "")])


def test_where_nobody_is_told_the_report_is_kept_and_the_lado_shown() -> None:
    office = Office(school(person("teacher")))
    filed = office.file()
    assert (filed.told, filed.routed.screen, office.told()) == ((), ("social-care", LADO), [])
    assert [seen.screen for seen in office.casework.own("milford", "teacher")] == [(LADO,)]


def test_who_becomes_a_recipient_after_nobody_was_receives_it_by_the_clock() -> None:
    office = Office(school(person("teacher")))
    ref = office.file().ref
    office.here = school(person("teacher"), person("head", Role.HEAD))
    office.wait(3)
    tick(office.casework, "milford")
    assert ("head", "escalated") in office.told() and office.team(ref) == ("head",)


# --- do -----------------------------------------------------------------------------------------------------
def test_what_is_done_is_kept_with_its_words_sealed_and_its_audit_row() -> None:
    office = Office()
    ref = office.file().ref
    seen = office.do(ref, "dsl", "note", "phoned home")
    assert (seen.stands, len(seen.case.entries)) == (Relation.RECIPIENT, 2)
    assert office.case(ref) == seen.case
    assert office.trail(ref) == [("filed", ref, ""), ("note", ref, "dsl")]
    assert words(office, ref, "dsl") == {1: "what was reported", 2: "phoned home"}


def test_an_addition_that_comes_twice_is_kept_once() -> None:
    office = Office()
    ref = office.file().ref
    order = Order("add", ref, "teacher", text=Sealed("more"), key="nonce")
    before = [office.casework.do("milford", order) for _ in range(2)]
    assert before[0] == before[1] and len(office.case(ref).entries) == 2


def test_whoever_was_slower_is_told_that_somebody_was_faster() -> None:
    office = Office()
    ref = office.file().ref
    office.do(ref, "deputy", "note", "first")
    with pytest.raises(NotNow):
        office.casework.do("milford", Order("acknowledge", ref, "dsl", seen=1))
    office.casework.do("milford", Order("acknowledge", ref, "dsl", seen=2))
    with pytest.raises(NotNow):
        office.do(ref, "deputy", "acknowledge")


def test_what_writes_or_shows_words_needs_the_case_key_to_be_open() -> None:
    office = Office()
    ref = office.file().ref
    for action in ("note", "name-subject", "hold"):
        with pytest.raises(Hidden):
            office.casework.do("milford", Order(action, ref, "dsl", {"person": "head"}))
    assert len(office.case(ref).entries) == 1


@pytest.mark.parametrize("action", ["read", "export", "sell", "", "report", "figures"])
def test_what_is_no_act_on_a_case_is_not_done_to_one(action: str) -> None:
    office = Office()
    ref = office.file().ref
    with pytest.raises(Hidden):
        office.do(ref, "dsl", action)
    assert len(office.case(ref).entries) == 1


def test_what_does_not_fit_leaves_nothing_behind() -> None:
    office = Office()
    ref = office.file().ref
    before = office.records.shelf
    with pytest.raises(Unfit):
        office.do(ref, "dsl", "hand-over", "take it", person="it")
    assert office.records.shelf is before


def test_what_the_storage_refuses_changes_nothing() -> None:
    office = Office()
    ref = office.file().ref
    before = office.records.shelf
    office.records.broken = True
    for attempt in (lambda: office.do(ref, "dsl", "note", "words"), lambda: office.open(ref, "dsl")):
        with pytest.raises(NotRecorded):
            attempt()
    assert office.records.shelf is before


def test_closing_puts_every_text_under_the_key_of_the_year_in_which_it_ends() -> None:
    office = Office()
    ref = office.file().ref
    office.do(ref, "dsl", "acknowledge")
    office.do(ref, "dsl", "triage", "why", level="low-level")
    office.do(ref, "dsl", "close", "done", outcome="child-file")
    with office.records.work("milford") as work:
        assert {envelope.period for envelope in work.envelopes(ref).values()} == {"until-2033"}
    assert words(office, ref, "dsl") == {1: "what was reported", 3: "why", 4: "done"}


# --- hidden and missing -------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["head", "pa", "it", "auditor", "stranger"])
@pytest.mark.parametrize("how", ["see", "open", "do"])
def test_a_case_that_is_hidden_is_like_one_that_is_missing(how: str, by: str) -> None:
    office = Office()
    hidden = office.file("adult-concern", Subject("head")).ref

    def attempt(ref: str) -> tuple[type[Exception], tuple[object, ...], list[tuple[str, str, str]]]:
        before = len(office.trail())
        with pytest.raises(Hidden) as refusal:
            match how:
                case "see":
                    office.casework.see("milford", by, ref)
                case "open":
                    office.open(ref, by)
                case _:
                    office.do(ref, by, "note", "words")
        return refusal.type, refusal.value.args, office.trail()[before:]

    who = "" if by == "stranger" else by
    assert attempt(hidden) == (Hidden, (), [("refused", hidden, who)])
    assert attempt(MISSING) == (Hidden, (), [("refused", MISSING, who)])


@pytest.mark.parametrize("typed", ["canary", "S-2222-222O", "", "S-2222-2222 canary"])
def test_only_what_has_the_form_of_a_reference_is_on_the_trail(typed: str) -> None:
    office = Office()
    with pytest.raises(Hidden):
        office.casework.see("milford", "teacher", typed)
    assert office.trail() == [("refused", "", "teacher")]


def test_a_hidden_and_a_missing_case_take_the_same_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    hidden = office.file("adult-concern", Subject("head")).ref
    taken: list[str] = []
    work = office.records.work

    def counted(school_id: str) -> AbstractContextManager[FakeWork]:
        taken.append(school_id)
        return work(school_id)

    monkeypatch.setattr(office.records, "work", counted)

    def cost(ref: str) -> list[str]:
        taken.clear()
        with pytest.raises(Hidden):
            office.casework.see("milford", "head", ref)
        return list(taken)

    assert cost(hidden) == cost(MISSING) == ["milford", "milford"]


def test_a_refusal_that_cannot_be_put_on_the_trail_says_so_for_missing_and_hidden_alike() -> None:
    office = Office()
    hidden = office.file("adult-concern", Subject("head")).ref
    office.records.broken = True
    for ref in (hidden, MISSING):
        with pytest.raises(NotRecorded):
            office.casework.see("milford", "head", ref)


def test_the_reporter_finds_it_among_their_own_and_not_as_a_case() -> None:
    office = Office()
    ref = office.file().ref
    assert [seen.case.ref for seen in office.casework.own("milford", "teacher")] == [ref]
    assert office.casework.listed("milford", "teacher") == ()
    with pytest.raises(Hidden):
        office.casework.see("milford", "teacher", ref)


# --- open ---------------------------------------------------------------------------------------------------
def test_every_look_is_on_the_trail_before_a_word_is_shown_and_the_first_in_the_case() -> None:
    office = Office()
    ref = office.file().ref
    trail: list[list[tuple[str, str, str]]] = []

    class Watched(FakeOpener):
        """Notes what is on the trail when a text is opened."""

        def open(self, school: str, label: str, envelope: Envelope) -> Sealed:
            trail.append(office.trail(ref))
            return super().open(school, label, envelope)

    office.open(ref, "dsl", opener=Watched())
    office.open(ref, "dsl", opener=Watched())
    assert [one[-1] for one in trail] == [("read", ref, "dsl")] * 2
    assert [len(one) for one in trail] == [2, 3]
    assert [entry.kind for entry in office.case(ref).entries] == ["filed", "read"]


def test_the_reporter_is_told_of_the_first_look_alone() -> None:
    office = Office()
    ref = office.file().ref
    office.open(ref, "dsl")
    office.open(ref, "deputy")
    assert [one for one in office.told() if one[0] == "teacher"] == [("teacher", "read")]


def test_every_export_is_an_entry_of_the_case() -> None:
    office = Office()
    ref = office.file().ref
    opened = [office.open(ref, "dsl", "export") for _ in range(2)][-1]
    assert [(entry.kind, entry.by) for entry in opened.seen.case.entries] == [
        ("filed", ""),
        ("export", "dsl"),
        ("export", "dsl"),
    ]


@pytest.mark.parametrize("action", ["close", "delete", "acknowledge", "sell", "figures"])
def test_opening_is_reading_or_exporting_and_nothing_else(action: str) -> None:
    office = Office()
    ref = office.file().ref
    with pytest.raises(Hidden):
        office.open(ref, "dsl", action)
    assert len(office.case(ref).entries) == 1


def test_a_text_whose_key_was_destroyed_is_left_out_and_the_others_are_shown() -> None:
    office = Office()
    ref = office.file().ref
    office.wait(60)
    opener = FakeOpener(destroyed={"open-2026"})
    assert office.open(ref, "dsl", opener=opener).words == {}
    assert [entry.kind for entry in office.open(ref, "dsl", opener=opener).seen.case.entries] == ["filed", "read"]


def test_earlier_cases_about_the_same_person_are_shown_to_those_who_may_read_them() -> None:
    office = Office()
    about = Subject("teacher")
    first, second = (office.file("adult-concern", about, by="pa").ref for _ in range(2))
    office.file("adult-concern", Subject("officer"), by="pa")
    beside = office.file("adult-concern", about, by="pa", conflict=True).ref
    assert (office.open(second, "head").earlier, office.open(beside, "independent").earlier) == ((first,), ())


# --- lists, figures, notices --------------------------------------------------------------------------------
def test_the_list_holds_what_waits_newest_first_and_nothing_that_was_deleted() -> None:
    office = Office()
    first = office.file().ref
    office.wait(1)
    second = office.file().ref
    assert [seen.case.ref for seen in office.casework.listed("milford", "dsl")] == [second, first]
    office.do(first, "dsl", "acknowledge")
    office.do(first, "dsl", "triage", level="low-level")
    office.do(first, "dsl", "close", outcome="false")
    office.do(first, "deputy", "delete")
    assert [seen.case.ref for seen in office.casework.listed("milford", "dsl")] == [second]
    assert [seen.case.ref for seen in office.casework.own("milford", "teacher")] == [second]


@pytest.mark.parametrize("by", ["stranger", "it", "auditor", "pa"])
def test_whoever_has_nothing_to_do_with_it_has_empty_lists(by: str) -> None:
    office = Office()
    office.file()
    assert (office.casework.listed("milford", by), office.casework.own("milford", by)) == ((), ())
    assert office.casework.notices("milford", by) == []


def test_figures_leave_out_what_is_about_who_looks_at_them() -> None:
    office = Office()
    about, other = office.file("adult-concern", Subject("head")).ref, office.file().ref
    assert [case.ref for case in office.casework.counted("milford", "head")] == [other]
    assert {case.ref for case in office.casework.counted("milford", "chair")} == {about, other}
    with pytest.raises(Hidden):
        office.casework.counted("milford", "teacher")


@pytest.mark.parametrize("action", ["verify-audit", "sell", "read"])
def test_a_role_that_may_not_is_refused_and_on_the_trail(action: str) -> None:
    office = Office()
    with pytest.raises(Hidden):
        office.casework.check_role("milford", "teacher", action)
    assert office.trail() == [("refused", "", "teacher")]


def test_a_notice_that_was_delivered_is_gone_once_the_case_is_about_them_or_whose_post_they_read() -> None:
    office = Office()
    ref = office.file().ref
    office.records.deliver()
    assert [notice.ref for notice in office.casework.notices("milford", "deputy")] == [ref]
    office.do(ref, "dsl", "name-subject", "who", person="teacher")
    assert [notice.ref for notice in office.casework.notices("milford", "deputy")] == [ref]
    office.change(person("teacher", delegates=["deputy"]))
    assert office.casework.notices("milford", "deputy") == []
    assert (office.casework.listed("milford", "deputy"), office.team(ref)) == ((), ("head", "dsl"))


# --- the clock ----------------------------------------------------------------------------------------------
def test_where_nobody_acts_the_next_rung_is_told_and_each_step_is_made_once() -> None:
    office = Office()
    ref = office.file().ref
    office.records.deliver()
    office.wait(1)
    assert (tick(office.casework, "milford") > 0, tick(office.casework, "milford")) == (True, 0)
    assert ("head", "escalated") in office.told() and "head" in office.team(ref)
    assert {by for kind, _, by in office.trail(ref) if kind in ("nudge", "escalate")} == {""}


def test_the_clock_never_climbs_to_whom_it_is_about() -> None:
    office = Office(without("vice"))
    ref = office.file("adult-concern", Subject("head")).ref
    office.records.deliver()
    for _ in range(10):
        office.wait(1)
        tick(office.casework, "milford")
    assert ({who for who, _ in office.told()}, office.team(ref)) == ({"chair"}, ("chair",))


# --- nothing leaks ------------------------------------------------------------------------------------------
def test_no_word_of_a_case_stands_in_a_log_an_error_or_a_printed_object(caplog: pytest.LogCaptureFixture) -> None:
    office = Office()
    ref = office.file().ref
    with caplog.at_level(logging.DEBUG):
        opened = office.open(ref, "dsl")
        with pytest.raises(Hidden) as refusal:
            office.do(ref, "it", "note", "canary")
    order = Order("note", ref, "dsl", text=Sealed("canary"))
    seen = (caplog.text, repr(refusal.value), repr(opened), repr(order), repr(office.records.shelf))
    assert not [text for text in seen if "canary" in text or "what was reported" in text]
