"""The tables of `workflow` as classes; made by migrations 0001 and 0006."""

from __future__ import annotations

from datetime import date, datetime
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
        sa.Column("returned_from", sa.Text),
        sa.Column("holder_id", sa.Text),
        moment("held_since"),
        sa.Column("batch_id", sa.Text),
        moment("release_at"),
        moment("verify_due"),
        sa.Column("qa_result", sa.Text),  # what the desk filters by; see :mod:`checked`
        sa.Column("qa", JSONB(none_as_null=True)),
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
    returned_from: Mapped[str | None]
    holder_id: Mapped[str | None]
    held_since: Mapped[datetime | None]
    batch_id: Mapped[str | None]
    release_at: Mapped[datetime | None]
    verify_due: Mapped[datetime | None]
    qa_result: Mapped[str | None]
    qa: Mapped[dict[str, Any] | None]


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
        sa.Column("reason_code", sa.Text),
        sa.Column("happened", sa.Date),
        sa.Column("letter", sa.Text),
        sa.Column("deputy_of", sa.Text),
        sa.Column("deputy_kind", sa.Text),
        sa.Column("automatic", sa.Boolean, nullable=False, default=False),
        moment("due"),
        moment("since"),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("request_hash", sa.Text),
        sa.Column("details", JSONB(none_as_null=True)),
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
    reason_code: Mapped[str | None]
    happened: Mapped[date | None]
    letter: Mapped[str | None]
    deputy_of: Mapped[str | None]
    deputy_kind: Mapped[str | None]
    automatic: Mapped[bool]
    due: Mapped[datetime | None]
    since: Mapped[datetime | None]
    idempotency_key: Mapped[str | None]
    request_hash: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]


class NoteRow(tk.BaseModel):
    """What a reviewer says about one field, column or check; carried from round to round until it is settled."""

    __table__ = sa.Table(
        "satudata_note",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("stage", sa.Text),
        sa.Column("target_type", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("resource_id", sa.Text),
        sa.Column("label", sa.Text, nullable=False, default=""),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        moment("created", nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False, default="pending"),
        sa.Column("explanation", sa.Text),
        sa.Column("explained_by", sa.Text),
        moment("explained_at"),
        sa.Column("judged_by", sa.Text),
        moment("judged_at"),
    )
    id: Mapped[str]
    case_id: Mapped[str]
    round: Mapped[int]
    stage: Mapped[str | None]
    target_type: Mapped[str]
    target: Mapped[str | None]
    resource_id: Mapped[str | None]
    label: Mapped[str]
    text: Mapped[str]
    author_id: Mapped[str]
    created: Mapped[datetime]
    event_id: Mapped[str | None]
    state: Mapped[str]
    explanation: Mapped[str | None]
    explained_by: Mapped[str | None]
    explained_at: Mapped[datetime | None]
    judged_by: Mapped[str | None]
    judged_at: Mapped[datetime | None]


class EvidenceRow(tk.BaseModel):
    """A file that belongs to a decision; its bytes lie in the private store, never in CKAN's uploads."""

    __table__ = sa.Table(
        "satudata_evidence",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mimetype", sa.Text),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        moment("created", nullable=False),
        moment("removed"),
    )
    id: Mapped[str]
    case_id: Mapped[str]
    event_id: Mapped[str | None]
    kind: Mapped[str]
    name: Mapped[str]
    mimetype: Mapped[str | None]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by: Mapped[str]
    created: Mapped[datetime]
    removed: Mapped[datetime | None]


class BatchRow(tk.BaseModel):
    """Datasets that are checked together, when all of them are there."""

    __table__ = sa.Table(
        "satudata_batch",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("title", sa.Text, nullable=False),
        moment("created", nullable=False),
        sa.Column("created_by", sa.Text),
        moment("closed"),
    )
    id: Mapped[str]
    title: Mapped[str]
    created: Mapped[datetime]
    created_by: Mapped[str | None]
    closed: Mapped[datetime | None]


# Tanda terima: who confirmed having read a decision.
receipt = sa.Table(
    "satudata_receipt",
    tk.BaseModel.metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("role", sa.Text),
    moment("at", nullable=False),
)

# One link for each event, in the order of the commits; written by a trigger, see migration 0006.
chain = sa.Table(
    "satudata_chain",
    tk.BaseModel.metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    moment("created", nullable=False),
)

# Who changed the content of a round; round 1 is everything before the first submission.
author = sa.Table(
    "satudata_author",
    tk.BaseModel.metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    moment("since", nullable=False),
)
