-- Where a dataset stands, and what is shown of its way through the workflow: one question, asked at every reading.
-- A function, because PostgreSQL plans it once for each connection; as a statement the planning alone took three
-- quarters of the time. Asked in publication/asking.py, which says what the keys mean.
create or replace function satudata_standing(reference text, of_file boolean) returns json
language plpgsql stable as $$
declare
  p record;
  class text;
  blob text;
  answer json;
begin
  if of_file then
    select d.id, d.name, d.type, d.owner_org, d.private, d.state into p
      from resource r join package d on d.id = r.package_id where r.id = reference;
  else
    select d.id, d.name, d.type, d.owner_org, d.private, d.state into p
      from package d where d.id = reference or d.name = reference order by d.id = reference desc limit 1;
  end if;
  if not found then
    return null;
  end if;
  -- CKAN 2.11 keeps extras as rows, 2.12 in a column.
  if to_regclass('package_extra') is not null then
    select x.value into class from package_extra x
      where x.package_id = p.id and x.key = 'klasifikasi_akses' and x.state = 'active';
  else
    select d.extras ->> 'klasifikasi_akses' into class from package d where d.id = p.id;
  end if;
  if of_file then
    select b.blob_id into blob from satudata_blob b where b.resource_id = reference;
  end if;
  select json_build_object(
      'id', p.id, 'name', p.name, 'type', coalesce(p.type, 'dataset'), 'owner_org', p.owner_org,
      'private', p.private, 'state', p.state, 'mode', coalesce(e.mode, 'enforce'), 'access', class,
      'case_state', coalesce(c.state, 'draft'), 'approved', coalesce(c.approved, false),
      'basis', coalesce(c.basis, 'workflow'), 'stage', c.stage,
      'first_published', o.first_published, 'published', o.published, 'score', o.score,
      'data_prioritas', coalesce(y.data_prioritas, false), 'tahun', y.tahun,
      'number', v.number, 'note', v.note, 'blob', blob,
      'tables', (select json_agg(r.resource_id) from satudata_rows r
                  where r.dataset_id = p.id and r.state = 'loaded' and r.csv is not null),
      'unsettled', exists (select 1 from satudata_swap w where w.state = 'committed'))
    into answer
    from (select 1) one
      left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
      left join satudata_enforcement e on e.organization_id = p.owner_org
      left join satudata_publication o on o.dataset_id = p.id
      left join satudata_priority y on y.dataset_id = p.id
      left join lateral (select w.number, w.note from satudata_version w where w.dataset_id = p.id
                          order by w.number desc limit 1) v on true;
  return answer;
end
$$;
