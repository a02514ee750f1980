"""What people say to findings: explanations of producers, findings set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013_replies"
down_revision = "0012_glance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_qa_reply",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("resource_id", sa.Text, nullable=False),
        # the finding it was said to: its sentence and place, digests of its cells, and the bytes of the file then
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("variant", sa.Text, nullable=False, server_default=""),
        sa.Column("table_name", sa.Text, nullable=False, server_default=""),
        sa.Column("column_name", sa.Text),
        sa.Column("cells", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_text", sa.Text),
        sa.CheckConstraint("kind in ('explanation', 'waiver')", name="satudata_qa_reply_kind"),
    )
    holding = sa.text("ended is null")
    op.create_index("satudata_qa_reply_holding", "satudata_qa_reply", ["resource_id"], postgresql_where=holding)


def downgrade() -> None:
    op.drop_table("satudata_qa_reply")
