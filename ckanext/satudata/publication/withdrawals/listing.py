"""The public list of withdrawals, for harvesters and for people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.publication.withdrawals.model import withdrawal
from ckanext.satudata.publication.withdrawals.tombstones import TAKEDOWN


def listed(since: datetime | None, limit: int, offset: int, *, newest_first: bool = False) -> dict[str, Any]:
    """See :func:`satudata_withdrawn_list`."""
    holds: list[Any] = [withdrawal.c.ended.is_(None)]
    if since is not None:
        holds.append(withdrawal.c.withdrawn >= since)
    count = model.Session.execute(sa.select(sa.func.count()).select_from(withdrawal).where(*holds)).scalar()
    order = (withdrawal.c.withdrawn, withdrawal.c.id)
    ordered = [column.desc() for column in order] if newest_first else order
    query = sa.select(withdrawal).where(*holds).order_by(*ordered).limit(limit).offset(offset)
    spoken = language()
    return {"count": count or 0, "results": [_shown(row, spoken) for row in model.Session.execute(query).mappings()]}


def _shown(row: Any, spoken: str) -> dict[str, Any]:
    # a name is made from the title, so a takedown keeps it back too
    taken_down = row["kind"] == TAKEDOWN
    return {
        "id": row["id"],
        "dataset_id": row["dataset_id"],
        "name": None if taken_down else row["name"],
        "title": None if taken_down else row["title"],
        "kind": row["kind"],
        "reason_code": row["reason_code"],
        "reason_label": reason_label(row["reason_code"], row["kind"]).render(spoken),
        "public_reason": None if taken_down else row["public_reason"],
        "withdrawn": iso(row["withdrawn"]),
        "resource_id": row["resource_id"],
        "version": row["version"],
    }
