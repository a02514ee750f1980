"""The record of what became of offices: renamed, merged, split, left."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.people import listing
from ckanext.satudata.people.model import OfficeChangeRow


def record(
    kind: str,
    from_id: str | None,
    into_id: str | None,
    by_id: str | None,
    letter: str | None,
    details: dict[str, Any],
) -> None:
    """Write a change down and flush; the caller commits."""
    values = {"kind": kind, "from_id": from_id, "to_id": into_id, "by": by_id, "letter": letter}
    model.Session.add(OfficeChangeRow(**values, at=now(), details=details))
    model.Session.flush()


def find(data: dict[str, Any]) -> list[dict[str, Any]]:
    """See :func:`satudata_office_change_list`."""
    query = sa.select(OfficeChangeRow).order_by(OfficeChangeRow.at.desc(), OfficeChangeRow.id)
    if data.get("kind"):
        query = query.where(OfficeChangeRow.kind == data["kind"])
    rows = list(model.Session.execute(query.limit(data["limit"]).offset(data["offset"])).scalars())
    titles = organizations.titles({found for row in rows for found in (row.from_id, row.to_id) if found})
    people = listing.users({found for row in rows for found in (row.by, row.details.get("user")) if found})
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "at": iso(row.at),
            "by": people.get(row.by or ""),
            "user": people.get(row.details.get("user") or ""),
            "from": _place(row.from_id, row.details.get("from_title"), titles),
            "into": _place(row.to_id, row.details.get("into_title"), titles),
            "letter": row.letter,
            "details": row.details,
        }
        for row in rows
    ]


def merged_into(organization_id: str) -> str | None:
    """The organization that took the place of this one; ``None`` when none did."""
    query = (
        sa.select(OfficeChangeRow.to_id)
        .where(OfficeChangeRow.kind == "merge", OfficeChangeRow.from_id == organization_id)
        .order_by(OfficeChangeRow.at.desc())
    )
    return model.Session.execute(query.limit(1)).scalar()


def now_called(name: str) -> str | None:
    """Name of the organization that had this address before: renamed, or merged into another; ``None`` for none."""
    group = model.Group.get(name)
    seen: set[str] = set()
    if group is None:
        query = (
            sa.select(OfficeChangeRow.from_id)
            .where(OfficeChangeRow.kind == "rename", OfficeChangeRow.details["old_name"].astext == name)
            .order_by(OfficeChangeRow.at.desc())
        )
        found = model.Session.execute(query.limit(1)).scalar()
        group = model.Group.get(found) if found else None
    while group is not None and group.state != model.State.ACTIVE and group.id not in seen:
        seen.add(group.id)
        following = merged_into(group.id)
        group = model.Group.get(following) if following else None
    return group.name if group is not None and group.state == model.State.ACTIVE and group.name != name else None


def _place(organization_id: str | None, title: str | None, titles: dict[str, str]) -> dict[str, Any] | None:
    """An organization under the name it had then, if that was written down."""
    if organization_id is None:
        return None
    return {"id": organization_id, "title": title or titles.get(organization_id, "")}
