"""The tables of `people` as classes; made by migrations 0001 and 0006."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from ckanext.satudata.bridge.columns import moment, new_id


class GrantRow(tk.BaseModel):
    """A role given to a user, for one organization or for all."""

    __table__ = sa.Table(
        "satudata_grant",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("position", sa.Text),
        sa.Column("organization_id", sa.Text),
        moment("valid_from", nullable=False),
        moment("valid_until"),
        sa.Column("letter", sa.Text),
        moment("created", nullable=False),
        sa.Column("created_by", sa.Text),
        moment("ended"),
        sa.Column("ended_by", sa.Text),
        sa.Column("deputy_of", sa.Text),
        sa.Column("deputy_kind", sa.Text),
    )
    id: Mapped[str]
    user_id: Mapped[str]
    role: Mapped[str]
    position: Mapped[str | None]
    organization_id: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    letter: Mapped[str | None]
    created: Mapped[datetime]
    created_by: Mapped[str | None]
    ended: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    deputy_of: Mapped[str | None]
    deputy_kind: Mapped[str | None]


class OfficeChangeRow(tk.BaseModel):
    """An organization was renamed, merged or split, or somebody left: what moved, for the record."""

    __table__ = sa.Table(
        "satudata_office_change",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("from_id", sa.Text),
        sa.Column("to_id", sa.Text),
        sa.Column("letter", sa.Text),
        sa.Column("by", sa.Text),
        moment("at", nullable=False),
        sa.Column("details", JSONB, nullable=False, default=dict),
    )
    id: Mapped[str]
    kind: Mapped[str]
    from_id: Mapped[str | None]
    to_id: Mapped[str | None]
    letter: Mapped[str | None]
    by: Mapped[str | None]
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]


# A stage nobody can act in; told once until somebody can again.
vacancy = sa.Table(
    "satudata_vacancy",
    tk.BaseModel.metadata,
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("position", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text),
    moment("since", nullable=False),
    moment("told"),
)
