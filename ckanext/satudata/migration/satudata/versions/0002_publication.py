"""Tables of `publication`, the row triggers, and a case for every dataset that is already there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from ckan.common import config

from ckanext.satudata.publication import triggers

revision = "0002_publication"
down_revision = "0001_workflow"
branch_labels = None
depends_on = None

DEFAULT_EXEMPT = ["harvest", "showcase"]

# An existing portal is adopted, not reset: what is public stays public (basis "adopted", its own public mark), what is
# private is a draft.
SEED_CASES = """
insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id, title, present, since)
select 'dataset', p.id,
       case when open then 'published' else 'draft' end, open,
       case when open then 'adopted' else 'workflow' end,
       nullif(p.owner_org, ''), coalesce(p.title, ''), p.state is distinct from 'deleted',
       coalesce(p.metadata_modified at time zone 'UTC', now())
  from package p
 cross join lateral (select p.private is not true and p.state = 'active' as open) as visibility
 where not exists (select 1 from satudata_exempt_type e where e.type = coalesce(p.type, 'dataset'))
on conflict (subject_type, subject_id) do nothing
"""

# Rules are not switched on under people at work: every organization of an adopted portal is observed first.
SEED_OBSERVE = """
insert into satudata_enforcement (organization_id, mode, since)
select g.id, 'observe', now() from "group" g
 where g.is_organization
   and exists (select 1 from satudata_case c where c.subject_type = 'dataset' and c.present)
"""


def upgrade() -> None:
    _blobs()
    _guard_tables()
    _content_tables()
    types = config.get("ckanext.satudata.exempt_types", DEFAULT_EXEMPT)
    names = types.split() if isinstance(types, str) else types
    op.bulk_insert(sa.table("satudata_exempt_type", sa.column("type", sa.Text)), [{"type": name} for name in names])
    op.execute(SEED_CASES)
    op.execute(SEED_OBSERVE)
    triggers.install(op.get_bind())


def _blobs() -> None:
    op.create_table(
        "satudata_blob",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("blob_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_blob_version",
        sa.Column("blob_id", sa.Text, primary_key=True),
        sa.Column("resource_id", sa.Text, nullable=False, index=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )


def _guard_tables() -> None:
    op.create_table("satudata_exempt_type", sa.Column("type", sa.Text, primary_key=True))
    op.create_table(
        "satudata_enforcement",
        sa.Column("organization_id", sa.Text, primary_key=True),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode in ('observe', 'enforce')", name="satudata_enforcement_mode"),
    )
    op.create_table(
        "satudata_observed",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("organization_id", sa.Text, index=True),
    )


def _content_tables() -> None:
    op.create_table(
        "satudata_priority",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("data_prioritas", sa.Boolean, nullable=False),
        sa.Column("tahun", sa.Integer),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_rows",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("count", sa.BigInteger),
        sa.Column("csv", sa.Text),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('pending', 'loaded', 'failed', 'none')", name="satudata_rows_state"),
    )
    op.create_table(
        "satudata_publication",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("first_published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer),
    )
    op.create_table(
        "satudata_reindex",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    triggers.remove(op.get_bind())
    for table in (
        "satudata_reindex",
        "satudata_publication",
        "satudata_rows",
        "satudata_priority",
        "satudata_observed",
        "satudata_enforcement",
        "satudata_exempt_type",
        "satudata_blob_version",
        "satudata_blob",
    ):
        op.drop_table(table)
