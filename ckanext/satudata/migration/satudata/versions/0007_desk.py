"""The desk with a hundred thousand cases: what it filters by lies in the case, what it counts is counted already."""

from __future__ import annotations

from alembic import op

revision = "0007_desk"
down_revision = "0006_procedures"
branch_labels = None
depends_on = None

# `step` is state and stage in one word, so that one index serves both, also where there is no stage.
# `words` are the words of the title; what is no letter or digit parts them, as a person who searches expects.
COLUMNS = """
alter table satudata_case
  add column qa_result text constraint satudata_case_qa check (qa_result in ('passed', 'warnings', 'errors', 'none')),
  add column qa jsonb,
  add column overdue boolean not null default false,
  add column step text generated always as (state || ':' || coalesce(stage, '')) stored,
  add column words tsvector
    generated always as (to_tsvector('simple'::regconfig, regexp_replace(title, '[^[:alnum:]]+', ' ', 'g'))) stored
"""

# Each order of the desk is the order of an index, for all organizations and for one: twenty rows are twenty steps.
INDEXES = """
create index satudata_case_step_due on satudata_case (step, due, since, id) where present;
create index satudata_case_step_since on satudata_case (step, since, id) where present;
create index satudata_case_office_due on satudata_case (organization_id, step, due, since, id) where present;
create index satudata_case_office_since on satudata_case (organization_id, step, since, id) where present;
create index satudata_case_words on satudata_case using gin (words) where present;
create index satudata_case_qa_step on satudata_case (qa_result, step) where present;
create index satudata_case_soon on satudata_case (due) include (step, definition_id, organization_id, holder_id)
  where present and not overdue and due is not null;
create index satudata_author_user on satudata_author (user_id, case_id, round);
create index satudata_event_actor on satudata_event (actor_id, case_id, round) include (from_stage, transition);
"""

# `overdue` is true soon after the term has passed (the clock touches the row) and never before.
OVERDUE = """
create function satudata_case_overdue() returns trigger language plpgsql as $$
begin
  NEW.overdue := coalesce(NEW.due < now(), false);
  return NEW;
end $$;
create trigger satudata_case_overdue before insert or update on satudata_case
  for each row execute function satudata_case_overdue();
"""

# How many cases stand where. Nobody updates a number: a statement adds what it changed as new rows, so two decisions
# never wait for each other, and the clock adds the rows up now and then. The sum over the rows is exact at any moment.
COUNTS = """
create table satudata_desk_count (
  definition_id text not null, step text not null, organization_id text not null, holder_id text not null,
  overdue boolean not null, n bigint not null
);
create function satudata_desk_counted() returns trigger language plpgsql as $$
begin
  if TG_OP = 'INSERT' then
    insert into satudata_desk_count
    select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue, count(*)
      from new_cases where present group by 1, 2, 3, 4, 5;
  elsif TG_OP = 'DELETE' then
    insert into satudata_desk_count
    select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue, -count(*)
      from old_cases where present group by 1, 2, 3, 4, 5;
  else
    insert into satudata_desk_count
    select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue, sum(n)
      from (select definition_id, step, organization_id, holder_id, overdue, 1 as n from new_cases where present
            union all
            select definition_id, step, organization_id, holder_id, overdue, -1 from old_cases where present) changed
     group by 1, 2, 3, 4, 5 having sum(n) <> 0;
  end if;
  return null;
end $$;
create trigger satudata_desk_inserted after insert on satudata_case
  referencing new table as new_cases for each statement execute function satudata_desk_counted();
create trigger satudata_desk_updated after update on satudata_case
  referencing old table as old_cases new table as new_cases for each statement execute function satudata_desk_counted();
create trigger satudata_desk_deleted after delete on satudata_case
  referencing old table as old_cases for each statement execute function satudata_desk_counted();
insert into satudata_desk_count
select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue, count(*)
  from satudata_case where present group by 1, 2, 3, 4, 5;
"""


def upgrade() -> None:
    op.drop_index("satudata_case_desk", "satudata_case")
    for statements in (COLUMNS, "update satudata_case set overdue = true where due < now()", INDEXES, OVERDUE, COUNTS):
        op.execute(statements)


def downgrade() -> None:
    for name in ("inserted", "updated", "deleted"):
        op.execute(f"drop trigger if exists satudata_desk_{name} on satudata_case")
    op.execute("drop trigger if exists satudata_case_overdue on satudata_case")
    op.execute("drop function if exists satudata_desk_counted()")
    op.execute("drop function if exists satudata_case_overdue()")
    op.drop_table("satudata_desk_count")
    op.drop_index("satudata_event_actor", "satudata_event")
    op.drop_index("satudata_author_user", "satudata_author")
    for column in ("words", "step", "overdue", "qa", "qa_result"):
        op.drop_column("satudata_case", column)
    op.create_index("satudata_case_desk", "satudata_case", ["state", "stage", "due", "since"])
