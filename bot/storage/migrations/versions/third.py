"""What has come in from a chat platform before, the tokens of workspaces, and installations under way."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "third"
down_revision = "second"


def upgrade() -> None:
    """Make the new tables."""
    op.create_table(
        "seen",
        text("key"),
        text("by"),
        moment("at"),
        moment("lease_until"),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen"),
    )
    op.create_index("ix_seen_at", "seen", ["at"])
    op.create_table(
        "tokens",
        text("workspace"),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        moment("at"),
        sa.PrimaryKeyConstraint("workspace", name="pk_tokens"),
    )
    op.create_table(
        "states",
        text("state_hash"),
        moment("expires"),
        sa.PrimaryKeyConstraint("state_hash", name="pk_states"),
    )
    op.create_table("places", text("name"), text("school"), sa.PrimaryKeyConstraint("name", name="pk_places"))


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
