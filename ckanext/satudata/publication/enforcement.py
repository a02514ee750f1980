"""Observe or enforce, per organization: rules are switched on when the walidata wants, not under people at work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.publication import guard
from ckanext.satudata.publication.model import enforcement, exempt_type

# Public stays public: what was published while the organization was observed is adopted with it.
ADOPT = """
with opened as (
  select p.id, p.owner_org, p.title from package p
   where p.owner_org = :organization and p.private is not true and p.state = 'active'
     and coalesce(p.type, 'dataset') <> all(:exempt)
)
insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id, title)
select 'dataset', id, 'published', true, 'adopted', owner_org, coalesce(title, '') from opened
on conflict (subject_type, subject_id) do update
   set state = 'published', approved = true, basis = 'adopted', stage = null, due = null, since = now()
 where not satudata_case.approved
returning 1
"""

OVERVIEW = """
select g.id as organization_id, g.name, coalesce(g.title, g.name) as title,
       coalesce(e.mode, 'enforce') as mode, e.since,
       coalesce((select jsonb_object_agg(what, times) from (
          select o.what, count(*) as times from satudata_observed o where o.organization_id = g.id group by o.what
       ) as counted), '{}') as observed
  from "group" g left join satudata_enforcement e on e.organization_id = g.id
 where g.is_organization and g.state = 'active' order by title
"""


def switch(context: Any, reference: str, mode: str) -> dict[str, Any]:
    """Set the mode of an organization; commits unless ``defer_commit``."""
    organization = model.Group.get(reference)
    if organization is None or not organization.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    now = datetime.now(UTC)
    values = {"mode": mode, "since": now}
    adopted = 0
    if mode == "enforce":
        parameters = {"organization": organization.id, "exempt": list(guard.exempt_types())}
        adopted = len(model.Session.execute(sa.text(ADOPT), parameters).all())
    model.Session.execute(
        insert(enforcement)
        .values(organization_id=organization.id, **values)
        .on_conflict_do_update(index_elements=["organization_id"], set_=values)
    )
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"organization_id": organization.id, "mode": mode, "since": now.isoformat(), "adopted": adopted}


def overview() -> list[dict[str, Any]]:
    """Mode of every organization, and the counts of what would have been refused."""
    rows = model.Session.execute(sa.text(OVERVIEW)).mappings()
    return [{**row, "since": row["since"].isoformat() if row["since"] else None} for row in rows]


def sync_exempt_types() -> None:
    """Let the triggers' table follow the configuration (commits when something changed)."""
    wanted = guard.exempt_types()
    present = {name for (name,) in model.Session.execute(sa.select(exempt_type.c.type))}
    if wanted == present:
        return
    model.Session.execute(sa.delete(exempt_type).where(exempt_type.c.type.in_(present - wanted)))
    for name in sorted(wanted - present):
        model.Session.execute(insert(exempt_type).values(type=name).on_conflict_do_nothing())
    model.Session.commit()
