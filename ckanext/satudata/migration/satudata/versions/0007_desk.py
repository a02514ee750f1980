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
  add column barred text[],
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
create index satudata_case_priority on satudata_case (step, due, since, id)
  where present and facts ->> 'data_prioritas' = 'true';
create index satudata_case_soon on satudata_case (due) include (step, definition_id, organization_id, holder_id)
  where present and not overdue and due is not null;
create index satudata_case_barred on satudata_case using gin (barred) where present and barred is not null;
"""

# `overdue` is true soon after the term has passed (the clock touches the row) and never before.
# `barred` names who may not decide where the case is now, as `<step>|<user>`: who wrote this round, who took another
# level of it. So "my turn" is the turn of my roles without the few cases that are mine to leave alone.
FOLLOWING = """
create function satudata_barred(id text, state text, stage text, round integer) returns text[]
language sql stable set search_path from current as $$
  select array_agg($2 || ':' || coalesce($3, '') || '|' || people.who)
    from (select a.user_id as who from satudata_author a where a.case_id = $1 and a.round = $4
          union
          select e.actor_id from satudata_event e
           where e.case_id = $1 and e.round = $4 and $2 = 'in_review'
             and e.transition in ('pass', 'return', 'reject') and e.from_stage is distinct from $3) people
   where $2 in ('in_review', 'verified')
$$;
create function satudata_case_follow() returns trigger language plpgsql set search_path from current as $$
begin
  NEW.overdue := coalesce(NEW.due < now(), false);
  if TG_OP = 'INSERT' or (NEW.state, NEW.stage, NEW.round) is distinct from (OLD.state, OLD.stage, OLD.round) then
    NEW.barred := satudata_barred(NEW.id, NEW.state, NEW.stage, NEW.round);
  end if;
  return NEW;
end $$;
create trigger satudata_case_follow before insert or update on satudata_case
  for each row execute function satudata_case_follow();
create function satudata_case_barred_by() returns trigger language plpgsql set search_path from current as $$
begin
  update satudata_case c set barred = satudata_barred(c.id, c.state, c.stage, c.round)
   where c.id = NEW.case_id and c.round = NEW.round and c.state in ('in_review', 'verified');
  return null;
end $$;
create trigger satudata_event_bars after insert on satudata_event for each row
  when (NEW.transition in ('pass', 'return', 'reject')) execute function satudata_case_barred_by();
create trigger satudata_author_bars after insert on satudata_author
  for each row execute function satudata_case_barred_by();
update satudata_case set overdue = coalesce(due < now(), false), barred = satudata_barred(id, state, stage, round);
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
    for statements in (COLUMNS, FOLLOWING, INDEXES, COUNTS):
        op.execute(statements)


def downgrade() -> None:
    for name in ("inserted", "updated", "deleted"):
        op.execute(f"drop trigger if exists satudata_desk_{name} on satudata_case")
    op.execute("drop function if exists satudata_desk_counted()")
    op.drop_table("satudata_desk_count")
    op.execute("drop trigger if exists satudata_case_follow on satudata_case")
    op.execute("drop trigger if exists satudata_event_bars on satudata_event")
    op.execute("drop trigger if exists satudata_author_bars on satudata_author")
    for function in ("case_follow()", "case_barred_by()", "barred(text, text, text, integer)"):
        op.execute(f"drop function if exists satudata_{function}")
    op.execute("drop index if exists satudata_case_priority")
    for column in ("words", "step", "barred", "overdue", "qa", "qa_result"):
        op.drop_column("satudata_case", column)
    op.create_index("satudata_case_desk", "satudata_case", ["state", "stage", "due", "since"])
