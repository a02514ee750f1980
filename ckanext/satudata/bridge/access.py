"""The access class of a dataset, where it has to be asked in SQL.

Codes of the list ``klasifikasi_akses``: of a *terbatas* dataset the description is public and the files are for named
institutions; of a *tertutup* one nothing is public (UU 14/2008, Pasal 17).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

FIELD = "klasifikasi_akses"
OPEN, LIMITED, CLOSED = "terbuka", "terbatas", "tertutup"


def extra(name: str, package: str = "p") -> str:
    """SQL for one of our own fields of a dataset; ``package`` is what the query calls CKAN's table.

    CKAN 2.11 keeps extras as rows, 2.12 as a JSON column.
    """
    if hasattr(model, "PackageExtra"):
        return (
            f"(select x.value from package_extra x where x.package_id = {package}.id"
            f" and x.key = '{name}' and x.state = 'active')"
        )
    return f"({package}.extras ->> '{name}')"


def class_of(dataset_id: str) -> str | None:
    """The access class of a dataset as the caller's transaction sees it; ``None`` while it has none."""
    query = sa.text(f"select {extra(FIELD)} from package p where p.id = :id")
    return model.Session.execute(query, {"id": dataset_id}).scalar()


def is_closed(dataset_id: str) -> bool:
    """Whether nothing of the dataset is for the public, also once it is approved."""
    return class_of(dataset_id) == CLOSED
