"""Tables of `workflow`."""

from __future__ import annotations

revision = "0001_workflow"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
