"""Which working copy belongs to which dataset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication.copies.model import copy, pair

OPEN, MERGED, DISCARDED = "open", "merged", "discarded"
PREFIX = "salinan-"


@dataclass(frozen=True, slots=True)
class Copy:
    """A working copy; ``dataset_id`` is the published dataset, ``copy_id`` CKAN's id of the copy itself."""

    id: str
    dataset_id: str
    copy_id: str
    copy_name: str
    opened_by: str
    opened: datetime
    base_hash: str
    public_hash: str
    kind: str
    note: str | None
    state: str
    closed: datetime | None
    closed_by: str | None
    closed_note: str | None
    removed: bool


def open_of(dataset_id: str) -> Copy | None:
    """The open copy of a published dataset."""
    return _one(copy.c.dataset_id == dataset_id, copy.c.state == OPEN)


def open_copy(copy_id: str) -> Copy | None:
    """The open copy with this dataset id; ``None`` for every other dataset."""
    return _one(copy.c.copy_id == copy_id, copy.c.state == OPEN)


def by_reference(reference: Any) -> Copy | None:
    """The copy, open or closed, that has (or had) this id or name."""
    if not isinstance(reference, str) or not reference:
        return None
    return _one(sa.or_(copy.c.copy_id == reference, copy.c.copy_name == reference))


def concerned(reference: str) -> Copy | None:
    """The open copy that is meant by its own id or name, or by the id of its dataset."""
    found = by_reference(reference)
    return found if found is not None and found.state == OPEN else open_of(reference)


def all_of(dataset_id: str) -> list[Copy]:
    """Every copy a dataset ever had, the newest first."""
    return _all(copy.c.dataset_id == dataset_id)


def leftovers() -> list[Copy]:
    """Closed copies whose rows and tables are still there."""
    return _all(copy.c.state != OPEN, copy.c.removed.is_(False))


def without_dataset() -> list[Copy]:
    """Open copies whose dataset was deleted past the door made for it (bulk deletion, ``ckan dataset delete``)."""
    package = model.package_table
    there = sa.exists().where(package.c["id"] == copy.c.copy_id, package.c["state"] != "deleted")
    return _all(copy.c.state == OPEN, ~there)


def pairs(copy_id: str) -> dict[str, str]:
    """``{resource of the copy: public resource}``; a file that was added to the copy is not in it."""
    query = sa.select(pair.c.copy_resource_id, pair.c.public_resource_id).where(pair.c.copy_id == copy_id)
    return {row.copy_resource_id: row.public_resource_id for row in model.Session.execute(query)}


def views_then(copy_resource_id: str) -> list[str]:
    """The views the public file had when the copy was opened."""
    query = sa.select(pair.c.views).where(pair.c.copy_resource_id == copy_resource_id)
    return list(model.Session.execute(query).scalar() or ())


def change(found: Copy, **values: Any) -> None:
    """Write columns of a copy; the caller commits."""
    model.Session.execute(sa.update(copy).where(copy.c.id == found.id).values(**values))


def _one(*conditions: Any) -> Copy | None:
    row = model.Session.execute(sa.select(copy).where(*conditions)).mappings().first()
    return Copy(**row) if row is not None else None


def _all(*conditions: Any) -> list[Copy]:
    query = sa.select(copy).where(*conditions).order_by(copy.c.opened.desc())
    return [Copy(**row) for row in model.Session.execute(query).mappings()]
