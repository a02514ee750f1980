"""The next version of a published dataset: working copies, swaps and their journal, the versions that were public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008_copies"
down_revision = "0007_desk"
branch_labels = None
depends_on = None

# The desk and every list show a case under its title; that of a working copy must not look like the dataset itself.
TITLE = """
create function satudata_case_copy_title() returns trigger language plpgsql set search_path from current as $$
begin
  if NEW.subject_type = 'dataset' and NEW.title not like 'Perubahan: %'
     and exists (select 1 from satudata_copy c where c.copy_id = NEW.subject_id) then
    NEW.title := 'Perubahan: ' || NEW.title;
  end if;
  return NEW;
end $$;
create trigger satudata_case_copy_title before insert or update of title on satudata_case
  for each row execute function satudata_case_copy_title();
"""


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    _copies()
    _swaps()
    op.execute(TITLE)


def _copies() -> None:
    op.create_table(
        "satudata_copy",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("copy_id", sa.Text, nullable=False, unique=True),
        sa.Column("copy_name", sa.Text, nullable=False, unique=True),
        sa.Column("opened_by", sa.Text, nullable=False),
        _moment("opened", nullable=False),
        sa.Column("base_hash", sa.Text, nullable=False),  # its own content when it was opened
        sa.Column("public_hash", sa.Text, nullable=False),  # content of the published version then, without views
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("note", sa.Text),  # told to the public with the new version
        sa.Column("state", sa.Text, nullable=False),
        _moment("closed"),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_note", sa.Text),
        sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),  # CKAN's rows and tables are gone
        sa.CheckConstraint("state in ('open', 'merged', 'discarded')", name="satudata_copy_state"),
        sa.CheckConstraint("kind in ('perubahan', 'periode', 'ralat')", name="satudata_copy_kind"),
    )
    op.create_index(
        "satudata_copy_one_open",
        "satudata_copy",
        ["dataset_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "satudata_copy_resource",
        sa.Column("copy_resource_id", sa.Text, primary_key=True),
        sa.Column("copy_id", sa.Text, nullable=False, index=True),
        sa.Column("public_resource_id", sa.Text, nullable=False, index=True),
        sa.Column("views", JSONB, nullable=False),  # ids of the public views when the copy was opened
    )


def _swaps() -> None:
    op.create_table(
        "satudata_swap",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("copy_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("plan", JSONB, nullable=False),
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),  # of plan
        _moment("created", nullable=False),
        _moment("changed", nullable=False),
        sa.CheckConstraint("state in ('prepared', 'committed', 'done', 'aborted')", name="satudata_swap_state"),
    )
    op.create_index(
        "satudata_swap_unsettled", "satudata_swap", ["dataset_id"], postgresql_where=sa.text("state = 'committed'")
    )
    op.create_table(
        "satudata_version",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("snapshot", JSONB),  # null: its content was taken down
        sa.Column("blobs", JSONB, nullable=False),  # public resource id → blob id
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        _moment("published"),  # null: public before the plugin
        sa.Column("published_by", sa.Text),  # never told to the public
        sa.Column("copy_id", sa.Text),
        sa.CheckConstraint("kind in ('awal', 'perubahan', 'periode', 'ralat')", name="satudata_version_kind"),
    )


def downgrade() -> None:
    op.execute("drop trigger if exists satudata_case_copy_title on satudata_case")
    op.execute("drop function if exists satudata_case_copy_title()")
    for table in ("satudata_version", "satudata_swap", "satudata_copy_resource", "satudata_copy"):
        op.drop_table(table)
