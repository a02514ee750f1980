"""Tables of publication, as migration ``0002_publication`` makes them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model import meta

# Where the bytes of a resource are now. No row: the file lies at CKAN's own place (uploaded before the plugin).
blob = sa.Table(
    "satudata_blob",
    meta.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("blob_id", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
)

# Every blob that was ever uploaded, so that an earlier file can be found again.
blob_version = sa.Table(
    "satudata_blob_version",
    meta.metadata,
    sa.Column("blob_id", sa.Text, primary_key=True),
    sa.Column("resource_id", sa.Text, nullable=False, index=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
)

# No row means enforce: only an adopted portal starts with rows.
enforcement = sa.Table(
    "satudata_enforcement",
    meta.metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
)

# What the row triggers let through as in plain CKAN; follows the configuration.
exempt_type = sa.Table(
    "satudata_exempt_type",
    meta.metadata,
    sa.Column("type", sa.Text, primary_key=True),
)

# What would have been refused in an organization that is only observed: one row per dataset, kind and day.
observed = sa.Table(
    "satudata_observed",
    meta.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("organization_id", sa.Text),
)

# Data Prioritas is set by the walidata, never by an edit of the dataset.
priority = sa.Table(
    "satudata_priority",
    meta.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("data_prioritas", sa.Boolean, nullable=False),
    sa.Column("tahun", sa.Integer),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
)

# The judged table of a resource on its way into the DataStore.
rows = sa.Table(
    "satudata_rows",
    meta.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False, index=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # pending, loaded, failed, none (nothing to load)
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("count", sa.BigInteger),
    sa.Column("csv", sa.Text),  # file name of the checked table as CSV
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
)

# What the publish transition leaves for the public record; an adopted dataset has no row.
publication = sa.Table(
    "satudata_publication",
    meta.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("first_published", sa.DateTime(timezone=True), nullable=False),
    sa.Column("published", sa.DateTime(timezone=True), nullable=False),
    sa.Column("score", sa.Integer),  # 0–100 at the moment of publication
)

# Datasets whose index entry has to follow a decision; the row goes when the index has followed.
reindex = sa.Table(
    "satudata_reindex",
    meta.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
)
