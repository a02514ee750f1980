"""Tables of working copies, as migration ``0008_copies`` makes them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model import meta
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.bridge.columns import moment

PLAN_FORMAT = 1
KINDS = ("perubahan", "periode", "ralat")

# One row for each working copy that ever was; at most one of a dataset is open.
copy = sa.Table(
    "satudata_copy",
    meta.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("copy_id", sa.Text, nullable=False),
    sa.Column("copy_name", sa.Text, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    moment("opened", nullable=False),
    sa.Column("base_hash", sa.Text, nullable=False),
    sa.Column("public_hash", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    moment("closed"),
    sa.Column("closed_by", sa.Text),
    sa.Column("closed_note", sa.Text),
    sa.Column("removed", sa.Boolean, nullable=False, default=False),
)

# Which public file a file of the copy stands for. One that was added to the copy has no row: it keeps its id when the
# copy becomes the public version.
pair = sa.Table(
    "satudata_copy_resource",
    meta.metadata,
    sa.Column("copy_resource_id", sa.Text, primary_key=True),
    sa.Column("copy_id", sa.Text, nullable=False),
    sa.Column("public_resource_id", sa.Text, nullable=False),
    sa.Column("views", JSONB, nullable=False),
)

# The journal: `committed` is written with the new version itself, `done` when the tables of the DataStore followed.
swap = sa.Table(
    "satudata_swap",
    meta.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("copy_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("plan", JSONB, nullable=False),
    sa.Column("format", sa.Integer, nullable=False, default=PLAN_FORMAT),
    moment("created", nullable=False),
    moment("changed", nullable=False),
)

# What was public, one row for each approved version.
version = sa.Table(
    "satudata_version",
    meta.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("snapshot", JSONB(none_as_null=True)),
    sa.Column("blobs", JSONB, nullable=False),
    sa.Column("format", sa.Integer, nullable=False, default=1),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    moment("published"),
    sa.Column("published_by", sa.Text),
    sa.Column("copy_id", sa.Text),
)
