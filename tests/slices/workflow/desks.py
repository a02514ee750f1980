"""Asking the desk, and cases for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from tests.slices import remembered

from .conftest import Office


def queue(office: Office, who: str, **data: Any) -> dict[str, Any]:
    return office.call(who, "satudata_queue", **data)


def ids(office: Office, who: str, **data: Any) -> list[str]:
    return [row["id"] for row in queue(office, who, **data)["results"]]


def many(office: Office, number: int, **fields: Any) -> list[str]:
    """Datasets in review."""
    return remembered.once(office.in_review, number, **fields)


def change(dataset: str, **values: Any) -> None:
    """Write columns of the case, as time or another part of the program would."""
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    model.Session.execute(
        sa.text(f"update satudata_case set {pairs} where subject_id = :id"), {**values, "id": dataset}
    )
    model.Session.commit()
