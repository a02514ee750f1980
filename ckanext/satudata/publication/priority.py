"""Data Prioritas of a dataset: set by the walidata for a year (Perpres 39/2019, Pasal 1 and 28).

It lives in our own table, so that no form, API call or harvest can set it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication import guard, indexing, words
from ckanext.satudata.publication.model import priority

# A later change would change, unseen, which stages a decided dataset had to pass.
SETTABLE = ("draft", "revision", "in_review")

YEAR_MISSING = Text(
    id="Isi tahun daftar Data Prioritas yang memuat dataset ini.",
    en="Give the year of the list of Data Prioritas that names this dataset.",
)


def of_dataset(dataset_id: str) -> dict[str, Any]:
    """``{"data_prioritas": bool, "data_prioritas_tahun": int | None}``."""
    row = model.Session.execute(
        sa.select(priority.c.data_prioritas, priority.c.tahun).where(priority.c.dataset_id == dataset_id)
    ).first()
    if row is None:
        return {"data_prioritas": False, "data_prioritas_tahun": None}
    return {"data_prioritas": row.data_prioritas, "data_prioritas_tahun": row.tahun}


def change(context: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Set or take away the mark as asked, for a dataset that is not decided yet; commits and indexes."""
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    if found.case_state not in SETTABLE:
        raise guard.refusal(words.frozen(found.case_state))
    if data["data_prioritas"] and data.get("tahun") is None:
        raise tk.ValidationError({"tahun": [YEAR_MISSING.render(language())]})
    tahun = data.get("tahun") if data["data_prioritas"] else None
    set_priority(found.id, data["data_prioritas"], tahun, roles.required_user_id(context.get("user")))
    tk.get_action("satudata_case_refresh")({"ignore_auth": True, "defer_commit": True}, {"id": found.id})
    if not context.get("defer_commit"):
        model.Session.commit()
        indexing.replace_entry(found.id)
    return {"id": found.id, **of_dataset(found.id)}


def set_priority(dataset_id: str, data_prioritas: bool, tahun: int | None, user_id: str) -> None:
    """Write the mark; the caller commits."""
    values = {
        "data_prioritas": data_prioritas,
        "tahun": tahun,
        "since": datetime.now(UTC),
        "user_id": user_id,
    }
    model.Session.execute(
        insert(priority)
        .values(dataset_id=dataset_id, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )
