"""What is written into the history, and what each entry is called.

A decision of the engine is one entry. So is everything else that people should find there: who took a case, who handed
it over, an administrator who moved it to another version of the procedure. Such an entry changes no state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import states
from ckanext.satudata.workflow.model import CaseRow, EventRow

# Entries that are no step of the engine.
OTHERS: dict[str, Text] = {
    "claim": Text("Diambil untuk diperiksa", "Taken to be checked"),
    "release": Text("Dilepas", "Released"),
    "assign": Text("Ditugaskan", "Assigned"),
    "override": Text("Dibuka untuk diubah oleh administrator", "Opened for editing by an administrator"),
    "release_refused": Text("Rilis terjadwal tidak dapat dilakukan", "The scheduled release was not possible"),
    "migrate": Text("Dipindah ke alur kerja lain", "Moved to another procedure"),
    "finding_waived": Text("Temuan pemeriksaan dikesampingkan", "A finding of the checks was set aside"),
    "waiver_withdrawn": Text("Temuan pemeriksaan dihitung kembali", "A finding of the checks counts again"),
    "minor_change": Text("Perubahan kecil tanpa pemeriksaan", "Small change without a review"),
    "office_moved": Text("Dipindah ke organisasi lain", "Moved to another office"),
    "part_taken_down": Text("Sebagian diturunkan seketika", "A part was taken down at once"),
    "batch_added": Text("Dimasukkan ke kumpulan", "Put into a set"),
    "batch_removed": Text("Dikeluarkan dari kumpulan", "Taken out of a set"),
    "batch_complete": Text("Kumpulan lengkap, pemeriksaan dimulai", "The set is complete, the review begins"),
    "note_explained": Text("Catatan dijelaskan", "A note was explained"),
    "note_judged": Text("Catatan dinilai", "A note was judged"),
    "evidence_signed": Text("Berkas ditandatangani", "A file was signed"),
    "receipt": Text("Tanda terima", "Confirmed as read"),
}


def done_label(transition: str, kind: str | None = None) -> Text:
    """What the history calls an entry; ``kind`` is that of the stage it was written in."""
    return OTHERS.get(transition) or states.done_label(transition, kind)


def record(
    row: CaseRow,
    transition: str,
    actor_id: str,
    channel: str,
    details: Mapping[str, Any] | None = None,
    note: str | None = None,
    **more: Any,
) -> EventRow:
    """Write an entry that changes no state, and flush; the caller commits.

    ``channel``: ``page``, ``api``, ``cli`` or ``job``. ``details``: what else belongs to it, as JSON. ``more``: other
    columns of :class:`EventRow`, such as ``actor_role``, ``reason`` or ``automatic``.
    """
    event = entry(row, transition, actor_id, channel, details=dict(details) if details else None, note=note, **more)
    model.Session.add(event)
    model.Session.flush()
    return event


def entry(row: CaseRow, transition: str, actor_id: str, channel: str, **more: Any) -> EventRow:
    """An entry for the case as it stands, not yet written; it leads nowhere unless ``more`` says so."""
    stage = row.stage if row.state == "in_review" else None
    values: dict[str, Any] = {
        "from_state": row.state,
        "to_state": row.state,
        "from_stage": stage,
        "to_stage": stage,
        "round": row.round,
        "definition_id": row.definition_id,
        "override": False,
        "automatic": False,
        "created": now(),
        "due": row.due,
        "since": row.since,
    }
    return EventRow(
        id=new_id(),
        case_id=row.id,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        transition=transition,
        actor_id=actor_id,
        channel=channel,
        **{**values, **more},
    )
