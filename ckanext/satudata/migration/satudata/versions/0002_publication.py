"""Tables of `publication`."""

from __future__ import annotations

revision = "0002_publication"
down_revision = "0001_workflow"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
