"""Tables of `notices`: mail that waits or was sent, and notices inside the portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_notices"
down_revision = "0004_reference"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    op.create_table(
        "satudata_outbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),  # which mail: to_review, returned, …
        sa.Column("parameters", JSONB, nullable=False, server_default="{}"),
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),  # of parameters
        sa.Column("subject", sa.Text),  # written at the first attempt, the same on every repeat
        sa.Column("body", sa.Text),
        sa.Column("message_id", sa.Text, nullable=False, unique=True),  # the same on every repeat
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text),
        _moment("next_try", nullable=False),
        _moment("created", nullable=False),
        _moment("sent_at"),
        sa.CheckConstraint("state in ('waiting', 'sent', 'dropped')", name="satudata_outbox_state"),
    )
    op.create_index(
        "satudata_outbox_waiting", "satudata_outbox", ["next_try"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "satudata_notice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),  # which sentence: submitted, returned, …
        sa.Column("parameters", JSONB, nullable=False, server_default="{}"),
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),  # of parameters
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("link", sa.Text, nullable=False),  # a path inside the portal
        _moment("created", nullable=False),
        _moment("read"),
        sa.UniqueConstraint("user_id", "event_id", "key", name="satudata_notice_once"),
    )
    op.create_index("satudata_notice_user", "satudata_notice", ["user_id", "created"])


def downgrade() -> None:
    op.drop_table("satudata_notice")
    op.drop_table("satudata_outbox")
