"""Tables of `qa`: the queue of checks, and the reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_qa"
down_revision = "0002_publication"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_reports()
    _create_runs()


def _create_reports() -> None:
    op.create_table(
        "satudata_qa_report",
        sa.Column("id", sa.Text, primary_key=True),
        # sha256 over the bytes of the file, the data dictionary and the editions of the lists that were asked
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("report", postgresql.JSONB, nullable=False),
        sa.Column("readable", sa.Boolean, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("rows", sa.BigInteger),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("content_hash", "rule_version", name="satudata_qa_report_content"),
    )


def _create_runs() -> None:
    op.create_table(
        "satudata_qa_run",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False),
        # which upload of the resource, and which dictionary: a run for another pair says nothing about this one
        sa.Column("file_key", sa.Text, nullable=False),
        sa.Column("dictionary_hash", sa.Text, nullable=False),
        sa.Column("rules_key", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rows_done", sa.BigInteger),
        sa.Column("rows_total", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudged", sa.DateTime(timezone=True)),
        sa.Column("started", sa.DateTime(timezone=True)),
        sa.Column("heartbeat", sa.DateTime(timezone=True)),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text),
        sa.Column("report_id", sa.Text),
        sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed')", name="satudata_qa_run_state"),
    )
    op.create_index("satudata_qa_run_resource", "satudata_qa_run", ["resource_id", "queued"])
    op.create_index("satudata_qa_run_package", "satudata_qa_run", ["package_id"])
    # the same question is asked once at a time
    op.create_index(
        "satudata_qa_run_open",
        "satudata_qa_run",
        ["resource_id", "file_key", "dictionary_hash", "rules_key"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )


def downgrade() -> None:
    op.drop_table("satudata_qa_run")
    op.drop_table("satudata_qa_report")
