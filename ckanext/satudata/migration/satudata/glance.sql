-- Everything one looks at before saying what may be done now, in two questions. Functions, because PostgreSQL plans them
-- once for each connection.

-- Who asks, and what was decided so far (workflow/standing/glance.py).
create or replace function satudata_glance(reference text, person text, moment timestamptz) returns json
language plpgsql stable as $$
declare
  dataset text;
  account record;
  present record;
begin
  select p.id into dataset from package p where p.id = reference or p.name = reference
    order by p.id = reference desc limit 1;
  select u.id, u.state, coalesce(u.sysadmin, false) as sysadmin into account
    from "user" u where u.name = person or u.id = person limit 1;
  select c.* into present from satudata_case c where c.subject_type = 'dataset' and c.subject_id = dataset;
  return json_build_object(
    'dataset', dataset,
    'account', case when account.id is not null
      then json_build_array(account.id, account.state, account.sysadmin) end,
    'memberships', (select coalesce(json_agg(json_build_array(m.group_id, m.capacity)), '[]')
      from member m join "group" g on g.id = m.group_id
      where m.table_name = 'user' and m.table_id = account.id and m.state = 'active'
        and g.is_organization and g.state = 'active'),
    'grants', (select coalesce(json_agg(json_build_array(g.id, g.user_id, g.role, g.position, g.organization_id,
        g.deputy_of, g.deputy_kind)
        order by g.deputy_kind is not null, g.role, g.organization_id, g.id), '[]')
      from satudata_grant g
      where g.user_id = account.id and account.state = 'active' and g.ended is null
        and g.valid_from <= moment and (g.valid_until is null or g.valid_until > moment)),
    'case', case when present.id is not null then to_json(present) end,
    'steps', (select coalesce(json_agg(json_build_array(e.transition, e.from_stage, e.to_state, e.to_stage, e.round,
        e.actor_id, case when e.transition = 'migrate' then e.details end) order by e.seq), '[]')
      from satudata_event e where e.case_id = present.id),
    'authors', (select coalesce(json_agg(json_build_array(a.round, a.user_id)), '[]')
      from satudata_author a where a.case_id = present.id));
end
$$;

-- What belongs to a dataset beside its own row (publication/subject.py).
create or replace function satudata_around(dataset text) returns json
language plpgsql stable as $$
declare
  office record;
  kind text;
begin
  select g.id, g.title, g.name into office
    from package p join "group" g on g.id = p.owner_org where p.id = dataset;
  -- CKAN 2.11 keeps extras of organizations as rows, 2.12 in a column.
  if to_regclass('group_extra') is not null then
    select e.value into kind from group_extra e
      where e.group_id = office.id and e.key = 'jenis' and e.state = 'active';
  else
    select g.extras ->> 'jenis' into kind from "group" g where g.id = office.id;
  end if;
  return json_build_object(
    'tags', (select json_agg(json_build_array(t.name, t.vocabulary_id))
      from package_tag l join tag t on t.id = l.tag_id where l.package_id = dataset and l.state = 'active'),
    'groups', (select json_agg(o.name) from member m join "group" o on o.id = m.group_id
      where m.table_name = 'package' and m.table_id = dataset and m.state = 'active' and not o.is_organization),
    'resources', (select json_agg(json_build_object(
        'id', r.id, 'name', r.name, 'description', r.description, 'format', r.format, 'url', r.url,
        'url_type', r.url_type, 'resource_type', r.resource_type, 'extras', r.extras,
        'sha256', b.sha256, 'size', b.size,
        'views', (select json_agg(json_build_object(
            'view_type', v.view_type, 'title', v.title, 'description', v.description, 'config', v.config)
            order by v."order", v.view_type, v.title, v.id) from resource_view v where v.resource_id = r.id)
        ) order by r.position, r.id)
      from resource r left join satudata_blob b on b.resource_id = r.id
      where r.package_id = dataset and r.state = 'active'),
    'office', coalesce(nullif(office.title, ''), office.name, ''),
    'kind', kind,
    'priority', coalesce((select d.data_prioritas from satudata_priority d where d.dataset_id = dataset), false),
    'year', (select d.tahun from satudata_priority d where d.dataset_id = dataset),
    'copy_of', (select json_build_object('name', l.name, 'resources', (
          select json_object_agg(q.copy_resource_id, q.public_resource_id)
            from satudata_copy_resource q where q.copy_id = dataset))
        from satudata_copy c join package l on l.id = c.dataset_id where c.copy_id = dataset));
end
$$;
