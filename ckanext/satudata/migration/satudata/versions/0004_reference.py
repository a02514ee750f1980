"""Tables of `reference`: imported lists, their editions side by side, and the codes of each edition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_reference"
down_revision = "0003_qa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_reference_list",
        sa.Column("key", sa.Text, primary_key=True),  # wilayah_kemendagri
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_reference_edition",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("list_key", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),  # the decree: Kepmendagri 300.2.2-2430/2025
        sa.Column("valid_from", sa.Date),
        sa.Column("source", sa.Text, nullable=False),  # attribution, as the licence asks for it
        sa.Column("content_hash", sa.Text, nullable=False),  # sha256 over the codes
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("imported", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("list_key", "edition", name="satudata_reference_edition_once"),
    )
    op.create_index(
        "satudata_reference_edition_current",
        "satudata_reference_edition",
        ["list_key"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "satudata_reference_entry",
        sa.Column("edition_id", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("aliases", sa.Text, nullable=False, server_default=""),  # parted by |
    )
    op.create_index("satudata_reference_entry_parent", "satudata_reference_entry", ["edition_id", "parent"])


def downgrade() -> None:
    op.drop_table("satudata_reference_entry")
    op.drop_table("satudata_reference_edition")
    op.drop_table("satudata_reference_list")
