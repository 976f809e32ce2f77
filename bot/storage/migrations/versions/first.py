"""The first tables, and what keeps history as it was written."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table, then the triggers of this database."""
    cases()
    written()
    sent()
    alone()
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[op.get_bind().dialect.name]:
        op.execute(statement)


def cases() -> None:
    op.create_table(
        "cases",
        *texts("ref", "school", "key", "kind", "state"),
        moment("opened"),
        *texts("ladder"),
        sa.Column("reached", sa.Integer(), nullable=False),
        *texts("reporter", "subject", "level", "outcome"),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        *texts("theme", "route", "guidance"),
        sa.Column("hold", sa.Boolean(), nullable=False),
        *texts("retention", "review_on", "period"),
        sa.PrimaryKeyConstraint("ref", name="pk_cases"),
        sa.UniqueConstraint("school", "key", name="uq_cases_school"),
    )
    for table, column in (("bars", "keyed"), ("members", "person")):
        op.create_table(
            table,
            *texts("ref", column),
            sa.ForeignKeyConstraint(["ref"], ["cases.ref"], name=f"fk_{table}_ref"),
            sa.PrimaryKeyConstraint("ref", column, name=f"pk_{table}"),
        )


def written() -> None:
    op.create_table(
        "entries",
        *texts("ref"),
        sa.Column("seq", sa.Integer(), nullable=False),
        moment("at"),
        *texts("kind", "by", "facts"),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("period", sa.Text()),
        sa.ForeignKeyConstraint(["ref"], ["cases.ref"], name="fk_entries_ref"),
        sa.PrimaryKeyConstraint("ref", "seq", name="pk_entries"),
    )
    op.create_table(
        "wraps",
        *texts("ref"),
        sa.Column("seq", sa.Integer(), nullable=False),
        *texts("holder", "key_id", "suite"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["cases.ref"], name="fk_wraps_ref"),
        sa.PrimaryKeyConstraint("ref", "seq", "holder", "key_id", name="pk_wraps"),
    )


def sent() -> None:
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, nullable=False),
        *texts("school", "ref"),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        *texts("keyed", "template", "state"),
        *(moment("created"), moment("not_before")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("lease_until", nullable=True),
        sa.Column("lease_token", sa.Text()),
        moment("sent_at", nullable=True),
        sa.ForeignKeyConstraint(["ref"], ["cases.ref"], name="fk_notices_ref"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_state", "notices", ["state", "id"])
    op.create_index("ix_notices_ref", "notices", ["ref", "keyed", "id"])
    op.create_table(
        "inbox",
        sa.Column("notice", NUMBER, autoincrement=False, nullable=False),
        *texts("school", "keyed", "ref", "template"),
        *(moment("at"), moment("seen", nullable=True)),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name="fk_inbox_notice"),
        sa.PrimaryKeyConstraint("notice", name="pk_inbox"),
    )
    op.create_index("ix_inbox_school", "inbox", ["school", "keyed"])


def alone() -> None:
    op.create_table(
        "audit",
        *texts("school"),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        moment("at"),
        *texts("action", "ref", "by", "digest", "mac"),
        sa.PrimaryKeyConstraint("school", "seq", name="pk_audit"),
    )
    op.create_table(
        "drafts",
        *texts("school", "keyed", "form"),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        moment("at"),
        sa.PrimaryKeyConstraint("school", "keyed", "form", name="pk_drafts"),
    )
    op.create_table(
        "links",
        *texts("token_hash", "school", "keyed"),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        *(moment("expires"), moment("used_at", nullable=True)),
        sa.PrimaryKeyConstraint("token_hash", name="pk_links"),
    )
    op.create_table("heartbeats", *texts("name"), moment("at"), sa.PrimaryKeyConstraint("name", name="pk_heartbeats"))


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def moment(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


# What is written stays. A body may go only once its case stands as deleted, and a text's period may change.
SQLITE = (
    *(
        f"""CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"""
        for table, act in (("audit", "UPDATE"), ("audit", "DELETE"), ("entries", "DELETE"))
    ),
    """CREATE TRIGGER entries_update BEFORE UPDATE ON entries
       WHEN OLD.ref <> NEW.ref OR OLD.seq <> NEW.seq OR OLD.at <> NEW.at OR OLD.kind <> NEW.kind OR OLD."by" <> NEW."by"
         OR OLD.facts <> NEW.facts
         OR (OLD.body IS NOT NEW.body AND (NEW.body IS NOT NULL
             OR NOT EXISTS (SELECT 1 FROM cases WHERE ref = OLD.ref AND state = 'deleted')))
       BEGIN SELECT RAISE(ABORT, 'entries is only ever added to'); END""",
)

POSTGRES = (
    """CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.ref, OLD.seq, OLD.at, OLD.kind, OLD."by", OLD.facts)
              IS DISTINCT FROM (NEW.ref, NEW.seq, NEW.at, NEW.kind, NEW."by", NEW.facts)
            OR (OLD.body IS DISTINCT FROM NEW.body AND (NEW.body IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM cases WHERE ref = OLD.ref AND state = 'deleted')))
         THEN RAISE EXCEPTION 'entries is only ever added to'; END IF;
         RETURN NEW;
       END $$""",
    "CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION only_added_to()",
    "CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()",
    "CREATE TRIGGER entries_delete BEFORE DELETE ON entries FOR EACH ROW EXECUTE FUNCTION only_added_to()",
    "CREATE TRIGGER entries_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()",
    "CREATE TRIGGER entries_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_stay()",
)
