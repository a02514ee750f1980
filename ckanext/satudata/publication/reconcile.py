"""Find datasets that are public without approval, close them, and say so loudly.

The triggers make this impossible while they are installed; it happens after a restore without them, or when somebody
switched them off.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access
from ckanext.satudata.publication import guard, indexing

log = logging.getLogger(__name__)

CLASS = access.extra(access.FIELD)
CLOSE = "update package set private = true, metadata_modified = now() at time zone 'UTC' where id = :id"
DRIFTED = f"""
select p.id from package p
  left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
  left join satudata_enforcement e on e.organization_id = p.owner_org
 where p.private is not true and p.state <> 'deleted'
   and (not coalesce(c.approved, false) or {CLASS} = '{access.CLOSED}')
   and coalesce(e.mode, 'enforce') = 'enforce' and coalesce(p.type, 'dataset') <> all(:exempt)
"""
HIDDEN = f"""
select p.id from package p
  join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id and c.approved
 where p.private and p.state = 'active' and {CLASS} is distinct from '{access.CLOSED}'
   and coalesce(p.type, 'dataset') <> all(:exempt)
"""


def mend() -> list[str]:
    """Close what is public without approval; return the ids. What is approved but hidden is only reported."""
    parameters = {"exempt": list(guard.exempt_types())}
    drifted = [found for (found,) in model.Session.execute(sa.text(DRIFTED), parameters)]
    for dataset_id in drifted:
        log.error("dataset %s was public without approval; it is private again", dataset_id)
        with guard.passing(dataset_id):
            model.Session.execute(sa.text(CLOSE), {"id": dataset_id})
        model.Session.commit()
        indexing.replace_entry(dataset_id)
    for (dataset_id,) in model.Session.execute(sa.text(HIDDEN), parameters):
        log.warning("dataset %s is approved, but CKAN keeps it private", dataset_id)
    return drifted
