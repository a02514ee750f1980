"""Writing, explaining and judging notes, by whoever may at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.states import EDITABLE
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.model import NoteRow
from ckanext.satudata.workflow.remarks import notes, targets
from ckanext.satudata.workflow.remarks.notes import SETTLED, UNSETTLED
from ckanext.satudata.workflow.standing.cases import Loaded

VERDICTS = ("mended", "accepted", "not_mended", "removed")
# Whoever may return may write notes, also while the stage still waits for its batch.
RETURNS = ("return",)

NOT_OFFERED = Text("Tahap ini tidak memakai catatan per bagian.", "This stage takes no notes on single parts.")
SENT_ALREADY = Text(
    "Catatan ini sudah dikirim, jadi tidak dapat diubah lagi.", "This note was sent already, so it cannot be changed."
)
NOT_NOW = Text(
    "Penjelasan ditulis selama dataset ada pada Produsen Data.",
    "An explanation is written while the dataset is with the producer.",
)
NOT_YOURS = Text(
    "Catatan ini dijelaskan oleh Produsen Data dari organisasi dataset.",
    "This note is explained by the producers of the dataset's organization.",
)
NOT_TO_JUDGE = Text(
    "Catatan ini tidak menunggu penilaian Anda pada tahap ini.",
    "This note does not wait for your verdict at this stage.",
)


@dataclass(frozen=True)
class Rights:
    """What one person may do with the notes of a case now.

    ``write``, ``decide``: why they may not write notes or take a decision (empty: they may). ``produces``: they are
    among the producers whose turn it is. ``arrived``: decisions that brought notes to the producer. ``judged_here``:
    notes whose verdict is due at this stage.
    """

    loaded: Loaded
    user_id: str
    write: list[Reason]
    decide: list[Reason]
    produces: bool
    arrived: frozenset[str]
    judged_here: frozenset[str]

    def not_explain(self, note: NoteRow) -> list[Reason]:
        """Why they may not explain a note; empty when they may."""
        state = self.loaded.row.state
        if note.state not in ("open", "explained"):
            return [reason("note_not_open", NOT_NOW)]
        if state in EDITABLE:
            mine = self.produces and note.event_id in self.arrived
            return [] if mine else [reason("note_not_yours", NOT_YOURS)]
        if state == "in_review" and note.id not in self.judged_here:  # handed down by a later stage
            return self.decide
        return [reason("note_not_open", NOT_NOW)]

    def not_judge(self, note: NoteRow) -> list[Reason]:
        """Why they may not judge a note; empty when they may."""
        row = self.loaded.row
        stage = self.loaded.definition.stage(row.stage) if row.state == "in_review" else None
        fresh = note.state in UNSETTLED or (note.judged_at is not None and note.judged_at >= row.since)
        if stage is None or not stage.judges or not fresh or note.id not in self.judged_here:
            return [reason("note_not_to_judge", NOT_TO_JUDGE)]
        return self.decide


def rights(loaded: Loaded, user_id: str, found: Sequence[NoteRow]) -> Rights:
    """What somebody may do with these notes."""
    row = loaded.row
    reviewing = row.state == "in_review"
    judged = notes.to_judge(row, loaded.definition, (*UNSETTLED, *SETTLED)) if reviewing else []
    return Rights(
        loaded=loaded,
        user_id=user_id,
        write=acting.why_not(loaded, user_id, RETURNS),
        decide=acting.why_not(loaded, user_id),
        produces=row.organization_id in roles.produces_for(user_id) or roles.is_sysadmin(user_id),
        arrived=frozenset(notes.reached(found)),
        judged_here=frozenset(note.id for note in judged),
    )


def create(loaded: Loaded, user_id: str, data: Mapping[str, Any]) -> NoteRow:
    """Write a note that waits for the next return. The caller commits."""
    acting.refuse(acting.why_not(loaded, user_id, RETURNS))
    stage = loaded.definition.stage(loaded.row.stage) if loaded.row.state == "in_review" else None
    if stage is not None and not stage.notes:
        acting.refuse([reason("notes_not_offered", NOT_OFFERED)])
    kind, target, resource_id = data["target_type"], data.get("target") or None, data.get("resource_id") or None
    note = NoteRow(
        id=new_id(),
        case_id=loaded.row.id,
        round=loaded.row.round,
        stage=stage.key if stage is not None else None,
        target_type=kind,
        target=target if kind in ("field", "column", "check") else None,
        resource_id=resource_id if kind != "dataset" else None,
        label=targets.label_of(loaded, kind, target, resource_id).render("id"),
        text=data["text"],
        author_id=user_id,
        state="pending",
        created=now(),
    )
    model.Session.add(note)
    model.Session.flush()
    return note


def rewrite(loaded: Loaded, user_id: str, note_id: str, text: str | None) -> NoteRow:
    """Change the words of one's own note that is not sent; ``None`` takes it away. The caller commits."""
    note = of_case(loaded, note_id)
    if note.author_id != user_id:
        raise tk.ObjectNotFound(f"note {note_id}")
    if note.state != "pending":
        acting.refuse([reason("note_sent", SENT_ALREADY)])
    if text is None:
        model.Session.delete(note)
    else:
        note.text = text
    model.Session.flush()
    return note


def explain(loaded: Loaded, user_id: str, note_id: str, text: str) -> NoteRow:
    """Say why something stays as it is, or what was done; an empty text takes the explanation back.

    By the producers while the dataset is with them; by the reviewer to whom a later stage handed it down while it is
    there. The caller commits.
    """
    note = of_case(loaded, note_id)
    acting.refuse(rights(loaded, user_id, [note]).not_explain(note))
    note.explanation = text or None
    note.explained_by, note.explained_at = (user_id, now()) if text else (None, None)
    note.state = "explained" if text else "open"
    model.Session.flush()
    return note


def judge(loaded: Loaded, user_id: str, note_id: str, verdict: str) -> NoteRow:
    """Say what became of a note of an earlier round; may be said otherwise until the decision. The caller commits."""
    note = of_case(loaded, note_id)
    acting.refuse(rights(loaded, user_id, [note]).not_judge(note))
    note.state, note.judged_by, note.judged_at = verdict, user_id, now()
    model.Session.flush()
    return note


def of_case(loaded: Loaded, note_id: str) -> NoteRow:
    """A note of this case; ``ObjectNotFound`` when it has none of that id."""
    note = model.Session.get(NoteRow, note_id) if loaded.stored else None
    if note is None or note.case_id != loaded.row.id:
        raise tk.ObjectNotFound(f"note {note_id}")
    return note
