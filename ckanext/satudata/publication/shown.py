"""What is asked of the database to show where a dataset stands (:mod:`projection`), beside or without the guard's."""

from __future__ import annotations

# For the dataset with the id in ``p.id``; of the case ``c`` (may be missing).
COLUMNS = """
       coalesce(c.state, 'draft') as case_state, coalesce(c.approved, false) as approved,
       coalesce(c.basis, 'workflow') as basis, c.stage, o.first_published, o.published, o.score,
       coalesce(y.data_prioritas, false) as data_prioritas, y.tahun, v.number, v.note,
       (select array_agg(r.resource_id) from satudata_rows r
         where r.dataset_id = p.id and r.state = 'loaded' and r.csv is not null) as tables
"""
JOINS = """
  left join satudata_publication o on o.dataset_id = p.id
  left join satudata_priority y on y.dataset_id = p.id
  left join lateral (select number, note from satudata_version w where w.dataset_id = p.id
                      order by number desc limit 1) v on true
"""
CASE = "left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id"
