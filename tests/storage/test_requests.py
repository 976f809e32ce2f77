"""Requests and the register behave the same on SQLite, on PostgreSQL and in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.domain.case import Entry as Line
from bot.domain.ports import AlreadyFiled, CannotOpen, Closed, Notice, NotRecorded, RequestRecords, RequestWork
from bot.domain.register import Entry
from bot.domain.request import Request, folded
from bot.domain.stages import Delegation, StageRule
from bot.storage.audit import Audit
from bot.storage.cipher import Box
from bot.storage.engine import open_engine
from bot.storage.inbox import Inbox
from bot.storage.outbox import Outbox
from bot.storage.records import SqlRecords
from bot.storage.requests import RequestBox, SqlRequests
from bot.storage.tables import metadata
from bot.talk.sealed import Sealed
from tests.fake_requests import FakeRequests
from tests.storage.conftest import Urls
from tests.storage.filing import file
from tests.storage.stand_ins import MORNING, OTHER, SCHOOL, Hands, secret

REF, ENTRY = "R-2345-6789", "E-2345-6789"
STAGES = (StageRule("line-manager-of-requester"), StageRule("head", ("approver", "chair")))
CLOSED = Closed(b"\x00closed\xff", "digest-1")


def request(ref: str = REF, **changed: Any) -> Request:
    plain = Request(ref, SCHOOL, "new-account", "t.teacher", STAGES, 21, "account", True)
    return replace(plain, **changed)


def account(ref: str = ENTRY, **changed: Any) -> Entry:
    plain = Entry(
        ref,
        SCHOOL,
        "account",
        "Facebook",
        "@netball",
        MORNING,
        REF,
        "results – “home” games",
        "parents",
        ("t.teacher", "o.other"),
        ("m.moderator",),
        date(2026, 12, 1),
        date(2027, 7, 21),
        "no faces",
    )
    return replace(plain, **changed)


def line(seq: int = 1, kind: str = "submitted", written: bool = False, **facts: str) -> Line:
    return Line(seq, MORNING, kind, "t.teacher", facts, written)


def send_in(records: RequestRecords, ref: str = REF, key: str = "key-1") -> None:
    """A request with its first entry, a notice and an audit link."""
    with records.work(SCHOOL) as work:
        work.add_request(request(ref), key)
        work.append_request(ref, line(digest="digest-1", written=True), CLOSED)
        work.notify(Notice(SCHOOL, ref, "l.leader", "ask"), "keyed-leader")
        work.audit("submitted", ref, "t.teacher", "digest-1")


@pytest.fixture(params=["sqlite", "postgres", "fake"])
def records(urls: Urls, clock: Hands, request: pytest.FixtureRequest) -> Iterator[RequestRecords]:
    if request.param == "fake":
        yield FakeRequests(clock)
        return
    engine = open_engine(urls(request.param))
    yield SqlRequests(engine, secret, Box, clock)
    engine.dispose()


@pytest.fixture
def sql_requests(engine: Engine, clock: Hands) -> SqlRequests:
    return SqlRequests(engine, secret, Box, clock)


# --- what is kept -----------------------------------------------------------------------------------------------------
def test_a_request_comes_back_as_it_was_put(records: RequestRecords) -> None:
    send_in(records)
    with records.work(SCHOOL) as work:
        found = (work.filed("key-1"), work.request(REF), work.texts(REF), work.filed("key-2"), work.request(""))
    whole = folded(request(), [line(digest="digest-1", written=True)])
    assert found == (REF, whole, {1: CLOSED}, "", None)


def test_what_a_request_is_now_follows_from_all_its_entries_in_order(records: RequestRecords) -> None:
    send_in(records)
    later = [line(2, "asked", people="l.leader h.head"), line(3, "withdrawn"), line(4, "decided", people="l.leader")]
    with records.work(SCHOOL) as work:
        for one in later:
            work.append_request(REF, one, None)
        now = work.request(REF)
    whole = folded(request(), [line(digest="digest-1", written=True), *later])
    with records.work(SCHOOL) as work:
        assert (now, work.request(REF), *work.requests()) == (whole, whole, whole)


def test_an_account_comes_back_as_it_was_put_with_what_was_done_about_it(records: RequestRecords) -> None:
    facts = {"role": "administrators", "from": "t.teacher", "to": "n.new"}
    lines = [Line(1, MORNING, "handed-over", "t.teacher", facts), line(2, "closed")]
    with records.work(SCHOOL) as work:
        work.add_entry(account())
        work.add_entry(account("E-2222-2222", opens=None, closes=None, moderators=(), request=""))
        for one in lines:
            work.append_entry(ENTRY, one)
    whole = account().grown(lines[0]).grown(lines[1])
    with records.work(SCHOOL) as work:
        newest = account("E-2222-2222", opens=None, closes=None, moderators=(), request="")
        assert (work.entry(ENTRY), *work.entries()) == (whole, newest, whole)
        assert whole.administrators == ("o.other", "n.new")


def test_delegations_come_oldest_first_and_requests_newest_first(records: RequestRecords) -> None:
    acts = [Delegation("h.head", to, date(2026, 11, 23), date(2026, 12, day)) for day, to in ((4, "z"), (1, ""))]
    with records.work(SCHOOL) as work:
        for number, one in enumerate(acts):
            work.delegate(one)
            work.add_request(request(f"R-222{number}-2222"), f"key-{number}")
    with records.work(SCHOOL) as work:
        assert (list(work.delegations()), [one.ref for one in work.requests()]) == (
            acts,
            ["R-2221-2222", "R-2220-2222"],
        )


def test_every_field_is_tried_so_that_none_is_forgotten_in_a_table() -> None:
    folds = {"state", "version", "stage", "digest", "signed", "named", "escalated", "asked", "since", "mark", "entries"}
    untried = [
        field.name
        for tried, left_out in ((request(), folds), (account(), {"status", "history"}))
        for field in fields(tried)
        if field.name not in left_out and field.default is not MISSING and getattr(tried, field.name) == field.default
    ]
    assert untried == []


# --- what is refused --------------------------------------------------------------------------------------------------
def test_an_exception_in_the_block_passes_through_and_nothing_is_kept(records: RequestRecords) -> None:
    with pytest.raises(ZeroDivisionError), records.work(SCHOOL) as work:
        work.add_request(request(), "key-1")
        work.append_request(REF, line(digest="digest-1", written=True), CLOSED)
        work.add_entry(account())
        work.delegate(Delegation("h.head", "c.chair", date(2026, 11, 23), date(2026, 11, 24)))
        work.notify(Notice(SCHOOL, REF, "l.leader", "ask"), "keyed-leader")
        work.audit("submitted", REF, "t.teacher")
        1 / 0  # noqa: B018
    with records.work(SCHOOL) as work:
        kept = (work.filed("key-1"), *work.requests(), *work.entries(), *work.delegations(), *work.trail())
        assert (kept, work.withdraw(REF)) == (("",), 0)


def test_the_same_key_is_told_its_reference_and_another_school_may_use_it(records: RequestRecords) -> None:
    send_in(records)
    with pytest.raises(AlreadyFiled) as told, records.work(SCHOOL) as work:
        work.audit("submitted", "R-2222-2222", "t.teacher")
        work.add_request(request("R-2222-2222"), "key-1")
    with records.work(OTHER) as work:
        work.add_request(request("R-3333-3333", school=OTHER), "key-1")
    with records.work(SCHOOL) as work:
        assert (told.value.ref, [one.ref for one in work.requests()], len(work.trail())) == (REF, [REF], 1)


def test_a_school_sees_and_changes_nothing_of_another(records: RequestRecords) -> None:
    send_in(records)
    with records.work(SCHOOL) as work:
        work.add_entry(account())
        work.delegate(Delegation("h.head", "c.chair", date(2026, 11, 23), date(2026, 11, 24)))
    with records.work(OTHER) as work:
        many = (*work.requests(), *work.entries(), *work.delegations(), *work.trail(), *work.notices("keyed-leader"))
        assert (many, work.request(REF), work.entry(ENTRY), work.withdraw(REF)) == ((), None, None, 0)
    acts: tuple[Callable[[RequestWork], object], ...] = (
        lambda work: work.append_request(REF, line(2, "withdrawn"), None),
        lambda work: work.texts(REF),
        lambda work: work.append_entry(ENTRY, line(1, "closed")),
        lambda work: work.notify(Notice(OTHER, REF, "l.leader", "ask"), "keyed-leader"),
        lambda work: work.notify(Notice(OTHER, ENTRY, "l.leader", "duty"), "keyed-leader"),
    )
    for act in acts:
        with pytest.raises(NotRecorded), records.work(OTHER) as work:
            act(work)


def test_what_is_there_is_never_written_over(records: RequestRecords) -> None:
    send_in(records)
    with records.work(SCHOOL) as work:
        work.add_entry(account())
        work.append_entry(ENTRY, line(1, "done", duty="review"))
    acts: tuple[Callable[[RequestWork], object], ...] = (
        lambda work: work.append_request(REF, line(digest="forged", written=True), Closed(b"forged", "forged")),
        lambda work: work.add_request(request(), "key-2"),
        lambda work: work.append_entry(ENTRY, line(1, "closed")),
        lambda work: work.add_entry(account(handle="forged")),
        lambda work: work.add_entry(account("E-3333-3333", history=(line(1, "closed"),))),
    )
    for act in acts:
        with pytest.raises(NotRecorded), records.work(SCHOOL) as work:
            act(work)
    with records.work(SCHOOL) as work:
        assert (work.texts(REF), work.filed("key-2")) == ({1: CLOSED}, "")
        assert list(work.entries()) == [account().grown(line(1, "done", duty="review"))]


@pytest.mark.parametrize("table", ["requests", "request_entries", "register", "register_lines", "delegations"])
def test_what_was_written_cannot_be_changed(sql_requests: SqlRequests, engine: Engine, table: str) -> None:
    send_in(sql_requests)
    with sql_requests.work(SCHOOL) as work:
        work.add_entry(account())
        work.append_entry(ENTRY, line(1, "closed"))
        work.delegate(Delegation("h.head", "c.chair", date(2026, 11, 23), date(2026, 11, 24)))
    changes = [f'UPDATE {table} SET "{column.name}" = "{column.name}"' for column in metadata.tables[table].c]
    for statement in (*changes, f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("step", ["begun", "before-audit", "before-commit", "committed"])
def test_an_exception_at_a_step_leaves_all_or_nothing(engine: Engine, clock: Hands, step: str) -> None:
    def steps(reached: str) -> None:
        if reached == step:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send_in(SqlRequests(engine, secret, Box, clock, steps))
    with SqlRequests(engine, secret, Box, clock).work(SCHOOL) as work:
        kept = (work.filed("key-1"), len(work.requests()), len(work.trail()))
    waiting = Outbox(engine, secret, Box, clock).counts()
    assert (*kept, waiting) == ((REF, 1, 1, {"waiting": 1}) if step == "committed" else ("", 0, 0, {}))


# --- beside the cases -------------------------------------------------------------------------------------------------
def test_notices_about_requests_and_accounts_are_delivered_seen_and_taken_back(
    sql_requests: SqlRequests, engine: Engine, clock: Hands
) -> None:
    send_in(sql_requests)
    with sql_requests.work(SCHOOL) as work:
        work.add_entry(account())
        work.notify(Notice(SCHOOL, ENTRY, "l.leader", "duty"), "keyed-leader")
    outbox, inbox = Outbox(engine, secret, Box, clock), Inbox(engine, clock)
    taken = outbox.claim(10, 60)
    assert [(one.notice.ref, one.notice.to, one.notice.template, inbox.deliver(one)) for one in taken] == [
        (REF, "l.leader", "ask", True),
        (ENTRY, "l.leader", "duty", True),
    ]
    with sql_requests.work(SCHOOL) as work:
        brought = [one.ref for one in work.notices("keyed-leader")]
        assert (brought, work.withdraw(REF), work.withdraw(ENTRY)) == ([ENTRY, REF], 1, 1)
    assert outbox.counts() == {"withdrawn": 2}


def test_cases_and_requests_share_an_inbox_and_each_sees_its_own_alone(
    sql_requests: SqlRequests, engine: Engine, clock: Hands
) -> None:
    sql_records = SqlRecords(engine, secret, Box, clock)
    file(sql_records)
    send_in(sql_requests)
    with sql_requests.work(SCHOOL) as work:
        work.add_entry(account())
        work.notify(Notice(SCHOOL, ENTRY, "l.leader", "duty"), "keyed-leader")
    with sql_records.work(SCHOOL) as cases:
        cases.notify(Notice(SCHOOL, "WH-0001", "l.leader", "new"), "keyed-leader")
    inbox = Inbox(engine, clock)
    assert all(inbox.deliver(one) for one in Outbox(engine, secret, Box, clock).claim(10, 60))

    def unseen() -> list[list[str]]:
        found = []
        for records in (sql_records, sql_requests):  # one after the other: the first would keep the second waiting
            with records.work(SCHOOL) as work:
                found.append([one.ref for one in work.notices("keyed-leader")])
        return found

    assert unseen() == [["WH-0001"], [ENTRY, REF]]
    with sql_requests.work(SCHOOL) as work:
        work.saw("keyed-leader", [REF, "WH-0001"])
    assert unseen() == [["WH-0001"], [ENTRY]]
    with sql_records.work(SCHOOL) as cases:
        cases.saw("keyed-leader")
    assert unseen() == [[], [ENTRY]]


def test_cases_and_requests_of_a_school_share_one_audit_chain(
    sql_records: SqlRecords, sql_requests: SqlRequests, engine: Engine
) -> None:
    file(sql_records)
    send_in(sql_requests)
    file(sql_records, "WH-0002", "key-2")
    with sql_requests.work(SCHOOL) as work:
        links = [(link.seq, link.action, link.ref) for link in work.trail()]
    assert links == [(1, "file", "WH-0001"), (2, "submitted", REF), (3, "file", "WH-0002")]
    assert Audit(engine, secret).verify(SCHOOL) == ()


def test_a_case_is_no_request_and_a_request_no_case(sql_records: SqlRecords, sql_requests: SqlRequests) -> None:
    file(sql_records)
    send_in(sql_requests)
    with sql_requests.work(SCHOOL) as work:
        assert (work.request("WH-0001"), len(work.requests())) == (None, 1)
    with sql_records.work(SCHOOL) as cases:
        assert (cases.case(REF), len(cases.cases())) == (None, 1)
    with pytest.raises(NotRecorded), sql_requests.work(SCHOOL) as work:
        work.notify(Notice(SCHOOL, "WH-0001", "l.leader", "ask"), "keyed-leader")


# --- what was written -------------------------------------------------------------------------------------------------
def test_a_text_opens_in_its_own_place_and_nowhere_else() -> None:
    box = RequestBox(secret, Box)
    closed = box.close(SCHOOL, f"{REF}/1", Sealed("for \ud83d the netball team"))
    assert box.open(SCHOOL, f"{REF}/1", closed).reveal() == "for \ud83d the netball team"
    changed = (
        (OTHER, f"{REF}/1", closed),
        (SCHOOL, f"{REF}/2", closed),
        (SCHOOL, f"{REF}/1", replace(closed, body=closed.body[:-1] + bytes([closed.body[-1] ^ 1]))),
        (SCHOOL, f"{REF}/1", replace(closed, digest="é")),
    )
    for place in changed:
        with pytest.raises(CannotOpen):
            box.open(*place)


def test_a_digest_stays_when_the_key_of_the_box_is_another() -> None:
    def turned(school: str, name: str) -> bytes:
        return secret(school, "box-2" if name == "box" else name)

    before, after = RequestBox(secret, Box), RequestBox(turned, Box)
    closed = before.close(SCHOOL, f"{REF}/1", Sealed("netball"))
    again = after.close(SCHOOL, f"{REF}/1", before.open(SCHOOL, f"{REF}/1", closed))
    assert (again.digest, after.open(SCHOOL, f"{REF}/1", again).reveal()) == (closed.digest, "netball")
    other = (before.close(*place, Sealed("netball")).digest for place in ((SCHOOL, f"{REF}/2"), (OTHER, f"{REF}/1")))
    assert closed.digest not in other
