"""Published datasets whose time has come to be brought up to date. They stay public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access, organizations, roles, terms
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.standing import reading


def listed(user_id: str | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_overdue_list`."""
    wanted = [CaseRow.present.is_(True), CaseRow.state == "published", CaseRow.verify_due < now()]
    places = None if user_id is None else _places(user_id)
    visible = None if user_id is None else reading.readable(user_id)
    if visible is not None:  # what is public, everybody may read
        closed = CaseRow.facts[access.FIELD].astext == access.CLOSED
        wanted.append(sa.or_(sa.func.coalesce(closed, False).is_(False), visible))
    if data.get("organization"):
        group = model.Group.get(data["organization"])
        wanted.append(CaseRow.organization_id == (group.id if group is not None else ""))
    if places is not None:
        wanted.append(CaseRow.organization_id.in_(places))
    count = model.Session.execute(sa.select(sa.func.count()).select_from(CaseRow).where(*wanted)).scalar_one()
    query = sa.select(CaseRow).where(*wanted).order_by(CaseRow.verify_due, CaseRow.id)
    rows = list(model.Session.execute(query.limit(data["limit"]).offset(data["offset"])).scalars())
    titles = organizations.titles({row.organization_id for row in rows if row.organization_id})
    results = [_item(row, titles) for row in rows]
    return {"count": count, "limit": data["limit"], "offset": data["offset"], "results": results}


def _places(user_id: str) -> list[str] | None:
    """The organizations whose data somebody answers for; ``None``: all."""
    grants = roles.roles_of(user_id)
    if roles.is_sysadmin(user_id) or any(grant.organization_id is None for grant in grants):
        return None
    return [*roles.produces_for(user_id), *(place for grant in grants for place in roles.seen_by(grant))]


def _item(row: CaseRow, titles: Mapping[str, str]) -> dict[str, Any]:
    organization = row.organization_id
    return {
        "id": row.subject_id,
        "title": row.title,
        "url": f"/{row.subject_type}/{row.subject_id}",
        "organization": {"id": organization, "title": titles.get(organization, "")} if organization else None,
        "published_at": iso(row.since),
        "verify_due": iso(row.verify_due),
        "verify_days": terms.days_left(row.verify_due),
        "frequency": (row.facts or {}).get("frekuensi"),
    }
