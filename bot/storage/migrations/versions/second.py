"""Requests and the register, which are only ever added to; notices may be about them as well as about cases."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "first"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = ("requests", "request_entries", "register", "register_lines", "delegations")


def upgrade() -> None:
    """Let notices be about anything, make the new tables, then their triggers."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:  # it drops and copies the table, which inbox must not refer to meanwhile
        op.execute("CREATE TABLE inbox_aside AS SELECT * FROM inbox")
        op.execute("DELETE FROM inbox")
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint("fk_notices_ref", type_="foreignkey")
    if sqlite:
        op.execute("INSERT INTO inbox SELECT * FROM inbox_aside")
        op.execute("DROP TABLE inbox_aside")
    requests()
    register()
    for table in NEW:
        for statement in SQLITE if sqlite else POSTGRES:
            op.execute(statement.format(table=table))


def requests() -> None:
    op.create_table(
        "requests",
        sa.Column("number", NUMBER, nullable=False),
        *texts("ref", "school", "key", "form", "requester", "stages"),
        sa.Column("days", sa.Integer(), nullable=False),
        *texts("register"),
        sa.Column("recorded_only", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_requests"),
        sa.UniqueConstraint("ref", name="uq_requests_ref"),
        sa.UniqueConstraint("school", "key", name="uq_requests_school"),
    )
    op.create_table(
        "request_entries",
        *line(),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("digest", sa.Text()),
        sa.ForeignKeyConstraint(["ref"], ["requests.ref"], name="fk_request_entries_ref"),
        sa.PrimaryKeyConstraint("ref", "seq", name="pk_request_entries"),
    )
    op.create_table(
        "delegations",
        sa.Column("number", NUMBER, nullable=False),
        *texts("school", "by", "to"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_delegations"),
    )
    op.create_index("ix_delegations_school", "delegations", ["school"])


def register() -> None:
    op.create_table(
        "register",
        sa.Column("number", NUMBER, nullable=False),
        *texts("ref", "school", "request", "kind"),
        moment("added"),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_register"),
        sa.UniqueConstraint("ref", name="uq_register_ref"),
    )
    op.create_index("ix_register_school", "register", ["school"])
    op.create_table(
        "register_lines",
        *line(),
        sa.ForeignKeyConstraint(["ref"], ["register.ref"], name="fk_register_lines_ref"),
        sa.PrimaryKeyConstraint("ref", "seq", name="pk_register_lines"),
    )


def line() -> list[sa.Column[Any]]:
    return [*texts("ref"), sa.Column("seq", sa.Integer(), nullable=False), moment("at"), *texts("kind", "by", "facts")]


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


SQLITE = tuple(
    f"""CREATE TRIGGER {{table}}_{act.lower()} BEFORE {act} ON {{table}}
        BEGIN SELECT RAISE(ABORT, '{{table}} is only ever added to'); END"""
    for act in ("UPDATE", "DELETE")
)

POSTGRES = (
    "CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION only_added_to()",
    "CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()",
)
