"""Tables of `notices`."""

from __future__ import annotations

revision = "0005_notices"
down_revision = "0004_reference"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
