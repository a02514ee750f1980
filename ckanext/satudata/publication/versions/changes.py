"""The public list of changes of a dataset: what, when, why; no person, no word that was taken down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.publication.copies import versions
from ckanext.satudata.publication.copies.model import version
from ckanext.satudata.publication.withdrawals.model import withdrawal
from ckanext.satudata.publication.withdrawals.tombstones import TAKEDOWN

KINDS = {
    "awal": Text("Terbit pertama kali", "First published"),
    "perubahan": Text("Perubahan", "Change"),
    "periode": Text("Periode baru", "New period"),
    "ralat": Text("Ralat", "Correction (ralat)"),
}
MINOR = Text("Perubahan kecil", "Small change")
FILE_DOWN = Text("Satu file diturunkan", "A file was taken down")
VERSION_DOWN = Text("Versi {nomor} diturunkan", "Version {nomor} was taken down")

# By their raw name: the history belongs to the workflow. Of a small change only the names of the fields are told.
SMALL = sa.text(
    "select created, details from satudata_event"
    " where subject_type = 'dataset' and subject_id = :id and transition = 'minor_change'"
)
NOTHING: dict[str, Any] = {
    "versi": None,
    "jenis": None,
    "catatan_perubahan": None,
    "current": False,
    "kept": False,
    "fields": [],
    "resource_id": None,
    "reason_code": None,
    "reason_label": None,
}
Entry = tuple[tuple[datetime, int], dict[str, Any]]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def listed(dataset_id: str, limit: int, offset: int, *, inside: bool) -> dict[str, Any]:
    """See :func:`satudata_change_list`."""
    spoken = language()
    found = [
        *_versions(dataset_id, spoken, inside=inside),
        *_small(dataset_id, spoken),
        *_taken_down(dataset_id, spoken),
    ]
    found.sort(key=lambda entry: entry[0], reverse=True)
    results = [entry for _, entry in found[offset : offset + limit]]
    return {"dataset_id": dataset_id, "count": len(found), "results": results}


def kind_label(kind: str) -> str:
    """The kind of a version in the reader's language."""
    return KINDS[kind].render(language())


def _entry(at: datetime | None, order: int, what: str, label: str, **more: Any) -> Entry:
    return (at or LONG_AGO, order), {"what": what, "at": iso(at), "label": label, **NOTHING, **more}


def _versions(dataset_id: str, spoken: str, *, inside: bool) -> list[Entry]:
    kept = version.c.snapshot.isnot(None).label("kept")
    columns = (version.c.number, version.c.kind, version.c.note, version.c.published)
    query = sa.select(*columns, kept, versions.was_closed().label("closed"))
    rows = model.Session.execute(query.where(version.c.dataset_id == dataset_id)).all()
    newest = max((row.number for row in rows), default=0)
    return [
        _entry(
            row.published,
            row.number,
            "version",
            KINDS[row.kind].render(spoken),
            versi=row.number,
            jenis=row.kind,
            catatan_perubahan=row.note,
            current=row.number == newest,
            kept=row.kept,
        )
        for row in rows
        if inside or not row.closed
    ]


def _small(dataset_id: str, spoken: str) -> list[Entry]:
    found: list[Entry] = []
    for row in model.Session.execute(SMALL, {"id": dataset_id}):
        details = json.loads(row.details) if isinstance(row.details, str) else row.details or {}
        names = sorted(str(change["field"]) for change in details.get("changes") or [])
        found.append(_entry(row.created, 0, "minor", MINOR.render(spoken), fields=names))
    return found


def _taken_down(dataset_id: str, spoken: str) -> list[Entry]:
    part = sa.or_(withdrawal.c.resource_id.isnot(None), withdrawal.c.version.isnot(None))
    query = sa.select(withdrawal).where(withdrawal.c.dataset_id == dataset_id, withdrawal.c.ended.is_(None), part)
    found: list[Entry] = []
    for row in model.Session.execute(query).mappings():
        text = FILE_DOWN if row["resource_id"] else VERSION_DOWN
        found.append(
            _entry(
                row["withdrawn"],
                0,
                TAKEDOWN,
                text.render(spoken, nomor=row["version"]),
                versi=row["version"],
                resource_id=row["resource_id"],
                reason_code=row["reason_code"],
                reason_label=reason_label(row["reason_code"], row["kind"]).render(spoken),
            )
        )
    return found
