"""Imported lists as tables. Shipped lists are files and are not here."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

list_table = sa.Table(
    "satudata_reference_list",
    tk.BaseModel.metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    extend_existing=True,
)

edition_table = sa.Table(
    "satudata_reference_edition",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("list_key", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("counts", JSONB, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("imported", sa.DateTime(timezone=True), nullable=False),
    extend_existing=True,
)

entry_table = sa.Table(
    "satudata_reference_entry",
    tk.BaseModel.metadata,
    sa.Column("edition_id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_until", sa.Date),
    sa.Column("aliases", sa.Text, nullable=False),
    extend_existing=True,
)
