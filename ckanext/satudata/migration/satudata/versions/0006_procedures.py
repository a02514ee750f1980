"""Every region's procedure: claims, notes, evidence, batches, receipts, deputies, reminders, a chained history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_procedures"
down_revision = "0005_notices"
branch_labels = None
depends_on = None

# The history is chained: each event's hash covers the hash before it. The link is forged at the very end of the
# transaction, one after another and in the order of the commits, so the lock is held for a moment only. The text of an
# event is written out column by column: a column added later does not change what was hashed.
CHAIN = """
create function satudata_event_text(e satudata_event) returns text language sql stable as $$
  select jsonb_build_array(
    1, e.id, e.seq, e.case_id, e.subject_type, e.subject_id, e.transition, e.from_state, e.to_state, e.from_stage,
    e.to_stage, e.round, e.actor_id, e.actor_role, e.actor_position, e.override, e.channel, e.note, e.reason,
    e.definition_id, e.content_hash, e.snapshot, e.format, (extract(epoch from e.created) * 1000000)::bigint,
    e.reason_code, e.happened, e.letter, e.deputy_of, e.deputy_kind, e.automatic,
    (extract(epoch from e.due) * 1000000)::bigint, (extract(epoch from e.since) * 1000000)::bigint,
    e.idempotency_key, e.request_hash, e.details
  )::text
$$;
create function satudata_link_hash(previous text, number bigint, content text) returns text language sql immutable as $$
  select encode(sha256(convert_to(previous || '|' || number || '|' || content, 'UTF8')), 'hex')
$$;
create function satudata_chain_event() returns trigger language plpgsql as $$
declare
  last satudata_chain;
  event satudata_event;
begin
  perform pg_advisory_xact_lock(7390020);
  select * into event from satudata_event where id = NEW.id;
  select * into last from satudata_chain order by number desc limit 1;
  insert into satudata_chain (number, event_id, previous, hash)
  values (coalesce(last.number, 0) + 1, event.id, coalesce(last.hash, ''),
          satudata_link_hash(coalesce(last.hash, ''), coalesce(last.number, 0) + 1, satudata_event_text(event)));
  return null;
end $$;
create constraint trigger satudata_event_chained after insert on satudata_event
  deferrable initially deferred for each row execute function satudata_chain_event();
create function satudata_chain_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'satudata_chain is append-only' using errcode = '42501';
end $$;
create trigger satudata_chain_append_only before update or delete on satudata_chain
  for each row execute function satudata_chain_append_only();
"""

# What happened before there was a chain is linked in the order it was written.
CHAIN_WHAT_IS_THERE = """
do $$
declare
  event satudata_event;
  last text := '';
  number bigint := 0;
begin
  for event in select * from satudata_event order by seq loop
    number := number + 1;
    insert into satudata_chain (number, event_id, previous, hash)
    values (number, event.id, last, satudata_link_hash(last, number, satudata_event_text(event)))
    returning hash into last;
  end loop;
end $$;
"""


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    _more_of_cases()
    _more_of_events()
    _notes_and_evidence()
    _people()
    _notices()
    _chain()


def _more_of_cases() -> None:
    op.create_table(
        "satudata_batch",  # datasets that are checked together, when all of them are there
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        _moment("created", nullable=False),
        sa.Column("created_by", sa.Text),
        _moment("closed"),
    )
    for column in (
        sa.Column("returned_from", sa.Text),  # the stage whose return a relay stage is to hand on
        sa.Column("holder_id", sa.Text),  # who took it; nobody else works on it
        _moment("held_since"),
        sa.Column("batch_id", sa.Text, sa.ForeignKey("satudata_batch.id")),
        _moment("release_at"),  # published by itself at this moment
        _moment("verify_due"),  # when published data should be brought up to date
    ):
        op.add_column("satudata_case", column)
    op.create_index(
        "satudata_case_release", "satudata_case", ["release_at"], postgresql_where=sa.text("release_at is not null")
    )
    op.create_index(
        "satudata_case_holder", "satudata_case", ["holder_id"], postgresql_where=sa.text("holder_id is not null")
    )
    op.create_index(
        "satudata_case_batch", "satudata_case", ["batch_id"], postgresql_where=sa.text("batch_id is not null")
    )


def _more_of_events() -> None:
    for column in (
        sa.Column("reason_code", sa.Text),  # of a return or a rejection
        sa.Column("happened", sa.Date),  # the real day of a decision that was made on paper
        sa.Column("letter", sa.Text),  # number of the letter that goes with it
        sa.Column("deputy_of", sa.Text),  # for whom the person acted (Plt, Plh)
        sa.Column("deputy_kind", sa.Text),
        sa.Column("automatic", sa.Boolean, nullable=False, server_default=sa.false()),
        _moment("due"),  # the term that ran when the step was taken
        _moment("since"),  # when the state and stage it leaves began
        sa.Column("idempotency_key", sa.Text),
        sa.Column("request_hash", sa.Text),  # of the request with that key
        sa.Column("details", JSONB),  # notes, evidence, answers of a form
    ):
        op.add_column("satudata_event", column)
    op.create_index(
        "satudata_event_idempotency",
        "satudata_event",
        ["actor_id", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key is not null"),
    )
    op.create_index("satudata_event_created", "satudata_event", ["created", "seq"])


def _notes_and_evidence() -> None:
    op.create_table(
        "satudata_note",  # what a reviewer says about one field, column or check; carried from round to round
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, sa.ForeignKey("satudata_case.id"), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("stage", sa.Text),
        sa.Column("target_type", sa.Text, nullable=False),
        sa.Column("target", sa.Text),  # name of the field, column or check
        sa.Column("resource_id", sa.Text),
        sa.Column("label", sa.Text, nullable=False, server_default=""),  # what people call the target
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        _moment("created", nullable=False),
        sa.Column("event_id", sa.Text),  # the return that carried it; null while it is not sent
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("explanation", sa.Text),
        sa.Column("explained_by", sa.Text),
        _moment("explained_at"),
        sa.Column("judged_by", sa.Text),
        _moment("judged_at"),
        sa.CheckConstraint(
            "target_type in ('dataset', 'field', 'resource', 'column', 'check')", name="satudata_note_target"
        ),
        sa.CheckConstraint(
            "state in ('pending', 'open', 'explained', 'mended', 'accepted', 'not_mended', 'removed')",
            name="satudata_note_state",
        ),
    )
    op.create_index("satudata_note_case", "satudata_note", ["case_id", "state"])
    op.create_table(
        "satudata_evidence",  # files that belong to a decision; never public
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, sa.ForeignKey("satudata_case.id"), nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mimetype", sa.Text),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        _moment("created", nullable=False),
        _moment("removed"),
    )
    op.create_index("satudata_evidence_case", "satudata_evidence", ["case_id"])
    op.create_table(
        "satudata_receipt",  # tanda terima: who confirmed having read a decision
        sa.Column("event_id", sa.Text, sa.ForeignKey("satudata_event.id"), primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text),
        _moment("at", nullable=False),
    )


def _people() -> None:
    op.add_column("satudata_grant", sa.Column("deputy_of", sa.Text))  # the person whose post it is
    op.add_column("satudata_grant", sa.Column("deputy_kind", sa.Text))  # plt: post vacant; plh: holder absent
    op.create_check_constraint(
        "satudata_grant_deputy", "satudata_grant", "deputy_kind is null or deputy_kind in ('plt', 'plh')"
    )
    op.create_table(
        "satudata_office_change",  # an organization was renamed, merged or split: what moved, for the record
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("from_id", sa.Text),
        sa.Column("to_id", sa.Text),
        sa.Column("letter", sa.Text),
        sa.Column("by", sa.Text),
        _moment("at", nullable=False),
        sa.Column("details", JSONB, nullable=False, server_default="{}"),
        sa.CheckConstraint("kind in ('rename', 'merge', 'split', 'leave')", name="satudata_office_change_kind"),
    )
    op.create_table(
        "satudata_vacancy",  # a stage nobody can act in, told once until somebody can again
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("position", sa.Text, primary_key=True),  # empty: any
        sa.Column("organization_id", sa.Text, primary_key=True),  # empty: all organizations
        sa.Column("stage", sa.Text),
        _moment("since", nullable=False),
        _moment("told"),
    )


def _notices() -> None:
    op.create_table(
        "satudata_reminder",  # told once: this person, this case, this deadline
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("due", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        _moment("sent", nullable=False),
    )
    op.create_table(
        "satudata_preference",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("mail", sa.Text, nullable=False, server_default="each"),
        sa.Column("language", sa.Text),
        _moment("last_digest"),
        _moment("changed", nullable=False),
        sa.CheckConstraint("mail in ('each', 'daily', 'weekly', 'none')", name="satudata_preference_mail"),
    )


def _chain() -> None:
    op.create_table(
        "satudata_chain",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),
        _moment("created", nullable=False),
    )
    op.execute(CHAIN)
    op.execute(CHAIN_WHAT_IS_THERE)


def downgrade() -> None:
    op.execute("drop trigger if exists satudata_event_chained on satudata_event")
    for table in ("satudata_chain", "satudata_preference", "satudata_reminder", "satudata_vacancy"):
        op.drop_table(table)
    for table in ("satudata_office_change", "satudata_receipt", "satudata_evidence", "satudata_note"):
        op.drop_table(table)
    for function in (
        "satudata_chain_event()",
        "satudata_chain_append_only()",
        "satudata_event_text(satudata_event)",
        "satudata_link_hash(text, bigint, text)",
    ):
        op.execute(f"drop function if exists {function}")
    op.drop_index("satudata_event_created", "satudata_event")
    op.drop_constraint("satudata_grant_deputy", "satudata_grant")
    for column in ("deputy_of", "deputy_kind"):
        op.drop_column("satudata_grant", column)
    for column in (
        *("reason_code", "happened", "letter", "deputy_of", "deputy_kind", "automatic", "due", "since"),
        *("idempotency_key", "request_hash", "details"),
    ):
        op.drop_column("satudata_event", column)
    for column in ("returned_from", "holder_id", "held_since", "batch_id", "release_at", "verify_due"):
        op.drop_column("satudata_case", column)
    op.drop_table("satudata_batch")
