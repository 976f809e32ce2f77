"""The tables of the policy store, as migrations that run once each."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("policy_kb")


@migrations()
def create_policies_and_clauses(db: Database) -> None:
    """A row for each version of a policy, and for each clause of each version."""
    db.execute(
        "create table policies (id text not null, number integer not null, title text not null, "
        "organisation text not null, version text not null, approved text not null, review_due text not null, "
        "owner text not null, ask text not null, facts text not null, silences text not null, digest text not null, "
        "imported integer not null, current integer not null, stored_at text not null, primary key (id, number))"
    )
    db.execute(
        "create table clauses (policy text not null, number integer not null, position integer not null, "
        "id text not null, section text not null, text text not null, verdict text not null, condition text not null, "
        "binds text not null, intents text not null, form text not null, disclosure text not null, ask text not null, "
        "beside text not null, inferred integer not null, current integer not null, primary key (policy, number, id))"
    )
    db.table("clauses").enable_fts(["text", "section"], tokenize="porter unicode61", create_triggers=True)


@migrations()
def create_indexes(db: Database) -> None:
    """Fitted indexes by name, each with the digest of what it was learned from."""
    db.execute("create table indexes (name text primary key, digest text not null, dumped blob not null)")


@migrations()
def create_feedback(db: Database) -> None:
    """Helpful or not, by clause; never what was asked or by whom."""
    db.execute(
        "create table feedback (id integer primary key, policy text not null, clause text not null, "
        "helpful integer not null, at text not null)"
    )


@migrations()
def drop_full_text(db: Database) -> None:
    """The full text of all schools together; a search makes its own for the one policy that it is about."""
    for statement in ("trigger clauses_ai", "trigger clauses_ad", "trigger clauses_au", "table clauses_fts"):
        db.execute(f"drop {statement}")


@migrations()
def add_asked(db: Database) -> None:
    """The questions that a person linked to a clause."""
    db.execute("alter table clauses add column asked text not null default '[]'")
