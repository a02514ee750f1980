"""What may be done now is found by two questions, planned once for each connection."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012_glance"
down_revision = "0011_standing"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "glance.sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SQL.read_text("utf-8"))


def downgrade() -> None:
    op.execute(sa.text("drop function if exists satudata_glance(text, text, timestamptz)"))
    op.execute(sa.text("drop function if exists satudata_around(text)"))
