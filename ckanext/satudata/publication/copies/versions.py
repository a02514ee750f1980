"""What was public: one row for each approved version, with its content and the blobs of its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.publication.copies import telling
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.model import version
from ckanext.satudata.publication.model import blob, publication
from ckanext.satudata.publication.subject import DatasetSubject, content_hash

FIRST = "awal"


def add(dataset_id: str, *, by: str | None, found: Copy | None = None) -> int:
    """Write down what is public from this transaction on; its number. The caller commits."""
    number = 1 + (_latest(dataset_id) or 0)
    kind = found.kind if found is not None else FIRST if number == 1 else "perubahan"
    note = found.note if found is not None else None
    _write(dataset_id, number, kind=kind, note=note, published=now(), by=by, copy_id=found.copy_id if found else None)
    return number


def remember_first(dataset_id: str) -> None:
    """Before the first swap of a dataset that was public earlier than this record: write down what it is now."""
    if _latest(dataset_id) is None:
        query = sa.select(publication.c.published).where(publication.c.dataset_id == dataset_id)
        published = model.Session.execute(query).scalar()
        _write(dataset_id, 1, kind=FIRST, note=None, published=published, by=None, copy_id=None)


def listed(dataset_id: str, *, inside: bool) -> list[dict[str, Any]]:
    """See :func:`satudata_version_list`."""
    columns: list[Any] = [column for column in version.c if column.name not in ("snapshot", "blobs")]
    columns += [version.c.snapshot.isnot(None).label("kept"), was_closed().label("closed")]
    query = sa.select(*columns).where(version.c.dataset_id == dataset_id).order_by(version.c.number.desc())
    found = [{**row} for row in model.Session.execute(query).mappings()]
    told = [(place, row) for place, row in enumerate(found) if inside or not row["closed"]]
    return [_dict(row, current=place == 0, inside=inside) for place, row in told]


def was_closed() -> Any:
    """SQL: the public never saw this version, because its access class was *tertutup*; it is told insiders only."""
    return sa.func.coalesce(version.c.snapshot["fields"][access.FIELD].astext == access.CLOSED, sa.false())


def _dict(row: dict[str, Any], *, current: bool, inside: bool) -> dict[str, Any]:
    told = {
        "versi": row["number"],
        "jenis": row["kind"],
        "catatan_perubahan": row["note"],
        "terbit": iso(row["published"]),
        "current": current,
        "kept": row["kept"],
    }
    if inside:
        told.update(content_hash=row["content_hash"], copy_id=row["copy_id"], by=telling.person(row["published_by"]))
    return told


def _latest(dataset_id: str) -> int | None:
    query = sa.select(sa.func.max(version.c.number)).where(version.c.dataset_id == dataset_id)
    return model.Session.execute(query).scalar()


def _write(
    dataset_id: str,
    number: int,
    *,
    kind: str,
    note: str | None,
    published: datetime | None,
    by: str | None,
    copy_id: str | None,
) -> None:
    snapshot = DatasetSubject().snapshot(dataset_id)
    model.Session.execute(
        sa.insert(version).values(
            dataset_id=dataset_id,
            number=number,
            content_hash=content_hash(snapshot),
            snapshot=snapshot,
            blobs=_blobs(snapshot["resources"]),
            kind=kind,
            note=note,
            published=published,
            published_by=by,
            copy_id=copy_id,
        )
    )


def _blobs(resources: list[dict[str, Any]]) -> dict[str, str]:
    """Which stored bytes each file shows; one that was uploaded before the plugin lies under its own id."""
    ids = [resource["id"] for resource in resources]
    query = sa.select(blob.c.resource_id, blob.c.blob_id).where(blob.c.resource_id.in_(ids))
    found = {row.resource_id: row.blob_id for row in model.Session.execute(query)}
    legacy = {one["id"]: one["id"] for one in resources if one.get("url_type") == "upload" and one.get("sha256")}
    return {**legacy, **found}
