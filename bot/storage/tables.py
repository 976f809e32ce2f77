"""The tables of the records, as the latest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC on both databases; SQLite by itself would forget the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; raises ValueError for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Number = BigInteger().with_variant(Integer, "sqlite")
"""A number that counts up by itself; SQLite does that for its own integers only."""


def _text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=False, **options)


def _case() -> ForeignKey:
    return ForeignKey("cases.ref")


cases = Table(
    "cases",
    metadata,
    _text("ref", primary_key=True),
    _text("school"),
    _text("key"),
    _text("kind"),
    _text("state"),
    Column("opened", Moment, nullable=False),
    _text("ladder"),
    Column("reached", Integer, nullable=False),
    _text("reporter"),
    _text("subject"),
    _text("level"),
    _text("outcome"),
    Column("urgent", Boolean, nullable=False),
    Column("unsure", Boolean, nullable=False),
    _text("theme"),
    _text("route"),
    _text("guidance"),
    Column("hold", Boolean, nullable=False),
    _text("retention"),
    _text("review_on"),
    _text("period"),
    UniqueConstraint("school", "key"),
)

bars = Table("bars", metadata, _text("ref", _case(), primary_key=True), _text("keyed", primary_key=True))

members = Table("members", metadata, _text("ref", _case(), primary_key=True), _text("person", primary_key=True))

entries = Table(
    "entries",
    metadata,
    _text("ref", _case(), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    _text("kind"),
    _text("by"),
    _text("facts"),
    Column("body", LargeBinary),
    Column("period", Text),
)

wraps = Table(
    "wraps",
    metadata,
    _text("ref", _case(), primary_key=True),
    Column("seq", Integer, primary_key=True),
    _text("holder", primary_key=True),
    _text("key_id", primary_key=True),
    _text("suite"),
    Column("wrapped", LargeBinary, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Number, primary_key=True),
    _text("school"),
    _text("ref"),
    Column("recipient", LargeBinary, nullable=False),
    _text("keyed"),
    _text("template"),
    _text("state"),
    Column("created", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("lease_token", Text),
    Column("sent_at", Moment),
    Index(None, "state", "id"),
    Index(None, "ref", "keyed", "id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("notice", Number, ForeignKey("notices.id"), primary_key=True, autoincrement=False),
    _text("school"),
    _text("keyed"),
    _text("ref"),
    _text("template"),
    Column("at", Moment, nullable=False),
    Column("seen", Moment),
    Index(None, "school", "keyed"),
)

requests = Table(
    "requests",
    metadata,
    Column("number", Number, primary_key=True),
    _text("ref"),
    _text("school"),
    _text("key"),
    _text("form"),
    _text("requester"),
    _text("stages"),
    Column("days", Integer, nullable=False),
    _text("register"),
    Column("recorded_only", Boolean, nullable=False),
    UniqueConstraint("ref"),
    UniqueConstraint("school", "key"),
)

request_entries = Table(
    "request_entries",
    metadata,
    _text("ref", ForeignKey("requests.ref"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    _text("kind"),
    _text("by"),
    _text("facts"),
    Column("body", LargeBinary),
    Column("digest", Text),
)

register = Table(
    "register",
    metadata,
    Column("number", Number, primary_key=True),
    _text("ref"),
    _text("school"),
    _text("request"),
    _text("kind"),
    Column("added", Moment, nullable=False),
    Column("account", LargeBinary, nullable=False),
    UniqueConstraint("ref"),
    Index(None, "school"),
)

register_lines = Table(
    "register_lines",
    metadata,
    _text("ref", ForeignKey("register.ref"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    _text("kind"),
    _text("by"),
    _text("facts"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("number", Number, primary_key=True),
    _text("school"),
    _text("by"),
    _text("to"),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Index(None, "school"),
)

audit = Table(
    "audit",
    metadata,
    _text("school", primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    _text("action"),
    _text("ref"),
    _text("by"),
    _text("digest"),
    _text("mac"),
)

drafts = Table(
    "drafts",
    metadata,
    _text("school", primary_key=True),
    _text("keyed", primary_key=True),
    _text("form", primary_key=True),
    Column("box", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

links = Table(
    "links",
    metadata,
    _text("token_hash", primary_key=True),
    _text("school"),
    _text("keyed"),
    Column("person", LargeBinary, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("used_at", Moment),
)

seen = Table(
    "seen",
    metadata,
    _text("key", primary_key=True),
    _text("by"),
    Column("at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("done", Boolean, nullable=False),
    Index(None, "at"),
)

tokens = Table(
    "tokens",
    metadata,
    _text("workspace", primary_key=True),
    Column("box", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

places = Table("places", metadata, _text("name", primary_key=True), _text("school"))

states = Table("states", metadata, _text("state_hash", primary_key=True), Column("expires", Moment, nullable=False))

heartbeats = Table("heartbeats", metadata, _text("name", primary_key=True), Column("at", Moment, nullable=False))


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, which both databases have and SQL has not."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
