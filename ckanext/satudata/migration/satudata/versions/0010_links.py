"""Linked files; what another extension only hid is closed; the triggers count by the day of the portal's zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.publication import triggers

revision = "0010_links"
down_revision = "0009_withdrawals"
branch_labels = None
depends_on = None

# ckanext-datasetapproval (and the fork that came with the national container images) hid these by labels and a search
# filter of its own and left them public in CKAN's terms, so 0002 took them for public. CKAN 2.11 keeps extras as rows.
STATUS = (
    "(select e.value from package_extra e"
    " where e.package_id = p.id and e.key = 'publishing_status' and e.state = 'active')"
    if hasattr(model, "PackageExtra")
    else "p.extras ->> 'publishing_status'"
)
# Only what nobody here has decided on: adopted as it was, never published by our workflow.
HELD_BACK = f"""
select p.id from package p
  join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
 where p.private is not true and p.state = 'active'
   and c.state = 'published' and c.basis = 'adopted'
   and not exists (select 1 from satudata_publication o where o.dataset_id = p.id)
   and {STATUS} in ('draft', 'in_review', 'rejected')
"""
CLOSE = "update package set private = true, metadata_modified = now() at time zone 'UTC' where id = any(:ids)"
DRAFT = """
update satudata_case
   set state = 'draft', stage = null, approved = false, basis = 'workflow', due = null, since = now()
 where subject_type = 'dataset' and subject_id = any(:ids)
"""
# The clock brings the index up to date within a minute.
REMEMBER = """
insert into satudata_reindex (dataset_id, since) select unnest(cast(:ids as text[])), now() - interval '1 minute'
on conflict (dataset_id) do update set since = excluded.since
"""


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    _links()
    triggers.install(op.get_bind())
    _close()


def _close() -> None:
    bind = op.get_bind()
    ids = list(bind.execute(sa.text(HELD_BACK)).scalars())
    bind.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    for statement in (CLOSE, DRAFT, REMEMBER):
        bind.execute(sa.text(statement), {"ids": ids})
    bind.execute(sa.text("select set_config('satudata.pass', '', true)"))


def _links() -> None:
    op.create_table(
        "satudata_link",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("detail", JSONB),
        sa.Column("asked_by", sa.Text),
        _moment("asked", nullable=False),
        _moment("nudged"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        _moment("started"),
        _moment("finished"),
        sa.Column("sha256", sa.Text, index=True),
        _moment("look_next"),
        sa.Column("look_state", sa.Text),
        _moment("look_since"),
        sa.Column("look_failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("look_code", sa.Text),
        sa.Column("look_sha256", sa.Text),
        sa.Column("look_etag", sa.Text),
        sa.Column("look_modified", sa.Text),
        sa.CheckConstraint("state in ('waiting', 'fetching', 'fetched', 'failed')", name="satudata_link_state"),
        sa.CheckConstraint("look_state in ('same', 'changed', 'dead')", name="satudata_link_look_state"),
    )
    open_states = sa.text("state in ('waiting', 'fetching')")
    op.create_index("satudata_link_open", "satudata_link", ["asked"], postgresql_where=open_states)
    watched = sa.text("look_next is not null")
    op.create_index("satudata_link_watched", "satudata_link", ["look_next"], postgresql_where=watched)


def downgrade() -> None:
    op.drop_table("satudata_link")
