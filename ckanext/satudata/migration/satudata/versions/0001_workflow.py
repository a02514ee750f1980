"""Tables of `workflow`: definitions in use, cases, their events and authors, grants of roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_workflow"
down_revision = None
branch_labels = None
depends_on = None

STATES = "'draft', 'in_review', 'revision', 'verified', 'published', 'rejected', 'archived'"

# What happened stays as it was written: no path (ORM, raw SQL, psql) rewrites the history.
APPEND_ONLY = """
create function satudata_event_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'satudata_event is append-only' using errcode = '42501';
end $$;
create trigger satudata_event_append_only before update or delete on satudata_event
  for each row execute function satudata_event_append_only();
"""

# The desk lists a hundred thousand cases without looking at CKAN's tables, so the case keeps title and organization.
# A trigger keeps them in step on every path, also those without a hook (bulk SQL, owner change, `ckan dataset delete`).
FOLLOW_PACKAGE = """
create function satudata_case_follow_package() returns trigger language plpgsql as $$
begin
  if TG_OP = 'DELETE' then
    update satudata_case set present = false where subject_type = 'dataset' and subject_id = OLD.id;
    return null;
  end if;
  update satudata_case
     set title = coalesce(NEW.title, ''), organization_id = nullif(NEW.owner_org, ''),
         present = (NEW.state is distinct from 'deleted')
   where subject_type = 'dataset' and subject_id = NEW.id
     and (title is distinct from coalesce(NEW.title, '') or organization_id is distinct from nullif(NEW.owner_org, '')
          or present is distinct from (NEW.state is distinct from 'deleted'));
  return null;
end $$;
create trigger satudata_case_follow_package after update of title, owner_org, state or delete on package
  for each row execute function satudata_case_follow_package();
"""


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    op.create_table(
        "satudata_definition",
        sa.Column("id", sa.Text, primary_key=True),  # <key>@<first 12 digits of the hash>
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),  # sha256 of the source
        sa.Column("source", sa.Text, nullable=False),  # the YAML text as it was when the first case took it
        _moment("created", nullable=False),
        sa.UniqueConstraint("key", "hash", name="satudata_definition_key_hash"),
    )
    op.create_table(
        "satudata_case",
        sa.Column("id", sa.Text, primary_key=True, server_default=sa.text("gen_random_uuid()::text")),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="draft"),
        sa.Column("stage", sa.Text),  # key of the stage while in_review; the stage that returned it while revision
        sa.Column("round", sa.Integer, nullable=False, server_default="0"),  # number of submissions so far
        sa.Column("definition_id", sa.Text),  # null until the first submission
        sa.Column("organization_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("present", sa.Boolean, nullable=False, server_default=sa.true()),  # false: the subject was deleted
        sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # of the last look, for filters of the desk
        sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("basis", sa.Text, nullable=False, server_default="workflow"),
        sa.Column("content_hash", sa.Text),  # of the last submission
        _moment("since", nullable=False),  # when the present state and stage began
        _moment("due"),
        _moment("created", nullable=False),
        sa.UniqueConstraint("subject_type", "subject_id", name="satudata_case_subject"),
        sa.CheckConstraint(f"state in ({STATES})", name="satudata_case_state"),
        sa.CheckConstraint("basis in ('workflow', 'adopted')", name="satudata_case_basis"),
        sa.CheckConstraint("approved = (state = 'published')", name="satudata_case_approved"),
    )
    op.create_index("satudata_case_desk", "satudata_case", ["state", "stage", "due", "since"])
    op.create_index("satudata_case_organization", "satudata_case", ["organization_id", "state"])
    op.create_table(
        "satudata_event",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False),  # order of writing
        sa.Column("case_id", sa.Text, sa.ForeignKey("satudata_case.id"), nullable=False),
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
        sa.Column("override", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("reason", sa.Text),  # why a sysadmin overrode
        sa.Column("definition_id", sa.Text),
        sa.Column("content_hash", sa.Text),
        sa.Column("snapshot", JSONB),  # what was submitted; null for other transitions
        sa.Column("format", sa.Integer, nullable=False, server_default="1"),  # of snapshot
        _moment("created", nullable=False),
        sa.CheckConstraint("channel in ('page', 'api', 'cli', 'job')", name="satudata_event_channel"),
    )
    op.create_index("satudata_event_case", "satudata_event", ["case_id", "seq"])
    op.create_index("satudata_event_subject", "satudata_event", ["subject_type", "subject_id", "seq"])
    op.create_table(
        "satudata_author",  # who changed the content of a round (round 1 is everything before the first submission)
        sa.Column("case_id", sa.Text, sa.ForeignKey("satudata_case.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        _moment("since", nullable=False),
    )
    op.create_table(
        "satudata_grant",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("position", sa.Text),
        sa.Column("organization_id", sa.Text),  # null: all organizations
        _moment("valid_from", nullable=False),
        _moment("valid_until"),  # null: until ended; the moment itself is no longer valid
        sa.Column("letter", sa.Text),  # number of the letter of appointment
        _moment("created", nullable=False),
        sa.Column("created_by", sa.Text),
        _moment("ended"),
        sa.Column("ended_by", sa.Text),
    )
    op.create_index("satudata_grant_user", "satudata_grant", ["user_id"])
    op.create_index("satudata_grant_role", "satudata_grant", ["role", "organization_id"])
    op.execute(APPEND_ONLY)
    op.execute(FOLLOW_PACKAGE)


def downgrade() -> None:
    op.execute("drop trigger if exists satudata_case_follow_package on package")
    op.execute("drop function if exists satudata_case_follow_package()")
    for table in ("satudata_grant", "satudata_author", "satudata_event", "satudata_case", "satudata_definition"):
        op.drop_table(table)
    op.execute("drop function if exists satudata_event_append_only()")
