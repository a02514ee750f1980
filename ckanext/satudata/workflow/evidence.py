"""Files that belong to a decision: surat validasi, laporan pemeriksaan, tanda terima. Never public."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.workflow.model import EventRow, EvidenceRow

UNKNOWN = Text(
    "Berkas ini tidak ada di antara berkas Anda yang belum dipakai.",
    "This is none of your files that are not used yet.",
)


def kinds(case_id: str | None, actor_id: str, ids: Collection[str] | None = None) -> frozenset[str]:
    """The kinds of the files that a decision of this person would bring (``ids``: which; ``None``: all pending).

    ``ValidationError`` with the key ``evidence`` for ids that are no pending file of theirs.
    """
    return frozenset(row.kind for row in _chosen(case_id, actor_id, ids))


def attach(event: EventRow, actor_id: str, ids: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Bind the files to a decision, in its transaction; what the history keeps of them, for ``details["evidence"]``.

    To be called before the event is flushed. ``ids`` as in :func:`kinds`.
    """
    chosen = _chosen(event.case_id, actor_id, ids)
    for row in chosen:
        row.event_id = event.id
    model.Session.flush()
    return [
        {"id": row.id, "kind": row.kind, "name": row.name, "size": row.size, "sha256": row.sha256} for row in chosen
    ]


def _chosen(case_id: str | None, actor_id: str, ids: Collection[str] | None) -> list[EvidenceRow]:
    query = (
        sa.select(EvidenceRow)
        .where(EvidenceRow.case_id == case_id, EvidenceRow.uploaded_by == actor_id)
        .where(EvidenceRow.event_id.is_(None), EvidenceRow.removed.is_(None))
        .order_by(EvidenceRow.created, EvidenceRow.id)
    )
    pending = list(model.Session.execute(query).scalars()) if case_id is not None else []
    if ids is None:
        return pending
    if set(ids) - {row.id for row in pending}:
        raise tk.ValidationError({"evidence": [UNKNOWN.render(language())]})
    return [row for row in pending if row.id in ids]
