"""Tables of `reference`."""

from __future__ import annotations

revision = "0004_reference"
down_revision = "0003_qa"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
