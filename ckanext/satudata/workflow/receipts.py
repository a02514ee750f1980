"""Tanda terima: producers confirm having read a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.workflow.model import receipt


def of_events(event_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Who confirmed which decision, by event: ``[{"user_id", "role", "at"}]``, the first one first."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not event_ids:
        return found
    query = sa.select(receipt).where(receipt.c.event_id.in_(event_ids)).order_by(receipt.c.at)
    for row in model.Session.execute(query):
        found.setdefault(row.event_id, []).append({"user_id": row.user_id, "role": row.role, "at": iso(row.at)})
    return found
