"""Tables of the withdrawals, as migration ``0009_withdrawals`` makes them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model import meta

# What was taken from the public: a dataset, one of its resources or one earlier version. ``title`` and
# ``public_reason`` stay empty for a takedown: nothing of the content is told. ``ended``: public again, or superseded.
withdrawal = sa.Table(
    "satudata_withdrawal",
    meta.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),  # unpublish, takedown
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("public_reason", sa.Text),
    sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=False),
    sa.Column("by", sa.Text, nullable=False),  # not public
    sa.Column("resource_id", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("ended", sa.DateTime(timezone=True)),
    extend_existing=True,
)

# What has to be erased outside of CKAN's database, and, once that is done, the log of what was removed and why.
removal = sa.Table(
    "satudata_removal",
    meta.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # blob, table, csv, judged
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("dataset_id", sa.Text),
    sa.Column("resource_id", sa.Text),
    sa.Column("why", sa.Text, nullable=False),  # unpublish, takedown, gc, retention
    sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
    sa.Column("removed", sa.DateTime(timezone=True)),
    sa.Column("size", sa.BigInteger),  # bytes that were freed
    sa.Column("error", sa.Text),
    extend_existing=True,
)
