"""Where a dataset stands is a function of the database, planned once for each connection."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011_standing"
down_revision = "0010_links"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "standing.sql"


def upgrade() -> None:
    # the driver's own cursor: in SQLAlchemy's text a colon would be a parameter
    op.get_bind().exec_driver_sql(SQL.read_text("utf-8"))


def downgrade() -> None:
    op.execute(sa.text("drop function if exists satudata_standing(text, boolean)"))
