"""What follows when a new version of a dataset changes its access class."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access
from ckanext.satudata.publication.withdrawals import out

EXCLUDED = "dikecualikan"


def follow(dataset_id: str, *, was_closed: bool, by: str) -> None:
    """After a swap, in its transaction. Limited files need nothing: their class is asked at each reading.

    What the public read and is *tertutup* now gets a tombstone without a title, so that harvesters let it go, and
    CKAN's own activities about it are for its organization only. What opens loses its tombstone.
    """
    is_closed = access.is_closed(dataset_id)
    if is_closed and not was_closed:
        out.relabel(dataset_id)
        out.end(dataset_id, forget=True)
        name = model.Session.execute(
            sa.select(model.package_table.c["name"]).where(model.package_table.c["id"] == dataset_id)
        ).scalar()
        out.record(dataset_id, str(name), out.TAKEDOWN, EXCLUDED, by, title=None, public_reason=None)
    elif was_closed and not is_closed:
        out.end(dataset_id)
