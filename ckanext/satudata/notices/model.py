"""The tables of `notices` as classes; made by migrations 0005 and 0006."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from ckanext.satudata.bridge.columns import moment, new_id

FORMAT = 1


class OutboxRow(tk.BaseModel):
    """A mail that waits, was sent, or was given up."""

    __table__ = sa.Table(
        "satudata_outbox",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("parameters", JSONB, nullable=False, default=dict),
        sa.Column("format", sa.Integer, nullable=False, default=FORMAT),
        sa.Column("subject", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, default=0),
        sa.Column("last_error", sa.Text),
        moment("next_try", nullable=False),
        moment("created", nullable=False),
        moment("sent_at"),
    )
    id: Mapped[str]
    user_id: Mapped[str]
    key: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    format: Mapped[int]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    message_id: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    next_try: Mapped[datetime]
    created: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class NoticeRow(tk.BaseModel):
    """A sentence for one person about one event, with a link."""

    __table__ = sa.Table(
        "satudata_notice",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Text, primary_key=True, default=new_id),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("parameters", JSONB, nullable=False, default=dict),
        sa.Column("format", sa.Integer, nullable=False, default=FORMAT),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("link", sa.Text, nullable=False),
        moment("created", nullable=False),
        moment("read"),
    )
    id: Mapped[str]
    user_id: Mapped[str]
    key: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    format: Mapped[int]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    event_id: Mapped[str | None]
    link: Mapped[str]
    created: Mapped[datetime]
    read: Mapped[datetime | None]


# Told once: this kind of reminder for this case, place and deadline. `user_id` is empty: it goes to all concerned.
reminder = sa.Table(
    "satudata_reminder",
    tk.BaseModel.metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("due", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    moment("sent", nullable=False),
)


class PreferenceRow(tk.BaseModel):
    """How a person wants to be told: each mail, a digest a day or a week, or no mail."""

    __table__ = sa.Table(
        "satudata_preference",
        tk.BaseModel.metadata,
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("mail", sa.Text, nullable=False, default="each"),
        sa.Column("language", sa.Text),
        moment("last_digest"),
        moment("changed", nullable=False),
    )
    user_id: Mapped[str]
    mail: Mapped[str]
    language: Mapped[str | None]
    last_digest: Mapped[datetime | None]
    changed: Mapped[datetime]
