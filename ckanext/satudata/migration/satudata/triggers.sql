-- The hard layer of the write guard: whatever path an unapproved change takes (form, API, ORM, bulk SQL, psql), it ends here.
-- The chained actions refuse first and with reasons; an error from here means that a path was forgotten.
-- Migration 0002 installs this very file, so it may ask only tables of 0001 and 0002. After a change of it, a new migration
-- calls `triggers.install` again.
-- Switch on and off: `ckan satudata triggers install` and `ckan satudata triggers remove`.

-- Inside a transition (and only there) the transaction carries the id of the dataset it may change.
create or replace function satudata_has_pass(dataset text) returns boolean
language sql stable set search_path from current as $$
  select coalesce(current_setting('satudata.pass', true), '') in (dataset, '*')
$$;

-- The day of the portal's zone (`ckanext.satudata.timezone` when the triggers were installed).
create or replace function satudata_today() returns date
language sql stable as $$
  select (now() at time zone '@ZONE@')::date
$$;

-- Raise, or only note it when every organization concerned is merely observed.
create or replace function satudata_refuse(dataset text, organizations text[], what text, reason text) returns void
language plpgsql set search_path from current as $$
declare observed_now boolean;
begin
  select bool_and(exists (
           select 1 from satudata_enforcement e where e.organization_id = o.id and e.mode = 'observe'))
    into observed_now from unnest(organizations) as o(id);
  if coalesce(observed_now, false) then
    insert into satudata_observed (dataset_id, what, day, organization_id)
    values (dataset, what, satudata_today(), organizations[1]) on conflict do nothing;
    -- what is edited past the workflow is no longer what was verified, and its public mark says so
    update satudata_case c set basis = 'adopted'
     where c.subject_type = 'dataset' and c.subject_id = dataset and c.state = 'published' and c.basis = 'workflow';
    return;
  end if;
  raise exception using errcode = '42501', message = 'satudata: ' || reason,
    detail = 'dataset ' || dataset, hint = 'Only a transition of the workflow changes this.';
end $$;

-- Content of a dataset that is decided on or published does not change; null: a draft, whose content is free.
create or replace function satudata_frozen(dataset text) returns text
language sql stable set search_path from current as $$
  select c.state from satudata_case c
   where c.subject_type = 'dataset' and c.subject_id = dataset and c.state not in ('draft', 'revision')
$$;

create or replace function satudata_exempt(dataset_type text) returns boolean
language sql stable set search_path from current as $$
  select exists (select 1 from satudata_exempt_type e where e.type = coalesce(dataset_type, 'dataset'))
$$;

create or replace function satudata_guard_package() returns trigger
language plpgsql set search_path from current as $$
declare frozen text; here text; organizations text[];
begin
  if TG_OP = 'INSERT' then
    here := NEW.id; organizations := array[NEW.owner_org];
    if satudata_exempt(NEW.type) or satudata_has_pass(here) then return NEW; end if;
  elsif TG_OP = 'UPDATE' then
    here := OLD.id; organizations := array[OLD.owner_org, NEW.owner_org];
    if (satudata_exempt(OLD.type) and satudata_exempt(NEW.type)) or satudata_has_pass(here) then return NEW; end if;
  else
    here := OLD.id; organizations := array[OLD.owner_org];
    if satudata_exempt(OLD.type) or satudata_has_pass(here) then return OLD; end if;
  end if;
  frozen := satudata_frozen(here);
  if TG_OP = 'DELETE' then
    if frozen is not null then
      perform satudata_refuse(here, organizations, 'delete', 'a dataset in state ' || frozen || ' is not deleted');
    end if;
    return OLD;
  end if;
  if NEW.private is not true and frozen is distinct from 'published' then
    perform satudata_refuse(here, organizations, 'public', 'a dataset that is not approved stays private');
  end if;
  if TG_OP = 'UPDATE' and frozen is not null
     and to_jsonb(NEW) - 'metadata_modified' - 'plugin_data' is distinct from to_jsonb(OLD) - 'metadata_modified' - 'plugin_data' then
    perform satudata_refuse(here, organizations, 'change', 'a dataset in state ' || frozen || ' is not changed');
  end if;
  return NEW;
end $$;

-- Rows that belong to a dataset: refuse when the dataset is frozen and the content differs.
create or replace function satudata_guard_part(dataset text, what text) returns void
language plpgsql set search_path from current as $$
declare frozen text; kind text; organization text;
begin
  if dataset is null or satudata_has_pass(dataset) then return; end if;
  frozen := satudata_frozen(dataset);
  if frozen is null then return; end if;
  select p.type, p.owner_org into kind, organization from package p where p.id = dataset;
  if not found or satudata_exempt(kind) then return; end if;
  perform satudata_refuse(dataset, array[organization], what, 'a dataset in state ' || frozen || ' is not changed (' || what || ')');
end $$;

-- CKAN 2.11 writes every resource on any update of its dataset, and both mark tables by `datastore_active`: compare content.
-- `extras` is text in 2.11 and jsonb in 2.12.
create or replace function satudata_resource_content(value jsonb) returns jsonb
language sql immutable as $$
  select value - 'metadata_modified' - 'extras' || jsonb_build_object('extras',
    case jsonb_typeof(value -> 'extras')
      when 'string' then coalesce(nullif(value ->> 'extras', ''), '{}')::jsonb
      when 'object' then value -> 'extras'
      else '{}'::jsonb
    end - 'datastore_active')
$$;

create or replace function satudata_guard_resource() returns trigger
language plpgsql set search_path from current as $$
begin
  if TG_OP = 'INSERT' then
    perform satudata_guard_part(NEW.package_id, 'resource');
    return NEW;
  elsif TG_OP = 'DELETE' then
    perform satudata_guard_part(OLD.package_id, 'resource');
    return OLD;
  end if;
  if satudata_resource_content(to_jsonb(NEW)) is distinct from satudata_resource_content(to_jsonb(OLD)) then
    perform satudata_guard_part(OLD.package_id, 'resource');
    if NEW.package_id is distinct from OLD.package_id then
      perform satudata_guard_part(NEW.package_id, 'resource');
    end if;
  end if;
  return NEW;
end $$;

-- Tags and (2.11) extras: rows with a column `package_id`.
create or replace function satudata_guard_package_row() returns trigger
language plpgsql set search_path from current as $$
begin
  if TG_OP = 'INSERT' then
    perform satudata_guard_part(NEW.package_id, TG_TABLE_NAME);
    return NEW;
  elsif TG_OP = 'DELETE' then
    perform satudata_guard_part(OLD.package_id, TG_TABLE_NAME);
    return OLD;
  end if;
  if NEW is distinct from OLD then
    perform satudata_guard_part(OLD.package_id, TG_TABLE_NAME);
    if NEW.package_id is distinct from OLD.package_id then
      perform satudata_guard_part(NEW.package_id, TG_TABLE_NAME);
    end if;
  end if;
  return NEW;
end $$;

-- Groups and the owning organization of a dataset; memberships of users are none of our business.
create or replace function satudata_guard_member() returns trigger
language plpgsql set search_path from current as $$
begin
  if TG_OP <> 'INSERT' and OLD.table_name = 'package' and (TG_OP = 'DELETE' or NEW is distinct from OLD) then
    perform satudata_guard_part(OLD.table_id, 'member');
  end if;
  if TG_OP <> 'DELETE' and NEW.table_name = 'package' and (TG_OP = 'INSERT' or NEW is distinct from OLD) then
    perform satudata_guard_part(NEW.table_id, 'member');
  end if;
  if TG_OP = 'DELETE' then return OLD; end if;
  return NEW;
end $$;

drop trigger if exists satudata_guard on package;
create trigger satudata_guard before insert or update or delete on package
  for each row execute function satudata_guard_package();

drop trigger if exists satudata_guard on resource;
create trigger satudata_guard before insert or update or delete on resource
  for each row execute function satudata_guard_resource();

drop trigger if exists satudata_guard on package_tag;
create trigger satudata_guard before insert or update or delete on package_tag
  for each row execute function satudata_guard_package_row();

drop trigger if exists satudata_guard on member;
create trigger satudata_guard before insert or update or delete on member
  for each row execute function satudata_guard_member();

do $$
begin
  if to_regclass('package_extra') is not null then
    drop trigger if exists satudata_guard on package_extra;
    create trigger satudata_guard before insert or update or delete on package_extra
      for each row execute function satudata_guard_package_row();
  end if;
end $$;
