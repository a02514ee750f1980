"""Files that belong to a decision: surat validasi, laporan pemeriksaan, tanda terima. Never public."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.workflow.model import EventRow, EvidenceRow

# The kind of a detached signature, and the history's entry for any.
SIGNATURE = "tanda_tangan"
SIGNED = "evidence_signed"
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


def pending(case_id: str | None, actor_id: str) -> list[EvidenceRow]:
    """The files somebody added that no decision has taken along yet, in their order."""
    if case_id is None:
        return []
    query = (
        sa.select(EvidenceRow)
        .where(EvidenceRow.case_id == case_id, EvidenceRow.uploaded_by == actor_id)
        .where(EvidenceRow.event_id.is_(None), EvidenceRow.removed.is_(None))
        .order_by(EvidenceRow.created, EvidenceRow.id)
    )
    return list(model.Session.execute(query).scalars())


def signatures(case_id: str) -> dict[str, list[dict[str, Any]]]:
    """The electronic signatures of a case, by id of the file they stand for (the signed one, when it was replaced).

    ``[{"evidence", "signature": id of the detached signature or null, "signer", "label", "certificate", "at", "by"}]``,
    as the entries ``evidence_signed`` of the history tell them.
    """
    query = (
        sa.select(EventRow)
        .options(defer(EventRow.snapshot))
        .where(EventRow.case_id == case_id, EventRow.transition == SIGNED)
        .order_by(EventRow.seq)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for event in model.Session.execute(query).scalars():
        told = {**(event.details or {}), "at": iso(event.created), "by": event.actor_id}
        # A file that was signed in its place keeps the signatures it had before.
        before = found.get(str(told.get("replaces")), [])
        found.setdefault(str(told.get("evidence")), list(before)).append(told)
    return found


def _chosen(case_id: str | None, actor_id: str, ids: Collection[str] | None) -> list[EvidenceRow]:
    known = pending(case_id, actor_id)
    if ids is None or case_id is None:
        return known
    if set(ids) - {row.id for row in known}:
        raise tk.ValidationError({"evidence": [UNKNOWN.render(language())]})
    # A detached signature goes where its document goes.
    signed = signatures(case_id) if any(row.kind == SIGNATURE for row in known) else {}
    wanted = {*ids, *(told["signature"] for one in ids for told in signed.get(one, ()) if told.get("signature"))}
    return [row for row in known if row.id in wanted]
