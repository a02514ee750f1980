"""Out again: what was taken from the public, and the log of what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_withdrawals"
down_revision = "0008_copies"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    op.create_table(
        "satudata_withdrawal",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("public_reason", sa.Text),
        _moment("withdrawn", nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, index=True),
        sa.Column("version", sa.Integer),
        _moment("ended"),
        sa.CheckConstraint("kind in ('unpublish', 'takedown')", name="satudata_withdrawal_kind"),
        # nothing of the content is told of what was taken down
        sa.CheckConstraint(
            "kind = 'unpublish' or (title is null and public_reason is null)", name="satudata_withdrawal_silent"
        ),
    )
    holds = sa.text("ended is null")
    op.create_index("satudata_withdrawal_list", "satudata_withdrawal", ["withdrawn", "id"], postgresql_where=holds)
    op.create_table(
        "satudata_removal",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, index=True),
        sa.Column("resource_id", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        _moment("asked", nullable=False),
        _moment("removed"),
        sa.Column("size", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.CheckConstraint("kind in ('blob', 'table', 'csv', 'judged')", name="satudata_removal_kind"),
    )
    op.create_index("satudata_removal_due", "satudata_removal", ["asked"], postgresql_where=sa.text("removed is null"))


def downgrade() -> None:
    op.drop_table("satudata_removal")
    op.drop_table("satudata_withdrawal")
