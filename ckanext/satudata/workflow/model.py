"""The tables of `workflow` as classes; made by migration 0001."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from ckanext.satudata.bridge.columns import moment, new_id

EVENT_FORMAT = 1


class StoredDefinition(tk.BaseModel):
    """A workflow as it was when the first case took it."""

    __table__ = sa.Table(
        "satudata_definition",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        moment("created", nullable=False),
    )
    id: Mapped[str]
    key: Mapped[str]
    hash: Mapped[str]
    source: Mapped[str]
    created: Mapped[datetime]


class CaseRow(tk.BaseModel):
    """Where the thing that is decided on stands."""

    __table__ = sa.Table(
        "satudata_case",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, default="draft"),
        sa.Column("stage", sa.Text),
        sa.Column("round", sa.Integer, nullable=False, default=0),
        sa.Column("definition_id", sa.Text),
        sa.Column("organization_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False, default=""),
        sa.Column("present", sa.Boolean, nullable=False, default=True),
        sa.Column("facts", JSONB, nullable=False, default=dict),
        sa.Column("approved", sa.Boolean, nullable=False, default=False),
        sa.Column("basis", sa.Text, nullable=False, default="workflow"),
        sa.Column("content_hash", sa.Text),
        moment("since", nullable=False),
        moment("due"),
        moment("created", nullable=False),
    )
    id: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    state: Mapped[str]
    stage: Mapped[str | None]
    round: Mapped[int]
    definition_id: Mapped[str | None]
    organization_id: Mapped[str | None]
    title: Mapped[str]
    present: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    approved: Mapped[bool]
    basis: Mapped[str]
    content_hash: Mapped[str | None]
    since: Mapped[datetime]
    due: Mapped[datetime | None]
    created: Mapped[datetime]


class EventRow(tk.BaseModel):
    """One step that was taken. The database refuses to change or delete it."""

    __table__ = sa.Table(
        "satudata_event",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("transition", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text, nullable=False),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("from_stage", sa.Text),
        sa.Column("to_stage", sa.Text),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("actor_role", sa.Text),
        sa.Column("actor_position", sa.Text),
        sa.Column("override", sa.Boolean, nullable=False, default=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("definition_id", sa.Text),
        sa.Column("content_hash", sa.Text),
        sa.Column("snapshot", JSONB(none_as_null=True)),
        sa.Column("format", sa.Integer, nullable=False, default=EVENT_FORMAT),
        moment("created", nullable=False),
    )
    id: Mapped[str]
    seq: Mapped[int]
    case_id: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    transition: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str | None]
    round: Mapped[int]
    actor_id: Mapped[str]
    actor_role: Mapped[str | None]
    actor_position: Mapped[str | None]
    override: Mapped[bool]
    channel: Mapped[str]
    note: Mapped[str | None]
    reason: Mapped[str | None]
    definition_id: Mapped[str | None]
    content_hash: Mapped[str | None]
    snapshot: Mapped[dict[str, Any] | None]
    format: Mapped[int]
    created: Mapped[datetime]


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


# Who changed the content of a round; round 1 is everything before the first submission.
author = sa.Table(
    "satudata_author",
    tk.BaseModel.metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    moment("since", nullable=False),
)
