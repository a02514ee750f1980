"""What the portal keeps of a dataset or a resource outside of CKAN's own rows."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication.model import blob, blob_version, rows

# A resource that was taken out of a dataset leaves CKAN's own table; our records still know it. Those of its working
# copies, open and closed, count too.
RESOURCES = """
with given as (
  select cast(:id as text) as id union select c.copy_id from satudata_copy c where c.dataset_id = :id
)
select r.id from resource r join given g on g.id = r.package_id
union
select q.resource_id from satudata_qa_run q join given g on g.id = q.package_id
union
select o.copy_resource_id from satudata_copy_resource o join given g on g.id = o.copy_id
union
select s ->> 'id'
  from satudata_event e join given g on g.id = e.subject_id, jsonb_array_elements(e.snapshot -> 'resources') s
 where e.subject_type = 'dataset' and jsonb_typeof(e.snapshot -> 'resources') = 'array'
"""


def resources_of(dataset_id: str) -> list[str]:
    """Ids of every resource the dataset has or had, in whatever state: a file of it may still lie somewhere."""
    return sorted(model.Session.execute(sa.text(RESOURCES), {"id": dataset_id}).scalars())


def own_resources(dataset_id: str) -> list[str]:
    """Ids of the resources of the dataset itself, in whatever state."""
    table = model.resource_table
    query = sa.select(table.c["id"]).where(table.c["package_id"] == dataset_id)
    return sorted(model.Session.execute(query).scalars())


def blobs_of(resource_ids: Sequence[str]) -> list[str]:
    """Ids of all blobs these resources have or had; the id of a resource itself stands for its file of before."""
    current = sa.select(blob.c.blob_id).where(blob.c.resource_id.in_(resource_ids))
    earlier = sa.select(blob_version.c.blob_id).where(blob_version.c.resource_id.in_(resource_ids))
    found = [*model.Session.execute(current).scalars(), *model.Session.execute(earlier).scalars()]
    return sorted({*found, *resource_ids})


def sharing(blob_ids: Sequence[str]) -> list[str]:
    """Ids of all resources that show one of these blobs: a working copy shows those of its public dataset."""
    query = sa.select(blob.c.resource_id).where(blob.c.blob_id.in_(blob_ids))
    return sorted(model.Session.execute(query).scalars())


def hashes_of(blob_ids: Sequence[str]) -> list[str]:
    """SHA-256 of these blobs, as far as they are known."""
    known = [sa.select(table.c.sha256).where(table.c.blob_id.in_(blob_ids)) for table in (blob, blob_version)]
    return sorted({found for query in known for found in model.Session.execute(query).scalars()})


def tables_as_csv(resource_ids: Sequence[str]) -> list[str]:
    """File names of the checked tables that are offered as CSV."""
    query = sa.select(rows.c.csv).where(rows.c.resource_id.in_(resource_ids), rows.c.csv.is_not(None))
    return sorted(model.Session.execute(query).scalars())


def forget_rows(resource_ids: Sequence[str]) -> None:
    """Nothing of these resources is to be loaded or offered as a table any more. The caller commits."""
    model.Session.execute(sa.delete(rows).where(rows.c.resource_id.in_(resource_ids)))


def forget_blobs(blob_ids: Sequence[str]) -> None:
    """No resource points at these blobs any more, and no version names them. The caller commits."""
    for table in (blob, blob_version):
        model.Session.execute(sa.delete(table).where(table.c.blob_id.in_(blob_ids)))
