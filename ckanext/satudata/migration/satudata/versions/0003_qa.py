"""Tables of `qa`."""

from __future__ import annotations

revision = "0003_qa"
down_revision = "0002_publication"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
