"""Data Prioritas of a dataset: set by the walidata for a year (Perpres 39/2019, Pasal 1 and 28).

It lives in our own table, so that no form, API call or harvest can set it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication.model import priority


def of_dataset(dataset_id: str) -> dict[str, Any]:
    """``{"data_prioritas": bool, "data_prioritas_tahun": int | None}``."""
    row = model.Session.execute(
        sa.select(priority.c.data_prioritas, priority.c.tahun).where(priority.c.dataset_id == dataset_id)
    ).first()
    if row is None:
        return {"data_prioritas": False, "data_prioritas_tahun": None}
    return {"data_prioritas": row.data_prioritas, "data_prioritas_tahun": row.tahun}


def set_priority(dataset_id: str, data_prioritas: bool, tahun: int | None, user_id: str) -> None:
    """Write the mark; the caller commits."""
    values = {
        "data_prioritas": data_prioritas,
        "tahun": tahun,
        "since": datetime.now(UTC),
        "user_id": user_id,
    }
    done = model.Session.execute(sa.update(priority).where(priority.c.dataset_id == dataset_id).values(**values))
    if not done.rowcount:
        model.Session.execute(sa.insert(priority).values(dataset_id=dataset_id, **values))
