"""The table of linked files, as migration ``0010_links`` makes it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model import meta
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.bridge.columns import moment

# One row for each file that is, or was, a link: where from, how far, what came of it; and what watching it shows.
link = sa.Table(
    "satudata_link",
    meta.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # waiting, fetching, fetched, failed
    sa.Column("code", sa.Text),
    sa.Column("detail", JSONB(none_as_null=True)),
    sa.Column("asked_by", sa.Text),
    moment("asked", nullable=False),
    moment("nudged"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    moment("started"),
    moment("finished"),
    sa.Column("sha256", sa.Text),
    # watching: only of what is published as a link
    moment("look_next"),
    sa.Column("look_state", sa.Text),  # same, changed, dead
    moment("look_since"),
    sa.Column("look_failures", sa.Integer, nullable=False, default=0),
    sa.Column("look_code", sa.Text),
    sa.Column("look_sha256", sa.Text),
    sa.Column("look_etag", sa.Text),
    sa.Column("look_modified", sa.Text),
)
